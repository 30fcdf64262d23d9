"""QTI 1.2: passages, texts of sections, references, rubrics and objectives, and copies of a quiz in a cartridge."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.formats import qti12
from quizapp.formats.base import Reading
from quizapp.formats.qti12.sample import field
from tests.formats.qti_round_trip import package
from tests.formats.test_qti12 import ABC, STEM, document, eq, item, lid, mat, only, when

IN_ROOT = '<assessment ident="a" title="Quiz"><section ident="root_section">{}</section></assessment>'


def question(ident: str, stem: str = "What?", rest: str = "", **meta: str) -> str:
    made = item(mat(stem) + lid(ABC), when(eq("A")), "multiple_choice_question", rest, **meta)
    return made.replace('ident="q1"', f'ident="{ident}"', 1)


def passage(ident: str, text: str, more: str = "") -> str:
    return (
        f'<item ident="{ident}"{more}><itemmetadata><qtimetadata>{field("question_type", "text_only_question")}'
        f"</qtimetadata></itemmetadata><presentation>{mat(text, 'text/html')}</presentation></item>"
    )


def section(inside: str, more: str = "", ident: str = "s", title: str = "Part") -> str:
    return f'<section ident="{ident}" title="{title}"{more}>{inside}</section>'


def read(items: str, wrap: str = IN_ROOT) -> Reading:
    return qti12.read(document(items, wrap))


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def test_a_passage_stands_above_each_question_that_belongs_to_it() -> None:
    picture = (
        "&lt;p&gt;Long ago. &lt;img src=&quot;data:image/png;base64,iVBORw0KGgo=&quot; alt=&quot;&quot;&gt;&lt;/p&gt;"
    )
    told = passage("p", picture, ' title="The king" instructions="Read this."')
    both = "".join(question(name, parent_stimulus_item_ident="p") for name in ("x", "y"))
    reading = read(told + both + question("z"))
    assert [bool(one.stimulus) for one in reading.items] == [True, True, False]
    for one in reading.items[:2]:
        assert "<strong>The king</strong>" in one.stimulus["en"]
        assert one.stimulus["en"].index("Read this.") < one.stimulus["en"].index("Long ago.")
        assert [medium.data for medium in one.media] == [b"\x89PNG\r\n\x1a\n"]
    assert (reading.found, codes(reading)) == (3, [])


def test_a_text_to_which_no_question_belongs_stays_a_description() -> None:
    reading = read(passage("p", "Now the rest.", ' instructions="Slowly."') + question("x"))
    assert [one.kind for one in reading.items] == ["description", "choice"]
    assert "Slowly." in reading.items[0].stem["en"]


def test_the_questions_of_a_section_share_its_passage_material_rubric_and_points() -> None:
    drawn = (
        "<selection_ordering><selection><selection_extension><points_per_item>2.5</points_per_item>"
        "</selection_extension></selection></selection_ordering>"
    )
    above = f"<presentation_material><flow_mat>{mat('Look here.')}</flow_mat></presentation_material>"
    rubric = f'<rubric view="Candidate">{mat("No calculator.")}</rubric>'
    inside = drawn + above + rubric + question("x", points_possible="1")
    reading = read(passage("p", "Long ago.") + section(inside, ' parent_stimulus_item_ident="p"'))
    (found,) = reading.items
    assert found.stimulus["en"] == "<p>Look here.</p>\n<p>No calculator.</p>\n<p>Long ago.</p>"
    assert (found.points, found.category, codes(reading)) == (2.5, ["Part"], [])


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ('<bankentry_item sourcebank_ref="b7" item_ref="i7" points_possible="2"/>', "reference", "i7"),
        ('<itemref linkrefid="i7"/>', "reference", "i7"),
        ('<sectionref linkrefid="s7"/>', "reference", "s7"),
        ('<bankentry_item sourcebank_ref="b" item_ref="x" points_possible="2.0"/>', "reference-points", "2.0"),
        ('<itemref linkrefid="x"/>', "", ""),
        ("<selection_ordering><selection><sourcebank_ref>b7</sourcebank_ref></selection></selection_ordering>",
         "reference", "b7"),
        ("<selection_ordering><selection><sourcebank_ref>a</sourcebank_ref></selection></selection_ordering>", "", ""),
        (f"<rubric>{mat('Bring a pencil.')}</rubric>", "left-out", "Bring a pencil."),
        (f"<objectives>{mat('Know kings.')}</objectives>", "left-out", "Know kings."),
        (f"<presentation_material>{mat('Welcome.')}</presentation_material>", "left-out", "Welcome."),
    ],
)  # fmt: skip
def test_what_a_quiz_has_besides_its_questions_is_named(source: str, code: str, said: str) -> None:
    reading = read(source + question("x"))
    assert [one.provenance["source_id"] for one in reading.items] == ["x"]
    assert codes(reading) == ([code] if code else [])
    assert all(said in problem.message + problem.text and problem.severity == "loss" for problem in reading.problems)


def test_a_passage_that_is_missing_is_named() -> None:
    assert codes(read(question("x", parent_stimulus_item_ident="gone"))) == ["missing-passage"]


def test_the_rubrics_and_objectives_of_a_question() -> None:
    rest = (
        f'<objectives view="All">{mat("Know the kings")}</objectives>'
        f'<rubric view="Candidate">{mat("Use ink.")}</rubric><rubric view="Scorer">{mat("One point each.")}</rubric>'
    )
    reading = read(question("x", rest=rest))
    (found,) = reading.items
    assert (found.objectives, found.stimulus) == (["Know the kings"], {"en": "Use ink."})
    assert [(problem.code, problem.text) for problem in reading.problems] == [("left-out", "One point each.")]
    essay = only(item(STEM, kind="essay_question", rest=rest))
    assert (essay.response["grader_notes"], essay.stimulus) == ({"en": "One point each."}, {"en": "Use ink."})


# --- copies in a cartridge ---


def quiz(*idents: str, stem: str) -> bytes:
    return document("".join(question(one, f"{stem} {one}") for one in idents), IN_ROOT)


def stems(files: dict[str, Any]) -> list[str]:
    reading = qti12.read(package({"imsmanifest.xml": "<manifest><resources/></manifest>", **files}))
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    return [one.stem["en"] for one in reading.items]


def test_of_a_reduced_copy_only_what_the_whole_one_lacks_is_read() -> None:
    files = {"a/q.xml": quiz("1", "2", stem="Reduced"), "non_cc_assessments/a.xml.qti": quiz("1", stem="Whole")}
    assert stems(files) == ["Reduced 2", "Whole 1"]


def test_two_quizzes_that_share_an_ident_are_both_read() -> None:
    assert stems({"a.xml": quiz("1", stem="A"), "b.xml": quiz("2", "3", stem="B")}) == ["A 1", "B 2", "B 3"]
    assert stems({"a.xml": quiz("1", stem="A"), "b.xml": quiz("1", "2", stem="A")}) == ["A 1", "A 2"]
