"""What the columns of a table are by what stands in their cells, where no headings say it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from quizapp.formats.sheets.columns import (
    COLUMNS_LEFT_OUT,
    DIFFICULTY_OF_WORD,
    KIND_OF_WORD,
    TRUTH_OF_WORD,
    Column,
    folded,
    wider_column_of,
)

CHOICE_KEYS = re.compile(r"#?(?:[1-9]|[a-hA-H])번?(?:\s*[,;/、|]\s*#?(?:[1-9]|[a-hA-H])번?)*")
"""Numbers or letters of choices."""
LABEL_SIGN = re.compile(r"[1-9]|[a-hA-H]")
POINTS = re.compile(r"[0-9]{1,3}(?:\.[0-9]+)?점?")
LARGE_SHARE = 0.8
"""So large a share of a column's cells has to look like what it is taken for."""
SHORTER = 0.8
"""How much shorter a text has to be than another to be the answer, and the other the question."""


@dataclass
class Guess:
    """The columns, and whether the first row holds their headings."""

    columns: dict[int, Column]
    is_headed: bool


def guessed_columns(rows: Sequence[Sequence[str]]) -> Guess | None:
    """What the columns of a table are; None if no question and answer can be told apart."""
    if not rows:
        return None
    named = {place: column for place, heading in enumerate(rows[0]) if (column := wider_column_of(heading))}
    headed = is_headed(rows, named)
    table = TableCells(rows[1:] if headed else rows)
    columns = dict(named) if headed else {}
    spoken = {place for place, heading in enumerate(rows[0]) if headed and is_passed_over(heading)}
    fill(columns, table, [place for place in range(table.width) if place not in columns and place not in spoken])
    names = {column.name for column in columns.values()}
    return Guess(columns, headed) if "question" in names and names & {"answer", "choice"} else None


def is_headed(rows: Sequence[Sequence[str]], named: dict[int, Column]) -> bool:
    """Whether the first row is one of headings: it names a column, or stands out from all below it. A lone number or
    letter, which may head a choice, is rather an answer."""
    if len(named) > 1 or any(column.name != "choice" for column in named.values()):
        return True
    below = TableCells(rows[1:])
    return len(rows) > 2 and any(
        (below.are(place, CHOICE_KEYS) and not CHOICE_KEYS.fullmatch(cell.strip() or "1"))
        or (below.are_words(place, TRUTH_OF_WORD) and folded(cell) not in TRUTH_OF_WORD)
        or (below.repeat_others(place, range(below.width)) and list(rows[0]).count(cell) == 1)
        for place, cell in enumerate(rows[0])
    )


def is_passed_over(heading: str) -> bool:
    word = folded(heading)
    return any(known.fullmatch(word) for known in COLUMNS_LEFT_OUT.values())


class TableCells:
    """The cells of a table by column."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.width = max((len(row) for row in rows), default=0)
        self.columns = [[row[place].strip() if place < len(row) else "" for row in rows] for place in range(self.width)]

    def filled(self, place: int) -> list[str]:
        return [cell for cell in self.columns[place] if cell] if place < self.width else []

    def share(self, place: int, suits: Sequence[bool]) -> bool:
        return bool(suits) and sum(suits) >= LARGE_SHARE * len(suits)

    def are(self, place: int, pattern: re.Pattern[str]) -> bool:
        cells = [unicodedata.normalize("NFKC", cell) for cell in self.filled(place)]
        return self.share(place, [pattern.fullmatch(cell) is not None for cell in cells])

    def are_words(self, place: int, known: Collection[str]) -> bool:
        return self.share(place, [folded(cell) in known for cell in self.filled(place)])

    def are_folded(self, place: int, pattern: re.Pattern[str]) -> bool:
        return self.share(place, [pattern.fullmatch(folded(cell)) is not None for cell in self.filled(place)])

    def name_or_repeat(self, place: int, others: Sequence[int], label: re.Pattern[str]) -> bool:
        """Whether the cells name other columns by their numbers or letters, or repeat what stands in them."""
        suits = []
        for number, cell in enumerate(self.columns[place] if place < self.width else ()):
            plain = unicodedata.normalize("NFKC", cell)
            signs = LABEL_SIGN.findall(plain) if label.fullmatch(plain) else []
            places = [int(sign) if sign.isdigit() else ord(sign.lower()) - ord("a") + 1 for sign in signs]
            named = bool(places) and max(places) <= len(others)
            suits += [named or any(self.columns[other][number] == cell for other in others)] if cell else []
        return self.share(place, suits)

    def count_up(self, place: int) -> bool:
        """Whether they are the numbers of the rows."""
        found = [cell.rstrip(".번)") for cell in self.filled(place)]
        return len(found) > 1 and found == [str(number) for number in range(1, len(found) + 1)]

    def repeat_others(self, place: int, others: Sequence[int]) -> bool:
        """Whether they repeat another cell of their row, as an answer repeats a choice."""
        suits = [
            any(self.columns[other][number] == cell for other in others if other != place)
            for number, cell in enumerate(self.columns[place])
            if cell
        ]
        return len(others) > 2 and self.share(place, suits)

    def length(self, place: int) -> float:
        cells = self.filled(place)
        return sum(map(len, cells)) / len(cells) if cells else 0.0


def fill(columns: dict[int, Column], table: TableCells, open_: list[int]) -> None:
    """Say what the columns without a meaning are, the surest first."""
    names = {column.name for column in columns.values()}
    left = [place for place in open_ if table.filled(place)]

    def take(name: str, place: int | None) -> None:
        if place is not None and name not in names:
            columns[place] = Column(name)
            names.add(name)
            left.remove(place)

    def first(suits: list[bool]) -> int | None:
        return next((place for place, is_one in zip(left, suits, strict=True) if is_one), None)

    take("number", first([table.count_up(place) for place in left]))
    take("kind", first([table.are_words(place, KIND_OF_WORD) for place in left]))
    take("answer", next((place for place in reversed(left) if table.repeat_others(place, left)), None))
    words = {word: value for word, value in DIFFICULTY_OF_WORD.items() if not word.isdigit()}
    take("difficulty", first([table.are_words(place, words) for place in left]))
    for place in reversed(left.copy()):
        if "answer" not in names and (table.are(place, CHOICE_KEYS) or table.are_words(place, TRUTH_OF_WORD)):
            take("answer", place)
    if "answer" in names:
        take("points", first([table.are(place, POINTS) and "choice" in names for place in left]))
    longest = max(left, key=table.length, default=None)
    if "question" not in names and "answer" not in names and len(left) == 2:
        one, other = left
        take("answer", one if table.length(one) < SHORTER * table.length(other) else other)
        take("question", left[0])
    take("question", longest)
    if len(left) == 1 and "answer" not in names and "choice" not in names:
        take("answer", left[0])
    key = next((place for place, column in columns.items() if column.name == "answer"), None)
    if key is not None and "choice" not in names:
        after = [place for place in left if place > key]
        before = [place for place in left if place < key]
        if len(after) == 1 and before:
            take("feedback", after[0])
    if "choice" not in names:
        for number, place in enumerate(left, 1):
            columns[place] = Column("choice", number)
