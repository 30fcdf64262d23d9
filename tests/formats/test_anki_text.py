"""Anki's text files: header lines, quoting, note types without templates, and that nothing is lost there and back."""

from __future__ import annotations

import html
import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quizapp.formats import anki_text
from quizapp.formats.anki import note_writer
from quizapp.formats.base import Reading
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from tests.formats.strategies import FIELDS, items


def read(text: str, language: str | None = None) -> Reading:
    reading = anki_text.read(text.encode(), language)
    assert reading.found == len(reading.items) + reading.skipped + reading.failed
    for item in reading.items:
        assert item.kind not in KINDS or KINDS[item.kind].check(item.body) == []
    return reading


def cards(text: str) -> list[tuple[str, str]]:
    """Front and typed answer (or solution) of each item."""
    return [
        (
            item.stem["en"],
            item.response["answers"][0]["text"] if item.kind == "text" else item.feedback["solution"]["en"],
        )
        for item in read(text).items
    ]


def test_columns_say_what_they_are() -> None:
    reading = anki_text.read(anki_text.SAMPLE)
    first, second, third, ours = reading.items
    assert (first.id, first.kind, first.category, first.tags) == ("k1", "text", ["지리", "수도"], ["korea", "asia"])
    assert first.stem == {"ko": "What is the capital of <b>Korea</b>?", "format": "html"}
    assert (second.kind, third.kind) == ("essay", "cloze")
    assert third.response["text"]["ko"] == "한글은 {{g1}}이 {{g2}} (언제?)년에 만들었다."
    assert third.feedback["solution"]["ko"] == '훈민정음 "해례본" 참고'
    assert ours.content() == anki_text.SAMPLE_ITEM.content()
    assert [item.provenance["line"] for item in reading.items] == [7, 8, 9, 10]


@pytest.mark.parametrize(
    "text",
    [
        "front\tback\n",
        "#separator:tab\n#html:false\nfront\tback\n",
        "#separator:\t\nfront\tback",
        "#separator:Comma\nfront,back\n",
        "#separator:;\nfront;back\n",
        "#separator:pipe\r\nfront|back\r\n",
        "#separator:space\nfront back\n",
        "#separator:colon\nfront:back\n",
        "front,back\n",
        "front;back\n",
        "\ufeff#separator:tab\nfront\tback\n",
        "#a comment\n\n#separator:tab\nfront\tback\n",
        "#separator:nonsense\n#html:perhaps\n#tags column:x\nfront\tback\n",
        '"front"\t"back"\n',
        '"fro"nt\tback\n',
        "# comment without colon\nfront\tback\n#comment\n\n",
        "front\tback\t\t\n",
    ],
)
def test_separators_and_quotes(text: str) -> None:
    assert cards(text) == [("front", "back")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('"say ""hi"""\tback', ('say "hi"', "back")),
        ('a "b" c\tback', ('a "b" c', "back")),
        ('"a\tb"\tback', ("a\tb", "back")),
        ('"a\n\nb"\tback', ("a\n\nb", "back")),
        ('"#hash"\tback', ("#hash", "back")),
        ("#html:true\na &lt; b\tx &amp; y", ("a &lt; b", "x & y")),
        ("#html:false\na &lt; b\tx &amp; y", ("a &lt; b", "x &amp; y")),
        ("front\tback\textra", ("front", "back")),
        ("front\t\textra", ("front", "extra")),
    ],
)
def test_fields(text: str, expected: tuple[str, str]) -> None:
    assert cards(text) == [expected]


def test_what_holds_for_the_whole_file() -> None:
    reading = read(
        "#tags:one two\n#deck:A::B\n#notetype:Basic\n#separator:tab\n#tags column:3\nfront\tback\tthree one\n"
    )
    assert (reading.items[0].tags, reading.items[0].category) == (["one", "two", "three"], ["A", "B"])
    assert read("tags:one\nfront\tback").items[0].tags == ["one"]


def test_plain_text_is_kept_plain() -> None:
    item = read("#html:false\n1 < 2 & 3 > 2\tyes").items[0]
    assert item.stem == {"en": "1 < 2 & 3 > 2", "format": "plain"}


def test_html_is_told_from_the_rows() -> None:
    assert read("<b>front</b>\tback").items[0].stem["format"] == "html"
    assert read("2 < 3\tback").items[0].stem["format"] == "plain"


def test_a_row_without_an_answer_is_left_out() -> None:
    reading = read("#separator:tab\nfront\nfront 2\tback\n\tback only\n")
    assert [(problem.code, problem.line) for problem in reading.errors] == [("empty-back", 2), ("empty-front", 4)]
    assert (len(reading.items), reading.failed) == (1, 2)


def test_a_quotation_mark_that_never_closes_is_an_error_with_its_line() -> None:
    reading = read('front\tback\nfront 2\t"back\nfront 3\tback\n')
    assert [(problem.code, problem.line) for problem in reading.errors] == [("quote", 2)]
    assert (len(reading.items), reading.failed) == (1, 1)


def test_the_same_note_twice_is_read_once() -> None:
    reading = read("#separator:tab\n#guid column:1\ng\tfront\tback\ng\tfront\tback\ng\tother\tback\n")
    assert (len(reading.items), reading.skipped, reading.failed) == (1, 1, 1)


def test_pictures_are_listed_as_missing() -> None:
    reading = read('#html:true\n#separator:tab\n<img src="x.png">\tback [sound:y.mp3]\n')
    assert [problem.code for problem in reading.problems] == ["missing-media"]


@pytest.mark.parametrize(
    "data", [b"", b"\n\n#\n", b"\x00\xff\xfe\x01" * 50, b"PK\x03\x04" + bytes(range(256)), b"a\tb\0"]
)
def test_what_holds_no_notes_gives_a_problem(data: bytes) -> None:
    reading = anki_text.read(data)
    assert reading.items == []
    assert reading.errors


def test_an_export_without_html_still_holds_our_items() -> None:
    item = Item(
        id="q", kind="essay", stem={"en": "**2 < 3** & why?"}, feedback={"solution": {"en": "So <i>it</i> is."}}
    )
    fields = note_writer.note_fields(item, with_media=True)
    shown = [html.unescape(re.sub("<[^>]*>", "", value)) for value in fields]
    row = "\t".join('"' + value.replace('"', '""') + '"' for value in ["q", "quizapp", *shown])
    reading = read(f"#separator:tab\n#html:false\n#guid column:1\n#notetype column:2\n{row}\n")
    assert reading.problems == []
    assert reading.items[0].content() == item.content()


@pytest.mark.parametrize(
    ("data", "least", "most"),
    [(anki_text.SAMPLE, 0.9, 1), (b"a\tb\nc\td\n", 0.1, 0.5), (b"1.  Q?\n*a) x\n", 0, 0), (b"", 0, 0)],
)
def test_sniff(data: bytes, least: float, most: float) -> None:
    assert least <= anki_text.sniff(data) <= most


def test_what_was_read_comes_back() -> None:
    reading = anki_text.read(anki_text.SAMPLE)
    again = anki_text.read(anki_text.write(reading.items))
    assert [item.content() for item in again.items] == [item.content() for item in reading.items]
    assert again.problems == []


@settings(max_examples=80)
@given(
    st.lists(
        items([*KINDS, "description"], fields=FIELDS),
        min_size=1,
        max_size=3,
        unique_by=lambda item: item.id or id(item),
    )
)
def test_every_item_comes_back_whole(drawn: list[Item]) -> None:
    reading = anki_text.read(anki_text.write(drawn))
    assert [problem.message for problem in reading.problems if problem.code != "missing-media"] == []
    assert [item.to_json() | {"provenance": 0} for item in reading.items] == [
        item.to_json() | {"provenance": 0} for item in drawn
    ]


@settings(max_examples=80)
@given(st.lists(items(["text"], languages=["en"], texts="plain", simple=True), min_size=1, max_size=3))
def test_plain_cards_come_back(drawn: list[Item]) -> None:
    """A file that another program wrote from the same questions."""
    rows = [f"{item.stem['en']}\t{item.response['answers'][0]['text']}" for item in drawn]
    assert cards("#separator:tab\n" + "\n".join(rows)) == [tuple(row.split("\t")) for row in rows]


INSERTED = ["", "\n", "\t", '"', "{{c1::", "}}", "#", "<", "&", "{", "[[", "\u2028", "가"]


def test_mutated_files_never_raise(chance: random.Random) -> None:
    source = anki_text.SAMPLE.decode() + anki_text.write(anki_text.read(anki_text.SAMPLE).items).decode()
    for _ in range(300):
        reading = read(mutated(source, chance))
        again = anki_text.read(anki_text.write(reading.items))
        assert [item.content() for item in again.items] == [item.content() for item in reading.items]


def mutated(source: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 8)):
        at, end = sorted(chance.randrange(len(source)) for _ in range(2))
        end = min(end, at + chance.choice([1, 3, 40]))
        insert = chance.choice([*INSERTED, source[at:end]])
        source = source[:at] + insert + source[end:]
    return source
