"""A line of an exam: its words, where it stands, and which of them are marked by form (bold, coloured …).

What isn't words (a formula, a picture, a table) is one character of OBJECTS that stands for a piece of Markdown.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from sys import getsizeof

from quizapp.errors import N_
from quizapp.formats.base import FormatError
from quizapp.formats.collector import MAX_WEIGHT
from quizapp.formats.text import lines_of as each_line
from quizapp.texts.markdown import INLINE_FORMULA

OBJECTS = 0xF0000
"""The first character of a plane that is private to programs: each object of an exam is one of them."""
MOST_OBJECTS = 0xFFFD
OBJECT = re.compile("[\U000f0000-\U000ffffd]")

TAB = " " * 4
OTHER_SPACE = re.compile("[\v\f\u00a0\u2000-\u200a\u202f\u3000]")
UNSEEN = re.compile("[\ufeff\u200b-\u200d\u2060\u00ad\u200e\u200f\ufe0f]+")
FOLDED = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)} | dict(
    zip(map(ord, "【】〔〕［］〈〉《》＜＞‹›“”‘’〜∼～–—−：；"), "[][][]<><><><>\"\"''~~~---:;", strict=True)
)
"""Characters that mean the same where a line is told from another. One for one, so that places stay."""

MOST_LINES = 300_000
MOST_MEMORY = 128 * 1024 * 1024
"""Bytes of all lines. One object in a line makes Python take four for each of its letters."""
MOST_CHARACTERS = 10_000
"""Of a line in which numbers, labels and answers are looked for."""
MOST_SPACES = 40
"""In a row: more are no word apart, and every pattern that looks ahead would look through all of them."""
LONG_SPACE = re.compile(f" {{{MOST_SPACES + 1},}}")
PUNCTUATION = re.compile(r"[!-/:-@\[-`{-~]")
TABLE_LINE = re.compile(r"\s*\|.*\|\s*")
TABLE_RULE = re.compile(r"\s*\|(?:\s*:?-+:?\s*\|)+\s*")

Mark = tuple[int, int, str]
"""From where, to where, and how a part of a line is marked."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the space around it. `indent`: how many characters of it stood before its words."""

    text: str
    number: int
    marks: tuple[Mark, ...] = ()
    indent: int = 0

    @property
    def plain(self) -> str:
        """The line for comparing: as long as its text, with all widths and brackets made one."""
        return folded(self.text)

    def cut(self, start: int = 0, end: int | None = None) -> Line:
        """A part of the line, without the space around it."""
        piece = self.text[start:end]
        start += len(piece) - len(piece.lstrip())
        end = start + len(piece.strip())
        marks = [(max(begin, start) - start, min(stop, end) - start, how) for begin, stop, how in self.marks]
        held = tuple(mark for mark in marks if mark[0] < mark[1])
        return Line(self.text[start:end], self.number, held, 0 if start else self.indent)

    def ways(self) -> set[str]:
        """How the whole of the line is marked."""
        return {way for way in {how for _, _, how in self.marks} if not self.without(way).strip()}

    def without(self, way: str) -> str:
        """What of the line isn't marked in this way."""
        pieces, place = [], 0
        for start, stop, how in sorted(self.marks):
            if how == way:
                pieces.append(self.text[place:start])
                place = max(place, stop)
        return "".join([*pieces, self.text[place:]])


@lru_cache(maxsize=256)
def folded(text: str) -> str:
    return text.translate(FOLDED)


@dataclass
class Objects:
    """The Markdown of each object of an exam, by the character that stands for it."""

    markdown: list[str] = field(default_factory=list)
    room: int = field(default_factory=lambda: MOST_MEMORY)
    _known: dict[str, str] = field(default_factory=dict)

    def hold(self, line: Line) -> Line:
        """One more line of the exam."""
        self.room -= getsizeof(line.text)
        if self.room < 0:
            raise FormatError(
                N_("This exam doesn't fit into %(limit)s MB of memory. Split it."), limit=MOST_MEMORY // 1024 // 1024
            )
        return line

    def add(self, markdown: str) -> str:
        """The character that stands for a piece of Markdown from now on; the piece itself, where there are too many."""
        if markdown not in self._known:
            if len(self.markdown) >= MOST_OBJECTS:
                return markdown
            self._known[markdown] = chr(OBJECTS + len(self.markdown))
            self.markdown.append(markdown)
        return self._known[markdown]

    def weight_of(self, line: Line) -> int:
        """The characters of a line, or of what it stands for as a whole."""
        return len(self.of(line.text)) if OBJECT.fullmatch(line.text) else len(line.text)

    def of(self, character: str) -> str:
        return self.markdown[ord(character) - OBJECTS]

    def shown(self, text: str) -> str:
        """The text with what its objects stand for."""
        return OBJECT.sub(lambda found: self.of(found[0]), text)


def tidy(text: str) -> str:
    """A text without invisible characters, with one kind of space, and nothing that could be taken for an object."""
    text = LONG_SPACE.sub(" " * MOST_SPACES, OTHER_SPACE.sub(" ", UNSEEN.sub("", text.replace("\t", TAB))))
    return OBJECT.sub("\ufffd", text)


def exam_lines(text: str, objects: Objects) -> list[Line]:
    """The lines of a plain text, counted from 1; its formulas and tables become objects.

    Of a line that is larger than a question may be, no more is looked at than shows that.
    """
    check_lines(text.count("\n"))
    found: list[Line] = []
    lines = [tidy(line[: MAX_WEIGHT + 1]).rstrip() for line in each_line(text)]
    number = 0
    while number < len(lines):
        height = table_height(lines, number)
        words = objects.add("\n".join(line.strip() for line in lines[number : number + height])) if height else ""
        words = words or with_objects(lines[number], objects)
        found.append(objects.hold(Line(words.strip(), number + 1, indent=len(words) - len(words.lstrip()))))
        number += height or 1
    return found


def check_lines(count: int) -> None:
    if count > MOST_LINES:
        raise FormatError(N_("An exam can have at most %(limit)s lines. Split it."), limit=MOST_LINES)


def with_objects(text: str, objects: Objects) -> str:
    """A line whose formulas are objects. One that is longer than any line of an exam is an object itself."""
    if len(text) > MOST_CHARACTERS:
        return objects.add(PUNCTUATION.sub(r"\\\g<0>", text.strip()))
    return INLINE_FORMULA.sub(lambda formula: objects.add(formula[0]), text)


def table_height(lines: list[str], first: int) -> int:
    """How many lines the table has that begins here; 0 if none does."""
    if first + 1 >= len(lines) or not TABLE_LINE.fullmatch(lines[first]) or not TABLE_RULE.fullmatch(lines[first + 1]):
        return 0
    height = 2
    while first + height < len(lines) and TABLE_LINE.fullmatch(lines[first + height]):
        height += 1
    return height


def filled_after(lines: Sequence[Line]) -> list[Line | None]:
    """For each line, the next that isn't empty."""
    found: list[Line | None] = []
    after = None
    for line in reversed(lines):
        found.append(after)
        after = line if line.text else after
    return found[::-1]
