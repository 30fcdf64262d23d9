"""The list of answers at the end of an exam: `1 ② 2 ④`, `1. ②`, `1-②`, `1번: 2`, or a table of numbers and answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.key_heading import WORD
from quizapp.formats.exam_text.key_rows import in_order, in_ranges
from quizapp.formats.exam_text.labels import KEY_HEADING, LABELS, TOKEN, parts_of
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.outline import KeyBlock
from quizapp.formats.exam_text.signs import SINGLE

NUMBER = re.compile(
    rf"[\s|,;]*[\[(]?\s*(?:문제|문항|문|Q|Question)?\s*[\[(]?(\d{{1,3}})(?:\s*번\s*[.:)]?|\s*[\]):=\-]|\s*\.(?!\d)|\s|(?={SINGLE}|[가나다라마](?![가-힣])))\s*",
    re.IGNORECASE,
)
SIGNS = re.compile(
    rf"{SINGLE}(?:\s*[,·]?\s*{SINGLE})*|{TOKEN}(?:\s*[,·]\s*[A-Za-z](?![A-Za-z]))*(?=\s|[,;|/]|$)", re.IGNORECASE
)
SIGN = re.compile(rf"(?:{SINGLE}|\d{{1,2}}번|[A-Z]\b)\s+")
"""An answer behind which an explanation follows on the same line."""
NEXT = re.compile(rf"(?:\s{{2,}}|[,;|]\s*|\s)(?=\d{{1,3}}\s*(?:번|[):=]|\.(?!\d)|{SINGLE}))")
TABLE_NUMBERS = re.compile(
    r"\s*\|?\s*(?:문항\s*번호|번호|문항|문제|No\.?|Question)?\s*:?[\s|]*((?:\d{1,3}[\s|]+)+\d{1,3})[\s|]*", re.I
)
TABLE_KEYS = re.compile(r"\s*\|?\s*(?:정\s?답|답|Answers?)?\s*:?[\s|]*(.*[^\s|])[\s|]*", re.IGNORECASE)
SOLUTIONS = re.compile(
    r"[\[(<■◆▶※*#\-\s]*(?:정답\s*)?(?:해설|풀이|Explanations?|Solutions?)[\])>*\-\s]*:?", re.IGNORECASE
)
"""A heading below which the answers are explained."""
BARE = re.compile(r"[0-9]+")
EXPLAINS = re.compile(r"해설|풀이|explanation", re.IGNORECASE)


@dataclass
class KeyList:
    """What a list says of the questions of one section, by their numbers: answers, and the lines that explain them.

    `section`: the one that the list names; None where it names none.
    """

    section: int | None = None
    keys: dict[int, list[Line]] = field(default_factory=dict)
    extra: dict[int, list[Line]] = field(default_factory=dict)
    explained: set[int] = field(default_factory=set)


def key_lists(block: KeyBlock, numbers: Collection[int], collector: Collector) -> list[KeyList]:
    """The lists of a block, in their order. `numbers`: those of the questions that it may name."""
    reader = KeyReader(block, numbers, collector)
    reader.read()
    return [found for found in reader.lists if found.keys or found.extra]


class KeyReader:
    """Reads a block of answers line by line. `current`: the list that the lines belong to."""

    def __init__(self, block: KeyBlock, numbers: Collection[int], collector: Collector) -> None:
        self.block, self.numbers, self.collector = block, numbers, collector
        self.current = KeyList()
        self.lists = [self.current]
        self.named: dict[int, KeyList] = {}
        self.explains = bool(EXPLAINS.search(block.head.plain))
        self.in_solutions = False
        self.last = 0

    def read(self) -> None:
        whole = [*heading_rest(self.block.head), *self.block.lines]
        lines = [piece for line in whole for piece in self.block.names.split(line)]
        place = 0
        while place < len(lines):
            section, line = lines[place]
            after = lines[place + 1][1] if place + 1 < len(lines) else None
            if section is not None:
                self.open(section)
            place += 1
            if self.in_solutions or (self.current.keys and SOLUTIONS.fullmatch(line.plain)):
                self.explain(line)
            elif after and self.table(line, after):
                place += 1
            elif line.text:
                self.take(line)

    def open(self, section: int) -> None:
        """Go on with the list of a section that is named."""
        if section not in self.named:
            self.named[section] = KeyList(section)
            self.lists.append(self.named[section])
        self.current, self.last = self.named[section], 0

    def begin(self, number: int, known: Collection[int]) -> None:
        """Go on with the list of the next section, where the numbers begin again."""
        if number != 1 or 1 not in known or len(self.block.sections) == 1:
            return
        place = self.lists.index(self.current) + 1
        if place == len(self.lists) or not self.in_solutions:
            place = len(self.lists)
            self.lists.append(KeyList())
        self.current = self.lists[place]

    def explain(self, line: Line) -> None:
        """Take a line of the explanations that follow the answers, each behind its number."""
        if SOLUTIONS.fullmatch(line.plain):
            self.current, self.in_solutions, self.last = self.lists[0], True, 0
            return
        number = NUMBER.match(line.plain)
        if number and int(number[1]) in self.numbers:
            self.last = int(number[1])
            self.begin(self.last, self.current.explained)
            line = line.cut(number.end())
        if line.text and not self.last:
            self.collector.report([about("key-line", line)])
        elif line.text:
            self.add_extra(self.last, line)

    def add_extra(self, number: int, line: Line) -> None:
        known = number in self.current.explained
        self.current.extra.setdefault(number, []).append(line if known else relabelled("solution", line))
        self.current.explained.add(number)

    def table(self, line: Line, after: Line) -> bool:
        """Take a row of numbers and the row of answers below it."""
        above, below = TABLE_NUMBERS.fullmatch(line.plain), TABLE_KEYS.fullmatch(after.plain)
        if above is None or below is None:
            return False
        between = r"\s*\|\s*" if "|" in above[1] and "|" in below[1] else r"[\s|]+"
        numbers = [int(number) for number in re.split(r"[\s|]+", above[1])]
        answers = re.split(between, below[1])
        if len(numbers) != len(answers) or len(numbers) < 2:
            return False
        for number, answer in zip(numbers, answers, strict=True):
            self.begin(number, self.current.keys)
            self.current.keys.setdefault(number, []).append(Line(answer, after.number))
        return True

    def take(self, line: Line) -> None:
        """Take a line of the list, or one that goes on with what the last of its questions has."""
        entries = clear(entries_of(line)) or self.in_order(line)
        labelled = LABELS.match(line.plain)
        if entries and entries[0][0] in self.numbers:
            self.add(entries)
        elif self.last and labelled:
            self.current.explained.add(self.last)
            self.current.extra.setdefault(self.last, []).append(line)
        elif self.last and self.explains:
            self.add_extra(self.last, line)
        elif entries:
            last = self.last
            self.add(entries)
            self.last = last
        else:
            self.collector.report([about("key-line", line)])

    def in_order(self, line: Line) -> list[tuple[int, Line]]:
        """The answers of a row without numbers, if it is all of the list and has one for each question."""
        signs = in_order(line, len(self.numbers)) if len(self.block.sections) == 1 and not self.current.keys else []
        if signs:
            self.collector.report([about("key-row", line)])
        return list(zip(sorted(self.numbers), signs, strict=True)) if signs else []

    def add(self, entries: Sequence[tuple[int, Line]]) -> None:
        for number, value in entries:
            self.begin(number, self.current.keys)
            self.add_value(number, value)
            self.last = number

    def add_value(self, number: int, value: Line) -> None:
        """The value is an answer; what else is on the line is the question's as well."""
        sign = SIGN.match(value.plain) if self.explains else None
        if sign and sign.end() < len(value.text) and not LABELS.match(value.plain, sign.end()):
            self.current.extra.setdefault(number, []).append(relabelled("solution", value.cut(sign.end())))
            self.current.explained.add(number)
            value = value.cut(0, sign.end())
        for part in parts_of(value):
            if part.name in ("", "key") and part.line.text:
                self.current.keys.setdefault(number, []).append(part.line)
            elif part.line.text:
                self.current.extra.setdefault(number, []).append(relabelled(part.name, part.line))


def heading_rest(head: Line) -> list[Line]:
    """What the heading's line holds beside the heading."""
    if KEY_HEADING.fullmatch(head.plain):
        return []
    label = LABELS.match(head.plain)
    if label is None and (word := WORD.match(head.plain)):
        return [head.cut(word.end())]
    return [head.cut(label.end()) if label else head]


def relabelled(name: str, line: Line) -> Line:
    """The line as it would stand in the question itself."""
    words = {"solution": "해설", "model": "모범 답안", "level": "난이도", "unit": "단원"}[name]
    return Line(f"{words}: {line.text}", line.number)


def clear(entries: list[tuple[int, Line]]) -> list[tuple[int, Line]]:
    """The entries, unless all are bare digits that don't count on: those may be a row of numbers."""
    counts_on = all(later[0] == earlier[0] + 1 for earlier, later in pairwise(entries))
    return entries if counts_on or not all(BARE.fullmatch(value.plain) for _, value in entries) else []


def entries_of(line: Line) -> list[tuple[int, Line]]:
    """The numbers and answers of a line; [] where it isn't made of them."""
    if ranges := in_ranges(line):
        return ranges
    found: list[tuple[int, Line]] = []
    place = 0
    while place < len(line.plain.rstrip(" |,;")):
        number = NUMBER.match(line.plain, place)
        if number is None:
            return []
        start = number.end()
        signs = SIGNS.match(line.plain, start)
        if signs and (signs.end() == len(line.text) or NUMBER.match(line.plain, signs.end())):
            end = signs.end()
        else:
            beyond = NEXT.search(line.plain, start)
            end = beyond.start() if beyond else len(line.text)
        value = line.cut(start, end)
        if not value.text:
            return []
        found.append((int(number[1]), value))
        place = end
    return found
