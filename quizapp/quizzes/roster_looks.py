"""What a cell or a line of a roster is by its looks: a number, a name, a title, a sum. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

ADDRESS = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")
CODE = re.compile(r"(?=.*\d)[\w./-]{1,40}", re.ASCII)
BRACKETED = re.compile(r"\(((?=\D{0,39}\d)[\w./-]{1,40})\)", re.ASCII)
DATE = re.compile(r"(?:19|20)\d\d([-./])\d{1,2}\1\d{1,2}\.?")
PHONE = re.compile(
    r"(?<![\w-])(?:(?:\+?82[-. ]?|0)1\d[-. ]?\d{3,4}[-. ]?\d{4}|0\d{1,2}[-. ]\d{3,4}[-. ]\d{4})(?![\w-])", re.ASCII
)
NOT_TYPED = re.compile(r"=.+|#(?:N/A|[A-Z]+[!?]|DIV/0!)", re.DOTALL)
"""A formula, and what a spreadsheet shows in place of one that fails."""
MOST_COUNTED = 3
"""Digits of a number that may only count the lines."""
TITLE_WORD = re.compile(
    r"(?:\d+(?:학년도?|학기|반|년|월|일|명|차|회))+(?:명렬표?|명단|명부|출석부)?"
    r"|[^\s\d]*(?:학교|학과|대학|학부|명렬표?|명단|명부|출석부|현황)|(?:class|student|course)s?|roster|list|grade",
    re.IGNORECASE,
)
NOTE = re.compile(
    r"(?:(?:[합총소누]\s?)?계|(?:총\s?|합계\s?)?인\s?원|총\s?원|재적|total|sum)\W*+(?:\d+\s?명?)?\W*+|[^\s:：]{1,10}\s?[:：].*",
    re.IGNORECASE,
)
"""Such as `합계 30명`, `담임: 김교수`."""


def is_number(cell: str) -> bool:
    """Whether a cell may be somebody's number: it has digits, and is no date and no telephone's."""
    return bool(CODE.fullmatch(cell)) and not DATE.fullmatch(cell) and not PHONE.fullmatch(cell)


def is_name(cell: str) -> bool:
    """Whether nothing in a cell speaks against a name."""
    return bool(cell) and "@" not in cell and not (CODE.fullmatch(cell) or PHONE.fullmatch(cell) or is_title(cell))


def is_title(cell: str) -> bool:
    return is_note(cell) or (bool(cell) and all(map(TITLE_WORD.fullmatch, cell.split())))


def is_note(cell: str) -> bool:
    """Whether a cell begins a sum, or something that is said of all."""
    return NOTE.fullmatch(cell) is not None


def is_counted(cell: str) -> bool:
    """Whether a number may only count the lines, or the people of a class."""
    return cell.isdecimal() and len(cell) <= MOST_COUNTED


def words_in_line(text: str) -> list[str]:
    """The cells of a line without delimiters: numbers, in brackets too, and addresses; the rest is a name."""
    alone: list[str] = []
    name: list[str] = []
    whole = PHONE.sub(lambda found: found[0].replace(" ", "-"), BRACKETED.sub(r" \1 ", text))
    for word in whole.split():
        (alone if ADDRESS.fullmatch(word) or CODE.fullmatch(word) or PHONE.fullmatch(word) else name).append(word)
    return [*([" ".join(name)] if name else []), *alone]


def people_in_line(cells: Sequence[str]) -> list[Sequence[str]]:
    """The cells of each person, where a line holds several: each of its cells has a name of its own."""
    people = [words_in_line(cell) for cell in cells if cell]
    return [*people] if len(people) > 1 and all(is_name(words[0]) for words in people) else [cells]
