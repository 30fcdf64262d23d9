"""Large quizzes are counted outside of requests: what changed since it was counted, by one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from json import dumps, loads
from math import isclose
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from quizapp.attempts.models import GRADED, Attempt, Slot
from quizapp.attempts.overdue import over
from quizapp.db import atomic, db, take_turns
from quizapp.gradebook import figures
from quizapp.gradebook.models import QuizFigures
from quizapp.quizzes.models import Quiz

ABANDONED = timedelta(minutes=10)
"""After so long, whoever claimed a quiz won't come back with its figures."""


def large(least: int) -> list[int]:
    """The quizzes with more attempts that count."""
    handed_in = Attempt.quiz_id.is_not(None), Attempt.purpose == GRADED, Attempt.submitted_at.is_not(None)
    statement = select(Attempt.quiz_id).where(*handed_in).group_by(Attempt.quiz_id).having(func.count() > least)
    return [quiz_id for quiz_id in db.session.scalars(statement) if quiz_id is not None]


def state_of(quiz: Quiz, now: datetime) -> str:
    """What the figures depend on, short: it differs whenever a result is added or changed. Every row that is added to
    the record counts up its slot's `seq`, whatever the marks come to by it; a sum of marks that are weighted by their
    attempts tells two that a repair changes the one for the other. It is rounded, as the database may add up in any
    order."""
    counted = over(quiz.id, now).where
    *sums, waiting, count, newest = db.session.execute(
        select(
            func.sum(Attempt.mark), func.sum(Attempt.mark * Attempt.id), func.sum(Attempt.max_mark),
            func.sum(Attempt.waiting), func.count(), func.max(Attempt.submitted_at),
        ).where(*counted)
    ).one()  # fmt: skip
    rows = db.session.scalar(select(func.sum(Slot.seq)).join(Attempt, Slot.attempt_id == Attempt.id).where(*counted))
    parts = (
        *(round(one or 0, 2) for one in sums), waiting, count, newest, rows, quiz.rules.pass_mark, quiz.rules.grade_by,
    )  # fmt: skip
    return "|".join(str(part) for part in parts)[:200]


def count_due(now: datetime, least: int = figures.LIVE) -> int:
    """Count every large quiz that has changed since; how many there were."""
    done = 0
    for quiz_id in large(least):
        quiz = db.session.get_one(Quiz, quiz_id, options=[joinedload(Quiz.course)])
        kept = db.session.get(QuizFigures, quiz_id)
        state = state_of(quiz, now)
        if (kept is None or kept.of != state or kept.counted_at is None) and claim(quiz_id, now):
            counted = figures.to_json(figures.count(quiz, over(quiz.id, now)))
            store(quiz_id, state, counted, now)
            done += 1
        db.session.rollback()
    return done


def wrong(now: datetime) -> Iterator[QuizFigures]:
    """What is kept of a quiz, says it is of the results as they are, and isn't what they come to."""
    for kept in db.session.scalars(select(QuizFigures).where(QuizFigures.counted_at.is_not(None))).all():
        quiz = db.session.get_one(Quiz, kept.quiz_id, options=[joinedload(Quiz.course)])
        if kept.of == state_of(quiz, now):
            counted = figures.to_json(figures.count(quiz, over(quiz.id, now)))
            if not same(kept.figures, loads(dumps(counted))):
                yield kept


def same(kept: Any, counted: Any) -> bool:
    """Whether two values of JSON are equal, but for the last digits of numbers."""
    if isinstance(kept, dict) and isinstance(counted, dict):
        return kept.keys() == counted.keys() and all(same(kept[name], counted[name]) for name in kept)
    if isinstance(kept, list) and isinstance(counted, list):
        return len(kept) == len(counted) and all(map(same, kept, counted))
    if isinstance(kept, int | float) and isinstance(counted, int | float):
        return isclose(kept, counted, rel_tol=1e-6, abs_tol=1e-6)
    return bool(kept == counted)


def claim(quiz_id: int, now: datetime) -> bool:
    """Take it upon oneself to count the quiz; False where somebody else does."""
    with atomic():
        take_turns([f"figures of quiz {quiz_id}"])
        if db.session.get(QuizFigures, quiz_id, populate_existing=True) is None:
            db.session.add(QuizFigures(quiz_id=quiz_id, claimed_at=now))
            return True
        free = or_(QuizFigures.claimed_at.is_(None), QuizFigures.claimed_at < now - ABANDONED)
        mine = update(QuizFigures).where(QuizFigures.quiz_id == quiz_id, free).values(claimed_at=now)
        return bool(db.session.execute(mine.returning(QuizFigures.quiz_id)).first())


def store(quiz_id: int, state: str, counted: dict[str, object], now: datetime) -> None:
    with atomic():
        db.session.execute(
            update(QuizFigures)
            .where(QuizFigures.quiz_id == quiz_id)
            .values(of=state, figures=counted, counted_at=now, claimed_at=None)
        )
