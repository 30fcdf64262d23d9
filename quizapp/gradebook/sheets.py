"""A quiz's results as a sheet: CSV that Korean Excel opens as it is, and XLSX. What a person typed can't run there."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from quizapp.attempts import live
from quizapp.attempts.overdue import over
from quizapp.attempts.presentation import name_of, number_of
from quizapp.formats.text import guarded
from quizapp.formats.workbook import MAX_CELL
from quizapp.gradebook import outcomes
from quizapp.gradebook.listing import Row
from quizapp.gradebook.outcomes import AskedQuestion
from quizapp.kinds.base import say
from quizapp.quizzes import people_queries
from quizapp.quizzes.models import Quiz
from quizapp.texts.clean import clean
from quizapp.web.i18n import ZONE
from quizapp.web.i18n import number as in_digits

Cells = list[Any]
BATCH = 200
WIDTHS = (18, 14, 28, 6, 20, 20, 9, 9, 9, 9, 9, 12, 12)
"""Of the columns before the questions', in characters."""
QUESTION = 24
MOMENT = "yyyy-mm-dd hh:mm:ss"
MAX_QUESTIONS = 500
"""A sheet with more columns helps nobody; the points of further questions stay out, the totals don't."""


def rows(quiz: Quiz, language: str, now: datetime) -> Iterator[Cells]:
    """The heading; a row an attempt: who, when, how well, and the points of each question; then who still sits there,
    and who didn't come."""
    ended = over(quiz.id, now)
    asked = dict(islice(outcomes.asked_in(quiz, ended).items(), MAX_QUESTIONS))
    ids = list(asked)
    yield [
        *(
            _("Name"),
            _("Student number"),
            _("Email"),
            _("Try"),
            _("Started (Seoul)"),
            _("Handed in (Seoul)"),
            _("Minutes taken"),
        ),
        *(_("Points"), _("Out of"), _("Percent"), _("Passed"), _("Waiting for a grade"), _("Percent that counts")),
        *quiz.rules.asks,
        *(heading(place, one, language) for place, one in enumerate(asked.values(), 1)),
    ]
    counts = outcomes.what_counts(ended, quiz.rules.grade_by)
    blank = len(quiz.rules.asks) + len(ids)
    for batch in batched(outcomes.every(ended)):
        yield from attempt_rows(batch, ids, quiz.rules.asks, counts)
    for batch in batched(outcomes.going(ended)):
        yield from rows_at_work(batch, 7 + blank)
    for one in live.no_shows(quiz.id):
        yield [one.name, one.number, one.email or "", 0, _("not started"), *[""] * (8 + blank)]


def heading(place: int, asked: AskedQuestion, language: str) -> str:
    stem = " ".join(say(asked.item.stem or asked.item.response.get("text"), language).split())
    return ngettext(
        "Question %(n)s (%(points)s point): %(words)s",
        "Question %(n)s (%(points)s points): %(words)s",
        1 if asked.points == [1] else 2,
        n=place,
        points="–".join(map(in_digits, asked.points)),
        words=stem[:60],
    )


def attempt_rows(
    batch: list[Row], ids: list[int], asks: Iterable[str], counts: Mapping[int, float | None]
) -> Iterator[Cells]:
    """`counts`: the share that counts for a person, at the attempt that stands for it."""
    marks = outcomes.marks([row.attempt.id for row in batch])
    emails = emails_of(batch)
    for row in batch:
        attempt, handed_in = row.attempt, row.attempt.submitted_at or row.attempt.started_at
        yield [
            *who(row, emails),
            row.number,
            local(attempt.started_at),
            local(handed_in),
            round((handed_in - attempt.started_at).total_seconds() / 60, 1),
            attempt.mark,
            attempt.max_mark,
            round(100 * attempt.share, 2),
            _("yes") if attempt.share >= attempt.rules.pass_mark else _("no"),
            attempt.waiting,
            "" if (share := counts.get(attempt.id)) is None else round(100 * share, 2),
            *(attempt.given.get(label, "") for label in asks),
            *(marks.get(attempt.id, {}).get(name, "") for name in ids),
        ]


def rows_at_work(batch: list[Row], blank: int) -> Iterator[Cells]:
    """Of attempts that go on: who, and since when."""
    emails = emails_of(batch)
    for row in batch:
        yield [*who(row, emails), row.number + 1, local(row.attempt.started_at), _("not handed in"), *[""] * blank]


def batched(found: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(found, BATCH)):
        yield batch


def emails_of(batch: Iterable[Row]) -> dict[int, str | None]:
    """By the id of an entry of the roster: its address."""
    return people_queries.emails([row.attempt.sitter_id for row in batch if row.attempt.sitter_id])


def who(row: Row, emails: Mapping[int, str | None]) -> Cells:
    """Name, number and email of an attempt."""
    attempt = row.attempt
    return [name_of(attempt), number_of(attempt), emails.get(attempt.sitter_id or 0) or attempt.user.email or ""]


def local(at: datetime) -> datetime:
    """The clock in Seoul, to the second; a sheet's times have no zone."""
    return at.astimezone(ZONE).replace(tzinfo=None, microsecond=0)


def harmless(cell: Any) -> Any:
    """A text that no program runs and every one can hold, whatever was stored."""
    return guarded(clean(cell))[:MAX_CELL] if isinstance(cell, str) else cell


def as_csv(lines: Iterable[Cells]) -> io.BytesIO:
    """A file at its beginning, with the mark by which Excel knows UTF-8."""
    file = io.BytesIO()
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    csv.writer(text).writerows([harmless(cell) for cell in line] for line in lines)
    text.detach()
    file.seek(0)
    return file


def as_xlsx(lines: Iterable[Cells]) -> io.BytesIO:
    """A workbook, at its beginning. Texts are texts, also those that begin like a formula."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(_("Results"))
    try:
        write_lines(sheet, lines)
        file = io.BytesIO()
        book.save(file)
    except BaseException:
        forget(sheet)
        raise
    file.seek(0)
    return file


def write_lines(sheet: Any, lines: Iterable[Cells]) -> None:
    sheet.freeze_panes = "B2"
    for number, line in enumerate(lines):
        if number == 0:
            for place, width in enumerate([*WIDTHS, *[QUESTION] * (len(line) - len(WIDTHS))], 1):
                sheet.column_dimensions[get_column_letter(place)].width = width
        cells = []
        for value in line:
            cell = WriteOnlyCell(sheet, harmless(value))
            if isinstance(value, str):
                cell.data_type = "s"
            if isinstance(value, datetime):
                cell.number_format = MOMENT
            if number == 0:
                cell.font, cell.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
            cells.append(cell)
        sheet.append(cells)


def forget(sheet: Any) -> None:
    """Remove the file in which openpyxl gathers the rows; it does so itself only when all went well."""
    if not sheet.closed:
        sheet.close()
    Path(sheet._writer.out).unlink(missing_ok=True)
