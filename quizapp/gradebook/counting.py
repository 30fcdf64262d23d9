"""Large quizzes are counted outside of requests: what changed since it was counted, by one process at a time."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import joinedload

from quizapp.attempts.models import GRADED, Attempt
from quizapp.db import atomic, db, take_turns
from quizapp.gradebook import figures
from quizapp.gradebook.models import QuizFigures
from quizapp.gradebook.summaries import over
from quizapp.quizzes.models import Quiz

ABANDONED = timedelta(minutes=10)
"""After so long, whoever claimed a quiz won't come back with its figures."""


def large(least: int) -> list[int]:
    """The quizzes with more attempts that count."""
    handed_in = Attempt.quiz_id.is_not(None), Attempt.purpose == GRADED, Attempt.submitted_at.is_not(None)
    statement = select(Attempt.quiz_id).where(*handed_in).group_by(Attempt.quiz_id).having(func.count() > least)
    return [quiz_id for quiz_id in db.session.scalars(statement) if quiz_id is not None]


def state_of(quiz: Quiz, now: datetime) -> str:
    """What the figures depend on, short: it differs whenever a result is added or changed."""
    row = db.session.execute(
        select(
            func.count(), func.sum(Attempt.mark), func.sum(Attempt.max_mark), func.sum(Attempt.waiting),
            func.max(Attempt.submitted_at),
        ).where(*over(quiz.id, now))
    ).one()  # fmt: skip
    return "|".join(str(part) for part in (*row, quiz.rules.pass_mark))[:200]


def count_due(now: datetime, least: int = figures.LIVE) -> int:
    """Count every large quiz that has changed since; how many there were."""
    done = 0
    for quiz_id in large(least):
        quiz = db.session.get_one(Quiz, quiz_id, options=[joinedload(Quiz.course)])
        kept = db.session.get(QuizFigures, quiz_id)
        state = state_of(quiz, now)
        if (kept is None or kept.of != state or kept.counted_at is None) and claim(quiz_id, now):
            counted = figures.to_json(figures.count(quiz, now))
            store(quiz_id, state, counted, now)
            done += 1
        db.session.rollback()
    return done


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
