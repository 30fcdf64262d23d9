"""Answers that stand in another sheet of the workbook than their questions, joined to them by number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.sheets.columns import Column, wider_column_of
from quizapp.formats.sheets.layout import HEADINGS_WITHIN, layout_of
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.row import QuestionRow

JOINABLE = ("answer", "feedback", "points", "difficulty", "category", "tags", "kind")
NUMBER = re.compile(r"(?:q|문|문항|문제)?\s*([0-9]{1,5})(?:\.0*)?\s*[번.)]?", re.IGNORECASE)


@dataclass
class AnswerKey:
    """The rows of a sheet of answers by the numbers of their questions; what was joined is taken out."""

    name: str
    rows: dict[str, QuestionRow] = field(default_factory=dict)

    def complete(self, row: QuestionRow, number: int) -> None:
        """Give a question what it lacks of its row here. `number`: its own, where it says none."""
        said = number_in(row.cell("number")) or str(number)
        found = self.rows.get(said)
        if found is None:
            return
        lacking = {column: value for column, value in found.cells.items() if column not in row.cells}
        lacking.pop(Column("number"), None)
        row.cells |= lacking
        row.places |= {column: found.places.get(column, "") for column in lacking}
        if len(lacking) == len(found.cells) - 1:
            del self.rows[said]

    def unused(self) -> Iterator[Problem]:
        """A loss for each row that no question took."""
        for number, row in self.rows.items():
            text = ", ".join(row.cells.values())
            yield Problem(
                N_("No question used number %(number)s of the sheet “%(name)s”: %(text)s."),
                {"number": number, "name": self.name, "text": text[:200]},
                code="answer-sheet",
                severity="loss",
                place=row.place,
                text=text[:200],
                mend=N_("Give the question and its answer the same number."),
            )


def number_in(cell: str) -> str:
    match = NUMBER.fullmatch(cell.strip())
    return str(int(match[1])) if match else ""


def answer_key(name: str, rows: list[RawRow]) -> AnswerKey | None:
    """The sheet as one of answers: numbers and what belongs to questions, but no questions. None if it is none."""
    for place, raw in enumerate(rows[: HEADINGS_WITHIN + 1]):
        columns = {index: column for index, head in enumerate(raw.values) if (column := wider_column_of(head))}
        names = {column.name for column in columns.values()}
        if "number" in names and names & {"answer", "feedback"} and not names & {"question", "choice"}:
            kept = {index: column for index, column in columns.items() if column.name in (*JOINABLE, "number")}
            return filled(AnswerKey(name), kept, rows[place + 1 :])
    return None


def filled(key: AnswerKey, columns: dict[int, Column], rows: Iterable[RawRow]) -> AnswerKey:
    for raw in rows:
        row = raw.row(columns)
        if number := number_in(row.cell("number")):
            key.rows.setdefault(number, row)
    return key


def keys_by_sheet(
    sheets: list[tuple[str, list[RawRow]]], keys: list[AnswerKey]
) -> tuple[dict[str, AnswerKey], list[Problem]]:
    """Which sheet of questions has its answers in which other one.

    As many of one as of the other belong together in their order; one sheet of answers is that of all questions,
    as long as no two of them have the same number.
    """
    asking = [(name, rows) for name, rows in sheets if layout_of(rows[: HEADINGS_WITHIN + 1], {})]
    asking = asking or sheets[:1]
    if len(keys) == len(asking):
        return {name: key for (name, _), key in zip(asking, keys, strict=True)}, []
    if len(keys) != 1:
        return {}, [unclear(key) for key in keys]
    numbers = [number for _, rows in asking for number in set(numbers_in(rows))]
    if not numbers or len(numbers) != len(set(numbers)):
        return {}, [unclear(keys[0])]
    return {name: keys[0] for name, _ in asking}, []


def numbers_in(rows: list[RawRow]) -> Iterator[str]:
    layout = layout_of(rows[: HEADINGS_WITHIN + 1], {})
    columns = layout.columns if layout else {}
    place = next((index for index, column in columns.items() if column.name == "number"), None)
    for raw in rows[layout.start :] if layout and place is not None else ():
        if place is not None and place in raw.filled and (number := number_in(raw.filled[place])):
            yield number


def unclear(key: AnswerKey) -> Problem:
    return Problem(
        N_("It isn't clear which questions the answers of the sheet “%(name)s” belong to."),
        {"name": key.name},
        code="answer-sheet",
        severity="warning",
        place=key.name,
        mend=N_("Number the questions consecutively across all sheets, or write each answer beside its question."),
    )
