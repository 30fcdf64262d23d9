"""Nothing of a file is lost in silence: a marked word put anywhere comes out in a question or in a problem."""

from __future__ import annotations

import re
import time

import pytest

from quizapp.formats import FORMATS, bundle
from quizapp.formats.accounting import unread_texts
from quizapp.formats.base import Reading
from quizapp.formats.bundle import zipped
from quizapp.formats.text import decode
from quizapp.formats.unspoken import UNSPOKEN
from quizapp.formats.workbook import sheets_in
from tests.formats.mutations import MARK, XML, marked_lines, mutations

LINES = [name for name in UNSPOKEN if name not in XML]


def read(form: str, data: bytes) -> Reading:
    reading = FORMATS[form].read(data)
    reading.problems += unread_texts(data, form, reading)
    return reading


def is_told(reading: Reading) -> bool:
    """Whether the mark came out: in a question, in a problem, or by an error that leaves its question out."""
    return bool(reading.errors) or MARK in repr(reading).casefold()


OWN = '"quizapp"'
"""The type of our own notes, whose deck in Anki may be any: they hold the whole item in a field."""
SAID_BY_READERS = {"csv": 80, "anki-text": 60, "yaml": 200, "json": 200}
"""Formats whose readers name by themselves what they don't know, and how many marked words at least come out."""


@pytest.mark.parametrize("form", SAID_BY_READERS)
def test_a_marked_word_comes_out_of_sheets_and_of_our_own_files(form: str) -> None:
    tried = 0
    for source in marked_lines(decode(FORMATS[form].SAMPLE)[0]):
        tried += 1
        line = next(line for line in source.split("\n") if MARK in line)
        silent = line.lstrip().startswith("#")
        if form == "anki-text":
            silent = silent or OWN in source[: source.index(MARK)] or MARK in line.split("\t")[1]
        assert is_told(read(form, source.encode())) or silent, line[:200]
    assert tried >= SAID_BY_READERS[form]


@pytest.mark.parametrize("form", [*UNSPOKEN, "zip"])
def test_of_a_sample_nothing_is_left(form: str) -> None:
    sample = FORMATS[form].SAMPLE
    assert [problem.message for problem in unread_texts(sample, form, FORMATS[form].read(sample))] == []


LEAST = {
    "gift": 90, "aiken": 45, "markdown": 130, "moodle-xml": 60, "qti12": 70, "qti21": 30, "qti30": 30, "exam": 100,
    "xlsx": 80, "kahoot": 20, "docx": 10, "hwpx": 10, "anki": 10,
}  # fmt: skip


@pytest.mark.parametrize("form", LEAST)
def test_a_marked_word_comes_out_wherever_it_is_put(form: str) -> None:
    tried = lost = 0
    for data in mutations(form):
        tried += 1
        if not is_told(read(form, data)):
            lost += 1
            line = next((line for line in data.decode(errors="replace").split("\n") if MARK in line), "")
            assert is_comment(form, data), (tried, line[:200])
    assert tried - lost >= LEAST[form], (tried, lost)


def is_comment(form: str, data: bytes) -> bool:
    """Whether the mark stands in a comment."""
    source = data.decode(errors="replace")
    line = next((line for line in source.split("\n") if MARK in line), "").strip()
    if form == "kahoot":  # in the headings, which only say that it is one of Kahoot's
        return any(MARK in cell for cell in sheets_in(data)[0].rows[1].values)
    if form == "gift":
        return line.startswith("//")
    return form == "markdown" and (
        line.startswith("%") or re.search(rf"COMMENT\n.*{MARK}.*\nEND_COMMENT", source) is not None
    )


@pytest.mark.parametrize("form", LINES)
def test_a_changed_number_changes_what_is_read(form: str) -> None:
    """But for those in comments, and those by which a quiz in Markdown counts its questions."""
    source = decode(FORMATS[form].SAMPLE)[0]
    before = seen(read(form, source.encode()))
    for match in re.finditer(r"[0-9]+", source):
        changed = f"{source[: match.start()]}{int(match[0]) + 3}{source[match.end() :]}"
        if seen(read(form, changed.encode())) == before:
            assert re.match(r"\.\s", source[match.end() :]), source[match.start() - 20 : match.end() + 20]


def seen(reading: Reading) -> object:
    items = [(item.id, item.content(), item.provenance.get("original")) for item in reading.items]
    return items, [(problem.message, problem.text) for problem in reading.problems]


def test_what_was_not_read_is_named_by_member_and_line() -> None:
    inside = b"::a:: Q {T}\n"
    reading = Reading(items=FORMATS["gift"].read(inside).items)
    data = zipped({"a.gift": inside + b"\nA text that no reader took {T}\n"})
    reading.items[0].provenance["place"] = "a.gift"
    problems = unread_texts(data, "zip", reading)
    assert [(problem.place, problem.line, problem.severity) for problem in problems] == [("a.gift", 3, "loss")]
    assert "text that no reader took" in problems[0].message
    assert unread_texts(data, "zip", bundle.read(data)) == []


def test_known_words_in_an_unknown_order_are_a_lost_text() -> None:
    reading = FORMATS["gift"].read(b"One two three four five six seven eight {T}")
    again = b"One two three four five six seven eight {T}\n\none three five seven two {T}"
    assert unread_texts(again, "gift", reading) != []


def test_questions_with_errors_are_not_named_twice() -> None:
    data = b"Fine words {T}\n\nBroken question here {=a ~b\nsecond line of it\n\nFine again {F}"
    assert [problem.code for problem in read("gift", data).problems] == ["braces"]


def test_accounting_for_many_questions_takes_little_time() -> None:
    one = "::Title {0}:: What is the capital of country {0}, and why?\n{{\n=City {0}#Right.\n~Town {0}\n~Spot {0}\n}}\n"
    data = "\n".join(one.format(number) for number in range(2000)).encode()
    reading = FORMATS["gift"].read(data)
    began = time.process_time()
    assert unread_texts(data, "gift", reading) == []
    assert time.process_time() - began < 1


@pytest.mark.parametrize("source", [b"COMMENT\n" * 50_000, b"%" * 200_000, b"COMMENT\nEND_COMMENT\n" * 20_000])
def test_comments_without_end_take_no_time(source: bytes) -> None:
    began = time.process_time()
    unread_texts(source, "markdown", Reading())
    assert time.process_time() - began < 2
