"""The answers that a line of a list holds, each behind its number: `1 ② 2 응고`, `1번: ② / 2번: 응고`."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from itertools import pairwise

from quizapp.formats.exam_text.key_rows import in_ranges
from quizapp.formats.exam_text.labels import TOKEN
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import SINGLE

HEAD = r"(?:문제|문항|문|Question|Q)?\s*"
NUMBER = re.compile(
    rf"[\s|,;/]*[\[(]?\s*{HEAD}[\[(]?(\d{{1,3}})(?:\s*번\s*[.:)]?|\s*[\]):=\-]|\s*\.(?!\d)|\s|(?={SINGLE}|[가나다라마](?![가-힣])))\s*",
    re.IGNORECASE,
)
SIGNS = re.compile(
    rf"{SINGLE}(?:\s*[,·]?\s*{SINGLE})*|{TOKEN}(?:\s*[,·]\s*[A-Za-z](?![A-Za-z]))*(?=\s|[,;|/]|$)", re.IGNORECASE
)
NEXT = re.compile(
    rf"(?P<apart>\s{{0,40}}[,;|/]\s*|\s{{2,}}|\s)"
    rf"(?=(?P<named>문제|문항|문|Question|Q)?\s?[\[(]?\s?(?P<number>\d{{1,3}})"
    rf"(?:(?P<sign>\s?번|\s?[\])]|\s?[:=](?!\d)|\s?\.(?!\d)|\s?-?\s?{SINGLE})|(?:\s|[:=\-])\s*\S))",
    re.IGNORECASE,
)
"""What stands between an answer and the next number, which a sign may say to be one."""
MOST_IN_ANSWER = 200
"""Characters of an answer behind which another one is looked for on its line."""
BARE = re.compile(r"[0-9]+")
SORT = re.compile(r"[\[(<]?\s*(?:객관식|선택형|주관식|단답형|서답형|서술형|논술형)\s*[\])>]?\s*:\s*(?=\S)")
"""What sort of questions the answers of a line are for, whose numbers are those of the exam."""


@dataclass(frozen=True)
class Entry:
    """An answer of a list, and the number of its question.

    `is_bare`: no sign stands between the two. `whole`: the answer, should the numbers behind it belong to it; None
    where none follow. `is_guess`: only a space says that they don't.
    """

    number: int
    value: Line
    is_bare: bool = False
    whole: Line | None = None
    is_guess: bool = False

    @property
    def is_sign(self) -> bool:
        """Whether the answer is a sign or several, and no words."""
        return SIGNS.fullmatch(self.value.plain) is not None


def entries_of(line: Line, known: Collection[int]) -> list[Entry]:
    """The answers of a line; [] where it isn't made of them. `known`: the numbers of the questions that it may name."""
    if ranges := in_ranges(line):
        return [Entry(number, value) for number, value in ranges]
    found: list[Entry] = []
    place, end = 0, len(line.plain.rstrip(" |,;/"))
    while place < end:
        number = NUMBER.match(line.plain, place)
        if number is None:
            return []
        entry, place = entry_behind(number, line, known)
        if not entry.value.text:
            return []
        found.append(entry)
    return clear(found)


def entry_behind(number: re.Match[str], line: Line, known: Collection[int]) -> tuple[Entry, int]:
    """The answer behind a number, and where it ends."""
    start, is_bare = number.end(), number[0].rstrip()[-1:].isdigit()
    signs = SIGNS.match(line.plain, start)
    if signs and (signs.end() == len(line.text) or NUMBER.match(line.plain, signs.end())):
        return Entry(int(number[1]), line.cut(start, signs.end()), is_bare), signs.end()
    beyond = next_number(line, start, int(number[1]), known)
    if beyond is None:
        return Entry(int(number[1]), line.cut(start), is_bare), len(line.text)
    whole = line.cut(start, start + MOST_IN_ANSWER)
    is_guess = not is_signed(beyond) and beyond["apart"] == " "
    return Entry(int(number[1]), line.cut(start, beyond.start()), is_bare, whole, is_guess), beyond.start()


def next_number(line: Line, start: int, number: int, known: Collection[int]) -> re.Match[str] | None:
    """Where the next answer begins: at the first number with a sign, or at the lowest known one before it."""
    found = list(NEXT.finditer(line.plain, start, start + MOST_IN_ANSWER))
    signed = next(
        (one for one in found if is_signed(one) and (int(one["number"]) > number or one["number"] == "1")), None
    )
    bare = [one for one in found if not is_signed(one) and int(one["number"]) > number and int(one["number"]) in known]
    before = [one for one in bare if signed is None or one.start() < signed.start()]
    return min(before, key=lambda one: int(one["number"]), default=signed)


def is_signed(number: re.Match[str]) -> bool:
    """Whether a sign or a word says that it is the number of a question."""
    return bool(number["sign"] or number["named"])


def clear(entries: list[Entry]) -> list[Entry]:
    """The entries, unless all are bare digits that don't count on: those may be a row of numbers."""
    counts_on = all(later.number == earlier.number + 1 for earlier, later in pairwise(entries))
    return entries if counts_on or not all(BARE.fullmatch(entry.value.plain) for entry in entries) else []


def without_sort(line: Line) -> Line:
    sort = SORT.match(line.plain)
    return line.cut(sort.end()) if sort else line
