"""The record of a slot: its rows, what each says of a response, and what the slot repeats of their fold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, false, func, select

from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Response, Score
from quizapp.rules import behaviours, scores
from quizapp.rules.settings import QuizSettings

# The tables themselves, past the unit of work: nothing is read back, and a class does this all the time.
ANSWERS, SLOTS = cast("Table", Answer.__table__), cast("Table", Slot.__table__)
ATTEMPTS = cast("Table", Attempt.__table__)


def after_due(at: Any) -> Any:
    """Whether what was given then is late: `is_after_due`, for a statement that has the attempt."""
    return func.coalesce(at > ATTEMPTS.c.late_from, false())


AFTER_DUE = after_due(ANSWERS.c.at).label("after_due")
"""Whether a row was added after the due date of its attempt, which the statement joins."""
OF_ROW = ("source", "response", "fraction", "comment", "detail", "batch_id", "seq")
ROW = (*(ANSWERS.c[name] for name in OF_ROW), AFTER_DUE)


def with_attempts(statement: Any) -> Any:
    """The same of rows, with their slots and attempts."""
    return statement.join(SLOTS, SLOTS.c.id == ANSWERS.c.slot_id).join(ATTEMPTS, ATTEMPTS.c.id == SLOTS.c.attempt_id)


def score(item: Item, response: Response | None) -> Score:
    """The score of a response to a question: pure, the same today and in ten years."""
    return KINDS[item.kind].score(item.body, response)


def earning(rules: QuizSettings, item: Item) -> scores.Earn:
    """The behaviour by which an attempt with these settings earns points at this question."""
    earn = behaviours.interactive if rules.feedback == "immediate" and item.hints else scores.last
    return behaviours.credited(earn, rules.late_credit) if rules.due_at is not None else earn


def is_after_due(attempt: Attempt, at: datetime) -> bool:
    """Whether what is given then is late."""
    return attempt.late_from is not None and at > attempt.late_from


def rows_of(slot_ids: Sequence[int]) -> dict[int, list[scores.Row]]:
    """The rows of these slots, each slot's in their order."""
    found: dict[int, list[scores.Row]] = {slot_id: [] for slot_id in slot_ids}
    statement = with_attempts(select(ANSWERS.c.slot_id, *ROW)).where(ANSWERS.c.slot_id.in_(slot_ids))
    for slot_id, *row in db.session.execute(statement.order_by(ANSWERS.c.slot_id, ANSWERS.c.seq)):
        found[slot_id].append(scores.Row(*row))
    return found


REPEATED = ("response", "fraction", "comment", "answered", "tries", "hints", "certainty", "dropped")


def slot_columns(stands: scores.SlotStanding) -> Mapping[str, Any]:
    """What a slot repeats of its fold, by column."""
    return {name: getattr(stands, name) for name in REPEATED}


def slots_of(attempt_id: int) -> Iterable[tuple[float | None, float, bool, bool]]:
    figures = select(SLOTS.c.fraction, SLOTS.c.max_mark, SLOTS.c.answered, SLOTS.c.dropped)
    return [
        (fraction, points, answered, dropped)
        for fraction, points, answered, dropped in db.session.execute(figures.where(SLOTS.c.attempt_id == attempt_id))
    ]
