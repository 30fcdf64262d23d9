"""QTI 2 and 3: what is shown above an item and after it, limits, and items without a key."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.formats import qti21
from quizapp.formats.base import Reading
from tests.formats.qti_round_trip import package, same
from tests.formats.test_qti21 import MAP, SCORE, choice, declare, only, put, rule, rules, source, val, var

NS = 'xmlns="http://www.imsglobal.org/xsd/imsqti_v2p1"'
OUTCOME = '<outcomeDeclaration identifier="F" cardinality="multiple" baseType="identifier"/>'
IS_RIGHT = f'<match>{var()}<correct identifier="RESPONSE"/></match>'
SCORED = rule(IS_RIGHT, put(val("1", "float")) + put(f"<multiple>{val('correct')}</multiple>", "F"))
LONG = "A long passage. " * 300


def rubric(text: str, view: str = "candidate") -> str:
    return f'<rubricBlock view="{view}"><p>{text}</p></rubricBlock>'


def in_sections(inside: str, count: int = 3, files: dict[str, bytes] | None = None) -> Reading:
    refs = "".join(f'<assessmentItemRef identifier="i{n}" href="i{n}.xml"/>' for n in range(count))
    written = (
        f'<assessmentTest {NS} identifier="t" title="Test"><testPart identifier="p">'
        f"{inside.replace('ITEMS', refs)}</testPart></assessmentTest>"
    )
    items = {
        f"i{n}.xml": source(choice(before=f"<p>What {n}?</p>"), declare("A")).replace(b'"q1"', b'"q%d"' % n)
        for n in range(count)
    }
    return qti21.read(package({"imsmanifest.xml": f"<manifest {NS}/>", "test.xml": written, **items, **(files or {})}))


def test_the_rubric_of_a_section_stands_above_each_of_its_items() -> None:
    picture = '<img src="pic.png" alt="A picture"/>'
    reading = in_sections(
        f'<assessmentSection title="One">{rubric(LONG + picture)}'
        f'<assessmentSection title="Two">{rubric("Inner.")}ITEMS</assessmentSection></assessmentSection>',
        files={"pic.png": b"png"},
    )
    assert (reading.problems, len(reading.items)) == ([], 3)
    for one in reading.items:
        assert LONG.strip() in one.stimulus["en"]
        assert one.stimulus["en"].index("A long passage.") < one.stimulus["en"].index("Inner.")
        assert [(medium.name, medium.data, medium.alt) for medium in one.media] == [("pic.png", b"png", "A picture")]
        assert one.category == ["One", "Two"]


def test_what_a_test_says_to_others_is_named() -> None:
    said = (
        '<testFeedback access="atEnd" identifier="f" outcomeIdentifier="o" showHide="show"><p>Done.</p></testFeedback>'
    )
    reading = in_sections(f"<assessmentSection>{rubric('Grade it.', 'scorer')}ITEMS</assessmentSection>{said}", 1)
    assert [(problem.code, problem.text, problem.place) for problem in reading.problems] == [
        ("left-out", "Grade it.", "test.xml"),
        ("left-out", "Done.", "test.xml"),
    ]
    assert reading.items[0].stimulus == {}


def test_shared_texts_and_own_rubrics_are_all_shown() -> None:
    refs = "".join(f'<assessmentStimulusRef identifier="{name}" href="{name}.xml"/>' for name in "st")
    shared = {
        f"{name}.xml": f'<assessmentStimulus {NS} identifier="{name}"><stimulusBody><p>{text}</p></stimulusBody>'
        "</assessmentStimulus>"
        for name, text in (("s", "First."), ("t", "Second."))
    }
    one = source(choice(before=rubric("Take your time.") + "<p>What?</p>"), declare("A") + refs)
    (found,) = qti21.read(package({"imsmanifest.xml": f"<manifest {NS}/>", "one.xml": one, **shared})).items
    assert found.stimulus["en"] == "<p>First.</p>\n<p>Second.</p>\n<p>Take your time.</p>"


def test_rubrics_for_others_are_named_and_those_of_an_essay_are_kept() -> None:
    reading = qti21.read(source(choice(before=rubric("Be kind.", "scorer") + "<p>What?</p>"), declare("A")))
    assert [(problem.code, problem.text) for problem in reading.problems] == [("left-out", "Be kind.")]
    essay = '<p>Why?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'
    found = only(source(rubric("Be kind.", "scorer") + essay, declare("", base="string")))
    assert found.response["grader_notes"]["en"] == "Be kind."


# --- feedback ---


def modal(text: str, ident: str = "correct", hide: str = "show", name: str = "modalFeedback") -> str:
    return f'<{name} outcomeIdentifier="F" identifier="{ident}" showHide="{hide}"><p>{text}</p></{name}>'


def feedback_of(more: str = "", before: str = "<p>What?</p>", scored: str = SCORED) -> dict[str, Any]:
    found = only(source(choice(before=before), declare("A") + OUTCOME, rules(scored), more))
    return {moment: text["en"] for moment, text in found.feedback.items()}


def test_feedback_that_is_hidden_from_a_right_answer_is_for_a_wrong_one() -> None:
    assert feedback_of(modal("Yes.") + modal("No.", hide="hide")) == {"right": "Yes.", "wrong": "No."}


def test_feedback_of_the_same_moment_is_joined() -> None:
    assert feedback_of(modal("Yes.") + modal("Indeed.")) == {"right": "<p>Yes.</p>\n<p>Indeed.</p>"}


def test_feedback_within_the_body_is_read_and_is_no_part_of_the_stem() -> None:
    found = only(source(choice(before="<p>What?</p>" + modal("Because.", name="feedbackBlock")), declare("A") + OUTCOME,
                        rules(SCORED)))  # fmt: skip
    assert (found.stem["en"], found.feedback) == ("What?", {"right": {"en": "Because."}})


def test_all_feedback_within_a_choice_is_its_own() -> None:
    inside = modal("One.", name="feedbackInline").replace("<p>", "").replace("</p>", "") + modal(
        "Two.", name="feedbackBlock"
    )
    found = only(source(choice(inside=inside), declare("A") + OUTCOME))
    assert [one["text"]["en"] for one in found.response["choices"]] == ["a", "b", "c"]
    assert all("One." in one["feedback"]["en"] and "Two." in one["feedback"]["en"] for one in found.response["choices"])


def test_feedback_whose_moment_is_unknown_is_named_with_its_words() -> None:
    reading = qti21.read(source(choice(), declare("A") + OUTCOME, rules(SCORED), modal("Never.", "other")))
    assert [(problem.code, problem.text) for problem in reading.problems] == [("feedback", "Never.")]


# --- limits, and typed answers in a large box ---


def test_limits_of_choices_are_named() -> None:
    mapped = declare("A|B", "multiple", mapping={"A": 1, "B": 1})
    limited = choice(2).replace('maxChoices="2"', 'maxChoices="2" minChoices="2"')
    reading = qti21.read(source(limited, mapped, MAP))
    assert [problem.code for problem in reading.problems] == ["max-choices", "min-choices"]
    assert qti21.read(source(choice(0), mapped, MAP)).problems == []


BOX = '<p>Why?</p><extendedTextInteraction responseIdentifier="RESPONSE"/>'


def test_a_large_box_with_a_mapping_is_a_typed_answer() -> None:
    found = only(source(BOX, declare("", base="string", mapping={"because": 2, "so": 1}), MAP))
    assert (found.kind, found.stem["en"]) == ("text", "Why?")
    assert found.response["answers"] == [{"text": "because", "fraction": 1}, {"text": "so", "fraction": 0.5}]


def test_what_is_declared_as_right_for_an_essay_is_its_model_solution() -> None:
    found = only(source(BOX, declare("Since it rains.", base="string"), ""))
    assert (found.kind, found.feedback) == ("essay", {"solution": {"en": "Since it rains."}})
    by_hand = declare("Since it rains.", base="string") + SCORE.replace("/>", ' externalScored="human"/>')
    assert only(source(BOX, by_hand)).kind == "essay"


# --- without a key ---


@pytest.mark.parametrize(
    "data",
    [
        source(choice(), declare("")),
        source(choice()),
        source(choice(0), declare("", "multiple")),
        source('<p>Say: <textEntryInteraction responseIdentifier="RESPONSE"/></p>', declare("", base="string")),
        source(choice(), declare(""), ""),
    ],
)
def test_a_survey_is_kept_and_said_to_have_no_key(data: bytes) -> None:
    reading = qti21.read(data)
    assert [one.kind for one in reading.items] == ["opaque"]
    assert "survey" in reading.problems[0].message
    assert same(reading, qti21.read(qti21.write(reading.items)))


def test_the_reason_names_the_type() -> None:
    reading = qti21.read(source('<p>Draw.</p><drawingInteraction responseIdentifier="RESPONSE"/>', declare("")))
    assert "drawingInteraction" in reading.problems[0].message
