"""Rows of our sheet -> items, for CSV and XLSX. One row is one question."""

from __future__ import annotations

import re

from quizapp.errors import N_
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.numbers import number_in
from quizapp.formats.sheets.bodies import BODIES
from quizapp.formats.sheets.columns import (
    DIFFICULTY_OF_WORD,
    FORMATS,
    KIND_OF_WORD,
    LANGUAGE_OF_WORD,
    TRUTH_OF_WORD,
    USE_OF_WORD,
    WITH_LANGUAGE,
    Column,
    folded,
)
from quizapp.formats.sheets.row import QuestionRow, RowError, word_of

WORDS = re.compile(r"[,;、\n]")


def take_row(row: QuestionRow, language: str | None, collector: Collector) -> None:
    """Keep the row's question, or report why it can't be one."""
    try:
        item = item_of(row, language)
    except RowError as error:
        place = row.places.get(Column(error.column), row.place)
        collector.fail([*row.problems, error.problem.at(place=place)], row.line, row.place)
        return
    collector.take(item, row.problems, row.line, row.place)


def item_of(row: QuestionRow, language: str | None) -> Item:
    row.language = language_of_row(row, language)
    row.format = word_of(row, "format", {name: name for name in FORMATS}, "")
    kind = kind_of(row)
    response = BODIES[kind](row)
    if kind == "":
        right = sum(choice["fraction"] for choice in response["choices"])
        kind = "choice" if right == 1 else "multiple"
    unused_cells(row, kind)
    stem = row.text("question")
    if not stem:
        raise RowError(N_("The question is missing."), "no-text", mend=N_("Write it in the column “question”."))
    general = row.text("feedback")
    return Item(
        id=row.cell("id"),
        kind=kind,
        stem=stem,
        response=response,
        title=row.text("title"),
        category=words(row.cell("category"), re.compile(">")),
        tags=words(row.cell("tags"), WORDS),
        objectives=words(row.cell("objectives"), WORDS),
        difficulty=word_of(row, "difficulty", DIFFICULTY_OF_WORD, None),
        citations=[citation(row, word) for word in words(row.cell("citations"), WORDS)],
        enemies=words(row.cell("enemies"), WORDS),
        use=word_of(row, "use", USE_OF_WORD, ""),
        points=points_of(row),
        feedback={"general": general} if general else {},
    )


def words(cell: str, between: re.Pattern[str]) -> list[str]:
    return [word.strip() for word in between.split(cell) if word.strip()]


def language_of_row(row: QuestionRow, language: str | None) -> str:
    """The language of columns that name none: the cell's, else the reader's, else that of the letters."""
    texts = (value for column, value in row.cells.items() if column.name in WITH_LANGUAGE and not column.language)
    default = language or language_of(" ".join(texts))
    return word_of(row, "language", LANGUAGE_OF_WORD, default)


def kind_of(row: QuestionRow) -> str:
    """The kind that the row names; where it is blank, with choices their number decides, else the answer."""
    kind = word_of(row, "kind", KIND_OF_WORD, None)
    if kind is not None or row.numbers("choice"):
        return kind or ""
    answer = row.cell("answer")
    if not answer:
        raise RowError(
            N_("The kind of question is missing."),
            "no-kind",
            "kind",
            N_("Write one of: single choice, multiple response, true/false, short answer, number, matching."),
        )
    if folded(answer) in TRUTH_OF_WORD:
        kind, said = "truefalse", N_("The kind is blank; by its answer this is a true/false question.")
    elif all(number_in(part)[0] for part in answer.split("|")):
        kind, said = "number", N_("The kind is blank; by its answer this is a question for a number.")
    else:
        kind, said = "text", N_("The kind is blank; by its answer this is a short answer.")
    row.warn(said, "kind-by-answer", N_("Write the kind if it is another one."), "kind")
    return kind


def points_of(row: QuestionRow) -> float:
    cell = row.cell("points").removesuffix("점").strip()
    if not cell:
        return 1
    value, said = number_in(cell)
    points = float(value or 0)
    if not 0 < points <= 1000:
        said_no = N_("“%(text)s” is not a number of points; write a number above 0.")
        raise RowError(said_no, "points", "points", text=cell[:40])
    row.problems += [problem.at(line=row.line, place=row.places.get(Column("points"), row.place)) for problem in said]
    return int(points) if points.is_integer() else points


def citation(row: QuestionRow, word: str) -> dict[str, str]:
    lesson, mark, anchor = word.partition("#")
    if not lesson or not mark or not anchor:
        raise RowError(
            N_("“%(text)s” is not a source; write the lesson and the anchor, such as intro#first-passage."),
            "citation",
            "citations",
            text=word[:80],
        )
    return {"lesson": lesson.strip(), "anchor": anchor.strip()}


def unused_cells(row: QuestionRow, kind: str) -> None:
    """Warn of cells for which the kind has no use."""
    used = {"choice": ("choice", "multiple", "match", "categorise", "order"), "tolerance": ("number",)}
    unanswered = ("match", "categorise", "order", "essay", "description")
    for column in row.cells:
        unused = kind not in used.get(column.name, (kind,)) or (column.name == "answer" and kind in unanswered)
        if unused:
            row.warn(
                N_("This kind of question doesn't use the column “%(heading)s”; the cell is left out."),
                "unused-cell",
                heading=column.name,
            )
