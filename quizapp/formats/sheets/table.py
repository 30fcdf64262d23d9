"""A table of cells -> questions: the row of headings is found, then each row below it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.collector import Collector
from quizapp.formats.sheets.columns import Column, columns_of
from quizapp.formats.sheets.reader import take_row
from quizapp.formats.sheets.row import QuestionRow

COMMENT = "#"
HEADINGS_WITHIN = 30
"""How many rows may stand above the headings."""


@dataclass
class RawRow:
    """A row as the file has it: its cells as text, and the cells that can't be read as one."""

    values: list[str]
    line: int | None = None
    place: str = ""
    place_of: Callable[[int], str] = lambda index: ""
    problems: Mapping[int, Problem] = field(default_factory=dict)

    @property
    def is_blank(self) -> bool:
        """Whether it has nothing to read: no cell, or a comment."""
        first = next((value for value in self.values if value.strip()), COMMENT)
        return first.startswith(COMMENT) and not self.problems

    def row(self, columns: dict[int, Column]) -> QuestionRow:
        values = {index: self.values[index].strip() for index in columns if index < len(self.values)}
        return QuestionRow(
            {columns[index]: value for index, value in values.items() if value},
            self.line,
            self.place,
            {columns[index]: self.place_of(index) for index in values},
        )


def read_table(rows: Iterable[RawRow], language: str | None, collector: Collector) -> bool:
    """Read the questions of a table into the collector. False if it has no row of headings."""
    columns: dict[int, Column] = {}
    for count, raw in enumerate(rows):
        if not columns:
            columns, odd = columns_of(raw.values)
            collector.report((problem.at(place=raw.place_of(index)) for index, problem in odd), raw.line, raw.place)
            if not columns and count >= HEADINGS_WITHIN:
                return False
        elif collector.is_full and not raw.is_blank:
            collector.refuse_many(raw.line, raw.place)
            return True
        elif not raw.is_blank:
            take_raw(raw, columns, language, collector)
    return bool(columns)


def take_raw(raw: RawRow, columns: dict[int, Column], language: str | None, collector: Collector) -> None:
    broken = [problem.at(place=raw.place_of(index)) for index, problem in raw.problems.items() if index in columns]
    row = raw.row(columns)
    if broken:
        collector.fail(broken, raw.line, raw.place)
    elif row.cells:
        take_row(row, language, collector)


def no_question(line: int | None = None) -> Problem:
    return Problem(
        N_("The file holds no question."), code="empty", line=line, mend=N_("Write the questions below the headings.")
    )


def no_headings(line: int | None = None) -> Problem:
    return Problem(
        N_("No row of headings was found."),
        code="no-headings",
        line=line,
        mend=N_("Begin with the template: its columns are kind, question, choice 1, choice 2 …, answer."),
    )
