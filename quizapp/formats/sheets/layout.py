"""Where the headings of a table stand, and what each of its columns is: by choice, by heading, or by content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from quizapp.errors import N_, Problem
from quizapp.formats.base import SheetColumns
from quizapp.formats.sheets.beyond_headings import columns_completed
from quizapp.formats.sheets.columns import (
    JOINED,
    SEVERAL,
    Column,
    column_of,
    columns_of,
    folded,
    heading_of,
    remarks_on,
    unknown_heading,
)
from quizapp.formats.sheets.guessing import guessed_columns
from quizapp.formats.sheets.raw import RawRow

HEADINGS_WITHIN = 30
"""How many rows may stand above the headings."""
ROWS_LOOKED_AT = 30
"""How many rows below them are looked at to find out what the columns are."""
EXAMPLE = 60
ChosenColumns = Mapping[str, Sequence[str]]


@dataclass
class Layout:
    """A table's columns. `start`: the place of the first row of questions; `headings` is empty where there are none."""

    start: int
    headings: list[str]
    columns: dict[int, Column]
    shape: str
    by_content: bool = False
    problems: list[tuple[int, Problem]] = field(default_factory=list)

    @cached_property
    def headed(self) -> set[int]:
        return {place for place, heading in enumerate(self.headings) if heading.strip()} | set(self.columns)

    @property
    def names(self) -> set[str]:
        return {column.name for column in self.columns.values()}

    def described(self, name: str, rows: Sequence[RawRow]) -> SheetColumns:
        width = max([len(self.headings), *(place + 1 for place in self.columns)])
        width = max([width, *(len(raw.values) for raw in rows)]) if not self.headings else width
        below = [raw.filled for raw in rows]
        said = remarks_on(dict(enumerate(self.headings)), self.columns)
        return SheetColumns(
            shape=self.shape,
            name=name,
            headings=tuple(
                self.headings[place].strip() if place < len(self.headings) else "" for place in range(width)
            ),
            examples=tuple(
                next((cells[place][:EXAMPLE] for cells in below if place in cells), "") for place in range(width)
            ),
            meanings=tuple(
                heading_of(self.columns[place], "en") if place in self.columns else "" for place in range(width)
            ),
            guessed=self.by_content or any(problem.severity == "warning" for _, problem in said),
        )


def shape_of(headings: Sequence[str]) -> str:
    """What tables with the same headings share."""
    written = "\x1f".join(map(folded, headings)).rstrip("\x1f")
    return hashlib.sha256(written.encode()).hexdigest()[:16]


def shape_without_headings(width: int) -> str:
    return f"columns-{width}"


def layout_of(rows: Sequence[RawRow], chosen: ChosenColumns) -> Layout | None:
    """As somebody chose for tables of this shape, else as the headings say. None if they say too little."""
    above = rows[: HEADINGS_WITHIN + 1]
    for place, raw in enumerate(above):
        if (meanings := chosen.get(shape_of(raw.values))) is not None:
            return laid_out(place + 1, raw.values, as_chosen(meanings))
    known = [columns_of(raw.values) for raw in above]
    most = max(range(len(known)), key=lambda place: len(known[place]), default=0)
    if not known or not known[most]:
        return None
    below = [raw.values for raw in rows[most + 1 :] if raw.filled and not raw.begins_as_comment]
    columns, is_guessed = columns_completed(above[most].values, known[most], below)
    return laid_out(most + 1, above[most].values, columns, by_content=is_guessed)


def layout_by_content(rows: Sequence[RawRow], chosen: ChosenColumns) -> Layout | None:
    """What the cells of a table look like whose headings say too little, or that has none."""
    filled = [raw for raw in rows if raw.filled and not raw.begins_as_comment]
    width = max((len(raw.values) for raw in filled), default=0)
    if (meanings := chosen.get(shape_without_headings(width))) is not None:
        return laid_out(0, [], as_chosen(meanings), width)
    found = guessed_columns([raw.values for raw in filled])
    if found is None:
        return None
    if not found.is_headed:
        return laid_out(0, [], found.columns, width, by_content=True)
    start = rows.index(filled[0]) + 1
    return laid_out(start, filled[0].values, found.columns, by_content=True)


def laid_out(
    start: int, headings: list[str], columns: dict[int, Column], width: int = 0, by_content: bool = False
) -> Layout:
    """The layout, in which each meaning but those that are joined stands once."""
    kept, problems = settled(columns, headings)
    shape = shape_of(headings) if headings else shape_without_headings(width)
    repeated = {place for place, _ in problems}
    problems += [
        (place, problem) for place, problem in remarks_on(dict(enumerate(headings)), kept) if place not in repeated
    ]
    return Layout(start, headings, kept, shape, by_content, problems)


def as_chosen(meanings: Iterable[str]) -> dict[int, Column]:
    found = {place: column_of(meaning) for place, meaning in enumerate(meanings) if meaning}
    return {place: column for place, column in found.items() if column}


def settled(
    columns: Mapping[int, Column], headings: Sequence[str]
) -> tuple[dict[int, Column], list[tuple[int, Problem]]]:
    """Number choices that are headed alike, and leave out what else is there twice."""
    kept: dict[int, Column] = {}
    problems = []
    for place, column in sorted(columns.items()):
        taken = set(kept.values())
        if column.name in SEVERAL:
            while column in taken:
                column = Column(column.name, column.number + 1, column.language)
        elif column in taken and column.name not in JOINED:
            problems.append((place, same_heading(headings[place] if place < len(headings) else column.name)))
            continue
        kept[place] = column
    return kept, problems


def same_heading(heading: str) -> Problem:
    problem = unknown_heading(heading)
    return Problem(
        N_("The column “%(heading)s” appears twice; the second is left out."),
        problem.values,
        code="same-column",
        severity="warning",
        text=problem.text,
        mend=problem.mend,
    )
