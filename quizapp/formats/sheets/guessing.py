"""What the columns of a table are by what stands in their cells, where no headings say it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Sequence
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
DIFFICULTY_WORDS = frozenset(word for word in DIFFICULTY_OF_WORD if not word.isdigit())
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
    passed_over = {place for place, heading in enumerate(rows[0]) if headed and is_passed_over(heading)}
    unnamed = [place for place in range(table.width) if place not in columns and place not in passed_over]
    ColumnGuesser(columns, table, unnamed).guess()
    names = {column.name for column in columns.values()}
    return Guess(columns, headed) if "question" in names and names & {"answer", "choice"} else None


def is_headed(rows: Sequence[Sequence[str]], named: dict[int, Column]) -> bool:
    """Whether the first row is one of headings: it asks nothing, and names a column or stands out from all below it.
    Numbers and letters, which may head choices, are rather texts of choices where they aren't the whole row."""
    first = rows[0]
    if any(map(is_sentence, first)):
        return False
    worded = [column for place, column in named.items() if not is_key(first[place])]
    if len(worded) > 1 or any(column.name != "choice" for column in worded) or all(map(is_key, first)):
        return True
    below = TableCells(rows[1:])
    return len(rows) > 2 and any(
        (below.are(place, CHOICE_KEYS) and not is_key(cell.strip() or "1"))
        or (below.are_words(place, TRUTH_OF_WORD) and folded(cell) not in TRUTH_OF_WORD)
        or below.repeat_others(place, range(below.width))
        for place, cell in enumerate(first)
        if list(first).count(cell) == 1
    )


def is_sentence(cell: str) -> bool:
    """Whether a cell asks or tells something, as no heading does."""
    words = cell.split()
    return bool(words) and (words[-1].endswith(("?", "？")) or (len(words) > 1 and words[-1].endswith((".", "。"))))


def is_key(cell: str) -> bool:
    """Whether a cell is no more than numbers or letters of choices."""
    return CHOICE_KEYS.fullmatch(unicodedata.normalize("NFKC", cell).strip()) is not None


def is_passed_over(heading: str) -> bool:
    word = folded(heading)
    return any(known.fullmatch(word) for known in COLUMNS_LEFT_OUT.values())


class TableCells:
    """The cells of a table by column."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        self.width = max((len(row) for row in rows), default=0)
        self.columns = [[row[place].strip() if place < len(row) else "" for row in rows] for place in range(self.width)]

    def column(self, place: int) -> list[str]:
        """The cells of a column; none where only the headings are so wide."""
        return self.columns[place] if place < self.width else []

    def filled(self, place: int) -> list[str]:
        return [cell for cell in self.column(place) if cell]

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
        for number, cell in enumerate(self.column(place)):
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
            for number, cell in enumerate(self.column(place))
            if cell
        ]
        return len(others) > 2 and self.share(place, suits)

    def length(self, place: int) -> float:
        cells = self.filled(place)
        return sum(map(len, cells)) / len(cells) if cells else 0.0


class ColumnGuesser:
    """Says what the columns are that no heading names, the surest first. `left`: those of which nothing is said yet."""

    def __init__(self, columns: dict[int, Column], table: TableCells, unnamed: Sequence[int]) -> None:
        self.columns, self.table = columns, table
        self.left = [place for place in unnamed if table.filled(place)]

    def guess(self) -> None:
        table = self.table
        self.take("number", self.first(table.count_up))
        self.take("kind", self.first(lambda place: table.are_words(place, KIND_OF_WORD)))
        self.take("answer", self.last(lambda place: table.repeat_others(place, self.left)))
        self.take("difficulty", self.first(lambda place: table.are_words(place, DIFFICULTY_WORDS)))
        self.take("answer", self.last(self.are_keys))
        if self.has("answer") and self.has("choice"):
            self.take("points", self.first(lambda place: table.are(place, POINTS)))
        if len(self.left) == 2 and not self.has("question") and not self.has("answer"):
            self.take("answer", self.answer_of_two(*self.left))
        self.take("question", max(self.left, key=table.length, default=None))
        if len(self.left) == 1 and not self.has("choice"):
            self.take("answer", self.left[0])
        if not self.has("choice"):
            self.take("feedback", self.behind_answer())
            self.columns |= {place: Column("choice", number) for number, place in enumerate(self.left, 1)}

    def has(self, name: str) -> bool:
        return any(column.name == name for column in self.columns.values())

    def take(self, name: str, place: int | None) -> None:
        """Say that a column is this, unless another one is."""
        if place is not None and not self.has(name):
            self.columns[place] = Column(name)
            self.left.remove(place)

    def first(self, suits: Callable[[int], bool]) -> int | None:
        return next(filter(suits, self.left), None)

    def last(self, suits: Callable[[int], bool]) -> int | None:
        return next(filter(suits, reversed(self.left)), None)

    def are_keys(self, place: int) -> bool:
        """Whether its cells name choices, or say that something is true or false."""
        return self.table.are(place, CHOICE_KEYS) or self.table.are_words(place, TRUTH_OF_WORD)

    def answer_of_two(self, one: int, other: int) -> int:
        """The second of two columns, unless the texts of the first are clearly shorter."""
        return one if self.table.length(one) < SHORTER * self.table.length(other) else other

    def behind_answer(self) -> int | None:
        """The only column behind the answers, where choices stand before them."""
        answers = next((place for place, column in self.columns.items() if column.name == "answer"), None)
        behind = [place for place in self.left if answers is not None and place > answers]
        return behind[0] if len(behind) == 1 and len(self.left) > 1 else None
