"""An exam's lines, sorted: what stands before the questions, each question with its passage, the list of answers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.labels import KEY_HEADING, LABELS, TOKEN
from quizapp.formats.exam_text.line import Line, check_lines, filled_after
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.signs import SINGLE, Range, Start, label_at_start, range_of, start_of

LISTED = re.compile(rf"\s*\d{{1,3}}\s*(?:번\s*[.:)]?|[.):=\-]|\s|(?={SINGLE}))\s*\S")
LISTED_IN_LINE = re.compile(
    rf"(?:\d{{1,3}}\s*(?:(?:번|[.):=\-])\s*{TOKEN}|{SINGLE})(?:\s*[,·]\s*{SINGLE})*(?:\s*[,;/]\s*|\s+|$)){{2,}}"
)
NUMBERS = re.compile(r"(?:문항\s*번호|번호|문항|문제|No\.?|Question)\s*:?\s*(?:[\s|]+\d{1,3}){2,}[\s|]*", re.IGNORECASE)
MOST_IN_KEY = 40
"""Characters of an answer in a list of them, where its number is written as that of a question."""
MOST_IN_RANGE = 60
"""A passage for more questions than that is no passage, but numbers that look like one."""


@dataclass
class Passage:
    """A text for several questions. `came`: the numbers of those that were found."""

    range: Range
    head: Line
    lines: list[Line]
    came: set[int] = field(default_factory=set)


@dataclass
class ExamQuestion:
    """A question as it stands: its number, the line of it, and all its lines without the number.

    `is_open`: it has neither choices nor an answer yet, so that a list in it may still begin; `has_key`: an answer;
    `ends_with_key`: nothing with another label has followed it.
    """

    number: int
    head: Line
    lines: list[Line]
    passage: Passage | None = None
    is_open: bool = True
    has_key: bool = False
    ends_with_key: bool = False
    is_essay: bool = False

    def look_at(self, line: Line) -> None:
        """Note what a line below the first says about what may follow."""
        label = LABELS.match(line.plain)
        self.has_key = self.has_key or bool(label and label["key"])
        self.ends_with_key = bool(label["key"]) if label else self.ends_with_key
        self.is_open = self.is_open and not self.has_key and label_at_start(line) is None


@dataclass
class Document:
    before: list[Line] = field(default_factory=list)
    questions: list[ExamQuestion] = field(default_factory=list)
    key: list[Line] = field(default_factory=list)
    key_head: Line | None = None


def document_of(lines: Sequence[Line], collector: Collector) -> Document:
    check_lines(len(lines))
    sorter = Sorter(lines, collector)
    for place in range(len(lines)):
        sorter.take(place)
    sorter.end()
    return sorter.document


def style_of(lines: Sequence[Line]) -> str:
    """How the questions are numbered: in a way that can mean nothing else, or else as the first number is written."""
    filled = [line for line in lines if line.text]
    styles = [start.style for line in filled if range_of(line) is None and (start := start_of(line))]
    numbered = [style for style in styles if style not in ("sort", "unnumbered")]
    return "strong" if "strong" in numbered else next(iter(numbered or styles), "")


class Sorter:
    """Takes the lines one by one. A line belongs to what began last."""

    def __init__(self, lines: Sequence[Line], collector: Collector) -> None:
        self.lines = lines
        self.collector = collector
        self.after = filled_after(lines)
        self.style = style_of(lines)
        self.document = Document()
        self.current = self.document.before
        self.passage: Passage | None = None
        self.seen: set[int] = set()
        self.within = 0
        """The last number of a list in a question that is numbered as the questions are."""

    def take(self, place: int) -> None:
        line = self.lines[place]
        if self.document.key_head is not None:
            self.document.key.append(line)
        elif not line.text:
            self.add(line)
        elif self.document.questions and self.begins_key(place):
            self.document.key_head = line
        elif (found := range_of(line)) and found.last - found.first < MOST_IN_RANGE:
            self.begin_passage(found, line)
        elif (start := start_of(line)) and self.is_question(start, place) and not self.is_within(start):
            self.begin_question(start, line)
        else:
            self.add(line)

    def add(self, line: Line) -> None:
        """A line of what began last."""
        self.current.append(line)
        questions = self.document.questions
        if questions and self.current is questions[-1].lines:
            questions[-1].look_at(line)

    def begin_passage(self, found: Range, line: Line) -> None:
        self.check_passage()
        self.passage = Passage(found, line, [line.cut(found.end)])
        self.current = self.passage.lines

    def is_question(self, start: Start, place: int) -> bool:
        """Whether such numbers are those of questions: in the exam's style, or the next one behind a question that has
        its answer, when it begins a paragraph."""
        if start.style in (self.style, "sort"):
            return True
        last = self.document.questions[-1] if self.document.questions else None
        apart = place > 0 and not self.lines[place - 1].text
        return last is not None and apart and last.ends_with_key and start.number == last.number + 1

    def is_within(self, start: Start) -> bool:
        """Whether a number belongs to a list in a passage, or in a question that has no answer and no choices yet."""
        questions = self.document.questions
        if self.passage is not None and self.current is self.passage.lines:
            return start.number != self.passage.range.first
        if not questions or self.style == "strong":
            return False
        last = questions[-1]
        begins = start.number == 1 and last.is_open and bool(last.lines[0].text) and bool(last.lines[-1].text)
        if begins or (self.within and start.number == self.within + 1 and not questions[-1].has_key):
            self.within = start.number
            return True
        return False

    def begin_question(self, start: Start, line: Line) -> None:
        before = self.document.questions[-1].number if self.document.questions else None
        number = start.number
        if not number or (start.style == "sort" and number in self.seen):
            number, before = max(self.seen, default=0) + 1, None
        if number in self.seen:
            self.collector.report([about("same-number", line, number=number)])
        elif before is not None and number > before + 1:
            self.collector.report([about("gap", line, before=before, number=number)])
        self.seen.add(number)
        passage = self.passage if self.passage and number <= self.passage.range.last else None
        if passage is None:
            self.check_passage()
        else:
            passage.came.add(number)
        question = ExamQuestion(number, line, [line.cut(start.end)], passage, is_essay=start.is_essay)
        self.document.questions.append(question)
        self.current, self.within = question.lines, 0

    def check_passage(self) -> None:
        """Say it where some of the questions of a passage never came."""
        passage, self.passage = self.passage, None
        if passage is None:
            return
        if not passage.came.issuperset((passage.range.first, passage.range.last)):
            values = {"first": passage.range.first, "last": passage.range.last}
            self.collector.report([about("passage-gap", passage.head, **values)])
            if not passage.came:
                self.collector.report(about("stray", line) for line in passage.lines if line.text)

    def begins_key(self, place: int) -> bool:
        """Whether the list of answers begins with this line: by its heading, its table, or what stands in it."""
        line = self.lines[place]
        if KEY_HEADING.fullmatch(line.plain):
            after = self.after[place]
            return after is not None and (
                bool(LISTED.match(after.plain) or NUMBERS.fullmatch(after.plain)) or self.begins_with_known(after)
            )
        label = LABELS.match(line.plain)
        if label and label["key"] and LISTED_IN_LINE.fullmatch(line.plain, label.end()):
            return True
        return bool(NUMBERS.fullmatch(line.plain))

    def begins_with_known(self, line: Line) -> bool:
        """Whether a line begins with the number of a question that was there already, and a short answer."""
        start = start_of(line)
        rest = line.plain[start.end :].strip() if start else ""
        return start is not None and start.number in self.seen and 0 < len(rest) <= MOST_IN_KEY

    def end(self) -> None:
        self.check_passage()
