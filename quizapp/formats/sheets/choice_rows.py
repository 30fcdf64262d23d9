"""Tables with one choice a row: a question, its choices in the rows below each other, and a mark beside the right ones.

The question stands in the first of its rows, in a row above them, or in each. Such rows become one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from quizapp.errors import N_, Problem
from quizapp.formats.cell_form import NO_WAYS
from quizapp.formats.sheets.columns import TRUTHS, Column, folded
from quizapp.formats.sheets.guessing import LARGE_SHARE
from quizapp.formats.sheets.layout import Layout
from quizapp.formats.sheets.raw import RawRow
from quizapp.formats.sheets.row import QuestionRow

YES = frozenset(map(folded, TRUTHS[True])) | set("●✓✔√v☑✅*★1") | {"정답", "correct", "right", "100", "100%"}
NO = frozenset(map(folded, TRUTHS[False])) | set("✗✘0-") | {"오답", "wrong", "incorrect", "0%"}
AMOUNTS = frozenset({"1", "100", "100%"})
"""Marks that may be the number of a choice, where another sign marks the right ones."""
CROSS = "x"
"""It crosses out in Korean, and ticks in English."""
FEWEST, FEWEST_FOR_CROSS = 2, 3
QUESTION, CHOICE, ANSWER, FEEDBACK = Column("question"), Column("choice", 1), Column("answer"), Column("feedback")
BETWEEN_CHOICES = re.compile("[①-⑳|\\n]")
"""What stands between choices in one cell."""
NUMBERS = (Column("number"), Column("id"))


@dataclass
class ChoiceRows:
    """How such a table is read: where its columns are, and the marks that say right and wrong; none where its answers
    are written as in any other."""

    layout: Layout
    right: frozenset[str] = frozenset()
    wrong: frozenset[str] = frozenset()
    own: dict[int, Column] = field(default_factory=dict)
    """The columns of which each row has its own cell."""

    def place_of(self, column: Column) -> int | None:
        """Where a column is, if there is one."""
        return next((at for at, one in self.layout.columns.items() if one == column), None)

    @cached_property
    def asked(self) -> int | None:
        return self.place_of(QUESTION)

    @cached_property
    def choice(self) -> int | None:
        return self.place_of(CHOICE)

    @cached_property
    def answer(self) -> int | None:
        return self.place_of(ANSWER)


def choice_rows_in(layout: Layout, seen: Sequence[RawRow]) -> ChoiceRows | None:
    """How a table is read that has one choice a row; None if it hasn't."""
    seen = [raw for raw in seen if raw.filled and not raw.begins_as_comment]
    layout = with_marks(layout, seen)
    names = Counter(column.name for column in layout.columns.values())
    if names["question"] != 1 or names["choice"] != 1 or names["answer"] > 1:
        return None
    own = {at: column for at, column in layout.columns.items() if column.name in ("choice", "answer")}
    found = ChoiceRows(layout, own=own)
    questions = [group for group in rows_by_question(seen, found) if len(group) >= FEWEST]
    below = sum(len(group) - 1 for group in questions)
    if below < FEWEST or 2 * below < len(seen):
        return None
    found.right, found.wrong = marks_in(questions, found)
    return found if found.right or found.wrong or all(is_one_question(group, found) for group in questions) else None


def is_one_question(group: Sequence[RawRow], found: ChoiceRows) -> bool:
    """Whether rows without marks are those of one question, and not questions that are asked in the same words: only
    the first says what is asked, and one answer at most is written."""
    return (
        not any(found.asked in raw.filled and found.asked not in raw.merged for raw in group[1:])
        and sum(bool(mark_of(raw, found)) for raw in group) <= 1
        and not any(len(BETWEEN_CHOICES.findall(cell_at(found.choice, raw))) > 1 for raw in group)
    )


def with_marks(layout: Layout, seen: Sequence[RawRow]) -> Layout:
    """The layout; where answers stand in one column and what they are worth in another, they are choices."""
    answers = [at for at, column in layout.columns.items() if column.name == "answer"]
    if len(answers) != 2 or "choice" in layout.names:
        return layout
    marks = [at for at in answers if {folded(raw.filled.get(at, "")) for raw in seen} <= YES | NO | {""}]
    if len(marks) != 1:
        return layout
    other = next(at for at in answers if at != marks[0])
    return replace(layout, columns={**layout.columns, other: CHOICE})


def rows_by_question(rows: Iterable[RawRow], found: ChoiceRows) -> Iterator[list[RawRow]]:
    """The rows of each question, as they come."""
    group: list[RawRow] = []
    for raw in rows:
        if group and begins(raw, group, found):
            yield group
            group = []
        group.append(raw)
    if group:
        yield group


def begins(raw: RawRow, group: Sequence[RawRow], found: ChoiceRows) -> bool:
    """Whether a row is the first of another question: by its number or its text, which the rows of one may repeat."""
    cells, before = raw.row(found.layout.columns).cells, group[0].row(found.layout.columns).cells
    if any(column in cells and cells[column] != before.get(column) for column in (QUESTION, *NUMBERS)):
        return True
    is_below = found.asked in group[-1].merged or found.asked not in group[-1].filled
    return len(group) > 1 and is_below and found.asked in raw.filled and found.asked not in raw.merged


def marks_in(questions: Sequence[Sequence[RawRow]], found: ChoiceRows) -> tuple[frozenset[str], frozenset[str]]:
    """What says right and wrong in the column of answers, if its cells do that."""
    marked = [[mark_of(raw, found) for raw in group] for group in questions]
    values = marks_among([mark for marks in marked for mark in marks if mark])
    if not values or (values == {"1"} and may_number_choices(marked)):
        return frozenset(), frozenset()
    if values & YES:
        return (YES if values & YES <= AMOUNTS else YES - AMOUNTS), NO
    if values == {CROSS} and all(ticks_one(marks) for marks in marked):
        return frozenset({CROSS}), frozenset()
    return frozenset(), NO


def marks_among(cells: Sequence[str]) -> set[str]:
    """The marks in the cells; none if too many of the cells are something else."""
    values = set(cells) & (YES | NO)
    return values if sum(cell in values for cell in cells) >= LARGE_SHARE * len(cells) else set()


def may_number_choices(marked: Sequence[Sequence[str]]) -> bool:
    """Whether a 1 may be the number of a choice: it stands in the first row of questions only."""
    return not any(mark for marks in marked for mark in marks[1:])


def ticks_one(marks: Sequence[str]) -> bool:
    """Whether a cross beside the choices of a question may tick the right one."""
    return sum(map(bool, marks)) == 1 and len(marks) >= FEWEST_FOR_CROSS


def mark_of(raw: RawRow, found: ChoiceRows) -> str:
    return folded(cell_at(found.answer, raw))


def cell_at(place: int | None, raw: RawRow) -> str:
    return "" if place is None else raw.filled.get(place, "")


def joined_row(group: Sequence[RawRow], found: ChoiceRows) -> QuestionRow:
    """One row of the rows of a question."""
    row = group[0].row(found.layout.columns)
    row.cells = {column: value for column, value in row.cells.items() if column not in (CHOICE, ANSWER)}
    row.places.pop(CHOICE, None)
    choices = [raw for raw in group if CHOICE in raw.row(found.own).cells]
    for number, raw in enumerate(choices, 1):
        own = raw.row(found.own)
        row.cells[Column("choice", number)] = own.cells[CHOICE]
        row.places[Column("choice", number)] = own.places.get(CHOICE, raw.place)
    add_others(row, group, choices, found)
    answers = answers_of(group, choices, found)
    if answers:
        row.cells[ANSWER] = answers[0]
    if len(set(answers)) > 1:
        row.problems.append(two_answers(group[0], answers))
    row.marked = forms_of(choices, found)
    return row


def two_answers(raw: RawRow, answers: Sequence[str]) -> Problem:
    return Problem(
        N_("The rows of this question have different answers: %(text)s."),
        {"text": "; ".join(answers)[:200]},
        code="two-keys",
        line=raw.line,
        place=raw.place,
        mend=N_("Mark each right choice alike, such as by O, or write the answer once."),
    )


def add_others(row: QuestionRow, group: Sequence[RawRow], choices: Sequence[RawRow], found: ChoiceRows) -> None:
    """What stands in the rows below the first. Remarks on several choices are theirs; else what differs is named."""
    below = [(raw, raw.row(found.layout.columns).cells) for raw in group]
    by_choice = sum(FEEDBACK in cells for _, cells in below) > 1
    for raw, cells in below:
        for column, value in cells.items():
            if column in (CHOICE, ANSWER) or row.cells.get(column) == value:
                continue
            if column == FEEDBACK and by_choice and raw in choices:
                row.cells[Column("feedback", choices.index(raw) + 1)] = value
            elif column not in row.cells:
                row.cells[column] = value
            else:
                row.problems.append(
                    Problem(
                        N_("This cell stands beside a choice and was left out: %(text)s."),
                        {"text": value[:200]},
                        code="beside-choice",
                        severity="loss",
                        place=raw.place,
                        line=raw.line,
                        text=value[:200],
                    )
                )
    if by_choice and group[0] in choices:
        row.cells.pop(FEEDBACK, None)
        if FEEDBACK in below[0][1]:
            row.cells[Column("feedback", 1)] = below[0][1][FEEDBACK]


def answers_of(group: Sequence[RawRow], choices: Sequence[RawRow], found: ChoiceRows) -> list[str]:
    """The numbers of the choices that are marked, and what else stands in the column of answers."""
    cells = [(raw, cell) for raw in group if (cell := cell_at(found.answer, raw))]
    right, other = [], []
    for raw, cell in cells:
        is_mark = raw in choices and folded(cell) in found.right | found.wrong
        if not is_mark:
            other.append(cell)
        elif folded(cell) in found.right:
            right.append(str(choices.index(raw) + 1))
    return [*([", ".join(right)] if right else []), *dict.fromkeys(other)]


def forms_of(choices: Sequence[RawRow], found: ChoiceRows) -> dict[str, tuple[int, ...]]:
    """By a way of standing out, the numbers of the choices that do so and don't share it with their question."""
    own = [ways_at(found.choice, raw) - ways_at(found.asked, raw) for raw in choices]
    ways = sorted({way for each in own for way in each})
    return {way: tuple(number for number, each in enumerate(own, 1) if way in each) for way in ways}


def ways_at(place: int | None, raw: RawRow) -> frozenset[str]:
    return NO_WAYS if place is None else raw.ways.get(place, NO_WAYS)


def several_rows(found: ChoiceRows) -> Problem:
    return Problem(
        N_("Each question was read from several rows, one for each choice; a cross was taken to mean right.")
        if found.right == {CROSS}
        else N_("Each question was read from several rows, one for each choice."),
        code="tall",
        severity="warning",
        mend=N_("Check the choices and the right answers of some of the questions."),
    )
