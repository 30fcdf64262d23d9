"""What can be changed in many questions at once, and what it would change in each. Nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from quizapp.banks.changes import Change, changes
from quizapp.banks.models import Question
from quizapp.errors import N_, QuizError
from quizapp.formats.items import Item
from quizapp.formats.schema import MAX_POINTS
from quizapp.web.fields import number_of


class EditRefused(QuizError):
    """The list is shown again with what was ticked and typed, and this above it."""

    status = 422


class NothingChosen(EditRefused):
    template = N_("Tick the questions that are to change, or take all that are listed.")


class BadValue(EditRefused):
    template = N_("This value can't be used. Difficulty is 1, 2 or 3; points are above 0, and 1000 at most.")


def add_tag(item: Item, value: str) -> None:
    item.tags = [*item.tags, *([value] if value not in item.tags else [])]


def remove_tag(item: Item, value: str) -> None:
    item.tags = [tag for tag in item.tags if tag != value]


def set_objective(item: Item, value: str) -> None:
    item.objectives = [value, *(one for one in item.objectives[1:] if one != value)]


def set_difficulty(item: Item, value: str) -> None:
    if value not in ("1", "2", "3"):
        raise BadValue
    item.difficulty = int(value)


def set_points(item: Item, value: str) -> None:
    points = number_of(value)
    if not isinstance(points, int | float) or not 0 < points <= MAX_POINTS:
        raise BadValue
    item.points = points


EDITS: dict[str, tuple[str, Callable[[Item, str], None]]] = {
    "add-tag": (N_("Add the tag"), add_tag),
    "remove-tag": (N_("Remove the tag"), remove_tag),
    "objective": (N_("Set the objective"), set_objective),
    "difficulty": (N_("Set the difficulty (1, 2 or 3)"), set_difficulty),
    "points": (N_("Set the points"), set_points),
}


@dataclass(frozen=True)
class PlannedEdit:
    """A question with what would change in it."""

    question: Question
    item: Item
    changes: list[Change]


def planned_edit(question: Question, operation: str, value: str) -> PlannedEdit:
    if question.current is None:
        return PlannedEdit(question, Item(), [])
    item = question.current.item
    EDITS[operation][1](item, value)
    return PlannedEdit(question, item, changes(question.current.content, item.content()))
