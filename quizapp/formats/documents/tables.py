"""Tables of a document: those that hold questions become lines, all others stay tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.formats.documents.gathering import Gathering, words_of_lines
from quizapp.formats.exam_text.key_heading import NUMBERS
from quizapp.formats.exam_text.labels import LABELS
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import SINGLE, label_at_start, start_of

Cell = Sequence[Line]
QUESTION_NUMBER = re.compile(r"(?:문제|문항|문)?\s*(\d{1,3})\s*[.)번]?")
LABEL_WORD = re.compile(r"정\s?답|답|해설|풀이|난이도|단원|Answer|Explanation|Difficulty|Unit", re.IGNORECASE)
CHOICE_SIGN = re.compile(rf"{SINGLE}|\(?(?:\d|[A-Za-z가-하ㄱ-ㅎ])[.)]")

NUMBER, QUESTION, CHOICE, ANSWER = "number", "question", "choice", "정답: "
HEADINGS = (
    (re.compile(r"번호|문항\s*번호|문번|No\.?|#", re.IGNORECASE), NUMBER),
    (re.compile(r"문제|문항|발문|질문|Questions?", re.IGNORECASE), QUESTION),
    (re.compile(r"(?:보기|선택지|답지|선지|Choice|Option)\s*([1-9①-⑨]|[A-I])|([①-⑨])", re.IGNORECASE), CHOICE),
    (re.compile(r"보기|선택지|답지|선지|Choices|Options", re.IGNORECASE), ""),
    (re.compile(r"정\s?답|답|Answers?|Key", re.IGNORECASE), ANSWER),
    (re.compile(r"해설|풀이|Explanation", re.IGNORECASE), "해설: "),
    (re.compile(r"난이도|Difficulty", re.IGNORECASE), "난이도: "),
    (re.compile(r"배점|점수|Points?", re.IGNORECASE), "배점: "),
    (re.compile(r"단원|Unit", re.IGNORECASE), "단원: "),
)
"""What a column's heading says its cells are: numbers, questions, choices by a label in the heading; or else what an
exam writes before them."""


def add_table(gathering: Gathering, rows: Sequence[Sequence[Cell]]) -> None:
    """Add a table in the way that it is meant."""
    rows = [row for row in rows if any(map(filled, row))]
    if not rows:
        return
    columns = [column_of(cell) for cell in rows[0]]
    if are_of_answers(columns):
        gathering.lines += [Line(" | ".join(map(one_cell, row)), gathering.paragraph) for row in rows]
    elif len(rows) > 1 and are_of_questions(columns):
        for place, row in enumerate(rows[1:], 1):
            gathering.lines += by_columns(columns, row, place)
    elif max(map(len, rows)) == 1 or any(map(is_of_question, rows)):
        apart = Line("", gathering.paragraph)
        gathering.lines += [apart, *(line for row in rows for line in row_lines(row)), apart]
    else:
        gathering.table(rows)


def filled(cell: Cell) -> list[Line]:
    return [line for line in cell if line.text]


# --- a question in each row, by the headings above ---


def column_of(cell: Cell) -> str | None:
    """What the cells below a heading are; None where it doesn't say."""
    words = words_of_lines(cell).strip()
    for heading, column in HEADINGS:
        if found := heading.fullmatch(words):
            return f"{label_for(found[1] or found[2])} " if column == CHOICE else column
    return None


def label_for(written: str) -> str:
    place = "123456789".find(written)
    place = place if place >= 0 else "ABCDEFGHI".find(written.upper())
    return chr(ord("①") + place) if place >= 0 else written


def are_of_answers(columns: Sequence[str | None]) -> bool:
    """Whether a table lists the answers of questions that stand elsewhere."""
    return {NUMBER, ANSWER} <= {*columns} and all(
        column == NUMBER or (column or "").endswith(": ") for column in columns
    )


def one_cell(cell: Cell) -> str:
    return " ".join(words_of_lines(cell).replace("|", " ").split())


def are_of_questions(columns: Sequence[str | None]) -> bool:
    return None not in columns and ANSWER in columns and (NUMBER in columns or QUESTION in columns)


def by_columns(columns: Sequence[str | None], row: Sequence[Cell], place: int) -> list[Line]:
    """A row as a question: its number and words first, then the rest in the order of the columns. Where no column holds
    numbers, the rows are counted."""
    number, question, others = "" if NUMBER in columns else str(place), list[Line](), list[Line]()
    for column, cell in zip(columns, row, strict=False):
        if column == NUMBER:
            number = re.sub(r"\D", "", words_of_lines(cell))
        elif column == QUESTION:
            question = filled(cell)
        elif column is not None and (lines := filled(cell)):
            others += prefixed(column, lines)
    question = question or [Line("", next((line.number for cell in row for line in cell), 1))]
    return [*prefixed(f"{number}. " if number else "", question), *others]


def prefixed(prefix: str, lines: Sequence[Line]) -> list[Line]:
    """The lines, the first one with something before it."""
    first = lines[0]
    moved = tuple((start + len(prefix), stop + len(prefix), how) for start, stop, how in first.marks)
    return [Line(prefix + first.text, first.number, moved), *lines[1:]]


# --- a question in several rows ---


def is_of_question(row: Sequence[Cell]) -> bool:
    """Whether a row says that it is a question, or a part of one."""
    first = first_words(row)
    if len(row) > 1 and (LABEL_WORD.fullmatch(first) or CHOICE_SIGN.fullmatch(first)):
        return True
    return any(start_of(line) or label_at_start(line) or LABELS.match(line.plain) for cell in row for line in cell)


def first_words(row: Sequence[Cell]) -> str:
    return words_of_lines(row[0]).strip() if row else ""


def row_lines(row: Sequence[Cell]) -> list[Line]:
    """A row as lines: behind a number, a label or a word such as 정답 its cells go on; else each has its own."""
    first = first_words(row)
    rest = [lines for cell in row[1:] if (lines := filled(cell))]
    if rest and NUMBERS.fullmatch(" ".join([first, *map(words_of_lines, rest)])):
        return [Line(" | ".join(["번호", *(words_of_lines(lines).strip() for lines in rest)]), row[0][0].number)]
    prefix = prefix_of(first)
    if not rest or prefix is None:
        return [line for cell in row for line in cell]
    if len(rest) > 1 and all(len(lines) == 1 for lines in rest):
        between = " | " if LABEL_WORD.fullmatch(first) else " "
        return [Line(between.join([first, *(lines[0].text for lines in rest)]), row[0][0].number)]
    return [*prefixed(prefix, rest[0]), *(line for lines in rest[1:] for line in lines)]


def prefix_of(first: str) -> str | None:
    """How an exam writes the first words of a row before what they introduce; None where they introduce nothing."""
    if number := QUESTION_NUMBER.fullmatch(first):
        return f"{number[1]}. "
    if LABEL_WORD.fullmatch(first):
        return f"{first}: "
    return f"{first} " if CHOICE_SIGN.fullmatch(first) else None
