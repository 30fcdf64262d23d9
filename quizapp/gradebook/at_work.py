"""What goes on at quizzes and waits there: counts for a list of quizzes, and what an instructor's day holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, literal, select, union_all

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, PRACTICE, Attempt
from quizapp.attempts.overdue import goes_on
from quizapp.db import db
from quizapp.gradebook.challenges import answerable
from quizapp.gradebook.listing import WAITS
from quizapp.gradebook.models import Challenge
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import may, theirs

MOST_QUIZZES_NAMED = 5
"""Quizzes of a day that are named."""
EVERY = 0
"""Stands for a quiz's id where something is counted over all of them."""


@dataclass
class Counts:
    """How many attempts at a quiz go on and are handed in, how many responses wait for the user's grade, and how many
    objections for an answer."""

    sitting: int = 0
    done: int = 0
    waiting: int = 0
    objections: int = 0


def of_quizzes(ids: Sequence[int], user: User, now: datetime) -> dict[int, Counts]:
    """What goes on at each of these quizzes; one statement."""
    return counts_in([*attempts_at(ids, now), waiting(user).where(Quiz.id.in_(ids))])


def of_user(ids: Sequence[int], user: User, now: datetime) -> dict[int, Counts]:
    """What goes on at these quizzes, and, as EVERY, what waits for the user at all; one statement."""
    everywhere = waiting(user).subquery()
    summed = select(literal("waiting"), literal(EVERY), func.coalesce(func.sum(everywhere.c.count), 0))
    return counts_in([*(attempts_at(ids, now) if ids else ()), summed, challenged(user, EVERY)])


def before_release(quiz: Quiz, user: User) -> Counts:
    """What waits for the user at a quiz whose scores are to be seen; one statement."""
    objections = challenged(user, quiz.id).where(Attempt.quiz_id == quiz.id)
    return counts_in([waiting(user).where(Quiz.id == quiz.id), objections])[quiz.id]


def challenged(user: User, name: int) -> Select[Any, Any, Any]:
    """How many objections wait for the user's answer, under this id."""
    counted = literal("objections"), literal(name), func.count(Challenge.id)
    return answerable(user).where(Challenge.decision == "").with_only_columns(*counted).order_by(None)


def attempts_at(ids: Sequence[int], now: datetime) -> Iterable[Select[Any, Any, Any]]:
    mine = Attempt.quiz_id.in_(ids), Attempt.purpose == GRADED
    for name, which in (("sitting", goes_on(now)), ("done", Attempt.submitted_at.is_not(None))):
        yield select(literal(name), Attempt.quiz_id, func.count()).where(*mine, which).group_by(Attempt.quiz_id)


def waiting(user: User) -> Select[Any, Any, Any]:
    """By quiz, how many responses wait for this user, as the page of grading has them. What waits is few, and read
    first: by way of the quizzes it would be all that was ever handed in."""
    few = (
        select(Attempt.quiz_id, func.sum(Attempt.waiting).label("count"))
        .where(WAITS, Attempt.submitted_at.is_not(None), Attempt.purpose.in_((GRADED, PRACTICE)))
        .group_by(Attempt.quiz_id)
        .subquery()
    )
    return (
        select(literal("waiting"), Quiz.id, few.c.count).join(few, few.c.quiz_id == Quiz.id).where(may(user, "grade"))
    )


def counts_in(parts: Sequence[Select[Any, Any, Any]]) -> dict[int, Counts]:
    found: dict[int, Counts] = defaultdict(Counts)
    for name, quiz_id, count in db.session.execute(union_all(*parts)):
        setattr(found[quiz_id], name, int(count))  # PostgreSQL sums to decimals
    return found


def of_day(user_id: int, begins: datetime, ends: datetime) -> list[Quiz]:
    """The user's quizzes that can be sat in a day and close some time: those that close first. One statement."""
    found = db.session.scalars(
        select(Quiz)
        .where(theirs(user_id, "see"), Quiz.archived_at.is_(None), Quiz.ends_at >= begins)
        .order_by(Quiz.ends_at, Quiz.id)
        .limit(MOST_QUIZZES_NAMED * 4)
    )
    return [quiz for quiz in found if quiz.rules.opens_at is None or quiz.rules.opens_at < ends][:MOST_QUIZZES_NAMED]
