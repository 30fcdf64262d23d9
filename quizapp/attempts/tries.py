"""Reads of a user's attempts at quizzes: which one is under way, how many were begun, and what they come to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, Select, bindparam, case, func, or_, select
from sqlalchemy.orm import joinedload

from quizapp.attempts.disclosure import released_rows
from quizapp.attempts.models import AGAIN, GRADED, PREVIEW, Attempt, AttemptEvent, Slot
from quizapp.attempts.queries import ATTEMPTS, COURSES, QUIZZES
from quizapp.banks.models import QuestionVersion
from quizapp.db import UTCDateTime, db, locked
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import Allowance, allowance_of
from quizapp.rules import scores


@dataclass(frozen=True)
class QuizScore:
    """What a learner has reached in a quiz so far, by `method`; `share` is None while a grade is still to come."""

    method: str
    share: float | None
    tries: int


def unfinished(user_id: int, quiz_id: int, purpose: str = GRADED, *, for_writing: bool = False) -> Attempt | None:
    """The attempt at this quiz that nobody has handed in, if there is one."""
    statement = (
        select(Attempt)
        .where(
            Attempt.user_id == user_id,
            Attempt.quiz_id == quiz_id,
            Attempt.purpose == purpose,
            Attempt.submitted_at.is_(None),
        )
        .order_by(Attempt.id.desc())
        .limit(1)
    )
    return db.session.scalar(locked(statement) if for_writing else statement)


UNFINISHED = (
    select(
        *(ATTEMPTS.c[name] for name in ("public_id", "purpose", "started_at", "due_at")),
        QUIZZES.c.title.label("quiz"),
        QUIZZES.c.course_id,
        COURSES.c.title.label("course"),
    )
    .join(QUIZZES, QUIZZES.c.id == ATTEMPTS.c.quiz_id)
    .outerjoin(COURSES, COURSES.c.id == QUIZZES.c.course_id)
    .where(
        ATTEMPTS.c.user_id == bindparam("user"),
        ATTEMPTS.c.submitted_at.is_(None),
        ATTEMPTS.c.purpose != PREVIEW,
        or_(ATTEMPTS.c.due_at.is_(None), ATTEMPTS.c.due_at > bindparam("now")),
    )
    .order_by(ATTEMPTS.c.id.desc())
    .limit(20)
)


def all_unfinished(user_id: int, now: datetime) -> Sequence[Row[Any]]:
    """What the user has begun and can go on with, newest first, with the titles of `quiz` and `course`."""
    return db.session.execute(UNFINISHED, {"user": user_id, "now": now}).all()


def history(user_id: int, quiz_id: int, limit: int = 20) -> Sequence[Attempt]:
    """The user's attempts at a quiz that are over, newest first."""
    return db.session.scalars(
        select(Attempt)
        .where(
            Attempt.user_id == user_id,
            Attempt.quiz_id == quiz_id,
            Attempt.submitted_at.is_not(None),
            Attempt.purpose != PREVIEW,
        )
        .order_by(Attempt.submitted_at.desc(), Attempt.id.desc())
        .limit(limit)
    ).all()


def graded_count(user_id: int | None, quiz_id: int, sitter_id: int | None = None) -> int:
    """How many attempts that count the user has begun, or whoever had the roster's code before."""
    return db.session.scalar(begun_by(user_id, quiz_id, sitter_id).with_only_columns(func.count(Attempt.id))) or 0


def last_begun(user_id: int, quiz_id: int, sitter_id: int | None = None) -> datetime | None:
    """When they began the last of these."""
    return db.session.scalar(begun_by(user_id, quiz_id, sitter_id).with_only_columns(func.max(Attempt.started_at)))


def further_tries(user_id: int | None, quiz_id: int, sitter_id: int | None = None) -> int:
    """How many more tries they were given at this quiz."""
    return given_for(begun_by(user_id, quiz_id, sitter_id).with_only_columns(Attempt.id))


def given_for(attempt_ids: Any) -> int:
    """How many more tries were given to whoever made these attempts."""
    given = AttemptEvent.kind == AGAIN, AttemptEvent.attempt_id.in_(attempt_ids)
    return db.session.scalar(select(func.count(AttemptEvent.id)).where(*given)) or 0


def allowed(quiz: Quiz, more: Allowance, further: int) -> int | None:
    """How many tries somebody has at a quiz who is allowed `more` and was given `further` ones; None for any number."""
    return quiz.rules.attempts + more.extra_tries + further if quiz.rules.attempts else None


def left(user_id: int | None, quiz: Quiz, more: Allowance, sitter_id: int | None = None) -> int | None:
    """How many tries somebody has left at a quiz, by this entry of its roster or none; None for any number."""
    if not quiz.rules.attempts or (user_id is None and sitter_id is None):
        return quiz.rules.attempts
    most = allowed(quiz, more, further_tries(user_id, quiz.id, sitter_id)) or 0
    return max(0, most - graded_count(user_id, quiz.id, sitter_id))


def begun_by(user_id: int | None, quiz_id: int, sitter_id: int | None) -> Select[Attempt]:
    who = Attempt.user_id == user_id
    if sitter_id is not None:
        who = or_(who, Attempt.sitter_id == sitter_id)
    return select(Attempt).where(who, Attempt.quiz_id == quiz_id, Attempt.purpose == GRADED)


def beyond_limit(guest_id: int, user_id: int) -> list[Attempt]:
    """The guest's attempts that would be more than the user's tries at their quizzes, or come too soon after one, if
    they became the user's."""
    begun: dict[Quiz, list[Attempt]] = {}
    for one in db.session.scalars(
        select(Attempt)
        .where(Attempt.user_id == guest_id, Attempt.purpose == GRADED)
        .options(joinedload(Attempt.quiz, innerjoin=True), joinedload(Attempt.sitter))
        .order_by(Attempt.id)
    ):
        if one.quiz is not None:
            begun.setdefault(one.quiz, []).append(one)
    return [one for quiz, attempts in begun.items() for one in beyond(quiz, attempts, user_id)]


def beyond(quiz: Quiz, attempts: Iterable[Attempt], user_id: int) -> Iterator[Attempt]:
    """Those of a guest's attempts that are too many beside the user's own, or too near to a try that counts. One that
    counts brings along the further tries that it was given."""
    counted, further = list(begun_at(user_id, quiz.id)), further_tries(user_id, quiz.id)
    apart = timedelta(hours=quiz.rules.delay or 0)
    for one in attempts:
        most = allowed(quiz, allowance_of(quiz.owner_id, user_id, one.sitter.number if one.sitter else None), further)
        too_many = most is not None and len(counted) >= most
        if too_many or any(abs(one.started_at - at) < apart for at in counted):
            yield one
        else:
            counted.append(one.started_at)
            further += given_for([one.id])


def begun_at(user_id: int, quiz_id: int) -> Sequence[datetime]:
    return db.session.scalars(begun_by(user_id, quiz_id, None).with_only_columns(Attempt.started_at)).all()


def last_met(user_id: int, question_ids: Iterable[int]) -> dict[int, int]:
    """Which of these questions the user was asked before: the number of the latest attempt, by question."""
    rows = db.session.execute(
        select(QuestionVersion.question_id, func.max(Attempt.id))
        .join(Slot, Slot.version_id == QuestionVersion.id)
        .join(Attempt, Slot.attempt_id == Attempt.id)
        .where(Attempt.user_id == user_id, Attempt.purpose != PREVIEW, QuestionVersion.question_id.in_(question_ids))
        .group_by(QuestionVersion.question_id)
    )
    return dict(rows.all())


TRIES = (
    select(
        ATTEMPTS.c.quiz_id,
        func.coalesce(QUIZZES.c.settings["grade_by"].as_string(), scores.HIGHEST),
        case((ATTEMPTS.c.waiting == 0, ATTEMPTS.c.mark / func.nullif(ATTEMPTS.c.max_mark, 0))),
        ATTEMPTS.c.waiting,
    )
    .join(QUIZZES, QUIZZES.c.id == ATTEMPTS.c.quiz_id)
    .where(
        ATTEMPTS.c.user_id == bindparam("user"),
        ATTEMPTS.c.purpose == GRADED,
        released_rows(bindparam("now", type_=UTCDateTime)),
    )
    .order_by(ATTEMPTS.c.id)
)


TRIES_AT_ONE = TRIES.where(ATTEMPTS.c.quiz_id == bindparam("quiz"))


def quiz_scores(user_id: int, now: datetime, quiz_id: int | None = None) -> dict[int, QuizScore]:
    """The user's score at each quiz, or at one, of tries whose scores are released; practice doesn't count. What
    counts of several is as the quiz has it now."""
    statement, at = (TRIES, {}) if quiz_id is None else (TRIES_AT_ONE, {"quiz": quiz_id})
    methods: dict[int, str] = {}
    shares: dict[int, list[float | None]] = {}
    for quiz, method, share, waiting in db.session.execute(statement, {"user": user_id, "now": now, **at}):
        methods[quiz] = method
        shares.setdefault(quiz, []).append(None if waiting else share or 0.0)
    return {quiz: QuizScore(methods[quiz], scores.of_tries(methods[quiz], of), len(of)) for quiz, of in shares.items()}
