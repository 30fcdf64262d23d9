"""A row of a table as its file has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from quizapp.errors import Problem
from quizapp.formats.sheets.columns import JOINED, Column
from quizapp.formats.sheets.row import QuestionRow

COMMENT = "#"


@dataclass
class RawRow:
    """A row as the file has it: its cells as text, those that can't be read as one, and how cells stand out."""

    values: list[str]
    line: int | None = None
    place: str = ""
    place_of: Callable[[int], str] = lambda index: ""
    problems: Mapping[int, Problem] = field(default_factory=dict)
    ways: Mapping[int, frozenset[str]] = field(default_factory=dict)
    merged: set[int] = field(default_factory=set)
    """The cells that show what stands in one above them, with which they are merged."""

    @property
    def filled(self) -> dict[int, str]:
        """The cells that aren't blank, by their place."""
        return {index: value.strip() for index, value in enumerate(self.values) if value.strip()}

    @property
    def begins_as_comment(self) -> bool:
        return next(iter(self.filled.values()), "").startswith(COMMENT)

    def row(self, columns: dict[int, Column]) -> QuestionRow:
        """The cells by what they are; those of several columns with one meaning as one."""
        cells: dict[Column, str] = {}
        places: dict[Column, str] = {}
        for index, column in columns.items():
            value = self.values[index].strip() if index < len(self.values) else ""
            if index < len(self.values):
                places.setdefault(column, self.place_of(index))
            if value:
                before = cells.get(column)
                cells[column] = f"{before}{JOINED.get(column.name, ' ')}{value}" if before else value
        return QuestionRow(cells, self.line, self.place, places)
