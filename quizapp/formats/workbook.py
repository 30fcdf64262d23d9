"""XLSX workbooks <-> tables of text; our sheet and Kahoot's share it.

Excel turns what people type into numbers, dates and formulas. Whole numbers come back as they were typed; a date,
a formula or an error is a problem of its cell, because nobody knows what was meant.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from quizapp.errors import N_, Problem
from quizapp.formats.archive import Archive, open_archive
from quizapp.formats.base import FormatError
from quizapp.formats.cell_form import CellForms
from quizapp.formats.merged_cells import cell_range, fill_down, hidden_rows, merged_columns
from quizapp.formats.sheets.raw import RawRow
from quizapp.kinds.base import nfc

MAX_XML = 100 * 1024 * 1024
MAX_TAGS = 2_500_000
"""Of all sheets and their texts. A filled cell takes three or four, and all of them take time."""
MAX_OTHER_TAGS = 200_000
"""Of all that describes the workbook, which is held as objects."""
MAX_ROWS = 50_000
MAX_COLUMNS = 500
"""More than all the columns that two languages can have. Those beyond are passed over."""
MAX_CELL = 32_767
"""Excel's own limit of the characters of a cell."""
SHEETS = ("xl/worksheets/", "xl/sharedStrings.xml")
MAX_EMPTY_PIECES = 2
"""A tag or text that is longer than so many pieces of the file is no cell's, and would be read over and over."""
NOT_IN_CELLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
"""Characters that Excel can't hold."""
ESCAPED = re.compile(r"_x(?:000[Dd]|(005[Ff]))_")
"""How a workbook writes a carriage return, and the underscore of a text that looks like such an escape."""
ESCAPABLE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
LITERAL = re.compile(r'"[^"]*"|\\.|[_*].')
"""What a format of numbers shows as it stands, or leaves room for."""
NOUGHTS = re.compile("0{2,12}")
"""A format that shows so many digits: 00000 for 04524."""
MOST_SHOWN = 20
FORMULA, ERROR = "f", "e"


@dataclass
class Sheet:
    """One sheet of a workbook: its name, its rows, and the cells of one column that are merged (`A2:A5`)."""

    name: str
    rows: list[RawRow]
    merged: list[str] = field(default_factory=list)
    hidden: str = ""
    """`sheet` or the numbers of rows that Excel doesn't show."""


def is_workbook(data: bytes) -> bool:
    return data.startswith(b"PK") and b"xl/" in data


def sheets_in(
    data: bytes, rows: int = MAX_ROWS, *, xml: int = MAX_XML, tags: int = MAX_TAGS, merges: bool = False
) -> list[Sheet]:
    """The sheets of a workbook, up to so many rows. Raises FormatError for one that can't be read, or that is larger
    than `xml` bytes and `tags` of cells. `merges`: merged cells are filled in though not all rows may be read."""
    archive = open_archive(data)
    if "xl/workbook.xml" not in archive:
        raise FormatError(N_("This is not an Excel workbook (.xlsx). Save it as one."))
    check_parts(archive, xml, tags)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(io.BytesIO(data), read_only=True)
            return [read_sheet(sheet, archive, rows, merges or rows == MAX_ROWS) for sheet in book.worksheets]
    except (FormatError, MemoryError):
        raise
    except Exception as error:  # a damaged workbook fails in openpyxl in any number of ways
        raise FormatError(
            N_("The workbook is damaged (%(what)s). Open it in Excel and save it again."), what=type(error).__name__
        ) from None


def read_sheet(sheet: Any, archive: Archive, limit: int, is_whole: bool) -> Sheet:
    rows = list(rows_of(sheet, limit))
    name = sheet._worksheet_path
    is_whole = is_whole and name in archive
    merged = merged_columns(archive.pieces(name), MAX_ROWS) if is_whole else []
    fill_down(rows, merged)
    hidden = ", ".join(map(str, islice(hidden_rows(archive.pieces(name)), MOST_SHOWN))) if is_whole else ""
    hidden = hidden if sheet.sheet_state == "visible" else "sheet"
    return Sheet(sheet.title, rows, [cell_range(column, first, last) for column, first, last in merged], hidden)


def check_parts(archive: Archive, most_xml: int, most_tags: int) -> None:
    """Refuse what would take too long or too much memory, and parts that aren't what the package says of them."""
    names = [name for name in archive if name.endswith((".xml", ".rels"))]
    fits = sum(map(archive.size, names)) <= most_xml
    tags = {True: 0, False: 0}
    for name in names if fits else ():
        empty = 0
        for piece in archive.pieces(name):
            tags[name.startswith(SHEETS)] += piece.count(b"<") - piece.count(b"</")
            empty = 0 if b">" in piece else empty + 1
            fits = fits and empty <= MAX_EMPTY_PIECES
    if not fits or tags[True] > most_tags or tags[False] > MAX_OTHER_TAGS:
        raise FormatError(N_("The workbook is too large. Split it into smaller ones."))


def rows_of(sheet: Any, limit: int) -> Iterator[RawRow]:
    sheet.reset_dimensions()  # what a file says of its own size may be wrong
    forms = CellForms()
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS, max_row=limit + 1), 1):
        if number > limit and limit == MAX_ROWS:
            raise FormatError(N_("The sheet has more than %(limit)s rows. Split it."), limit=MAX_ROWS)
        found = {index: text_of(cell) for index, cell in enumerate(cells) if cell.value is not None}
        ways = {index: form for index in found if (form := forms.of(cells[index]))}
        problems = {index: value for index, value in found.items() if isinstance(value, Problem)}
        texts = {index: value for index, value in found.items() if isinstance(value, str)}
        if any(texts.values()) or problems:
            values = [texts.get(index, "") for index in range(max(found) + 1)]
            place = CellNames(sheet.title, number)
            yield RawRow(values, number, f"{sheet.title}!{number}", place, problems, ways)


@dataclass(frozen=True)
class CellNames:
    """Names the cells of a row as Excel does: `Questions!C5`."""

    sheet: str
    row: int

    def __call__(self, index: int) -> str:
        return f"{self.sheet}!{get_column_letter(index + 1)}{self.row}"


def text_of(cell: Any) -> str | Problem:
    """What stands in a cell, as text; a problem where Excel has made something else of it."""
    value = cell.value
    if cell.data_type == FORMULA:
        return bad_cell(
            N_("This cell holds a formula."), "formula", value, N_("Copy the cells and paste them as values.")
        )
    if cell.data_type == ERROR:
        return bad_cell(N_("This cell holds the error %(text)s."), "cell-error", value, N_("Type what is meant."))
    if isinstance(value, (datetime, date, time, timedelta)):
        return date_problem(value)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)):
        return number_text(value, str(cell.number_format))
    text = ESCAPED.sub(lambda match: "_" if match[1] else "", str(value))
    return nfc(text.replace("\r\n", "\n").replace("\r", "\n"))


def number_text(value: float, number_format: str) -> str:
    """A number as Excel shows it: 2, not 2.0; its 15 digits; 5% where 0.05 is shown as that, or 5 with a sign."""
    if "%" in LITERAL.sub("", number_format):
        return f"{value * 100:.12g}%"
    sign = "%" if any("%" in part for part in LITERAL.findall(number_format) if part[0] in '"\\') else ""
    if NOUGHTS.fullmatch(number_format) and value == int(value):
        return f"{int(value):0{len(number_format)}d}"
    is_whole = isinstance(value, int) or (value == int(value) and abs(value) < 1e15)
    return f"{int(value) if is_whole else format(value, '.15g')}{sign}"


def bad_cell(template: str, code: str, value: Any, mend: str) -> Problem:
    text = str(getattr(value, "text", value))[:80]
    return Problem(template, {"text": text}, code=code, text=text, mend=mend)


def date_problem(value: Any) -> Problem:
    """A date doesn't show what was typed; the likely text is proposed."""
    typed = f"{value.month}/{value.day}" if isinstance(value, date) else str(value)
    return Problem(
        N_("Excel turned this cell into the date or time %(date)s; “%(typed)s” may have been typed."),
        {"date": str(value), "typed": typed},
        code="date",
        text=str(value),
        mend=N_("Set the format of the cell to “Text” and type it again."),
    )


# --- writing ---


def workbook(sheets: Iterable[tuple[str, Sequence[Sequence[str]]]]) -> Workbook:
    """A workbook of text cells, each sheet with its first row as headings."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets:
        fill(book.create_sheet(name), rows)
    return book


def fill(sheet: Worksheet, rows: Sequence[Sequence[str]]) -> None:
    """Every cell is text, whatever it looks like, and stays text when it is edited."""
    for row, values in enumerate(rows, 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row, column, ESCAPABLE.sub("_x005F_", value) or None)
            cell.number_format = "@"
            cell.data_type = "s"
    for cell in sheet[1]:
        cell.font = Font(bold=True)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "A2"
    for column in range(1, len(rows[0]) + 1):
        longest = max(len(row[column - 1]) for row in rows[:50] if len(row) >= column)
        sheet.column_dimensions[get_column_letter(column)].width = min(60, max(12, longest * 1.4))


def saved(book: Workbook) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
