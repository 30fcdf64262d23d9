"""Reads for graders: the essays that wait, and who has done what in a quiz."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager

from quizapp.accounts.models import User
from quizapp.attempts.models import Attempt, Slot
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.kinds import KINDS
from quizapp.quizzes.people_queries import may

PAGE = 20


def gradable(user: User) -> Select[Any]:
    """Responses in handed-in attempts at quizzes that the user may grade, which a person grades."""
    statement = (
        select(Slot)
        .join(Slot.attempt)
        .join(Slot.version)
        .join(Attempt.quiz)
        .join(Attempt.user)
        .options(
            contains_eager(Slot.attempt).contains_eager(Attempt.quiz),
            contains_eager(Slot.attempt).contains_eager(Attempt.user),
            contains_eager(Slot.version),
        )
        .where(Attempt.submitted_at.is_not(None), Slot.answered)
    )
    return statement.where(may(user, "grade"))


def waiting(user: User, page: int) -> tuple[Sequence[Slot], int]:
    """One page of the responses that wait, oldest first, and how many there are."""
    statement = gradable(user).where(Slot.fraction.is_(None))
    count = db.session.scalar(select(func.count()).select_from(statement.with_only_columns(Slot.id).subquery())) or 0
    slots = db.session.scalars(
        statement.order_by(Attempt.submitted_at, Slot.id).offset((page - 1) * PAGE).limit(PAGE)
    ).all()
    return slots, count


def gradable_slot(slot_id: int, user: User) -> Slot:
    """One response that this user may grade. Raises NotFound."""
    found = db.session.scalar(gradable(user).where(Slot.id == slot_id))
    if found is None or not KINDS[found.version.item.kind].MANUAL:
        raise NotFound
    return found
