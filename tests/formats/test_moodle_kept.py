"""Moodle XML: what Moodle has beside a question is kept or named; gaps with shared choices are played."""

from __future__ import annotations

import time
from typing import Any

import pytest

from quizapp.formats import gift, moodle_xml
from quizapp.formats.base import Reading
from quizapp.formats.items import Item, Media, from_json
from quizapp.kinds import KINDS
from tests.formats.test_moodle_xml import ANSWERS, one, quiz

PNG = "iVBORw0KGgo="


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


@pytest.mark.parametrize(
    "setting",
    [
        "<penalty>0.3333333</penalty>",
        "<answernumbering>ABCD</answernumbering>",
        "<showstandardinstruction>0</showstandardinstruction>",
        "<shownumcorrect/>",
        "<attachmentsrequired>1</attachmentsrequired>",
        "<filetypeslist>.pdf</filetypeslist>",
        "<some_plugin>on</some_plugin>",
    ],
)
def test_settings_of_moodle_go_back_to_it(setting: str) -> None:
    written = moodle_xml.write([one(quiz(setting + ANSWERS))]).decode()
    assert setting in written
    assert written.count("<answer ") == 2


def test_options_of_hints_go_back_with_their_hints() -> None:
    hints = """<hint format="html"><text>First</text></hint>
        <hint format="html"><text>Second</text><shownumcorrect/><options>1</options></hint>"""
    item = one(quiz(hints + ANSWERS))
    written = moodle_xml.write([item]).decode()
    assert [hint["en"] for hint in item.hints] == ["First", "Second"]
    assert written.index("First") < written.index("<shownumcorrect/>") < written.index("<options>1</options>")
    assert written.index("Second") < written.index("<shownumcorrect/>")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<prototype><part>x</part></prototype>" + ANSWERS, "lost-part"),
        ("<image>moddata/pic.png</image>" + ANSWERS, "missing-media"),
        (ANSWERS + '<answer fraction="0"><text></text></answer>', "blank"),
    ],
)
def test_what_is_left_out_is_named(body: str, code: str) -> None:
    reading = moodle_xml.read(quiz(body))
    assert (len(reading.items), codes(reading)) == (1, [code])


def test_a_blank_answer_that_is_right_is_an_error() -> None:
    body = '<answer fraction="100"><text></text></answer><answer fraction="0"><text>b</text></answer>'
    assert "no-text" in codes(moodle_xml.read(quiz(body)))


@pytest.mark.parametrize("forged", [5, None, [], {"a b": "x"}, {"answer": "x"}, {"<": "x"}, {"penalty": ["x"]}])
def test_forged_settings_break_no_file(forged: Any) -> None:
    item = one(quiz(ANSWERS))
    item.hints = [{"en": "h"}]
    item.provenance |= {"moodle": forged, "moodle_hints": forged}
    (again,) = moodle_xml.read(moodle_xml.write([item]), "en").items
    assert again.response == item.response


@pytest.mark.parametrize(
    ("kind", "tag", "more"),
    [("gapselect", "selectoption", ""), ("ddwtos", "dragbox", ""), ("ddwtos", "dragbox", "<infinite/>")],
)
def test_gaps_with_shared_choices_are_played(kind: str, tag: str, more: str) -> None:
    choices = "".join(
        f"<{tag}><text>{text}</text><group>{group}</group>{more}</{tag}>"
        for text, group in (("cat", 1), ("mat", 2), ("dog", 1), ("hat", 2))
    )
    reading = moodle_xml.read(quiz(choices, kind, "The [[1]] on the [[2]], [[1]]"), "en")
    (item,) = reading.items
    assert item.response["text"] == {"en": "The {{g1}} on the {{g2}}, {{g3}}"}
    offered = [[choice["text"]["en"] for choice in gap["choices"]] for gap in item.response["gaps"]]
    assert offered == [["cat", "dog"], ["mat", "hat"], ["cat", "dog"]]
    assert KINDS["cloze"].score(item.body, {"gaps": {"g1": "a", "g2": "a", "g3": "a"}}).fraction == 1
    assert codes(reading) == ["as-cloze"]
    assert moodle_xml.read(moodle_xml.write([item]), "en").items[0].content() == item.content()


@pytest.mark.parametrize("stem", ["No gap", "An unknown [[3]]", "An [[0]]", "A {{marker}} and [[1]]"])
def test_gaps_without_their_choices_are_kept(stem: str) -> None:
    choices = "".join(f"<selectoption><text>{text}</text><group>1</group></selectoption>" for text in "ab")
    reading = moodle_xml.read(quiz(choices, "gapselect", stem))
    assert (reading.items[0].kind, codes(reading)) == ("opaque", ["opaque"])


@pytest.mark.parametrize(
    ("body", "kind", "response"),
    [
        ('<answer fraction="0"><text>참</text></answer><answer fraction="100"><text>거짓</text></answer>', "truefalse",
         {"answer": False}),
        ('<answer fraction="2"><text>b</text></answer><answer fraction="1"><text>a</text></answer>'
         "<gradingtype>-1</gradingtype>", "ordering",
         {"items": [{"id": "a", "text": {"en": "a"}}, {"id": "b", "text": {"en": "b"}}]}),
        ('<answer fraction="100"><text>5</text></answer><answer fraction="0"><text/></answer>', "numerical",
         {"answers": [{"value": "5", "fraction": 1}]}),
    ],
)  # fmt: skip
def test_what_early_versions_wrote(body: str, kind: str, response: dict[str, Any]) -> None:
    (item,) = moodle_xml.read(quiz(body, kind), "en").items
    assert item.response == response


def test_a_decimal_comma_is_read_and_said() -> None:
    body = '<answer fraction="100"><text>3,14</text><tolerance>0,01</tolerance></answer>'
    reading = moodle_xml.read(quiz(body, "numerical"))
    assert reading.items[0].response["answers"] == [{"value": "3.14", "tolerance": "0.01", "fraction": 1}]
    assert codes(reading) == ["number-reading", "number-reading"]
    reading = moodle_xml.read(quiz("", "cloze", "{1:NM:=3,14:0,01}"))
    (gap,) = reading.items[0].response["gaps"]
    assert codes(reading) == ["number-reading", "number-reading"]
    assert gap["answers"] == [{"value": "3.14", "tolerance": "0.01", "fraction": 1}]


def test_markup_in_the_xml_itself_is_not_lost() -> None:
    data = quiz(ANSWERS).replace(b"<![CDATA[Q]]>", b"A &amp; b <b>c</b> d")
    assert one(data).stem == {"en": "A &amp; b <b>c</b> d", "format": "html"}


@pytest.mark.parametrize("stem", ["{1:SA:" * 30_000, "{1:SA:=a}" * 20_000])
def test_endless_gaps_are_kept_as_they_are_and_soon(stem: str) -> None:
    began = time.process_time()
    assert moodle_xml.read(quiz("", "cloze", stem)).items[0].kind == "opaque"
    assert time.process_time() - began < 2


def test_tags_of_the_course_are_tags() -> None:
    tags = "<tags><tag><text>a</text></tag></tags><coursetags><tag><text>b</text></tag></coursetags>"
    assert one(quiz(tags + ANSWERS)).tags == ["a", "b"]


def test_a_file_that_no_text_shows_travels_too() -> None:
    item = one(quiz(ANSWERS))
    item.media = [Media("notes.png", b"x", "image/png")]
    assert moodle_xml.carries(item) == []
    assert moodle_xml.read(moodle_xml.write([item]), "en").items[0].content() == item.content()


def test_a_category_may_say_something_of_itself() -> None:
    head = """<question type="category"><category><text>$course$/top/A</text></category>
        <info format="html"><text>About A</text></info></question>"""
    reading = moodle_xml.read(quiz(ANSWERS).replace(b"<quiz>", b"<quiz>" + head.encode()))
    assert (reading.items[0].category, codes(reading)) == (["A"], ["lost-category-info"])


SHARED = quiz("<idnumber>1</idnumber>" + ANSWERS).replace(b"</quiz>", b"")
OTHER = b'<question type="category"><category><text>B</text></category></question>'


def test_an_id_of_two_questions_costs_none_of_them() -> None:
    data = SHARED + OTHER + SHARED.removeprefix(b"<quiz>").replace(b"[Q]", b"[R]") + b"</quiz>"
    reading = moodle_xml.read(data)
    assert ([item.id for item in reading.items], codes(reading)) == (["1", ""], ["shared-id"])
    source = b"// [id:1]\nQ{T}\n\n$CATEGORY: B\n\n// [id:1]\nR{T}"
    assert [item.id for item in gift.read(source).items] == ["1", ""]
    assert codes(gift.read(source.replace(b"R{", b"Q{").replace(b"$CATEGORY: B\n\n", b""))) == ["same-id"]


@pytest.mark.parametrize(("kind", "told"), [("choice", False), ("text", True), ("essay", True)])
def test_feedback_that_moodle_passes_over_is_named(kind: str, told: bool) -> None:
    made: Item = from_json({"kind": kind, "stem": {"en": "Q"}, "title": {"en": "T"}, "response": KINDS[kind].EXAMPLE,
                            "feedback": {"right": {"en": "Yes"}}})  # fmt: skip
    assert ("moodle-feedback" in [problem.code for problem in moodle_xml.carries(made)]) is told
