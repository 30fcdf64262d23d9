"""Rows of our sheet -> items, for CSV and XLSX. One row is one question."""

from __future__ import annotations

import re

from quizapp.errors import N_
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.essays import SUM_ROW, asks_for_text, is_no_answer
from quizapp.formats.items import Item
from quizapp.formats.numbers import number_in
from quizapp.formats.sheets.bodies import BODIES
from quizapp.formats.sheets.columns import (
    DIFFICULTY_OF_WORD,
    KIND_OF_WORD,
    LANGUAGE_OF_WORD,
    TEXT_FORMATS,
    TRUTH_OF_WORD,
    USE_OF_WORD,
    WITH_LANGUAGE,
    WORDS_OF_KIND,
    Column,
    folded,
    heading_of,
)
from quizapp.formats.sheets.row import QuestionRow, RowError, word_of

WORDS = re.compile(r"[,;、\n]")
SIGNS = re.compile(r"[①-⑳]|(?<!\\)\|")
CODE = re.compile(r"\s*0[0-9]")
"""A number that begins with a nought is typed as it stands: a code, a date."""
SIGN = re.compile(r"^\s*(?:[(（]?[1-9a-hA-H가-아][.)）]|[-•·])\s*")
"""What stands before choices in one cell, or between them."""


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
    spread_choices(row)
    row.language = language_of_row(row, language)
    row.format = word_of(row, "format", {name: name for name in TEXT_FORMATS}, "")
    kind = kind_of(row)
    response = BODIES[kind](row)
    if kind == "":
        right = sum(choice["fraction"] for choice in response["choices"])
        kind = "choice" if right == 1 else "multiple"
    stem = row.text("question")
    if not stem:
        raise RowError(N_("The question is missing."), "no-text", mend=N_("Write it in the column “question”."))
    general = row.text("feedback")
    difficulty, tags = difficulty_of(row)
    number = row.cell("number")
    item = Item(
        id=row.cell("id"),
        kind=kind,
        stem=stem,
        response=response,
        title=row.text("title"),
        stimulus=row.text("stimulus"),
        category=words(row.cell("category"), re.compile(">")),
        tags=[*words(row.cell("tags"), WORDS), *tags],
        objectives=words(row.cell("objectives"), WORDS),
        difficulty=difficulty,
        citations=[citation(row, word) for word in words(row.cell("citations"), WORDS)],
        enemies=words(row.cell("enemies"), WORDS),
        use=word_of(row, "use", USE_OF_WORD, ""),
        points=points_of(row),
        feedback={"general": general} if general else {},
        provenance={"number": number} if number else {},
    )
    unused_cells(row)
    return item


def spread_choices(row: QuestionRow) -> None:
    """Choices that stand in one cell, on lines of their own or behind signs, as choices of their own."""
    if row.numbers("choice") != [1]:
        return
    for column in [column for column in row.cells if column.name == "choice"]:
        parts = [part.strip() for part in SIGNS.split(row.cells[column]) if part.strip()]
        if len(parts) < 2:
            parts = [SIGN.sub("", line).strip() for line in row.cells[column].split("\n") if line.strip()]
        if len(parts) < 2:
            continue
        for number, part in enumerate(parts, 1):
            row.cells[Column("choice", number, column.language)] = part
        row.warn(
            N_("The cell of choices was read as %(count)s choices."),
            "choices-in-a-cell",
            "",
            "choice",
            count=len(parts),
        )


def difficulty_of(row: QuestionRow) -> tuple[int | None, list[str]]:
    """The difficulty; a word that isn't one of ours is kept as a tag."""
    cell = row.cell("difficulty")
    word = folded(cell).removesuffix(".0")
    if not cell or word in DIFFICULTY_OF_WORD:
        return DIFFICULTY_OF_WORD.get(word), []
    row.warn(
        N_("“%(text)s” is not one of the three difficulties here; it is kept as a tag."),
        "difficulty",
        N_("Write 1, 2 or 3, or easy, medium or hard."),
        "difficulty",
        text=cell[:40],
    )
    return None, words(cell, WORDS)


def words(cell: str, between: re.Pattern[str]) -> list[str]:
    return [word.strip() for word in between.split(cell) if word.strip()]


def language_of_row(row: QuestionRow, language: str | None) -> str:
    """The language of columns that name none: the cell's, else the reader's, else that of the letters."""
    texts = (value for column, value in row.cells.items() if column.name in WITH_LANGUAGE and not column.language)
    default = language or language_of(" ".join(texts))
    return word_of(row, "language", LANGUAGE_OF_WORD, default)


def kind_of(row: QuestionRow) -> str:
    """The kind that the row names; where it is blank, with choices their number decides, else the answer."""
    names = [by["ko" if row.language == "ko" else "en"][0] for by in WORDS_OF_KIND.values()]
    kind = word_of(row, "kind", KIND_OF_WORD, None, names)
    if kind is not None or row.numbers("choice") or row.numbers("wrong"):
        return kind or ""
    answer = row.cell("answer")
    if not answer and not is_graded(row):
        raise RowError(
            N_("The kind of question is missing."),
            "no-kind",
            "kind",
            N_("Write the answer, or the kind: %(kinds)s."),
            kinds=", ".join(names),
        )
    if not answer or is_no_answer(answer):
        kind, said = "essay", N_("The kind is blank; without an answer, this is an essay that a person grades.")
    elif folded(answer) in TRUTH_OF_WORD:
        kind, said = "truefalse", N_("The kind is blank; judging by its answer, this is a true/false question.")
    elif all(number_in(part)[0] and not CODE.match(part) for part in answer.split("|")):
        kind, said = "number", N_("The kind is blank; judging by its answer, this is a question for a number.")
    else:
        kind, said = "text", N_("The kind is blank; judging by its answer, this is a short answer.")
    row.warn(said, "kind-by-answer", N_("Write the kind if it is another one."), "kind")
    return kind


def is_graded(row: QuestionRow) -> bool:
    """Whether a row without an answer is an essay: its stem asks for one, or it is a question that has marks."""
    stem = " ".join(row.strings("question").values())
    return asks_for_text(stem) or bool(stem and row.cell("points") and not SUM_ROW.fullmatch(stem))


def points_of(row: QuestionRow) -> float:
    cell = row.cell("points").strip("()[]（） ").removesuffix("점").strip()
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


def unused_cells(row: QuestionRow) -> None:
    """Warn of cells for which the kind has no use."""
    for column, value in row.cells.items():
        if column not in row.used:
            row.warn(
                N_("This kind of question doesn't use the column “%(heading)s”; the cell is left out."),
                "unused-cell",
                heading=heading_of(column, "en"),
                text=value,
            )
