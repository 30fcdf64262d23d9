"""One row of our sheet: its cells by column, the texts they make, and their problems."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.plain_text import as_plain
from quizapp.formats.sheets.columns import (
    Column,
    folded,
)
from quizapp.kinds.base import Text

WHOLE = re.compile(r"([0-9]{1,2})\.0*")
"""A whole number as a spreadsheet may write it: `2.0` for 2."""


class RowError(Exception):
    """The row can't be read as a question; `problem` says why."""

    def __init__(self, template: str, code: str, column: str = "", mend: str = "", **values: Any) -> None:
        self.column = column
        self.problem = Problem(template, values, code=code, text=str(values.get("text", "")), mend=mend)


@dataclass
class QuestionRow:
    """One row: its cells by column without blank ones, and where the row and each cell stand in the file.

    `used`: the columns that were asked for; what stands in any other is named as left out. `marked`: by a form in
    which cells stand out, the numbers of the choices that have it.
    """

    cells: dict[Column, str]
    line: int | None = None
    place: str = ""
    places: dict[Column, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    language: str = "ko"
    format: str = ""
    used: set[Column] = field(default_factory=set)
    marked: dict[str, tuple[int, ...]] = field(default_factory=dict)

    def cell(self, name: str) -> str:
        self.used.add(Column(name))
        return self.cells.get(Column(name), "")

    def numbers(self, name: str) -> list[int]:
        return sorted({column.number for column in self.cells if column.name == name and column.number})

    def strings(self, name: str, number: int = 0) -> dict[str, str]:
        """The cells of one column by language."""
        found: dict[str, str] = {}
        for column, value in self.cells.items():
            if (column.name, column.number) == (name, number):
                self.used.add(column)
                language = column.language or self.language
                if language in found:
                    raise RowError(N_("There are two texts in %(language)s here."), "two-texts", language=language)
                found[language] = value
        return dict(sorted(found.items(), key=lambda pair: ("ko", "en", pair[0]).index(pair[0])))

    def text(self, name: str, number: int = 0) -> Text:
        return self.as_text(self.strings(name, number))

    def as_text(self, strings: dict[str, str]) -> Text:
        """The Text of cells, in the row's format."""
        if not strings or self.format == "markdown":
            return strings
        return {**strings, "format": "html"} if self.format == "html" else as_plain(strings)

    def warn(self, template: str, code: str, mend: str = "", column: str = "", **values: Any) -> None:
        place = self.places.get(Column(column), self.place)
        self.problems.append(
            Problem(
                template,
                values,
                code=code,
                severity="warning",
                place=place,
                line=self.line,
                text=str(values.get("text", ""))[:200],
                mend=mend,
            )
        )


def word_of(row: QuestionRow, name: str, known: dict[str, Any], default: Any, allowed: Sequence[str] = ()) -> Any:
    """What a cell says, by the words that are known. `allowed`: those to name to a person, where they aren't all."""
    cell = row.cell(name)
    if not cell:
        return default
    word = folded(cell)
    if whole := WHOLE.fullmatch(word):
        word = whole[1]
    if word in known:
        return known[word]
    raise RowError(
        N_("“%(text)s” isn't known in the column “%(heading)s”; it can be: %(allowed)s."),
        "unknown-value",
        name,
        text=cell[:40],
        heading=name,
        allowed=", ".join(allowed or known),
    )
