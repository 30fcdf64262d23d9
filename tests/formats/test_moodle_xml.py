"""Moodle XML: each type, what bites in real files, what is unsafe, and the way back."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import moodle_xml
from quizapp.formats.base import CannotCarry
from quizapp.formats.items import Item
from quizapp.formats.whole_file import ReadingOptions, read_file
from quizapp.kinds import KINDS
from tests.formats.strategies import FIELDS, damaged, items

CARRIED = ["choice", "multiple", "truefalse", "text", "number", "match", "order", "essay", "description"]


def quiz(body: str, kind: str = "multichoice", stem: str = "Q", form: str = "html") -> bytes:
    return (
        f'<quiz><question type="{kind}"><name><text>n</text></name>'
        f'<questiontext format="{form}"><text><![CDATA[{stem}]]></text></questiontext>{body}</question></quiz>'
    ).encode()


def one(data: bytes) -> Item:
    reading = moodle_xml.read(data, "en")
    assert [problem.message for problem in reading.problems] == []
    (item,) = reading.items
    return item


ANSWERS = '<answer fraction="100"><text>a</text></answer><answer fraction="0"><text>b</text></answer>'


@pytest.mark.parametrize(
    ("form", "stem", "text"),
    [
        ("html", "<p>Plain</p>", {"en": "Plain"}),
        ("html", "<p>Two <b>words</b></p>", {"en": "Two <b>words</b>", "format": "html"}),
        ("html", "a &lt; b", {"en": "a < b", "format": "plain"}),
        ("plain_text", "a < b * c", {"en": "a < b * c", "format": "plain"}),
        ("markdown", "**bold**", {"en": "**bold**"}),
        ("moodle_auto_format", "<i>x</i>", {"en": "<i>x</i>", "format": "html"}),
        ("moodle_auto_format", "2*3*4", {"en": "2*3*4", "format": "plain"}),
    ],
)
def test_the_format_of_a_text_is_kept(form: str, stem: str, text: dict[str, str]) -> None:
    assert one(quiz(ANSWERS, stem=stem, form=form)).stem == text


def test_thirds_are_whole_again() -> None:
    body = "<single>false</single>" + "".join(
        f'<answer fraction="33.33333"><text>{name}</text></answer>' for name in "abc"
    )
    item = one(quiz(body + '<answer fraction="-33.33333"><text>d</text></answer>'))
    assert KINDS["multiple"].score(item.body, {"choices": ["a", "b", "c"]}).fraction == 1
    assert KINDS["multiple"].score(item.body, {"choices": ["a", "d"]}).fraction == pytest.approx(0, abs=1e-5)


def test_units_turn_what_was_typed_into_the_answer() -> None:
    body = """<answer fraction="100"><text>5500</text><tolerance>0</tolerance></answer><units>
        <unit><multiplier>1</multiplier><unit_name>W</unit_name></unit>
        <unit><multiplier>0.001</multiplier><unit_name>kW</unit_name></unit></units>"""
    item = one(quiz(body, "numerical"))
    assert KINDS["number"].score(item.body, {"text": "5.5", "unit": "kW"}).fraction == 1
    assert KINDS["number"].score(item.body, {"text": "5.5", "unit": "W"}).fraction == 0


@pytest.mark.parametrize(
    ("stem", "gaps"),
    [
        ("{1:SHORTANSWER:=a~%50%b#half}", [{"id": "g1", "kind": "text", "answers": [
            {"text": "a", "fraction": 1}, {"text": "b", "fraction": 0.5, "feedback": {"en": "half"}}]}]),
        ("{1:SAC:%100%a}", [{"id": "g1", "kind": "text", "answers": [{"text": "a", "fraction": 1}],
                             "scoring": {"case": True}}]),
        ("{2:NM:=3.5:0.1}", [{"id": "g1", "kind": "number", "weight": 2,
                              "answers": [{"value": "3.5", "tolerance": "0.1", "fraction": 1}]}]),
        ("{:MC:a~=b\\}c}", [{"id": "g1", "kind": "choice", "choices": [
            {"id": "a", "text": {"en": "a"}, "fraction": 0},
            {"id": "b", "text": {"en": "b}c", "format": "plain"}, "fraction": 1}]}]),
    ],
)  # fmt: skip
def test_cloze(stem: str, gaps: list[dict[str, Any]]) -> None:
    item = one(quiz("", "cloze", f"Say {stem} now"))
    assert item.response["text"]["en"] == "Say {{g1}} now"
    assert item.response["gaps"] == gaps


@pytest.mark.parametrize(
    "data",
    [
        quiz(ANSWERS, "calculated"),
        quiz("<weird/>", "coderunner"),
        quiz("", "cloze", "{1:MULTIRESPONSE:=a~b}"),
        quiz("", "cloze", "no gap in here"),
        quiz("", "cloze", "a stray { and {1:SA:=a}"),
        quiz("", "cloze", "{1:MC:=only}"),
    ],
)
def test_what_cannot_be_played_is_kept_and_written_back(data: bytes) -> None:
    reading = moodle_xml.read(data)
    (item,) = reading.items
    assert item.kind == "opaque"
    assert [problem.severity for problem in reading.problems] == ["loss"]
    again = moodle_xml.read(moodle_xml.write([item])).items[0]
    assert again.provenance["original"] == item.provenance["original"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (quiz("<weird/>", "coderunner"), "coderunner"),
        (quiz("", "cloze", "One {1:SA:=a} and {1:MULTIRESPONSE:=a~b}"), "{1:MULTIRESPONSE:=a~b}"),
        (quiz("", "cloze", "One {1:SA:=a} and {2:MC:=only}"), "{2:MC:=only}"),
        (quiz("", "cloze", "One {1:SA:=a} and {2:SA:no}"), "{2:SA:no}"),
        (quiz("", "cloze", "One {1:SA:=a}, a stray { brace"), "a stray { brace"),
        (quiz("", "cloze", "no gap in here"), "no subquestion"),
        (quiz(ANSWERS.replace("100", "0")), "survey"),
        (quiz('<answer fraction="0"><text>a</text></answer>', "shortanswer"), "survey"),
        (quiz('<answer fraction="0"><text>4</text></answer>', "numerical"), "survey"),
        (quiz('<answer fraction="0"><text>true</text></answer><answer fraction="0"><text>false</text></answer>',
              "truefalse"), "survey"),
        (quiz('<answer fraction="100"><text>true</text></answer><answer fraction="100"><text>false</text></answer>',
              "truefalse"), "Both"),
    ],
)  # fmt: skip
def test_why_a_question_is_not_played_is_said_with_its_type_or_place(data: bytes, said: str) -> None:
    reading = moodle_xml.read(data)
    assert [(item.kind, len(reading.problems)) for item in reading.items] == [("opaque", 1)]
    assert said in reading.problems[0].message


@pytest.mark.parametrize(("kind", "body"), [("cloze", ""), ("shortanswer", ANSWERS), ("calculated", ANSWERS)])
@pytest.mark.parametrize("form", ["html", "moodle_auto_format", "plain_text"])
def test_the_image_of_moodle_1_9_stands_below_the_text(kind: str, body: str, form: str) -> None:
    image = "<image>old/pic.png</image><image_base64>aGk=</image_base64>"
    reading = moodle_xml.read(quiz(body + image, kind, "3 < 4: {1:SHORTANSWER:=a}", form), "en")
    (item,) = reading.items
    text = item.response.get("text", item.stem)["en"]
    assert text.startswith("3 &lt; 4: ")
    assert text.endswith('<img src="media:old_pic.png" alt=""></p>')
    assert [(medium.name, medium.data) for medium in item.media] == [("old_pic.png", b"hi")]


def test_files_travel_with_their_question() -> None:
    data = base64.b64encode(b"picture").decode()
    source = (
        '<quiz><question type="multichoice"><name><text>n</text></name><questiontext format="html">'
        '<text><![CDATA[<img src="@@PLUGINFILE@@/a%20b.png" alt="x">]]></text>'
        f'<file name="a b.png" path="/" encoding="base64">{data}</file></questiontext>{ANSWERS}</question></quiz>'
    )
    item = one(source.encode())
    assert [(media.name, media.data) for media in item.media] == [("a_b.png", b"picture")]
    assert "media:a_b.png" in item.stem["en"]
    (again,) = moodle_xml.read(moodle_xml.write([item]), "en").items
    assert again.content() == item.content()
    assert again.media[0].data == b"picture"


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (f"{ANSWERS}<defaultgrade>nan</defaultgrade>", "multichoice"),
        (f"{ANSWERS}<defaultgrade>-3</defaultgrade>", "multichoice"),
        ("<minwordlimit>²</minwordlimit>", "essay"),
        (f"<maxwordlimit>{'9' * 5000}</maxwordlimit>", "essay"),
    ],
)
def test_an_odd_setting_costs_no_question(body: str, kind: str) -> None:
    (item,) = moodle_xml.read(quiz(body, kind)).items
    assert item.points == 1


def test_an_impossible_multiplier_costs_only_its_question() -> None:
    body = """<answer fraction="100"><text>1</text></answer><units><unit><multiplier>1e-3000000</multiplier>
        <unit_name>x</unit_name></unit></units>"""
    reading = moodle_xml.read(quiz(body, "numerical"))
    assert (reading.found, len(reading.items) + reading.failed) == (1, 1)


def test_the_same_name_in_two_folders_stays_two_files() -> None:
    files = "".join(
        f'<file name="a.png" path="/{folder}/" encoding="base64">{base64.b64encode(folder.encode()).decode()}</file>'
        for folder in "xy"
    )
    stem = '<img src="@@PLUGINFILE@@/x/a.png"><img src="@@PLUGINFILE@@/y/a.png"><img src="@@PLUGINFILE@@/gone.png">'
    source = quiz(ANSWERS, stem=stem).replace(b"</questiontext>", files.encode() + b"</questiontext>")
    reading = moodle_xml.read(source, "en")
    (item,) = reading.items
    assert [(media.name, media.data) for media in item.media] == [("x_a.png", b"x"), ("y_a.png", b"y")]
    assert [(problem.code, problem.severity) for problem in reading.problems] == [("missing-media", "loss")]


def test_settings_that_only_moodle_has_are_given_back() -> None:
    item = one(quiz(f"{ANSWERS}<penalty>0.3333333</penalty><answernumbering>ABCD</answernumbering>"))
    written = moodle_xml.write([item]).decode()
    assert "<penalty>0.3333333</penalty>" in written
    assert "<answernumbering>ABCD</answernumbering>" in written


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b'<!DOCTYPE quiz [<!ENTITY a "b">]><quiz>&a;</quiz>', "unreadable"),
        (b"<quiz><question", "unreadable"),
        (b"<other/>", "root"),
        (b"<quiz/>", "empty"),
        (quiz('<answer fraction="x"><text>a</text></answer>'), "fraction"),
        (quiz('<answer fraction="nan"><text>a</text></answer>'), "fraction"),
        (quiz('<answer fraction="100"><text>three</text></answer>', "numerical"), "number"),
    ],
)
def test_what_is_wrong_is_told_by_line(data: bytes, code: str) -> None:
    reading = moodle_xml.read(data)
    assert code in {problem.code for problem in reading.problems}
    assert all(problem.line for problem in reading.problems)
    assert reading.items == []
    assert reading.found == reading.failed


@settings(max_examples=120)
@given(
    item=items([*CARRIED, "cloze"], languages=("ko",), fields=("id", "title", "category", "tags", "hints", "points"))
)
def test_what_has_no_loss_comes_back_equal(item: Item) -> None:
    if not moodle_xml.carries(item):
        (back,) = moodle_xml.read(moodle_xml.write([item]), "ko").items
        assert (back.id, back.content()) == (item.id, item.content())


@settings(max_examples=80)
@given(item=items(CARRIED, texts="plain", languages=("ko",), simple=True, fields=("title",)))
def test_simple_questions_lose_little(item: Item) -> None:
    assert {problem.code for problem in moodle_xml.carries(item)} <= {
        "lost-scoring", "lost-tolerance", "lost-pinned", "lost-feedback", "title", "spelling"
    }  # fmt: skip


@settings(max_examples=80)
@given(item=items([*CARRIED, "categorise", "cloze"], fields=FIELDS))
def test_every_item_is_written_or_refused(item: Item) -> None:
    if any(problem.is_error for problem in moodle_xml.carries(item)):
        with pytest.raises(CannotCarry):
            moodle_xml.write([item])
    else:
        assert len(moodle_xml.read(moodle_xml.write([item])).items) == 1


@settings(max_examples=300)
@given(data=damaged(moodle_xml.SAMPLE) | st.binary(max_size=200))
def test_a_damaged_file_never_raises(data: bytes) -> None:
    reading = moodle_xml.read(data)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed


def test_a_problem_says_of_which_question_it_is_though_the_file_is_one_line() -> None:
    one = '<question type="{}"><name><text>{}</text></name><questiontext><text>Q</text></questiontext></question>'
    data = f"<quiz>{one.format('stack', 'The first')}{one.format('multichoice', 'The second')}</quiz>".encode()
    form, reading = read_file(data, "a.xml", ReadingOptions())
    assert form == "moodle-xml"
    assert {(problem.severity, problem.text) for problem in reading.problems} == {
        ("loss", "The first"),
        ("error", "The second"),
    }
