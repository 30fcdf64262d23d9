"""Tables of a document: those that hold questions become lines, all others stay tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.formats.documents.gathering import Gathering, plain
from quizapp.formats.exam_text.key_heading import NUMBERS
from quizapp.formats.exam_text.labels import LABELS
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import SINGLE, label_at_start, start_of

Cell = Sequence[Line]
NUMBER = re.compile(r"(?:문제|문항|문)?\s*(\d{1,3})\s*[.)번]?")
WORD = re.compile(r"정\s?답|답|해설|풀이|난이도|단원|Answer|Explanation|Difficulty|Unit", re.IGNORECASE)
SIGN = re.compile(rf"{SINGLE}|\(?(?:\d|[A-Za-z가-하ㄱ-ㅎ])[.)]")
HEADINGS = (
    (re.compile(r"번호|문항\s*번호|문번|No\.?|#", re.IGNORECASE), "{}. "),
    (re.compile(r"문제|문항|발문|질문|Questions?", re.IGNORECASE), ""),
    (re.compile(r"(?:보기|선택지|답지|선지|Choice|Option)\s*([1-9①-⑨]|[A-I])|([①-⑨])", re.IGNORECASE), "label"),
    (re.compile(r"보기|선택지|답지|선지|Choices|Options", re.IGNORECASE), "{}"),
    (re.compile(r"정\s?답|답|Answers?|Key", re.IGNORECASE), "정답: {}"),
    (re.compile(r"해설|풀이|Explanation", re.IGNORECASE), "해설: {}"),
    (re.compile(r"난이도|Difficulty", re.IGNORECASE), "난이도: {}"),
    (re.compile(r"배점|점수|Points?", re.IGNORECASE), "배점: {}"),
    (re.compile(r"단원|Unit", re.IGNORECASE), "단원: {}"),
)
"""What a column's heading says its cells are."""


def add_table(gathering: Gathering, rows: Sequence[Sequence[Cell]]) -> None:
    """Add a table in the way that it is meant."""
    rows = [row for row in rows if any(line.text for cell in row for line in cell)]
    if not rows:
        return
    columns = [column_of(cell) for cell in rows[0]]
    if len(rows) > 1 and all(columns) and "정답: {}" in columns and {"{}. ", "question"} & set(columns):
        for place, row in enumerate(rows[1:], 1):
            gathering.lines += by_columns(columns, row, place)
    elif max(len(row) for row in rows) == 1 or any(says_what(row) for row in rows):
        apart = Line("", gathering.paragraph)
        gathering.lines += [apart, *(line for row in rows for line in row_lines(row)), apart]
    else:
        gathering.table(rows)


def column_of(cell: Cell) -> str | None:
    """What the cells below a heading are; "question" for the words of the question."""
    words = plain(cell).strip()
    for heading, form in HEADINGS:
        if found := heading.fullmatch(words):
            return (
                f"{label_for(next(one for one in found.groups() if one))} {{}}"
                if form == "label"
                else form or "question"
            )
    return None


def label_for(written: str) -> str:
    place = "123456789".find(written)
    place = place if place >= 0 else "ABCDEFGHI".find(written.upper())
    return chr(ord("①") + place) if place >= 0 else written


def by_columns(columns: Sequence[str | None], row: Sequence[Cell], place: int) -> list[Line]:
    """A row as a question: its number and words first, then the rest in the order of the columns. Where no column holds
    numbers, the rows are counted."""
    found: list[Line] = []
    number, question = "" if "{}. " in columns else str(place), list[Line]()
    for form, cell in zip(columns, row, strict=False):
        if form == "{}. ":
            number = re.sub(r"\D", "", plain(cell))
        elif form == "question":
            question = [line for line in cell if line.text]
        elif form and any(line.text for line in cell):
            found += prefixed(form.partition("{}")[0], [line for line in cell if line.text])
    question = question or [Line("", next((line.number for cell in row for line in cell), 1))]
    return [*prefixed(f"{number}. " if number else "", question), *found]


def prefixed(prefix: str, lines: Sequence[Line]) -> list[Line]:
    """The lines, the first one with something before it."""
    first = lines[0]
    moved = tuple((start + len(prefix), stop + len(prefix), how) for start, stop, how in first.marks)
    return [Line(prefix + first.text, first.number, moved), *lines[1:]]


def says_what(row: Sequence[Cell]) -> bool:
    """Whether a row says that it is (a part of) a question."""
    first = plain(row[0]).strip() if row else ""
    if len(row) > 1 and (WORD.fullmatch(first) or SIGN.fullmatch(first)):
        return True
    return any(start_of(line) or label_at_start(line) or LABELS.match(line.plain) for cell in row for line in cell)


def row_lines(row: Sequence[Cell]) -> list[Line]:
    """A row as lines: behind a number, a label or a word such as 정답 its cells go on; else each has its own."""
    first = plain(row[0]).strip() if row else ""
    rest = [[line for line in cell if line.text] for cell in row[1:]]
    rest = [cell for cell in rest if cell]
    if rest and NUMBERS.fullmatch(" ".join([first, *(plain(cell) for cell in rest)])):
        return [Line(" | ".join(["번호", *(plain(cell).strip() for cell in rest)]), row[0][0].number)]
    if rest and (NUMBER.fullmatch(first) or SIGN.fullmatch(first) or WORD.fullmatch(first)):
        if all(len(cell) == 1 for cell in rest) and len(rest) > 1:
            between = " | " if WORD.fullmatch(first) else " "
            return [Line(between.join([first, *(cell[0].text for cell in rest)]), row[0][0].number)]
        number = NUMBER.fullmatch(first)
        prefix = f"{number[1]}. " if number else f"{first}: " if WORD.fullmatch(first) else f"{first} "
        return [*prefixed(prefix, rest[0]), *(line for cell in rest[1:] for line in cell)]
    return [line for cell in row for line in cell]
