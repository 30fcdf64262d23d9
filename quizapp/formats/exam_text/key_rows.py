"""Answers in a row, of which only the first and the last number are written, or none: `1-5 ③①④②⑤`, `① ② ①`."""

from __future__ import annotations

import re

from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import SINGLE

RANGE = re.compile(
    rf"\s*[\[(]?(\d{{1,3}})\s*(?:번\s*)?[~\-]\s*(\d{{1,3}})\s*번?\s*[\])]?\s*:?\s*((?:{SINGLE}[\s,]*)+|[1-9]{{3,}}(?!\S)|[A-E]{{3,}}(?!\S))"
)
"""Numbers and letters have to stand side by side: `1-2 3 4` is the answers to 1 and 3."""
SIGN = re.compile(rf"{SINGLE}|[1-9A-E]")
ROW = re.compile(rf"(?:{SINGLE}[\s,/|]*){{2,}}")


def in_ranges(line: Line) -> list[tuple[int, Line]]:
    """The answers of a line that is made of such rows, each with its number; [] for any other line."""
    found: list[tuple[int, Line]] = []
    place = 0
    while place < len(line.plain.rstrip()):
        row = RANGE.match(line.plain, place)
        signs = SIGN.findall(row[3]) if row else []
        if row is None or len(signs) != int(row[2]) - int(row[1]) + 1:
            return []
        found += [(int(row[1]) + at, Line(sign, line.number)) for at, sign in enumerate(signs)]
        place = row.end()
    return found


def in_order(line: Line, count: int) -> list[Line]:
    """The answers of a line that is nothing but so many of them."""
    signs = SIGN.findall(line.plain) if ROW.fullmatch(line.plain) else []
    return [Line(sign, line.number) for sign in signs] if len(signs) == count else []
