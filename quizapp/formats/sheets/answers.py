"""Typed answers from the cells of our sheet: texts, and numbers with their tolerances."""

from __future__ import annotations

import re
from dataclasses import replace

from quizapp.errors import N_
from quizapp.formats.numbers import number_in
from quizapp.formats.sheets.columns import Column
from quizapp.formats.sheets.row import QuestionRow, RowError
from quizapp.kinds.base import Body

ALTERNATIVES = re.compile(r"(?<!\\)\|")
AS_DATE = re.compile(
    r"(?:19|20)\d\d[-./]\s?\d{1,2}[-./]\s?\d{1,2}\.?(?: 0?0:00(?::00)?)?"
    r"|\d\d월 \d\d일|\d{1,2}-[A-Z][a-z]{2}|[A-Z][a-z]{2}-\d\d"
)
"""How spreadsheets write what they took for a date, such as 3-1 or 1/2."""
PERCENT_SIGNS = "%％"
PERCENT = re.compile(rf"([0-9.,]+)\s*[{PERCENT_SIGNS}]")
OF_PERCENT = N_(
    "A response may have the percent sign or not. If a decimal fraction is to be right too, "
    "write both, such as 5 | 0.05."
)


def alternatives(row: QuestionRow) -> list[str]:
    """The accepted answers, separated by `|`; `\\|` is the character itself. Other programs write them as choices."""
    if not row.cell("answer") and (numbers := row.numbers("choice")):
        texts = [next(iter(row.strings("choice", number).values())) for number in numbers]
        row.cells = {column: value for column, value in row.cells.items() if column.name != "choice"}
        return texts
    found = [part.strip().replace("\\|", "|") for part in ALTERNATIVES.split(row.cell("answer"))]
    if not any(found):
        raise RowError(N_("The answer is missing."), "no-right", "answer", N_("Write it; separate several by “|”."))
    return [part for part in found if part]


def feedback_at(row: QuestionRow, number: int) -> Body:
    text = row.text("feedback", number)
    return {"feedback": text} if text else {}


def text_body(row: QuestionRow) -> Body:
    answers = alternatives(row)
    for date in filter(AS_DATE.fullmatch, answers):
        row.warn(
            N_("“%(text)s” was read as a text, but a spreadsheet may have made this date of 3-1 or 1/2."),
            "date-as-text",
            N_("Check it; if it was something else, set the format of the cell to “Text” and type it again."),
            "answer",
            text=date,
        )
    return {
        "answers": [
            {"text": answer, "fraction": 1, **feedback_at(row, number)} for number, answer in enumerate(answers, 1)
        ]
    }


def number_body(row: QuestionRow) -> Body:
    answers = alternatives(row)
    tolerances = [part.strip() for part in row.cell("tolerance").split("|")]
    if len(tolerances) == 1:
        tolerances *= len(answers)
    if len(tolerances) != len(answers):
        raise RowError(N_("There are more or fewer tolerances than answers."), "tolerance", "tolerance")
    return {
        "answers": [
            {"value": decimal_of(row, answer, "answer"), **tolerance_of(row, tolerance), "fraction": 1}
            | feedback_at(row, number)
            for number, (answer, tolerance) in enumerate(zip(answers, tolerances, strict=True), 1)
        ]
    }


def tolerance_of(row: QuestionRow, cell: str) -> Body:
    """`0.5` is a width on both sides, `5%` a share of the number."""
    if not cell:
        return {}
    if percent := PERCENT.fullmatch(cell):
        share = decimal_of(row, percent[1], "tolerance")
        return {"tolerance": f"{float(share) / 100:.12g}", "type": "relative"}
    return {"tolerance": decimal_of(row, cell, "tolerance")}


def decimal_of(row: QuestionRow, cell: str, column: str) -> str:
    """A number as text; one that isn't written plainly is read as a learner's would be, with a warning.

    The answer 5% is 5, as is a response of 5%: a question without units ignores the sign.
    """
    value, said = number_in(cell, PERCENT_SIGNS if column == "answer" else ())
    if value is None:
        raise RowError(N_("“%(text)s” is not a number."), "number", column, N_("Write it like 3.14."), text=cell[:40])
    place = row.places.get(Column(column), row.place)
    is_percent = cell.strip()[-1] in PERCENT_SIGNS
    row.problems += [
        replace(problem, place=place, line=row.line, mend=OF_PERCENT if is_percent else problem.mend)
        for problem in said
    ]
    return value
