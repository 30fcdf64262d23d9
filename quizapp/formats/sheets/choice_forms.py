"""Choices of a row that stand out by their form, which may say that they are right."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence

from quizapp.formats.sheets.layout import Layout
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.row import QuestionRow

TOO_OFTEN = 3
"""In so many rows the same choice alone stands out, and no other in any: that is how a column looks."""


class ChoiceForms:
    """The forms of a table's choices. `columns`: the ways in which a column stands out as a whole."""

    def __init__(self, layout: Layout, seen: Sequence[RawRow]) -> None:
        self.layout = layout
        self.choices = {at: column.number for at, column in layout.columns.items() if column.name == "choice"}
        found: dict[str, Counter[tuple[int, ...]]] = defaultdict(Counter)
        for raw in seen:
            for way, numbers in self.marked(raw).items():
                found[way][numbers] += 1
        self.columns = {way for way, sets in found.items() if len(sets) == 1 and max(sets.values()) >= TOO_OFTEN}

    def marked(self, raw: RawRow) -> dict[str, tuple[int, ...]]:
        """By a way of standing out, the numbers of the choices that do so. All may."""
        found: dict[str, list[int]] = defaultdict(list)
        for at, number in self.choices.items() if raw.ways else ():
            for way in raw.ways.get(at, ()):
                found[way].append(number)
        return {way: tuple(numbers) for way, numbers in sorted(found.items())}

    def row(self, raw: RawRow) -> QuestionRow:
        row = raw.row(self.layout.columns)
        row.marked = {way: numbers for way, numbers in self.marked(raw).items() if way not in self.columns}
        return row
