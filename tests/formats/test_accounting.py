"""Nothing of a file is lost in silence: a marked word put anywhere comes out in a question or in a problem."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats import FORMATS, bundle
from quizapp.formats.accounting import UNSPOKEN, said_by, unread
from quizapp.formats.archive import open_archive
from quizapp.formats.base import Reading
from quizapp.formats.bundle import zipped
from quizapp.formats.text import decode

MARK = "zqxmark"
XML = [name for name in UNSPOKEN if UNSPOKEN[name].elements]
LINES = [name for name in UNSPOKEN if name not in XML]


def read(form: str, data: bytes) -> Reading:
    reading = FORMATS[form].read(data)
    reading.problems += unread(data, form, reading)
    return reading


def is_told(reading: Reading) -> bool:
    """Whether the mark came out: in a question, in a problem, or by an error that leaves its question out."""
    return bool(reading.errors) or any(MARK in text.casefold() for text in said_by(reading))


def marked_lines(source: str) -> Iterator[str]:
    """The text with the mark behind each of its words in turn."""
    for match in re.finditer(r"\w+", source):
        yield f"{source[: match.end()]} {MARK}{source[match.end() :]}"


def marked_xml(data: bytes, silent: frozenset[str]) -> Iterator[bytes]:
    """The XML with the mark in each of its texts in turn, but for those that carry no meaning."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        for part in ("text", "tail"):
            text = getattr(element, part)
            if text and text.strip() and not (part == "text" and etree.QName(element).localname in silent):
                setattr(element, part, f"{text} {MARK}")
                yield etree.tostring(root, encoding="UTF-8")
                setattr(element, part, text)


def sources(form: str) -> Iterator[bytes]:
    """The format's sample with the mark in each of its texts in turn."""
    sample = FORMATS[form].SAMPLE
    if form in LINES:
        yield from (text.encode() for text in marked_lines(decode(sample)[0]))
    elif not sample.startswith(b"PK"):
        yield from marked_xml(sample, UNSPOKEN[form].elements)
    else:
        files = dict(open_archive(sample))
        for name, data in files.items():
            for marked in marked_xml(data, UNSPOKEN[form].elements) if name.endswith(".xml") else ():
                yield zipped({**files, name: marked})


@pytest.mark.parametrize("form", [*UNSPOKEN, "zip"])
def test_of_a_sample_nothing_is_left(form: str) -> None:
    assert [
        problem.message for problem in unread(FORMATS[form].SAMPLE, form, FORMATS[form].read(FORMATS[form].SAMPLE))
    ] == []


LEAST = {"gift": 90, "aiken": 45, "markdown": 130, "moodle-xml": 60, "qti12": 70, "qti21": 30, "qti30": 30}


@pytest.mark.parametrize("form", UNSPOKEN)
def test_a_marked_word_comes_out_wherever_it_is_put(form: str) -> None:
    tried = lost = 0
    for data in sources(form):
        tried += 1
        if not is_told(read(form, data)):
            lost += 1
            line = next(line for line in data.decode(errors="replace").split("\n") if MARK in line)
            assert is_comment(form, data), line[:200]
    assert tried - lost >= LEAST[form], (tried, lost)


def is_comment(form: str, data: bytes) -> bool:
    """Whether the mark stands in a comment."""
    source = data.decode(errors="replace")
    line = next(line for line in source.split("\n") if MARK in line).strip()
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
    problems = unread(data, "zip", reading)
    assert [(problem.place, problem.line, problem.severity) for problem in problems] == [("a.gift", 3, "loss")]
    assert "text that no reader took" in problems[0].message
    assert unread(data, "zip", bundle.read(data)) == []


def test_known_words_in_an_unknown_order_are_a_lost_text() -> None:
    reading = FORMATS["gift"].read(b"One two three four five six seven eight {T}")
    assert unread(b"One two three four five six seven eight {T}\n\none three five seven two {T}", "gift", reading) != []


def test_questions_with_errors_are_not_named_twice() -> None:
    data = b"Fine words {T}\n\nBroken question here {=a ~b\nsecond line of it\n\nFine again {F}"
    assert [problem.code for problem in read("gift", data).problems] == ["braces"]


def test_accounting_for_many_questions_takes_little_time() -> None:
    one = "::Title {0}:: What is the capital of country {0}, and why?\n{{\n=City {0}#Right.\n~Town {0}\n~Spot {0}\n}}\n"
    data = "\n".join(one.format(number) for number in range(2000)).encode()
    reading = FORMATS["gift"].read(data)
    began = time.process_time()
    assert unread(data, "gift", reading) == []
    assert time.process_time() - began < 1


@pytest.mark.parametrize("source", [b"COMMENT\n" * 50_000, b"%" * 200_000, b"COMMENT\nEND_COMMENT\n" * 20_000])
def test_comments_without_end_take_no_time(source: bytes) -> None:
    began = time.process_time()
    unread(source, "markdown", Reading())
    assert time.process_time() - began < 2
