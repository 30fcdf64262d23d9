"""Reads of a quiz's results besides the list: what needs somebody, one attempt, and all of them for a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, case, func, select
from sqlalchemy.orm import joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.overdue import Over, as_of, over
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.queries import visible_to
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item
from quizapp.gradebook.listing import WAITS, Row, by_clock, counting, going_on, rows, with_late
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import quiz_for
from quizapp.rules.scores import AVERAGE

BATCH = 500


@dataclass(frozen=True)
class ToDo:
    """What needs somebody: responses that wait for a grade, attempts that go on, those that the clock has ended, as
    nobody handed them in, and those with late answers that nobody has decided upon."""

    waiting: int
    going_on: int
    by_clock: int
    late: int


def quiz_of(public_id: str, user: User, verb: str = "see") -> Quiz:
    """A quiz whose results the user may see, or grade: their own, or one that is shared with them; an admin sees all.
    Raises NotFound."""
    return quiz_for(public_id, user, verb)


def to_do(over: Over) -> ToDo:
    waiting = select(func.coalesce(func.sum(Attempt.waiting), 0)).where(*over.where, WAITS)
    still = select(func.count()).select_from(Attempt).where(*going_on(over))
    ended = select(func.count()).select_from(Attempt).where(*over.where, by_clock(over))
    late = select(func.count()).select_from(Attempt).where(*over.where, Attempt.id.in_(with_late(over.quiz_id)))
    return ToDo(*db.session.execute(select(*(one.scalar_subquery() for one in (waiting, still, ended, late)))).one())


def every(over: Over) -> Iterator[Row]:
    """All attempts that were handed in, the oldest first, a batch at a time."""
    return in_batches(over, over.where)


def going(over: Over) -> Iterator[Row]:
    """All attempts that go on, the oldest first, a batch at a time; their number is that of those before them."""
    return in_batches(over, going_on(over))


def in_batches(over: Over, which: Sequence[Any]) -> Iterator[Row]:
    after = 0
    while True:
        ids = select(Attempt.id).where(*which, Attempt.id > after).order_by(Attempt.id).limit(BATCH)
        batch = rows(db.session.scalars(ids).all(), over.now)
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1].attempt.id


def what_counts(over: Over, method: str) -> dict[int, float | None]:
    """By the id of the attempt that stands for a person: the share that counts, None while a grade is still to come."""
    counts = counting(over, method)
    share = counts.c.score if method == AVERAGE else case((over.waiting == 0, func.coalesce(over.share, 0.0)))
    found = db.session.execute(select(Attempt.id, share).join(counts, counts.c.id == Attempt.id))
    return dict(found.all())


def marks(attempt_ids: Sequence[int]) -> dict[int, dict[int, float | None]]:
    """By attempt and question: the points, None where a person has still to grade."""
    found: dict[int, dict[int, float | None]] = {}
    for attempt_id, question_id, fraction, points, answered in db.session.execute(
        select(Slot.attempt_id, QuestionVersion.question_id, Slot.fraction, Slot.max_mark, Slot.answered)
        .join(QuestionVersion, Slot.version_id == QuestionVersion.id)
        .where(Slot.attempt_id.in_(attempt_ids))
    ):
        waits = fraction is None and answered
        found.setdefault(attempt_id, {})[question_id] = None if waits else round((fraction or 0) * points, 5)
    return found


@dataclass(frozen=True)
class AskedQuestion:
    """A question as it is now, and the points that it was asked for: several where they have changed meanwhile."""

    item: Item
    points: Sequence[float]


def asked_in(quiz: Quiz, over: Over) -> dict[int, AskedQuestion]:
    """The questions that were asked, in the order of their banks, of those that the quiz's owner may read."""
    slots = select(Slot.version_id, Slot.max_mark).join(Attempt, Attempt.id == Slot.attempt_id).where(*over.where)
    asked = slots.distinct().subquery()
    of_versions = select(QuestionVersion.question_id, asked.c.max_mark).join(
        asked, asked.c.version_id == QuestionVersion.id
    )
    points: dict[int, set[float]] = {}
    for question_id, worth in db.session.execute(of_versions):
        points.setdefault(question_id, set()).add(worth)
    found = db.session.execute(
        visible_questions(quiz)
        .where(Question.id.in_(points))
        .join(QuestionVersion, QuestionVersion.id == Question.current_id)
        .add_columns(QuestionVersion)
    )
    return {question.id: AskedQuestion(version.item, sorted(points[question.id])) for question, version in found}


def visible_questions(quiz: Quiz) -> Select[Any]:
    """The questions that whoever made the quiz may read, in the order of their banks."""
    statement = select(Question).order_by(Question.bank_id, Question.position, Question.id)
    if quiz.reader_id is None:
        return statement
    return statement.join(Bank, Question.bank_id == Bank.id).where(visible_to(quiz.reader_id))


def visible_question_ids(quiz: Quiz, ids: Sequence[int]) -> set[int]:
    """Of these questions, those that whoever made the quiz may read."""
    return set(db.session.scalars(visible_questions(quiz).with_only_columns(Question.id).where(Question.id.in_(ids))))


def attempt(quiz: Quiz, public_id: str, now: datetime) -> Attempt:
    """One attempt at the quiz that was handed in, with its learner. Raises NotFound."""
    found = db.session.scalar(
        select(Attempt)
        .where(Attempt.public_id == public_id, *over(quiz.id, now).where)
        .options(joinedload(Attempt.user), joinedload(Attempt.quiz))
    )
    if found is None:
        raise NotFound
    return as_of(found, now)


def slot(quiz: Quiz, attempt: Attempt, position: int) -> Slot:
    """One question of an attempt, with the version that was asked, if whoever made the quiz may read it. Raises
    NotFound."""
    found = db.session.scalar(
        select(Slot)
        .where(Slot.attempt_id == attempt.id, Slot.position == position)
        .options(joinedload(Slot.version), joinedload(Slot.attempt))
        .execution_options(populate_existing=True)
    )
    if found is None or not visible_question_ids(quiz, [found.version.question_id]):
        raise NotFound
    return found
