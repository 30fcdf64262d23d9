"""CSV: our sheet as text. Read with comma, semicolon or tab in any encoding that Excel writes; written for Excel.

What is written begins with a byte order mark, without which Excel takes UTF-8 for something else, and cells that
a spreadsheet would run as formulas are guarded.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.sheets.blackboard import is_blackboard
from quizapp.formats.sheets.columns import columns_of
from quizapp.formats.sheets.layout import HEADINGS_WITHIN
from quizapp.formats.sheets.losses import losses_of_row
from quizapp.formats.sheets.raw import COMMENT, RawRow
from quizapp.formats.sheets.responses import is_of_responses
from quizapp.formats.sheets.table import no_headings, no_question, read_table
from quizapp.formats.sheets.template import GUIDE, examples, headings, sample
from quizapp.formats.sheets.writer import sheet_of
from quizapp.formats.text import decode, guarded, opening, unguarded

NAME = "csv"
LABEL = N_("Sheet (CSV)")
SUFFIXES = (".csv", ".tsv")
MIME = "text/csv"

DELIMITERS = (",", ";", "\t")
LINE = re.compile("[^\n]*+\n|[^\n]++")
MAX_DELIMITERS = 20_000
"""Of a row, with those in its texts."""
MAX_COLUMNS = 500
SEEN_LINES = 20


class BrokenRow(csv.Error):
    """A row can't be separated from the next; `line` is the one on which it begins."""

    def __init__(self, error: csv.Error, line: int) -> None:
        super().__init__(str(error))
        self.line = line


def rows_of(text: str, delimiter: str) -> Iterator[RawRow]:
    """The rows with the lines on which they begin. Raises BrokenRow where the quotes don't match."""
    columns = 0

    def lines() -> Iterator[str]:
        nonlocal columns
        for found in LINE.finditer(text):
            columns += found[0].count(delimiter)
            if columns > MAX_DELIMITERS:
                raise csv.Error(f"more than {MAX_DELIMITERS} columns")
            yield found[0]

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    line = 1
    try:
        for values in reader:
            columns = 0
            if len(values) > MAX_COLUMNS:
                raise csv.Error(f"more than {MAX_COLUMNS} columns")
            yield RawRow([unguarded(value) for value in values], line)
            line = reader.line_num + 1
    except csv.Error as error:
        raise BrokenRow(error, line) from None


def known_columns(text: str, delimiter: str) -> int:
    """How many of our columns the headings have when read with this delimiter."""
    try:
        rows = list(islice(rows_of(text, delimiter), HEADINGS_WITHIN + 1))
    except csv.Error:
        return 0
    return max((len(columns_of(row.values)) for row in rows), default=0)


def delimiter_of(text: str) -> str:
    """The one with which most headings are known; where none are, the one that parts every line alike."""
    known = {delimiter: known_columns(text, delimiter) for delimiter in DELIMITERS}
    if any(known.values()):
        return max(DELIMITERS, key=lambda delimiter: known[delimiter])
    lines = [line for line in text[:10_000].split("\n")[:SEEN_LINES] if line.strip()]
    return max(DELIMITERS, key=lambda delimiter: sum(delimiter in line for line in lines))


def sniff(data: bytes) -> float:
    start = opening(data)
    lines = start[: start.rfind("\n") + 1] or start
    delimiter = delimiter_of(lines)
    known = known_columns(lines, delimiter)
    if known:
        return 0.9 if known > 2 else 0.7
    try:
        first = list(islice(rows_of(lines, delimiter), SEEN_LINES))
        return 0.8 if is_of_responses(first[:1]) or is_blackboard(first) else 0.0
    except csv.Error:
        return 0.0


def read(data: bytes, language: str | None = None, chosen: Mapping[str, Sequence[str]] | None = None) -> Reading:
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    collector = Collector(NAME)
    delimiter = delimiter_of(text)
    rows = rows_of(text, delimiter)
    try:
        if not read_table(rows, language, collector, chosen, by_content=True):
            collector.report([no_headings(line=1)])
        elif not collector.reading.found:
            collector.report([no_question(line=1)])
    except BrokenRow as error:
        collector.report([wrong_quotes(error, text, delimiter)])
    collector.reading.encoding = encoding
    return collector.reading


def wrong_quotes(error: BrokenRow, text: str, delimiter: str) -> Problem:
    """Reading ends where the quotes go wrong: what follows could be anything."""
    lines = text.split("\n")
    line = error.line + lines_before_quote("\n".join(lines[error.line - 1 :]), delimiter)
    return Problem(
        N_("From this line on the cells can't be separated, as where a quote is never closed: %(what)s."),
        {"what": str(error)},
        code="quotes",
        line=line,
        text=lines[line - 1][:200],
        mend=N_("Double a quote inside a quoted cell, or save the sheet again from the spreadsheet program."),
    )


def lines_before_quote(rows: str, delimiter: str) -> int:
    """How many lines stand before the first cell whose quotes don't match; none if all do."""
    cell = re.compile(rf'(?:"(?:[^"]|"")*+"|[^"\n{delimiter}][^\n{delimiter}]*+|)(?:[\n{delimiter}]|\Z)')
    end = 0
    while end < len(rows) and (found := cell.match(rows, end)):
        end = found.end()
    return rows.count("\n", 0, end) if end < len(rows) else 0


def carries(item: Item) -> list[Problem]:
    return losses_of_row(item)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return encoded(sheet_of(items))


def encoded(rows: Iterable[Iterable[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out).writerows([guarded(value) for value in row] for row in rows)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def template(language: str) -> bytes:
    """A blank sheet with a guide and an example of each kind."""
    guide = ([f"{COMMENT} {line}"] for line in GUIDE[language])
    return encoded([*guide, headings(language), *examples(language)])


SAMPLE = encoded(sample())
