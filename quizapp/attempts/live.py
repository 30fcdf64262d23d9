"""Reads of what goes on at a quiz now: who is where, since when, and who hasn't come."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, case, func, or_, select, true
from sqlalchemy.orm import joinedload

from quizapp.accounts.models import AuditEntry, User
from quizapp.attempts.models import GRADED, RELEASE, WITHHOLD, Attempt, AttemptEvent, Presence, Slot
from quizapp.attempts.overdue import goes_on
from quizapp.db import db
from quizapp.quizzes.models import Announcement, Quiz, Sitter

MOST_ATTEMPTS = 1_000
"""Attempts on one page: the newest."""
IN_LOG = 200
"""Lines of a log: the newest."""
AWAY = timedelta(minutes=1)
"""After so long unseen somebody isn't there at present; the player tells that it is there every ten seconds."""


@dataclass(frozen=True)
class Sitting:
    """One attempt as the live view shows it. `state`: "on", "away", "over" (time is up) or "done"."""

    attempt: Attempt
    answered: int
    questions: int
    saved_at: datetime | None
    position: int | None
    seen_at: datetime | None
    state: str
    left: float | None


def sittings(quiz: Quiz, now: datetime) -> list[Sitting]:
    """The attempts at a quiz: those that go on first, then the others; the newest first."""
    order = Attempt.submitted_at.is_not(None), Attempt.id.desc()
    listed = select(Attempt.id).where(Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED)
    ids = db.session.scalars(
        listed.order_by(*order).limit(MOST_ATTEMPTS)
    ).all()  # first: a quiz may have thousands more
    counts = (
        select(
            Slot.attempt_id,
            func.sum(case((Slot.answered, 1), else_=0)).label("answered"),
            func.count().label("questions"),
            func.max(Slot.saved_at).label("saved_at"),
        )
        .where(Slot.attempt_id.in_(ids))
        .group_by(Slot.attempt_id)
        .subquery()
    )
    rows = db.session.execute(
        select(Attempt, counts.c.answered, counts.c.questions, counts.c.saved_at, Presence.position, Presence.seen_at)
        .join(counts, counts.c.attempt_id == Attempt.id)
        .outerjoin(Presence, Presence.attempt_id == Attempt.id)
        .options(joinedload(Attempt.user, innerjoin=True))
        .order_by(*order)
    )
    return [
        Sitting(attempt, answered, questions, saved_at, position, seen_at, state_of(attempt, seen_at, now),
                None if attempt.due_at is None else (attempt.due_at - now).total_seconds())
        for attempt, answered, questions, saved_at, position, seen_at in rows
    ]  # fmt: skip


def going_on(quiz_id: int, now: datetime) -> int:
    """How many are still taking it."""
    ours = Attempt.quiz_id == quiz_id, Attempt.purpose == GRADED, goes_on(now)
    return db.session.scalar(select(func.count(Attempt.id)).where(*ours)) or 0


def state_of(attempt: Attempt, seen_at: datetime | None, now: datetime) -> str:
    if attempt.submitted_at is not None:
        return "done"
    if attempt.is_over(now):
        return "over"
    return "on" if now - (seen_at or attempt.started_at) < AWAY else "away"


def no_shows(quiz_id: int) -> Sequence[Sitter]:
    """Who is on the roster and hasn't begun. An entry without a name and number was of somebody who has left."""
    known = or_(Sitter.name != "", Sitter.number != "")
    came = select(Attempt.id).where(Attempt.sitter_id == Sitter.id, Attempt.purpose == GRADED).exists()
    return db.session.scalars(select(Sitter).where(Sitter.quiz_id == quiz_id, known, ~came).order_by(Sitter.id)).all()


def shared_numbers(quiz_id: int) -> set[str]:
    """The numbers that more than one person gave as their own."""
    number = Attempt.given["number"].as_string()
    return set(
        db.session.scalars(
            select(number)
            .where(Attempt.quiz_id == quiz_id, Attempt.purpose == GRADED, number != "")
            .group_by(number)
            .having(func.count(Attempt.user_id.distinct()) > 1)
        )
    )


@dataclass(frozen=True)
class LogEntry:
    """A line of the log: what was done and by whom, to an attempt or, without one, to all that a quiz shows."""

    at: datetime
    kind: str
    by: User | None
    attempt: Attempt | None = None
    reason: str = ""
    minutes: float = 0


def log(quiz: Quiz) -> list[LogEntry]:
    """What was done at a quiz, the newest first: to its attempts, and releases, which the audit log has."""
    since = AuditEntry.at >= quiz.created_at if quiz.created_at else true()  # by an index: `target` has none
    releases = db.session.execute(
        select(AuditEntry, User)
        .outerjoin(User, User.id == AuditEntry.user_id)
        .where(since, AuditEntry.verb.in_((RELEASE, WITHHOLD)), AuditEntry.target == f"quiz {quiz.public_id}")
        .order_by(AuditEntry.id.desc())
        .limit(IN_LOG)
    )
    entries = [*done_to(Attempt.quiz_id == quiz.id), *(LogEntry(one.at, one.verb, by) for one, by in releases)]
    return sorted(entries, key=lambda one: one.at, reverse=True)[:IN_LOG]


def done_to(which: ColumnElement[bool]) -> list[LogEntry]:
    """What was done to these attempts, the newest first."""
    rows = db.session.execute(
        select(AttemptEvent, Attempt, User)
        .join(Attempt, Attempt.id == AttemptEvent.attempt_id)
        .outerjoin(User, User.id == AttemptEvent.by_id)
        .where(which, AttemptEvent.kind.not_in(("withheld", "released")))
        .options(joinedload(Attempt.user))
        .order_by(AttemptEvent.id.desc())
        .limit(IN_LOG)
    )
    return [
        LogEntry(event.at, event.kind, by, attempt, event.reason, event.detail.get("minutes", 0))
        for event, attempt, by in rows
    ]


def announcements(quiz_id: int) -> Sequence[Announcement]:
    return db.session.scalars(
        select(Announcement).where(Announcement.quiz_id == quiz_id).order_by(Announcement.id.desc()).limit(20)
    ).all()
