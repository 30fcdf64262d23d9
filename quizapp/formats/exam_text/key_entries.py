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
    rf"(?:(?P<sign>\s?번|\s?[\])]|\s?[:=](?!\d)|\s?\.(?!\d)|\s?-?\s?{SINGLE})|(?:\s|(?P<mark>[.:=\-]))\s*\S))",
    re.IGNORECASE,
)
"""What stands between an answer and the next number, which a sign may say to be one."""
NUMBERED = re.compile(rf"[\[(]?\s?{HEAD}(\d{{1,3}})(?!\d)", re.IGNORECASE)
SIGNED = re.compile(r"\s?(?:번|[.:)\]])")
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
    beyond = next_number(line, number, known)
    if beyond is None:
        return Entry(int(number[1]), line.cut(start), is_bare), len(line.text)
    whole = line.cut(start, start + MOST_IN_ANSWER)
    is_guess = not is_signed(beyond) and beyond["apart"] == " "
    return Entry(int(number[1]), line.cut(start, beyond.start()), is_bare, whole, is_guess), beyond.start()


def next_number(line: Line, before: re.Match[str], known: Collection[int]) -> re.Match[str] | None:
    """Where the answer behind a number ends: at the next number with a sign, or at the lowest known one before that."""
    number, is_dotted = int(before[1]), before[0].rstrip().endswith(".")
    found = list(NEXT.finditer(line.plain, before.end(), before.end() + MOST_IN_ANSWER))
    higher = [one for one in found if int(one["number"]) > number]
    signed = next((one for one in found if is_signed(one) and (one in higher or one["number"] == "1")), None)
    end, top = (signed.start(), int(signed["number"])) if signed else (len(line.text), 0)
    between = [
        one
        for one in higher
        if not is_signed(one)
        and one.start() < end
        and int(one["number"]) in known
        and (one["mark"] != "." or is_dotted)
    ]
    rising = [one for one in between if top <= number or int(one["number"]) < top]
    return min(rising, key=lambda one: (int(one["number"]), one["mark"] or ""), default=signed)


def looks_like_list(line: Line) -> bool:
    """Whether a line begins with 1 and a sign, or with a number, and has the next one or one with a sign within."""
    first = NUMBERED.match(line.plain)
    if first and first[1] == "1" and SIGNED.match(line.plain, first.end()):
        return True
    others = NEXT.finditer(line.plain, first.end(), first.end() + MOST_IN_ANSWER) if first else ()
    return first is not None and any(is_signed(one) or int(one["number"]) == int(first[1]) + 1 for one in others)


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
