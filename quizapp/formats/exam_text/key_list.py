"""The list of answers at the end of an exam: `1 ② 2 ④`, `1. ②`, `1-②`, `1번: 2`, or a table of numbers and answers."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.key_entries import NUMBER, Entry, entries_of, without_sort
from quizapp.formats.exam_text.key_heading import WORD
from quizapp.formats.exam_text.key_rows import in_order
from quizapp.formats.exam_text.key_tables import SOLUTIONS, Table, table_at
from quizapp.formats.exam_text.labels import KEY_HEADING, LABELS, POINTS, parts_of
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.outline import KeyBlock
from quizapp.formats.exam_text.signs import SINGLE, SORTS

SIGN = re.compile(rf"(?:{SINGLE}|\d{{1,2}}번|[A-Z]\b)\s+")
"""An answer behind which an explanation follows on the same line."""
GAP = re.compile(r"\S(?:\s{2}|\s?\|)")
"""What stands between the cells of a row, whose heading alone could say what they are."""
POINTS_BEHIND = re.compile(r"\s\d{1,4}\s?점$")
ANSWER_WORD = re.compile(r"(?:정\s?답|답)\s+(?!없음)(?=\S)")
"""A label that needs no colon behind the number of a question."""
TABLE_NUMBERS = re.compile(r"((?:\d{1,3}[\s|]+)+\d{1,3})[\s|]*")
TABLE_KEYS = re.compile(r"(.*[^\s|])[\s|]*")
EXPLAINS = re.compile(r"해설|풀이|explanation", re.IGNORECASE)


Sorts = Mapping[tuple[str, int], int]
"""The number of the question that is called by a sort and its number there."""


@dataclass
class KeyList:
    """What a list says of the questions of one section, by their numbers: answers, and the lines that explain them.

    `section`: the one that the list names; None where it names none.
    """

    section: int | None = None
    keys: dict[int, list[Line]] = field(default_factory=dict)
    extra: dict[int, list[Line]] = field(default_factory=dict)
    points: dict[int, list[Line]] = field(default_factory=dict)
    explained: set[int] = field(default_factory=set)
    parted: dict[int, tuple[int, Line]] = field(default_factory=dict)
    """Numbers that ended the words of an answer: whose it is, and what it were if they belonged to it."""

    def doubt(self) -> None:
        """Where a number that ended an answer has another answer elsewhere, the whole may have been meant as well."""
        for number, (before, whole) in self.parted.items():
            if len({key.plain for key in self.keys.get(number, ())}) > 1:
                self.keys[before].append(whole)


def key_lists(block: KeyBlock, numbers: Collection[int], sorts: Sorts, collector: Collector) -> list[KeyList]:
    """The lists of a block, in their order. `numbers`: those of the questions that it may name; `sorts`: of those that
    it may call by their sort."""
    reader = KeyReader(block, numbers, sorts, collector)
    reader.read()
    for found in reader.lists:
        found.doubt()
    return [found for found in reader.lists if found.keys or found.extra]


class KeyReader:
    """Reads a block of answers line by line. `current`: the list that the lines belong to."""

    def __init__(self, block: KeyBlock, numbers: Collection[int], sorts: Sorts, collector: Collector) -> None:
        self.block, self.numbers, self.sorts, self.collector = block, numbers, sorts, collector
        self.current = KeyList()
        self.lists = [self.current]
        self.named: dict[int, KeyList] = {}
        self.explains = bool(EXPLAINS.search(block.head.plain))
        self.in_solutions = False
        self.last = 0

    def read(self) -> None:
        whole = [*heading_rest(self.block.head), *self.block.lines]
        pieces = [piece for line in whole for piece in self.block.names.split(line)]
        starts = [place for place, (section, _) in enumerate(pieces) if section is not None]
        for start, end in pairwise(dict.fromkeys([0, *starts, len(pieces)])):
            section = pieces[start][0]
            if section is not None:
                self.open(section)
            self.read_lines([line for _, line in pieces[start:end]])

    def read_lines(self, lines: Sequence[Line]) -> None:
        place = 0
        while place < len(lines):
            line = lines[place]
            if self.in_solutions or (self.current.keys and SOLUTIONS.fullmatch(line.plain)):
                self.explain(line)
            elif table := table_at(lines, place):
                self.take_table(table)
                place += table.height - 1
            elif place + 1 < len(lines) and self.two_rows(line, lines[place + 1]):
                place += 1
            elif line.text:
                self.take_pieces(line)
            place += 1

    def take_pieces(self, line: Line) -> None:
        """Take a line piece by piece, where it calls questions by their sort: 서술형 1."""
        sorts = list(SORTS.finditer(line.plain))
        starts = [*(sort.start() for sort in sorts), len(line.text)]
        if starts[0]:
            self.take(line.cut(0, starts[0]))
        for sort, end in zip(sorts, starts[1:], strict=True):
            number, value = self.sorts.get((sort["sort"], int(sort["number"]))), line.cut(sort.end(), end)
            if number is None:
                self.collector.report([about("key-line", line)])
            else:
                self.add([Entry(number, value)], line)

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

    def take_table(self, table: Table) -> None:
        self.collector.report(about("key-line", line) for line in table.unread)
        for row in table.rows:
            self.begin(row.number, self.current.keys)
            for name, cell in row.cells.items():
                self.add_cell(row.number, name, cell)
            self.last = row.number

    def add_cell(self, number: int, name: str, cell: Line) -> None:
        if name == "key":
            self.add_value(number, cell)
        elif name == "points":
            self.current.points.setdefault(number, []).append(cell)
        else:
            self.current.extra.setdefault(number, []).append(relabelled(name, cell))
            self.current.explained.add(number)

    def two_rows(self, line: Line, after: Line) -> bool:
        """Take a row of numbers and the row of answers below it, both without a heading."""
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
        entries = self.entries_of(line)
        labelled = LABELS.match(line.plain)
        if KEY_HEADING.fullmatch(line.plain):
            self.last, self.explains = 0, bool(EXPLAINS.search(line.plain))
        elif entries and entries[0].number in self.numbers:
            self.add(entries, line)
        elif self.last and labelled:
            self.current.explained.add(self.last)
            self.current.extra.setdefault(self.last, []).append(line)
        elif self.last and self.explains:
            self.add_extra(self.last, line)
        elif entries:
            last = self.last
            self.add(entries, line)
            self.last = last
        else:
            self.collector.report([about("key-line", line)])

    def entries_of(self, line: Line) -> list[Entry]:
        """The answers of a line, but for words behind a number that had its answer above: those go on with the last."""
        entries = entries_of(without_sort(line), self.numbers)
        if not entries:
            return self.in_order(line)
        first = entries[0]
        begins_again = first.number == 1 and len(self.block.sections) > 1
        had_answer = first.number <= self.last and first.number not in self.current.parted and not begins_again
        return [] if had_answer and first.is_bare and not first.is_sign else entries

    def in_order(self, line: Line) -> list[Entry]:
        """The answers of a row without numbers, if it is all of the list and has one for each question."""
        signs = in_order(line, len(self.numbers)) if len(self.block.sections) == 1 and not self.current.keys else []
        if signs:
            self.collector.report([about("key-row", line)])
        return list(map(Entry, sorted(self.numbers), signs))

    def add(self, entries: Sequence[Entry], line: Line) -> None:
        for at, entry in enumerate(entries):
            self.begin(entry.number, self.current.keys)
            if GAP.search(entry.value.plain):
                self.collector.report([about("key-line", line)])
            else:
                self.add_value(entry.number, entry.value)
            self.last = entry.number
            if entry.whole:
                self.current.parted[entries[at + 1].number] = entry.number, entry.whole
        if any(entry.is_guess for entry in entries):
            read = ", ".join(f"{entry.number} “{entry.value.text}”" for entry in entries)
            self.collector.report([about("key-guess", line, answers=read)])

    def add_value(self, number: int, value: Line) -> None:
        """The value is an answer; what else is on the line is the question's as well."""
        if word := ANSWER_WORD.match(value.plain):
            value = value.cut(word.end())
        value = self.without_points(number, value)
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

    def without_points(self, number: int, value: Line) -> Line:
        """The value without the points in brackets behind it; others may be part of it, which is said."""
        said = next((one for one in POINTS.finditer(value.plain) if one.end() == len(value.text)), None)
        if said is None and (bare := POINTS_BEHIND.search(value.plain)):
            self.collector.report([about("points", value, written=bare[0].strip())])
        if said is None:
            return value
        points = next(group for group in (1, 2) if said[group])
        self.current.points.setdefault(number, []).append(value.cut(said.start(points), said.end(points)))
        return value.cut(0, said.start())


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
