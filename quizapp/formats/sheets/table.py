"""A table of cells -> questions: the row of headings is found, then each row below it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.collector import Collector
from quizapp.formats.sheets.columns import WITH_LANGUAGE, Column, columns_of
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
    def filled(self) -> dict[int, str]:
        """The cells that aren't blank, by their place."""
        return {index: value.strip() for index, value in enumerate(self.values) if value.strip()}

    @property
    def begins_as_comment(self) -> bool:
        return next(iter(self.filled.values()), "").startswith(COMMENT)

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
    headed: set[int] = set()
    above: list[RawRow] = []
    for count, raw in enumerate(rows):
        if columns:
            if collector.is_full and raw.filled and not raw.begins_as_comment:
                collector.refuse_many(raw.line, raw.place)
                return True
            take_raw(raw, columns, headed, language, collector)
            continue
        columns, odd = columns_of(raw.values)
        if columns:
            headed = set(raw.filled)
            collector.report((problem.at(place=raw.place_of(index)) for index, problem in odd), raw.line, raw.place)
            report_above(above, collector)
        elif count >= HEADINGS_WITHIN:
            return False
        above.append(raw)
    return bool(columns)


def report_above(rows: list[RawRow], collector: Collector) -> None:
    """Name what stands above the headings. Comments and the line that tells Excel the separator say nothing."""
    for raw in rows:
        if raw.filled and not raw.begins_as_comment and not raw.values[0].startswith("sep="):
            collector.report([left_out(N_("What stands above the headings was left out: %(text)s."), raw.filled,
                                       "above-headings")], raw.line, raw.place)  # fmt: skip


def is_comment(raw: RawRow, columns: dict[int, Column], collector: Collector) -> bool:
    """Whether a row is a comment. One with other cells is named; where # begins a text of a question, it is none."""
    if not raw.begins_as_comment:
        return False
    first, *others = raw.filled
    if others and first in columns and columns[first].name in WITH_LANGUAGE:
        return False
    if others:
        template = N_("A row that begins with # is a comment; it was left out: %(text)s.")
        said = left_out(template, raw.filled, "comment-row")
        collector.report([said], raw.line, raw.place)
    return True


def left_out(template: str, cells: dict[int, str], code: str) -> Problem:
    text = ", ".join(cells.values())[:200]
    return Problem(template, {"text": text}, code=code, severity="loss", text=text)


def take_raw(
    raw: RawRow, columns: dict[int, Column], headed: set[int], language: str | None, collector: Collector
) -> None:
    if is_comment(raw, columns, collector):
        return
    if headless := {index: value for index, value in raw.filled.items() if index not in headed}:
        said = left_out(N_("A cell without a heading was left out: %(text)s."), headless, "no-heading")
        collector.report([said], raw.line, raw.place_of(min(headless)) or raw.place)
    broken = [problem.at(place=raw.place_of(index)) for index, problem in raw.problems.items() if index in columns]
    row = raw.row(columns)
    if broken:
        collector.fail(broken, raw.line, raw.place)
    elif row.cells:
        take_row(row, language, collector)


def sheet_left_out(name: str) -> Problem:
    return Problem(
        N_("The sheet “%(name)s” has none of the headings and was left out."),
        {"name": name},
        code="sheet",
        severity="loss",
        place=name,
        mend=N_("If it holds questions, give it the headings of the template."),
    )


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
