"""What the lines of an exam become: what stands before the questions, each question, its sections, lists of answers."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.exam_text.labels import LABELS
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.sections import ExamSection, SectionNames
from quizapp.formats.exam_text.signs import Range, label_at_start


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

    `section`: the place of its section. `is_open`: it has neither choices nor an answer yet, so that a list in it may
    still begin; `has_key`: an answer;
    `ends_with_key`: nothing with another label has followed it.
    """

    number: int
    head: Line
    lines: list[Line]
    passage: Passage | None = None
    section: int = 0
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
class KeyBlock:
    """A list of answers: its heading, its lines, and the sections whose answers it may hold."""

    head: Line
    sections: range
    names: SectionNames
    lines: list[Line] = field(default_factory=list)


@dataclass
class Outline:
    before: list[Line] = field(default_factory=list)
    questions: list[ExamQuestion] = field(default_factory=list)
    sections: list[ExamSection] = field(default_factory=lambda: [ExamSection()])
    keys: list[KeyBlock] = field(default_factory=list)
