"""An answer to a check of a lesson is stored: see `checks`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from quizapp.accounts.models import User
from quizapp.accounts.queries import current
from quizapp.attempts.answering import give_answer
from quizapp.attempts.checks import RULES, Check, on_page
from quizapp.attempts.models import CHECK, Attempt, Slot
from quizapp.banks.models import QuestionVersion
from quizapp.courses.models import Lesson
from quizapp.db import atomic, db
from quizapp.errors import N_, Conflict, NotFound
from quizapp.ids import seed
from quizapp.kinds.base import Response

MOST_ANSWERS = 50
"""How often a learner may answer a check: more teaches nothing."""


def answer(user: User, lesson: Lesson, check: Check, response: Response, seen: int, now: datetime) -> None:
    """Score a response to a check and make it final. `seen` is how many answers the form's page showed: with another
    number the form was sent twice, and nothing changes.

    Raises Conflict after too many answers, NotFound for a question that isn't asked any more, ResponseError for a
    response of the wrong shape.
    """
    with atomic():
        current(user)
        fresh = on_page(lesson.id, [check.named], user.id, now).get(check.name)
        if fresh is None:
            raise NotFound
        if len(fresh.given) != seen:
            return
        if seen >= MOST_ANSWERS:
            raise Conflict(N_("You have answered this often enough. Continue with the lesson."))
        attempt = attempt_of(user, lesson, now)
        give_answer(append_slot(attempt, fresh.version), response, 0, now, check=True)


def attempt_of(user: User, lesson: Lesson, now: datetime) -> Attempt:
    """The learner's one attempt for the checks of a lesson."""
    mine = select(Attempt).where(Attempt.user_id == user.id, Attempt.lesson_id == lesson.id, Attempt.purpose == CHECK)
    found = db.session.scalar(mine.order_by(Attempt.id).limit(1))
    if found is None:
        found = Attempt(
            user_id=user.id, lesson_id=lesson.id, purpose=CHECK, seed=seed(), started_at=now, max_mark=0,
            settings=RULES.model_dump(mode="json"),
        )  # fmt: skip
        db.session.add(found)
        db.session.flush()
    return found


def append_slot(attempt: Attempt, version: QuestionVersion) -> Slot:
    """One more slot, with the version's points."""
    last = db.session.scalar(select(func.max(Slot.position)).where(Slot.attempt_id == attempt.id)) or 0
    points = version.item.points
    attempt.max_mark += points
    slot = Slot(attempt=attempt, version=version, position=last + 1, max_mark=points)
    db.session.add(slot)
    db.session.flush()
    return slot
