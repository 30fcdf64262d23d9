"""Attempts whose time is up and which nobody has handed in: they read as handed in at `due_at`, wherever they are read.

An answer that was on its way when the time was up may come some seconds later, its grace, and counts; so an attempt is
over when that is gone too, and was over at `due_at`. Reading writes nothing; a task hands them in
(`actions.close_overdue`), and then what is stored says the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Float, and_, case, func, literal, or_, select
from sqlalchemy.orm.attributes import set_committed_value

from quizapp.attempts.disclosure import is_mark_held
from quizapp.attempts.models import GRADED, Attempt, Slot
from quizapp.attempts.record import slots_of
from quizapp.db import UTCDateTime, db
from quizapp.rules import scores
from quizapp.rules.settings import GRACES, USUAL_GRACE

ENDED = func.coalesce(Attempt.submitted_at, Attempt.due_at)
"""When an attempt that is over was."""
EARNED = (
    select(func.coalesce(func.sum(Slot.fraction * Slot.max_mark), 0.0))
    .where(Slot.attempt_id == Attempt.id, Slot.dropped.is_(False))
    .correlate(Attempt)
    .scalar_subquery()
)
MARK = case((Attempt.submitted_at.is_not(None), Attempt.mark), (EARNED < 0, 0.0), else_=EARNED)
"""The mark of an attempt that is over: for sorting and means, as it isn't rounded where it isn't stored."""

UNGRADED = (
    select(func.count())
    .where(Slot.attempt_id == Attempt.id, Slot.answered, Slot.fraction.is_(None), Slot.dropped.is_(False))
    .correlate(Attempt)
    .scalar_subquery()
)
WAITING = case((Attempt.submitted_at.is_not(None), Attempt.waiting), else_=UNGRADED)
"""How many responses of an attempt that is over wait for a grade."""


def out_of_time(now: datetime, of: Any = Attempt) -> ColumnElement[bool]:
    """Due, and its grace gone too. Few are due and open, so that few settings are read."""
    stored = of.settings["grace"].as_integer()

    def ago(grace: int) -> ColumnElement[datetime]:
        return literal(now - timedelta(seconds=grace), UTCDateTime)

    others = [(stored == grace, ago(grace)) for grace in GRACES if grace != USUAL_GRACE]
    return and_(of.due_at <= now, of.due_at <= case(*others, else_=ago(USUAL_GRACE)))


def is_overdue(now: datetime) -> ColumnElement[bool]:
    return and_(Attempt.submitted_at.is_(None), out_of_time(now))


def is_over(now: datetime, of: Any = Attempt) -> ColumnElement[bool]:
    """What `Attempt.is_over` says, for a statement."""
    return or_(of.submitted_at.is_not(None), and_(of.due_at.is_not(None), out_of_time(now, of)))


def goes_on(now: datetime) -> ColumnElement[bool]:
    """The opposite. That nothing is handed in an index knows, and the rest is few."""
    return and_(Attempt.submitted_at.is_(None), ~is_over(now))


@dataclass(frozen=True)
class Over:
    """The attempts at a quiz that count and are over, and what a statement reads of them."""

    quiz_id: int
    now: datetime
    where: tuple[ColumnElement[bool], ...]
    ended: Any
    mark: Any
    waiting: Any

    @property
    def share(self) -> ColumnElement[Any]:
        return self.mark / func.nullif(Attempt.max_mark, 0.0, type_=Float())  # else it is cast to slow numbers


def over(quiz_id: int, now: datetime) -> Over:
    """What is over at a quiz. Where none of it waits to be handed in by the task, the stored columns say all, and an
    index has them; else an expression has to look at the answers."""
    counted = Attempt.quiz_id == quiz_id, Attempt.purpose == GRADED
    if db.session.scalar(select(select(Attempt.id).where(*counted, is_overdue(now)).exists())):
        return Over(quiz_id, now, (*counted, is_over(now)), ENDED, MARK, WAITING)
    stored = Attempt.submitted_at.is_not(None)
    return Over(quiz_id, now, (*counted, stored), Attempt.submitted_at, Attempt.mark, Attempt.waiting)


def as_of(attempt: Attempt, now: datetime) -> Attempt:
    """The attempt as it stands: once its time is up, with the mark of what was saved until then. Nothing is written:
    whoever decides upon it reads it again, under its lock."""
    if attempt.submitted_at is None and attempt.is_over(now):
        figures = scores.total(slots_of(attempt.id))
        for name, value in (("submitted_at", attempt.due_at), ("mark", figures.mark), ("waiting", figures.waiting)):
            set_committed_value(attempt, name, value)
        set_committed_value(attempt, "mark_held", is_mark_held(attempt, now))
    return attempt


def state(now: datetime) -> dict[str, float]:
    """How many attempts wait to be handed in by the task, and for how many seconds the oldest has."""
    count, oldest = db.session.execute(select(func.count(), func.min(Attempt.due_at)).where(is_overdue(now))).one()
    return {"attempts": count, "seconds": round((now - oldest).total_seconds(), 1) if oldest else 0.0}
