"""Whether everything that a file says was read: what stands neither in an item nor in a problem is named.

After any reader, the words of every text of the source (lines, the texts of XML, the members of a zip) are compared
with all that the items, problems and titles say. A word that is said nowhere, or a run of words of which no two
stand beside each other there, wasn't read. UNSPOKEN lists what carries no meaning in each format. Questions that
failed are told by their errors. Our own files and sheets name what they don't know themselves, cell by cell.
"""

from __future__ import annotations

import html
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import compress, islice, pairwise
from operator import and_
from typing import Any

from lxml.etree import XPath  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.base import FormatError, Reading
from quizapp.formats.detect import detect
from quizapp.formats.qti.documents import local
from quizapp.formats.text import decode
from quizapp.formats.unspoken import BREAK, UNSPOKEN, Unspoken
from quizapp.formats.xml import parse

WORD = re.compile(r"[^\W_]+")
TAG = re.compile(r"<[a-zA-Z/!?][^<>]*+>")
LETTER = re.compile(r"[^\W\d_]")
NONE_BESIDE = bytes(5)
RUN = 4
"""So many known words in a row, no two of them said side by side, are a text that wasn't read."""
LABELS_OF = XPath("//*[local-name()='response_label']/@ident", smart_strings=False)
MAX_LOSSES = 50
MAX_SOURCE = 24 * 1024 * 1024
"""Bytes of a file, or of the texts of a package, that are looked through."""
MAX_CHARACTERS = 4_000_000
"""Of all texts together. Their words take thirty times as much memory."""
XML_SUFFIXES = (".xml", ".qti", ".html", ".xhtml", ".htm")
OTHER_SUFFIX = ".dat"
TEXT_SUFFIXES = (".txt", ".gift", ".md")


@dataclass(frozen=True)
class SourceText:
    """One text of a source and where it stands. `place` is the member of a zip, "" for a file by itself."""

    text: str
    line: int | None = None
    place: str = ""


class TextsRead:
    """What a reading says of the words that are asked for: which are said, and which pairs of them stand side by side
    (or begin or end a text)."""

    def __init__(self, texts: Iterable[str], asked: list[str]) -> None:
        found = words_in(joined(texts))
        sought = set(asked)
        self.words = sought.intersection(found)
        are_sought = list(map(sought.__contains__, found))
        both = map(and_, are_sought, are_sought[1:])
        self.pairs = set(map(hash, compress(pairwise(found), both)))  # as numbers, which are smaller than pairs

    def has_all(self, asked: list[str]) -> bool:
        """Whether nothing is missing in all of the texts together: the quick way, in which most files pass."""
        if not all(map(is_silent, set(asked) - self.words)):
            return False
        return NONE_BESIDE not in bytes(map(self.pairs.__contains__, map(hash, pairwise(asked))))

    def lacks(self, words: list[str]) -> list[str]:
        """The words of a text that aren't said; else the first run of words that are said, but never so."""
        missing = [word for word in words if word not in self.words and not is_silent(word)]
        if missing:
            return missing
        run: list[str] = []
        for before, word, after in zip([BREAK, *words], words, [*words[1:], BREAK], strict=False):
            if hash((before, word)) in self.pairs or hash((word, after)) in self.pairs:
                run = []
                continue
            run += [] if is_silent(word) else [word]
            if len(run) >= RUN:
                return run
        return []


def joined(texts: Iterable[str]) -> str:
    """The texts with a word between them that stands in none, and a sign that ends an open tag."""
    return f"{BREAK} {f' <>{BREAK} '.join(texts)} {BREAK}"


def words_in(text: str) -> list[str]:
    """The words of a text, without those in the tags of HTML."""
    if "<" in text:
        text = TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
        text = TAG.sub(" ", text) if "<" in text else text
    return WORD.findall(text.casefold())


def is_silent(word: str) -> bool:
    """Whether it is a number, which a reader may write in another way, or the letter of an option."""
    return word == BREAK or LETTER.search(word) is None or (len(word) == 1 and word.isascii())


def unread_texts(data: bytes, form: str, reading: Reading) -> list[Problem]:
    """A loss for each text of a file that stands neither in an item nor in a problem."""
    if form not in UNSPOKEN and form != "zip":
        return []
    unsaid = Unsaid(said_by(reading))
    try:
        if unpacked_size(data) > MAX_SOURCE:
            return [NOT_COMPARED]
        texts = [text for text in source_texts(data, form, unsaid) if unsaid.is_part_of(text.text)]
    except TooMuch:
        return [NOT_COMPARED]
    except FormatError:
        return []  # its reader has said so
    if not texts:
        return []
    asked = words_in(joined(text.text for text in texts))
    said = TextsRead(unsaid.known, asked)
    if said.has_all(asked):
        return []
    failed = FailedQuestions(reading)
    losses = (
        lost_words(lost, text) for text in texts if (lost := said.lacks(words_in(text.text))) and not failed.holds(text)
    )
    return list(islice(losses, MAX_LOSSES))


class TooMuch(Exception):
    """The words of so many texts would fill the memory."""


class Unsaid:
    """Tells the texts that aren't said just as they stand, of which the words have to be looked at. `known`: the texts
    that are said, and their lines."""

    def __init__(self, said: Iterable[str]) -> None:
        self.known = {text.strip() for text in said}
        self.known |= {line.strip() for text in self.known if "\n" in text for line in text.split("\n")}
        self.known.add("")
        self.room = MAX_CHARACTERS

    def among(self, texts: list[str]) -> set[str]:
        """The texts of the source that aren't said as a whole. Raises TooMuch."""
        self.room -= sum(map(len, texts))
        if self.room < 0:
            raise TooMuch
        return {text for text in set(texts) if text.strip() not in self.known}

    def is_part_of(self, text: str) -> bool:
        """Whether there is something between the breaks of a text that isn't said."""
        return any(part.strip() not in self.known and says(part) for part in text.split(BREAK))


def unpacked_size(data: bytes) -> int:
    if not data.startswith(b"PK"):
        return len(data)
    archive = open_archive(data)
    return sum(archive.size(name) for name in archive if name.lower().endswith(TEXT_SUFFIXES) or is_xml(archive, name))


def is_xml(archive: Archive, name: str) -> bool:
    """Whether a member is XML that may hold questions; Blackboard gives its files another suffix."""
    lower = name.lower()
    return lower.endswith(XML_SUFFIXES) or (
        lower.endswith(OTHER_SUFFIX) and b"<questestinterop" in archive[name][:2000]
    )


def says(text: str) -> bool:
    """Whether there is a word in it that isn't silent anyway."""
    return len(text.strip()) > 1 and LETTER.search(text) is not None


def said_by(reading: Reading) -> list[str]:
    said: list[str] = []
    for item in reading.items:
        collect((item.id, item.title, item.stimulus, item.stem, item.response, item.feedback, item.hints), said)
        collect((item.category, item.tags, item.objectives, item.citations, item.licence, item.provenance), said)
    collect((reading.title, reading.meta), said)
    for problem in reading.problems:
        said += (problem.message, problem.text)
    return said


def collect(values: Iterable[Any], found: list[str]) -> None:
    """Add every string in a structure to those found."""
    rest = list(values)
    while rest:
        one = rest.pop()
        if isinstance(one, str):
            found.append(one)
        elif isinstance(one, dict):
            rest += one.values()
        elif isinstance(one, (list, tuple)):
            rest += one


class FailedQuestions:
    """Where questions stand that were left out: from the line of an error to the next question."""

    def __init__(self, reading: Reading) -> None:
        self.starts: dict[str, dict[int, bool]] = {}
        for problem in reading.errors:
            self.starts.setdefault(member_of(problem.place), {})[problem.line or 1] = True
        for item in reading.items:
            place, line = str(item.provenance.get("place", "")), item.provenance.get("line")
            self.starts.setdefault(member_of(place), {})[line or 1] = False
        self.lines = {place: sorted(starts) for place, starts in self.starts.items()}

    def holds(self, text: SourceText) -> bool:
        lines = self.lines.get(text.place, [])
        before = bisect_right(lines, text.line or 1) - 1
        return before >= 0 and self.starts[text.place][lines[before]]


def member_of(place: str) -> str:
    return place.partition(": ")[0]


def source_texts(data: bytes, form: str, unsaid: Unsaid, place: str = "") -> Iterator[SourceText]:
    """The unsaid texts of a file, without what carries no meaning in its format."""
    if form == "zip":
        for name, member in open_archive(data).items():
            yield from source_texts(member, detect(member, name) or "", unsaid, name)
    elif form in UNSPOKEN and UNSPOKEN[form].elements:
        yield from xml_texts(data, UNSPOKEN[form], unsaid, place)
    elif form in UNSPOKEN:
        yield from lines(decode(data)[0], UNSPOKEN[form], unsaid, place)


def lines(source: str, unspoken: Unspoken, unsaid: Unsaid, place: str) -> Iterator[SourceText]:
    found = unspoken.plain(source).split("\n")
    new = {
        line
        for line in unsaid.among(found)
        if not (unspoken.comment and unspoken.comment.match(line)) and not is_setting(line, unspoken)
    }
    if not new:
        return
    skipped = set(commented(found, *unspoken.block)) if unspoken.block else ()
    for number, line in enumerate(found, 1):
        if line in new and number not in skipped:
            yield SourceText(line, number, place)


def commented(found: list[str], begin: str, end: str) -> Iterator[int]:
    """The numbers of the lines in blocks of comments. One that never ends is an error of its reader."""
    ends = [number for number, line in enumerate(found, 1) if line.strip() == end]
    last = 0
    for number, line in enumerate(found, 1):
        if line.strip() == begin and number > last and (place := bisect_right(ends, number)) < len(ends):
            last = ends[place]
        if number <= last:
            yield number


def xml_texts(data: bytes, unspoken: Unspoken, unsaid: Unsaid, place: str) -> Iterator[SourceText]:
    if data.startswith(b"PK"):
        archive = open_archive(data)
        for name in archive:
            if is_xml(archive, name):
                yield from xml_texts(archive[name], unspoken, unsaid, name)
        return
    root = parse(data)
    new = {
        text: plain
        for text in unsaid.among(list(root.itertext()))
        if not is_setting(text.strip(), unspoken) and unsaid.is_part_of(plain := unspoken.plain(text))
    }
    if not new:
        return
    spoken: dict[str, bool] = {}
    idents = frozenset(LABELS_OF(root)) if unspoken.references else frozenset()
    for element in root.iter():
        text, tail = element.text, element.tail
        if text in new and is_read(element, unspoken, spoken):
            is_ident = text.strip() in idents and local(element) in unspoken.references
            if not is_ident:
                yield SourceText(new[text], element.sourceline, place)
        if tail in new:
            yield SourceText(new[tail], element.sourceline, place)


def is_read(element: Any, unspoken: Unspoken, known: dict[str, bool]) -> bool:
    """Whether an element's text is more than a setting, by its name."""
    tag = element.tag
    if tag not in known:
        known[tag] = unspoken.is_spoken(local(element))
    return known[tag]


def is_setting(text: str, unspoken: Unspoken) -> bool:
    return unspoken.values is not None and unspoken.values.fullmatch(text) is not None


NOT_COMPARED = Problem(
    N_("The file is too large to compare each of its words with what was read."),
    code="not-compared",
    severity="warning",
    mend=N_("Compare some of the questions with the file, or split it into smaller ones."),
)


def lost_words(words: Iterable[str], text: SourceText) -> Problem:
    return Problem(
        N_("These words weren't read: %(words)s."),
        {"words": " ".join(words)[:200]},
        code="unread",
        severity="loss",
        line=text.line,
        place=text.place,
        mend=N_("Check whether they belong to a question; if they do, compare it with the file."),
    )
