"""What a sheet says of its cells as a whole: which are merged, and show one value beside several rows; hidden rows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from openpyxl.utils import column_index_from_string, get_column_letter

from quizapp.formats.sheets.raw import RawRow

MERGED = re.compile(rb'<mergeCell ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})"')
HIDDEN_ROW = re.compile(rb'<row r="([0-9]{1,7})"[^<>]{0,200}>')
IS_HIDDEN = re.compile(rb' hidden="(?:1|true)"')
LONGEST = 240
"""Bytes of such an element, of which a piece may hold one half."""
MAX_MERGED, MAX_FILLED = 10_000, 200_000
"""Merged cells, and the cells that they fill."""


def cell_range(column: int, first: int, last: int) -> str:
    letter = get_column_letter(column)
    return f"{letter}{first}:{letter}{last}"


def merged_columns(pieces: Iterable[bytes], most_rows: int) -> list[tuple[int, int, int]]:
    """The merged cells of one column of a sheet, which comes in pieces: its number, the first row, the last."""
    found = [match.groups() for match in islice(merges_in(pieces), MAX_MERGED)]
    return sorted(
        (column_index_from_string(left.decode()), int(first), min(int(last), most_rows))
        for left, first, right, last in found
        if left == right and int(first) < int(last)
    )


def hidden_rows(pieces: Iterable[bytes]) -> Iterator[int]:
    """The numbers of the rows that a sheet doesn't show."""
    return (int(match[1]) for match in found_in(pieces, HIDDEN_ROW) if IS_HIDDEN.search(match[0]))


def merges_in(pieces: Iterable[bytes]) -> Iterator[re.Match[bytes]]:
    return found_in(pieces, MERGED)


def found_in(pieces: Iterable[bytes], pattern: re.Pattern[bytes]) -> Iterator[re.Match[bytes]]:
    """The elements of a sheet that match, though a piece may hold one half of one."""
    rest = b""
    for piece in pieces:
        rest += piece
        end = 0
        for match in pattern.finditer(rest):
            end = match.end()
            yield match
        rest = rest[max(end, len(rest) - LONGEST) :]


def fill_down(rows: list[RawRow], merged: list[tuple[int, int, int]]) -> None:
    """Give each row the value that it shows of a merged cell. Only rows that have other cells are there at all."""
    by_number = {row.line: row for row in rows}
    room = MAX_FILLED
    for column, first, last in merged:
        top = by_number.get(first)
        value = top.filled.get(column - 1, "") if top else ""
        for number in range(first + 1, min(last, first + room) + 1) if value else ():
            row = by_number.get(number)
            if row is None or (len(row.values) >= column and row.values[column - 1].strip()):
                continue
            row.values += [""] * (column - len(row.values))
            row.values[column - 1] = value
            row.merged.add(column - 1)
        room -= min(room, last - first) if value else 0
