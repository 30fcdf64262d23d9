"""When sittings end: an attempt's `due_at` and a quiz's `ends_at`, kept up to date whenever what they follow from
changes, and what follows once a score may be seen.

What ends is read from the quiz as it is now; the length of a sitting was fixed at its start.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import aliased

from quizapp import events
from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, Attempt, AttemptEvent
from quizapp.attempts.showing import released, released_rows
from quizapp.db import atomic, db, locked
from quizapp.quizzes.models import Quiz

WITHHELD, RELEASED = "withheld", "released"
BATCH = 200


def due(attempt: Attempt, quiz: Quiz) -> datetime | None:
    """When the attempt's answers end: after its minutes, and at the quiz's closing at the latest; None for never."""
    limit, closes_at = attempt.rules.time_limit, quiz.rules.closes_at if attempt.purpose == GRADED else None
    ends = [attempt.started_at + timedelta(minutes=limit)] if limit else []
    return min([*ends, *([closes_at] if closes_at else [])], default=None)


def on_rescheduled(quiz: Quiz, now: datetime) -> None:
    """Within a transaction: the quiz closes at another time, and what goes on there ends at another one."""
    running = db.session.scalars(
        locked(
            select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, Attempt.submitted_at.is_(None))
        )
    ).all()
    for attempt in running:
        if not attempt.is_over(now):  # what is over was over: only an extension opens it again
            attempt.due_at = due(attempt, quiz)
    closes_at = quiz.rules.closes_at
    quiz.ends_at = max([closes_at, *(one.due_at for one in running if one.due_at)]) if closes_at else None


def release(quiz: Quiz, by: User, now: datetime) -> None:
    """Let the learners see now what shows after closing. Done twice, it is done once."""
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        newest.released_at = newest.released_at or now
        note(by, "release", f"quiz {quiz.public_id}", now)
    release_due(now, quiz)


def withhold(quiz: Quiz, by: User, now: datetime) -> None:
    """Take a release back. What has followed from the scores stays: it can't be unseen."""
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        newest.released_at = None
        note(by, "withhold", f"quiz {quiz.public_id}", now)


def on_submitted(attempt: Attempt, now: datetime) -> None:
    """Within a transaction: let follow from a score what follows, or write down that it has to wait for that."""
    if released(attempt, now):
        events.released.send(attempt, now=now)
    elif attempt.counts:
        db.session.add(AttemptEvent(attempt_id=attempt.id, kind=WITHHELD, at=now))


def release_due(now: datetime, quiz: Quiz | None = None) -> int:
    """Follow up the scores that had to wait and may be seen by now, a batch a transaction; how many."""
    count = last = 0
    while ids := waiting_ids(now, last, quiz):
        count, last = count + follow_up(ids, now), ids[-1]
    return count


EARLIER = aliased(AttemptEvent)
FOLLOWED = select(EARLIER.id).where(EARLIER.attempt_id == Attempt.id, EARLIER.kind == RELEASED).exists()


def waiting_ids(now: datetime, after: int, quiz: Quiz | None) -> list[int]:
    """Attempts whose scores may be seen now and had to wait, by their ids, from `after` on."""
    statement = (
        select(Attempt.id)
        .join(AttemptEvent, AttemptEvent.attempt_id == Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(AttemptEvent.kind == WITHHELD, Attempt.id > after, released_rows(now), ~FOLLOWED)
        .order_by(Attempt.id)
        .limit(BATCH)
    )
    return list(db.session.scalars(statement if quiz is None else statement.where(Quiz.id == quiz.id)))


def follow_up(ids: list[int], now: datetime) -> int:
    """What follows from these scores, unless another process was faster; how many it was."""
    with atomic():
        found = db.session.scalars(
            locked(select(Attempt).where(Attempt.id.in_(ids), ~FOLLOWED).order_by(Attempt.id))
        ).all()
        for attempt in found:
            db.session.add(AttemptEvent(attempt_id=attempt.id, kind=RELEASED, at=now))
            events.released.send(attempt, now=now)
    return len(found)
