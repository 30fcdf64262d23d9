"""Cards and levels compared with what the record makes of them: `quizapp check`.

A learner's record takes some milliseconds to fold, so a large site is compared by parts: each day another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from typing import Any

from sqlalchemy import select

from quizapp.attempts.models import PREVIEW, Attempt
from quizapp.db import db
from quizapp.progress import levels
from quizapp.progress.levels import ObjectiveLevel
from quizapp.progress.models import Mastery
from quizapp.quizzes.held import held_by
from quizapp.quizzes.models import Quiz
from quizapp.review import history
from quizapp.review import queries as reviews
from quizapp.review.history import CardsAndRatings
from quizapp.review.models import StaleReview
from quizapp.rules.daily import Preferences

PART = 100
"""Learners that are compared in one go."""
CLOSE = 1e-9


@dataclass(frozen=True)
class ComparedProgress:
    """Which learners were compared, of how many, and whose cards or levels are wrong."""

    compared: int
    learners: int
    wrong: list[int]


def learners_of_today(now: datetime, most: int | None) -> tuple[list[int], int]:
    """The learners of today, and how many there are in all. Who waits to be made anew is passed over."""
    ids = db.session.scalars(
        select(Attempt.user_id)
        .where(Attempt.purpose != PREVIEW, Attempt.user_id.not_in(select(StaleReview.user_id)))
        .distinct()
        .order_by(Attempt.user_id)
    ).all()
    parts = max(1, -(-len(ids) // most)) if most else 1
    return list(ids[now.toordinal() % parts :: parts]), len(ids)


def compare(now: datetime, most: int | None = PART) -> ComparedProgress:
    """Those of today; all, for None."""
    ids, learners = learners_of_today(now, most)
    closed = [quiz for quiz in db.session.scalars(select(Quiz)) if quiz.rules.closed_keys] if ids else []
    return ComparedProgress(len(ids), learners, [one for one in ids if is_wrong(one, closed, now)])


def is_wrong(user_id: int, closed: list[Quiz], now: datetime) -> bool:
    """Whether what is stored differs from what the record makes. What hangs on the end of an examination (`closed` are
    those that were ever held) follows a day later at most, and tells nothing."""
    chosen = reviews.preferences(user_id)
    made = history.fold(user_id, chosen, now)
    differing = set(cards_unlike(user_id, made, chosen))
    waiting = held_by(closed, differing) if differing else set()
    if differing - waiting:
        return True
    if levels_stored(user_id) == levels_made(user_id, made, now):
        return False
    sat = select(Attempt.id).where(Attempt.user_id == user_id, Attempt.quiz_id.in_([quiz.id for quiz in closed]))
    return not waiting and db.session.scalar(sat.limit(1)) is None


def cards_unlike(user_id: int, made: CardsAndRatings, chosen: Preferences) -> Iterator[int]:
    """The questions whose cards aren't what the record makes of them."""
    stored = reviews.cards(user_id)
    for question_id in stored.keys() | made.cards.keys():
        standing, card = made.cards.get(question_id), stored.get(question_id)
        if standing is None or standing.kept is None or card is None:
            if card is not None or (standing is not None and standing.kept is not None):
                yield question_id
            continue
        columns = history.columns_of(standing.kept, standing.reviewed_at, chosen)
        if not all(alike(getattr(card, name), value) for name, value in columns.items()):
            yield question_id


def alike(stored: Any, made: Any) -> bool:
    if isinstance(stored, float) and isinstance(made, float):
        return isclose(stored, made, rel_tol=CLOSE)
    return stored == made


def levels_stored(user_id: int) -> Mapping[levels.Name, ObjectiveLevel]:
    rows = db.session.scalars(select(Mastery).where(Mastery.user_id == user_id))
    return {
        (one.course_id, one.objective): ObjectiveLevel(one.level, one.right, one.total, one.updated_at) for one in rows
    }


def levels_made(user_id: int, made: CardsAndRatings, now: datetime) -> Mapping[levels.Name, ObjectiveLevel]:
    return levels.levels_after(
        [*levels.evidence_of_quizzes(user_id, now), *levels.evidence_of_reviews(made.ratings)], {}
    )
