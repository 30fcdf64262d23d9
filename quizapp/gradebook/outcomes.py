"""Reads of a quiz's results: who, when, how well, and what needs somebody. Graded attempts only.

A list first finds the ids of its page, by an index that has all it sorts by, then the rows: a page of a hundred
thousand attempts is as quick as one of a few.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, Attempt, Slot
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.queries import readable_by
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item
from quizapp.gradebook.summaries import handed_in
from quizapp.quizzes.models import Quiz, Sitter

PAGE = 50
BATCH = 500
SHARE = Attempt.mark / func.nullif(Attempt.max_mark, 0)
GRADED_FIRST = case((Attempt.waiting > 0, 1), else_=0)
SORTS: dict[str, tuple[Any, ...]] = {
    "new": (Attempt.submitted_at.desc(), Attempt.id.desc()),
    "old": (Attempt.submitted_at, Attempt.id),
    "score": (GRADED_FIRST, SHARE.desc(), Attempt.id),
    "low": (GRADED_FIRST, SHARE, Attempt.id),
    "waiting": (Attempt.waiting.desc(), Attempt.submitted_at, Attempt.id),
    "name": (User.name, User.id, Attempt.id),
}
OPEN_SORTS = {**SORTS, "new": (Attempt.started_at.desc(), Attempt.id.desc()), "old": (Attempt.started_at, Attempt.id)}
STATES = ("", "waiting", "open")
"""Which attempts are listed: those handed in, those of them that wait for a grade, or those not handed in."""


@dataclass(frozen=True)
class Row:
    """One attempt with its number among those of the same person; `answered` questions where it isn't handed in."""

    attempt: Attempt
    number: int
    answered: int = 0


@dataclass(frozen=True)
class ToDo:
    """What needs somebody: responses that wait for a grade, attempts that are open, and those whose time is up."""

    waiting: int
    open: int
    overdue: int


@dataclass(frozen=True)
class Listing:
    """What is asked of the list of people."""

    best_only: bool = False
    sort: str = "new"
    state: str = ""
    search: str = ""


def quiz_of(public_id: str, user: User) -> Quiz:
    """A quiz of the user's own, archived or not; an admin sees all. Raises NotFound."""
    statement = select(Quiz).where(Quiz.public_id == public_id).options(joinedload(Quiz.course))
    found = db.session.scalar(statement if user.role == "admin" else statement.where(Quiz.owner_id == user.id))
    if found is None:
        raise NotFound
    return found


def to_do(quiz: Quiz, now: datetime) -> ToDo:
    waiting = select(func.coalesce(func.sum(Attempt.waiting), 0)).where(*handed_in(quiz.id), Attempt.waiting > 0)
    late = case((Attempt.due_at <= now, 1), else_=0)
    still, overdue = db.session.execute(
        select(func.count(), func.coalesce(func.sum(late), 0)).where(*still_open(quiz))
    ).one()
    return ToDo(db.session.scalar(waiting) or 0, still, overdue)


def still_open(quiz: Quiz) -> tuple[ColumnElement[bool], ...]:
    return (Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, Attempt.submitted_at.is_(None))


def chosen(quiz: Quiz, asked: Listing) -> Select[Any]:
    """The ids of the attempts that are asked for."""
    statement = select(Attempt.id).where(*(still_open(quiz) if asked.state == "open" else handed_in(quiz.id)))
    if asked.state == "waiting":
        statement = statement.where(Attempt.waiting > 0)
    if asked.best_only and not asked.state:
        statement = statement.where(~better(quiz).exists())
    return statement.where(named(quiz, asked.search)) if asked.search else statement


def better(quiz: Quiz) -> Select[Any]:
    """Another attempt of the same person that is better, or as good and earlier; one without a mark is below any."""
    other = aliased(Attempt)
    share = other.mark / func.nullif(other.max_mark, 0)
    rank = case((Attempt.waiting > 0, -1.0), else_=func.coalesce(SHARE, 0.0))
    their_rank = case((other.waiting > 0, -1.0), else_=func.coalesce(share, 0.0))
    return select(other.id).where(
        *same_person(other, quiz.id),
        other.purpose == GRADED,
        other.submitted_at.is_not(None),
        or_(their_rank > rank, and_(their_rank == rank, other.id < Attempt.id)),
    )


def same_person(other: Any, quiz_id: Any) -> tuple[ColumnElement[bool], ...]:
    """The person's other attempts at the quiz. The sum keeps SQLite, where it knows nothing of the sizes, from going
    through all attempts at the quiz instead of the person's."""
    return (other.user_id == Attempt.user_id, other.quiz_id + 0 == quiz_id)


def named(quiz: Quiz, search: str) -> ColumnElement[bool]:
    """Whose name, address or code has this in it; or their name or number on the quiz's roster."""
    people = select(User.id).where(
        or_(
            User.name.icontains(search, autoescape=True),
            User.email.icontains(search, autoescape=True),
            User.public_id.istartswith(search, autoescape=True),
        )
    )
    sitters = select(Sitter.id).where(
        Sitter.quiz_id == quiz.id,
        or_(Sitter.name.icontains(search, autoescape=True), Sitter.number.icontains(search, autoescape=True)),
    )
    return or_(Attempt.user_id.in_(people), Attempt.sitter_id.in_(sitters))


def count(quiz: Quiz, asked: Listing) -> int:
    """How many rows the list has."""
    if asked.best_only and not asked.state and not asked.search:
        people = select(func.count(Attempt.user_id.distinct())).where(*handed_in(quiz.id))
        return db.session.scalar(people) or 0
    return db.session.scalar(select(func.count()).select_from(chosen(quiz, asked).subquery())) or 0


def page(quiz: Quiz, asked: Listing, number: int) -> list[Row]:
    """One page of the list."""
    statement = chosen(quiz, asked)
    if asked.sort == "name":
        statement = statement.join(User, User.id == Attempt.user_id)
    sorts = OPEN_SORTS if asked.state == "open" else SORTS
    ids = statement.order_by(*sorts.get(asked.sort, sorts["new"])).offset((number - 1) * PAGE).limit(PAGE)
    return rows(db.session.scalars(ids).all())


def rows(ids: Sequence[int]) -> list[Row]:
    """These attempts, in this order, with their people."""
    other = aliased(Attempt)
    number = (
        select(func.count())
        .where(
            *same_person(other, Attempt.quiz_id),
            other.purpose == GRADED,
            other.submitted_at.is_not(None),
            other.id <= Attempt.id,
        )
        .scalar_subquery()
    )
    answered = select(func.count()).where(Slot.attempt_id == Attempt.id, Slot.answered).scalar_subquery()
    statement = select(Attempt, number, case((Attempt.submitted_at.is_(None), answered), else_=0))
    found = {
        attempt.id: Row(attempt, place, given)
        for attempt, place, given in db.session.execute(
            statement.where(Attempt.id.in_(ids)).options(joinedload(Attempt.user, innerjoin=True))
        )
    }
    return [found[one] for one in ids if one in found]


def every(quiz: Quiz) -> Iterator[Row]:
    """All attempts that were handed in, the oldest first, a batch at a time."""
    after = 0
    while True:
        ids = select(Attempt.id).where(*handed_in(quiz.id), Attempt.id > after).order_by(Attempt.id).limit(BATCH)
        batch = rows(db.session.scalars(ids).all())
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1].attempt.id


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


def asked_in(quiz: Quiz) -> dict[int, Item]:
    """The questions that were asked, in the order of their banks, as they are now; of those that the quiz's owner may
    read."""
    versions = select(Slot.version_id).join(Attempt, Attempt.id == Slot.attempt_id).where(*handed_in(quiz.id))
    asked = select(QuestionVersion.question_id).where(QuestionVersion.id.in_(versions))
    found = db.session.execute(
        readable(quiz)
        .where(Question.id.in_(asked))
        .join(QuestionVersion, QuestionVersion.id == Question.current_id)
        .add_columns(QuestionVersion)
    )
    return {question.id: version.item for question, version in found}


def readable(quiz: Quiz) -> Select[Any]:
    """The questions that whoever made the quiz may read, in the order of their banks."""
    statement = select(Question).order_by(Question.bank_id, Question.position, Question.id)
    if quiz.reader_id is None:
        return statement
    return statement.join(Bank, Question.bank_id == Bank.id).where(readable_by(quiz.reader_id))


def readable_ids(quiz: Quiz, ids: Sequence[int]) -> set[int]:
    """Of these questions, those that whoever made the quiz may read."""
    return set(db.session.scalars(readable(quiz).with_only_columns(Question.id).where(Question.id.in_(ids))))


def attempt(quiz: Quiz, public_id: str) -> Attempt:
    """One attempt at the quiz that was handed in, with its learner. Raises NotFound."""
    found = db.session.scalar(
        select(Attempt)
        .where(Attempt.public_id == public_id, *handed_in(quiz.id))
        .options(joinedload(Attempt.user), joinedload(Attempt.quiz))
    )
    if found is None:
        raise NotFound
    return found


def slot(quiz: Quiz, attempt: Attempt, position: int) -> Slot:
    """One question of an attempt, with the version that was asked, if whoever made the quiz may read it. Raises
    NotFound."""
    found = db.session.scalar(
        select(Slot)
        .where(Slot.attempt_id == attempt.id, Slot.position == position)
        .options(joinedload(Slot.version), joinedload(Slot.attempt))
        .execution_options(populate_existing=True)
    )
    if found is None or not readable_ids(quiz, [found.version.question_id]):
        raise NotFound
    return found
