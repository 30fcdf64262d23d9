"""A quiz's marks at a glance: of all attempts, and of what counts for each person.

An attempt with a response that waits for a grade has no mark yet: it is in no mean, median or share of passes;
how many such attempts there are is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, case, func, select

from quizapp.attempts.models import Attempt
from quizapp.attempts.overdue import Over
from quizapp.db import db
from quizapp.quizzes.models import Quiz
from quizapp.rules.scores import AVERAGE, FIRST, LATEST


@dataclass(frozen=True)
class Summary:
    """Marks at a glance. Shares are 0 to 1; None where nothing is graded. `waiting` attempts are left out of them."""

    attempts: int = 0
    people: int = 0
    waiting: int = 0
    mean: float | None = None
    median: float | None = None
    passed: float | None = None


def is_large(over: Over, most: int) -> bool:
    """Whether there are more attempts than this, of which no more are counted."""
    return db.session.scalar(select(Attempt.id).where(*over.where).offset(most).limit(1)) is not None


def summaries(quiz: Quiz, over: Over) -> tuple[Summary, Summary]:
    """Of all attempts, and of what counts for each person."""
    each = (
        select(
            Attempt.id, Attempt.user_id, over.share.label("share"), case((over.waiting > 0, 1), else_=0).label("waits")
        )
        .where(*over.where)
        .subquery()
    ).c
    every = db.session.execute(select(each.share, each.waits, func.count()).group_by(each.share, each.waits)).all()
    people = by_person(each, quiz.rules.grade_by).subquery().c
    counting = db.session.execute(select(people.share, func.count()).group_by(people.share)).all()
    several = sum(n for _, n in counting)
    pass_mark = quiz.rules.pass_mark
    return (
        summary(((share, waits, n) for share, waits, n in every), several, pass_mark),
        summary(((share, share is None, n) for share, n in counting), several, pass_mark),
    )


def by_person(each: Any, method: str) -> Select[Any]:
    """The share that counts for each person, as `rules.scores.of_tries` has it; NULL while a grade is still to come."""
    graded = case((each.waits == 0, func.coalesce(each.share, 0.0)))
    if method in (FIRST, LATEST):
        one = (func.min if method == FIRST else func.max)(each.id)
        return select(graded.label("share")).where(each.id.in_(select(one).group_by(each.user_id)))
    over_tries = func.avg if method == AVERAGE else func.max
    return select(over_tries(graded).label("share")).group_by(each.user_id)


def summary(shares: Iterable[tuple[float | None, Any, int]], people: int, pass_mark: float) -> Summary:
    """From how many attempts have which share of the points, and whether a grade is still to come."""
    graded: Counter[float] = Counter()
    waiting = 0
    for share, waits, n in shares:
        if waits:
            waiting += n
        else:
            graded[share or 0.0] += n
    n = sum(graded.values())
    if not n:
        return Summary(waiting, people, waiting)
    return Summary(
        attempts=n + waiting,
        people=people,
        waiting=waiting,
        mean=sum(share * times for share, times in graded.items()) / n,
        median=(nth(graded, (n - 1) // 2) + nth(graded, n // 2)) / 2,
        passed=sum(times for share, times in graded.items() if share >= pass_mark) / n,
    )


def nth(counted: Mapping[float, int], place: int) -> float:
    """The value at this place, from 0, of all in order."""
    for value in sorted(counted):
        place -= counted[value]
        if place < 0:
            return value
    raise IndexError(place)
