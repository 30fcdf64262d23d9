"""Reads for graders: what waits, question by question; the responses to one of them; and the record of one response."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import contains_eager, joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, PRACTICE, Answer, Attempt, Slot
from quizapp.banks.models import Question, QuestionVersion
from quizapp.db import db
from quizapp.errors import NotAllowed, NotFound
from quizapp.formats.items import Item
from quizapp.gradebook.models import GradeDraft, SavedComment
from quizapp.kinds import KINDS
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import NOT_FOR_THIS, may
from quizapp.rules.similarity import letters

PAGE = 20
MOST_ALIKE = 200
"""Responses that say the same and are graded at once."""
MOST_COMPARED = 2000
MOST_COMMENTS = 30
MANUAL = [kind.NAME for kind in KINDS.values() if kind.MANUAL]


@dataclass(frozen=True)
class Pile:
    """The responses to one question of one quiz that wait."""

    quiz: Quiz
    question: Question
    item: Item
    waiting: int
    first: int
    """The id of the slot to begin with."""


@dataclass(frozen=True)
class GivenScore:
    """A score that a person has given: a row of the record."""

    source: str
    fraction: float | None
    comment: str
    reason: str
    at: datetime
    by: str


def gradable(user: User, verb: str = "grade") -> Select[Any]:
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
        .where(Attempt.submitted_at.is_not(None), Slot.answered, Attempt.purpose.in_((GRADED, PRACTICE)))
    )
    return statement.where(may(user, verb))


def waits(statement: Select[Any]) -> Select[Any]:
    """Of these, the ones that nobody has graded. The number at the attempt leads to them by an index."""
    return statement.where(Attempt.waiting > 0, Slot.fraction.is_(None), Slot.dropped.is_(False))


def piles(user: User, quiz: str = "") -> list[Pile]:
    """What waits, by quiz and question, the oldest first; of one quiz, where one is named."""
    statement = waits(gradable(user))
    if quiz:
        statement = statement.where(Quiz.public_id == quiz)
    oldest, newest = func.min(Slot.id), func.max(Slot.id)
    rows = db.session.execute(
        statement.with_only_columns(Quiz.id, QuestionVersion.question_id, func.count(), oldest, newest)
        .group_by(Quiz.id, QuestionVersion.question_id)
        .order_by(func.min(Attempt.submitted_at), oldest)
    ).all()
    quizzes = by_id(Quiz, {row[0] for row in rows})
    questions = by_id(Question, {row[1] for row in rows}, joinedload(Question.current))
    found = []
    for quiz_id, question_id, count, first, last in rows:
        of, question = quizzes[quiz_id], questions[question_id]
        if question.current is not None:
            first = last if from_the_end(of, user) else first
            found.append(Pile(of, question, question.current.item, count, first))
    return found


def by_id(model: Any, ids: set[int], *options: Any) -> dict[int, Any]:
    return {one.id: one for one in db.session.scalars(select(model).where(model.id.in_(ids)).options(*options))}


def from_the_end(quiz: Quiz, user: User) -> bool:
    """Who helps begins with the newest response and meets the quiz's owner in the middle."""
    return quiz.owner_id != user.id


def responses(user: User, quiz: Quiz, question: Question, *, graded: bool) -> Select[Any]:
    """The responses to a question of a quiz, the oldest first: those that wait, or those that are graded."""
    statement = gradable(user).where(Attempt.quiz_id == quiz.id, QuestionVersion.question_id == question.id)
    statement = statement.where(Slot.fraction.is_not(None)) if graded else waits(statement)
    return statement.order_by(Slot.id)


def one_of(user: User, narrow: Callable[[Select[Any]], Select[Any]]) -> Slot:
    """A response among those that the user may grade. Raises NotFound, or NotAllowed where they may only see it."""
    found = db.session.scalar(narrow(gradable(user)).limit(1))
    if found is None:
        seen = db.session.scalar(narrow(gradable(user, "see")).with_only_columns(Slot.id).limit(1))
        raise NotFound if seen is None else NotAllowed(NOT_FOR_THIS)
    return found


def pile_of(user: User, quiz: str, question: str) -> tuple[Quiz, Question]:
    """A quiz and one of its questions that a person grades, if the user may grade there. Raises NotFound, or
    NotAllowed."""

    def asked(responses: Select[Any]) -> Select[Any]:
        of = responses.join(Question, Question.id == QuestionVersion.question_id)
        return of.where(Quiz.public_id == quiz, Question.public_id == question, Question.kind.in_(MANUAL))

    slot = one_of(user, asked)
    found = db.session.get_one(Quiz, slot.attempt.quiz_id)
    return found, db.session.get_one(Question, slot.question_id, options=[joinedload(Question.current)])


def count(statement: Select[Any]) -> int:
    ids = statement.with_only_columns(Slot.id).order_by(None).subquery()
    return db.session.scalar(select(func.count()).select_from(ids)) or 0


def page(statement: Select[Any], number: int) -> Sequence[Slot]:
    return db.session.scalars(statement.offset((number - 1) * PAGE).limit(PAGE)).all()


def gradable_slot(slot_id: int, user: User) -> Slot:
    """One response that this user may grade. Raises NotFound, or NotAllowed."""
    found = one_of(user, lambda responses: responses.where(Slot.id == slot_id))
    if not KINDS[found.version.item.kind].MANUAL:
        raise NotFound
    return found


def following(slot: Slot, user: User, *, graded: bool = False) -> int | None:
    """The response to look at after this one: to the same question, round to those that were passed over, then to
    another question of the quiz, then of another quiz. Of graded ones, only the next to the same question."""
    quiz, question = slot.attempt.quiz, slot.version.question
    if quiz is None:
        return None
    back = from_the_end(quiz, user) and not graded
    same = responses(user, quiz, question, graded=graded).where(Slot.id != slot.id).with_only_columns(Slot.id)
    beyond = Slot.id < slot.id if back else Slot.id > slot.id
    order = Slot.id.desc() if back else Slot.id
    if (after := db.session.scalar(same.where(beyond).order_by(None).order_by(order).limit(1))) or graded:
        return after
    if first := db.session.scalar(same.order_by(None).order_by(order).limit(1)):
        return first
    others = [pile for pile in piles(user) if pile.question.id != question.id or pile.quiz.id != quiz.id]
    others.sort(key=lambda pile: pile.quiz.id != quiz.id)
    return others[0].first if others else None


def alike(slot: Slot, user: User) -> list[Slot]:
    """Other responses to the same question that wait and say the same but for case, white space and punctuation."""
    quiz, said = slot.attempt.quiz, letters(text_of(slot.response))
    if quiz is None or not said:
        return []
    waiting = responses(user, quiz, slot.version.question, graded=False).where(Slot.id != slot.id)
    few = waiting.with_only_columns(Slot.id, Slot.response).limit(MOST_COMPARED)
    ids = [other for other, response in db.session.execute(few) if letters(text_of(response)) == said]
    return list(db.session.scalars(waiting.where(Slot.id.in_(ids[:MOST_ALIKE]))))


def text_of(response: dict[str, Any] | None) -> str:
    given = (response or {}).get("text")
    return given if isinstance(given, str) else ""


def history(slot: Slot) -> list[GivenScore]:
    """What people have scored this response with, the newest first."""
    rows = db.session.execute(
        select(Answer, User.name)
        .outerjoin(User, User.id == Answer.by_id)
        .where(Answer.slot_id == slot.id, Answer.source.in_(("grader", "override")))
        .order_by(Answer.seq.desc())
    )
    return [
        GivenScore(row.source, row.fraction, row.comment, (row.detail or {}).get("reason", ""), row.at, name or "")
        for row, name in rows
    ]


def draft(slot: Slot, user: User) -> GradeDraft | None:
    """What this grader has begun and not given."""
    return db.session.scalar(
        select(GradeDraft).where(GradeDraft.slot_id == slot.id, GradeDraft.user_id == user.id)
    )  # fmt: skip


def comments(slot: Slot, user: User) -> Sequence[SavedComment]:
    """The grader's own comments for this question, those used last first."""
    return db.session.scalars(
        select(SavedComment)
        .where(SavedComment.question_id == slot.question_id, SavedComment.user_id == user.id)
        .order_by(SavedComment.used_at.desc(), SavedComment.id.desc())
        .limit(MOST_COMMENTS)
    ).all()
