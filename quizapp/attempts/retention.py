"""Examination attempts of people who have left: kept without a name until their retention ends. See ADR 0027.

An examination attempt is one that counts, at somebody else's quiz. All else of a learner's goes with the account.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import current_app, render_template
from markupsafe import Markup
from sqlalchemy import delete, func, select, update

from quizapp.accounts.models import DELETED, User
from quizapp.attempts.actions import close
from quizapp.attempts.models import GRADED, Attempt, AttemptEvent, Presence
from quizapp.db import atomic, db, locked
from quizapp.quizzes import people_actions
from quizapp.quizzes.models import Quiz

SWEPT = 200


@dataclass(frozen=True)
class RetainedAttempts:
    """What would stay of a person's attempts at one quiz, and until when."""

    quiz_id: int
    attempts: int
    until: datetime


def retained_attempts(user: User, now: datetime) -> list[RetainedAttempts]:
    """What the account's deletion would leave. All attempts at a quiz end with the last of them, so that its figures
    never count a later one as the first."""
    days = timedelta(days=current_app.config["SETTINGS"].retention_days)
    rows = db.session.execute(
        select(Quiz.id, Quiz.ends_at, func.count(), func.max(func.coalesce(Attempt.submitted_at, now)))
        .join(Attempt, Attempt.quiz_id == Quiz.id)
        .where(Attempt.user_id == user.id, Attempt.purpose == GRADED, Quiz.owner_id != user.id)
        .group_by(Quiz.id)
        .order_by(Quiz.id)
    )
    found = [
        RetainedAttempts(quiz_id, count, max(last, ends_at or last) + days) for quiz_id, ends_at, count, last in rows
    ]
    return [one for one in found if one.until > now]


def leaving_panel(user: User, now: datetime) -> Markup:
    """What stays, on the page on which an account is deleted."""
    found = retained_attempts(user, now)
    if not found:
        return Markup()
    count, until = sum(one.attempts for one in found), max(one.until for one in found)
    return Markup(render_template("attempts/_leaving.html", count=count, until=until))  # noqa: S704 -- a template


def on_leaving(user: User, now: datetime) -> None:
    """Within the transaction that deletes an account: its examination attempts become nobody's, and what is still open
    is handed in. Rosters forget who came with their codes."""
    sitters = db.session.scalars(
        select(Attempt.sitter_id).where(Attempt.user_id == user.id, Attempt.sitter_id.is_not(None))
    ).all()
    if found := retained_attempts(user, now):
        nobody = User(role=DELETED, created_at=now)
        db.session.add(nobody)
        db.session.flush()
        for one in found:
            leave_behind(user, nobody, one, now)
    people_actions.forget(user, [one for one in sitters if one is not None], now)


def leave_behind(user: User, nobody: User, what: RetainedAttempts, now: datetime) -> None:
    """The attempts at one quiz, without what says whose they were."""
    attempts = db.session.scalars(
        locked(
            select(Attempt)
            .where(Attempt.user_id == user.id, Attempt.quiz_id == what.quiz_id, Attempt.purpose == GRADED)
            .order_by(Attempt.id)
        )
    ).all()
    for attempt in attempts:
        close(attempt, now)
        attempt.user_id, attempt.given, attempt.keep_until = nobody.id, {}, what.until
    db.session.flush()
    ids = [attempt.id for attempt in attempts]
    db.session.execute(update(AttemptEvent).where(AttemptEvent.attempt_id.in_(ids)).values(reason=""))
    db.session.execute(delete(Presence).where(Presence.attempt_id.in_(ids)))


def sweep(now: datetime) -> int:
    """Delete the attempts whose retention is over, at most SWEPT at once, and whoever has none left; how many."""
    with atomic():
        over = Attempt.keep_until <= now
        chosen = select(Attempt.id).where(over).order_by(Attempt.keep_until).limit(SWEPT)
        ids = db.session.scalars(chosen.with_for_update(skip_locked=True)).all()
        db.session.execute(delete(Attempt).where(Attempt.id.in_(ids)).execution_options(synchronize_session=False))
        left = select(Attempt.id).where(Attempt.user_id == User.id).exists()
        db.session.execute(delete(User).where(User.role == DELETED, ~left).execution_options(synchronize_session=False))
    return len(ids)
