"""A table of cells -> questions: its columns are found, then each row is read."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.sheets.answer_sheet import AnswerKey
from quizapp.formats.sheets.columns import WITH_LANGUAGE, Column, heading_of
from quizapp.formats.sheets.layout import HEADINGS_WITHIN, SEEN, Chosen, Layout, layout_by_content, layout_of
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.reader import take_row
from quizapp.formats.sheets.responses import is_of_responses, read_responses


class Opening:
    """The first rows of a table, and those that follow them. A break in the file is raised where it stands."""

    def __init__(self, rows: Iterable[RawRow]) -> None:
        self.rows, self.seen, self.broken = iter(rows), [], None
        try:
            for raw in islice(self.rows, HEADINGS_WITHIN + SEEN):
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
    chosen: Chosen | None = None,
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
    if layout is None and by_content:
        layout = layout_by_content(opening.seen, chosen or {})
    if layout is None:
        for _ in opening.after(len(opening.seen)):
            break  # a file that is broken is told as that
        return False
    tell(layout, opening.seen, name, collector)
    number = 0
    for raw in opening.after(layout.start):
        if collector.is_full and raw.filled and not raw.begins_as_comment:
            collector.refuse_many(raw.line, raw.place)
            break
        number += take_raw(raw, layout, language, collector, key, number + 1)
    return True


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
    return Problem(
        N_("The headings don't say what the columns are; judging by their cells: %(columns)s."),
        {"columns": found[:300]},
        code="guessed-columns",
        severity="warning",
        mend=N_("Check this under “Columns of the sheet”, and change it there if it is wrong."),
    )


def report_above(rows: list[RawRow], collector: Collector) -> None:
    """Name what stands above the headings. Comments and the line that tells Excel the separator say nothing."""
    for raw in rows:
        if raw.filled and not raw.begins_as_comment and not raw.values[0].startswith("sep="):
            collector.report([left_out(N_("Text above the headings was left out: %(text)s"), raw.filled,
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
    raw: RawRow, layout: Layout, language: str | None, collector: Collector, key: AnswerKey | None, number: int
) -> bool:
    """Read one row. False for a row that is none of a question; `number` is that of the question where it says none."""
    if is_comment(raw, layout.columns, collector):
        return False
    headed = layout.headed
    if headless := {index: value for index, value in raw.filled.items() if index not in headed}:
        said = left_out(N_("A cell without a heading was left out: %(text)s."), headless, "no-heading")
        collector.report([said], raw.line, raw.place_of(min(headless)) or raw.place)
    broken = [
        problem.at(place=raw.place_of(index)) for index, problem in raw.problems.items() if index in layout.columns
    ]
    row = raw.row(layout.columns)
    if broken:
        collector.fail(broken, raw.line, raw.place)
        return True
    if not row.cells or row.cells.keys() == {Column("number")}:
        return False
    if key is not None:
        key.complete(row, number)
    take_row(row, language, collector)
    return True


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
