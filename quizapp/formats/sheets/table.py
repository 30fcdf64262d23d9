"""A table of cells -> questions: its columns are found, then each row is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.sheets.answer_sheet import AnswerKey, number_in
from quizapp.formats.sheets.blackboard import is_blackboard, read_blackboard
from quizapp.formats.sheets.choice_forms import ChoiceForms
from quizapp.formats.sheets.choice_rows import ChoiceRows, choice_rows_in, joined_row, rows_by_question, several_rows
from quizapp.formats.sheets.columns import WITH_LANGUAGE, Column, heading_of
from quizapp.formats.sheets.exam_rows import is_exam, read_exam_rows
from quizapp.formats.sheets.layout import (
    HEADINGS_WITHIN,
    ROWS_LOOKED_AT,
    ChosenColumns,
    Layout,
    layout_by_content,
    layout_of,
)
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.reader import take_row
from quizapp.formats.sheets.responses import is_of_responses, read_responses
from quizapp.formats.sheets.row import QuestionRow


class Opening:
    """The first rows of a table, and those that follow them. A break in the file is raised where it stands."""

    def __init__(self, rows: Iterable[RawRow]) -> None:
        self.rows, self.seen, self.broken = iter(rows), [], None
        try:
            for raw in islice(self.rows, HEADINGS_WITHIN + ROWS_LOOKED_AT):
                self.seen.append(raw)
        except csv.Error as error:
            self.broken = error

    def after(self, start: int) -> Iterator[RawRow]:
        yield from self.seen[start:]
        if self.broken is not None:
            raise self.broken
        yield from self.rows


def read_table(
    rows: Iterable[RawRow],
    language: str | None,
    collector: Collector,
    chosen: ChosenColumns | None = None,
    name: str = "",
    key: AnswerKey | None = None,
    by_content: bool = False,
) -> bool:
    """Read the questions of a table into the collector. False if nothing tells what its columns are."""
    opening = Opening(rows)
    layout = layout_of(opening.seen, chosen or {})
    if layout is None and is_of_responses(opening.seen):
        read_responses(chain(opening.after(0)), language, collector)
        return True
    if layout is None and is_blackboard(opening.seen):
        read_blackboard(opening.after(0), language, collector)
        return True
    first = layout.start if layout else 0
    if is_whole_exam(layout, opening.seen[first:], chosen or {}, collector):
        read_exam_rows(opening.after(first), language, collector)
        return True
    if layout is None and by_content:
        layout = layout_by_content(opening.seen, chosen or {})
    if layout is None:
        for _ in opening.after(len(opening.seen)):
            break  # raises where the file is broken
        return False
    below = opening.seen[layout.start :]
    choice_rows = choice_rows_in(layout, below)
    layout = choice_rows.layout if choice_rows else layout
    tell(layout, opening.seen, name, collector)
    if choice_rows:
        collector.report([several_rows(choice_rows).at(line=below[0].line, place=below[0].place)])
    TableReader(layout, choice_rows, below, language, collector, key).read(opening.after(layout.start))
    return True


def is_whole_exam(layout: Layout | None, rows: list[RawRow], chosen: ChosenColumns, collector: Collector) -> bool:
    """Whether the rows are an exam's lines, and nobody or nothing says of several columns what they are."""
    named = layout is not None and (layout.shape in chosen or "choice" in layout.names)
    return not named and not collector.reading.found and is_exam(rows)


class TableReader:
    """Reads the rows below the headings. `seen`: the first of them."""

    def __init__(
        self,
        layout: Layout,
        choice_rows: ChoiceRows | None,
        seen: list[RawRow],
        language: str | None,
        collector: Collector,
        key: AnswerKey | None,
    ) -> None:
        self.language, self.collector, self.key = language, collector, key
        self.layout, self.choice_rows = layout, choice_rows
        self.forms = ChoiceForms(layout, seen)
        self.number = 0

    def read(self, rows: Iterator[RawRow]) -> None:
        said = (raw for raw in rows if is_said(raw, self.layout, self.collector))
        for group in rows_by_question(said, self.choice_rows) if self.choice_rows else ([raw] for raw in said):
            if self.collector.is_full:
                self.collector.refuse_many(group[0].line, group[0].place)
                break
            self.take(group)

    def take(self, group: Sequence[RawRow]) -> None:
        """Read the rows of one question, unless they are none of one."""
        first = group[0]
        for raw in group:
            self.report_headless(raw)
        columns = self.layout.columns
        broken = [
            problem.at(place=raw.place_of(index))
            for raw in group
            for index, problem in raw.problems.items()
            if index in columns
        ]
        if broken:
            self.number += 1
            self.collector.fail(broken, first.line, first.place)
            return
        row = joined_row(group, self.choice_rows) if self.choice_rows else self.forms.row(first)
        if row.cells.keys() <= {Column("number")}:
            self.report_unasked(row, first)
            return
        self.number += 1
        if self.key is not None:
            self.key.complete(row, self.number)  # its number, where it says none
        take_row(row, self.language, self.collector)

    def report_unasked(self, row: QuestionRow, raw: RawRow) -> None:
        """Name a row that asks nothing; a number alone only counts the rows."""
        if row.cells and not number_in(row.cell("number")):
            template = N_("A row without a question was left out: %(text)s.")
            self.collector.report([cells_left_out(template, raw.filled, "no-question")], raw.line, raw.place)

    def report_headless(self, raw: RawRow) -> None:
        headed = self.layout.headed
        if headless := {index: value for index, value in raw.filled.items() if index not in headed}:
            said = cells_left_out(N_("A cell without a heading was left out: %(text)s."), headless, "no-heading")
            self.collector.report([said], raw.line, raw.place_of(min(headless)) or raw.place)


def tell(layout: Layout, seen: list[RawRow], name: str, collector: Collector) -> None:
    """Say how the columns were taken, and what stands above them."""
    collector.reading.tables.append(layout.described(name, seen[layout.start :]))
    at = seen[max(0, layout.start - 1)]
    collector.report((problem.at(place=at.place_of(index)) for index, problem in layout.problems), at.line, at.place)
    if layout.by_content:
        collector.report([guessed(layout)], at.line, at.place)
    if layout.headings:
        report_above(seen[: layout.start - 1], collector)


def guessed(layout: Layout) -> Problem:
    language = language_of(" ".join(layout.headings))
    headings = {place: heading.strip() for place, heading in enumerate(layout.headings)}
    found = ", ".join(
        f"{headings.get(place, place + 1)} = {heading_of(column, language)}"
        for place, column in sorted(layout.columns.items())
    )
    headed = N_("This row was taken for headings. They don't say what the columns are; by their cells: %(columns)s.")
    without = N_("There are no headings; this is what the columns are by their cells: %(columns)s.")
    return Problem(
        headed if layout.headings else without,
        {"columns": found[:300]},
        code="guessed-columns",
        severity="warning",
        mend=N_("Change this under “Columns of the sheet” if it is wrong; above a first question, write headings."),
    )


def report_above(rows: list[RawRow], collector: Collector) -> None:
    """Name what stands above the headings. Comments and the line that tells Excel the separator say nothing."""
    for raw in rows:
        if raw.filled and not raw.begins_as_comment and not raw.values[0].startswith("sep="):
            collector.report([cells_left_out(N_("Text above the headings was left out: %(text)s"), raw.filled,
                                       "above-headings")], raw.line, raw.place)  # fmt: skip


def is_said(raw: RawRow, layout: Layout, collector: Collector) -> bool:
    """Whether a row has cells and is no comment, nor the headings once more. A comment with other cells is named; where
    # begins a text of a question, it is none."""
    if raw.filled and raw.filled == RawRow(layout.headings).filled:
        said = cells_left_out(N_("The headings stand here again; they were left out: %(text)s."), raw.filled, "again")
        collector.report([said], raw.line, raw.place)
        return False
    if not raw.begins_as_comment:
        return bool(raw.filled or raw.problems)
    first, *others = raw.filled
    if others and first in layout.columns and layout.columns[first].name in WITH_LANGUAGE:
        return True
    if others:
        template = N_("A row that begins with # is a comment; it was left out: %(text)s.")
        said = cells_left_out(template, raw.filled, "comment-row")
        collector.report([said], raw.line, raw.place)
    return False


def cells_left_out(template: str, cells: dict[int, str], code: str) -> Problem:
    text = ", ".join(cells.values())[:200]
    return Problem(template, {"text": text}, code=code, severity="loss", text=text)


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
