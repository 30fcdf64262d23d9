"""Reads of a quiz's results: who, when, how well, and what each question tells. Graded attempts only.

Everything is summed up by the database, so that a quiz with a hundred thousand attempts is as quick as a small one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, select
from sqlalchemy.orm import contains_eager, joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, Attempt, Slot
from quizapp.attempts.overdue import ENDED, MARK, as_of, is_over
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.queries import readable_by
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Text
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import quiz_for
from quizapp.rules.items import LEAST, Sums, discrimination, facility

PAGE = 50
BATCH = 500
SHARE = MARK / func.nullif(Attempt.max_mark, 0)
NAMED = func.coalesce(func.nullif(Attempt.given["name"].as_string(), ""), User.name)
SORTS: dict[str, tuple[Any, ...]] = {
    "new": (ENDED.desc(), Attempt.id.desc()),
    "score": (SHARE.desc(), Attempt.id),
    "name": (NAMED, User.id, Attempt.id),
}


@dataclass(frozen=True)
class Summary:
    """A quiz at a glance. Shares are 0 to 1; None where nobody has handed in."""

    attempts: int
    people: int
    going_on: int
    mean: float | None
    median: float | None
    passed: float | None


@dataclass(frozen=True)
class Row:
    """One attempt with its number among those of the same person."""

    attempt: Attempt
    number: int


@dataclass(frozen=True)
class Option:
    text: Text
    right: bool
    chosen: int


@dataclass(frozen=True)
class QuestionOutcome:
    """What a question's responses tell. `choices`: how often each option was chosen, by its id; "" for none."""

    item: Item
    key: str
    public_id: str
    responses: int
    facility: float | None
    full: float
    discrimination: float | None
    choices: dict[str, int]

    @property
    def options(self) -> list[Option]:
        """The options of a question that asks for one of several, and how often each was chosen."""
        if not self.choices:
            return []
        kind, body = KINDS[self.item.kind], self.item.body
        return [
            Option(one["text"], kind.score(body, {"choice": one["id"]}).fraction == 1, self.choices.get(one["id"], 0))
            for one in kind.public(body)["choices"]
        ]

    @property
    def few(self) -> bool:
        """Whether there are too few responses to speak of discrimination."""
        return self.responses < LEAST


def quiz_of(public_id: str, user: User) -> Quiz:
    """A quiz whose results the user may see: their own, or one that is shared with them; an admin sees all. Raises
    NotFound."""
    return quiz_for(public_id, user, "see")


def numbered(quiz_id: int, now: datetime) -> Any:
    """Every attempt that is over, with `number` (1 is the person's first) and `rank` (1 is their best)."""
    return (
        select(
            Attempt.id.label("id"),
            func.row_number().over(partition_by=Attempt.user_id, order_by=Attempt.id).label("number"),
            func.row_number().over(partition_by=Attempt.user_id, order_by=(SHARE.desc(), Attempt.id)).label("rank"),
        )
        .where(Attempt.quiz_id == quiz_id, Attempt.purpose == GRADED, is_over(now))
        .subquery()
    )


def summary(quiz: Quiz, best_only: bool, now: datetime) -> Summary:
    """The figures above the list, of the attempts that it shows."""
    known = numbered(quiz.id, now)
    chosen = select(SHARE.label("share"), Attempt.user_id).join(known, known.c.id == Attempt.id)
    chosen = (chosen.where(known.c.rank == 1) if best_only else chosen).subquery()
    passing: ColumnElement[Any] = case((chosen.c.share >= quiz.rules.pass_mark, 1.0), else_=0.0)
    count, people, mean, passed = db.session.execute(
        select(
            func.count(), func.count(chosen.c.user_id.distinct()), func.avg(chosen.c.share), func.avg(passing)
        ).select_from(chosen)
    ).one()
    middle = db.session.scalars(
        select(chosen.c.share).order_by(chosen.c.share).offset(max(0, count - 1) // 2).limit(2 - count % 2)
    ).all()
    going_on = db.session.scalar(
        select(func.count(Attempt.id)).where(Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, ~is_over(now))
    )
    median = sum(middle) / len(middle) if count and middle else None
    return Summary(count, people, going_on or 0, mean, median, passed)


def listed(quiz: Quiz, best_only: bool, sort: str, now: datetime) -> Select[Attempt, int]:
    known = numbered(quiz.id, now)
    statement = (
        select(Attempt, known.c.number)
        .join(known, known.c.id == Attempt.id)
        .join(User, User.id == Attempt.user_id)
        .options(contains_eager(Attempt.user))
        .order_by(*SORTS.get(sort, SORTS["new"]))
    )
    return statement.where(known.c.rank == 1) if best_only else statement


def page(quiz: Quiz, best_only: bool, sort: str, number: int, now: datetime) -> list[Row]:
    """One page of the attempts."""
    statement = listed(quiz, best_only, sort, now).offset((number - 1) * PAGE).limit(PAGE)
    return [Row(as_of(attempt, now), try_number) for attempt, try_number in db.session.execute(statement)]


def every(quiz: Quiz, now: datetime) -> Iterator[Row]:
    """All attempts, the oldest first, a batch at a time."""
    after = 0
    while True:
        statement = listed(quiz, False, "new", now).order_by(None).order_by(Attempt.id).where(Attempt.id > after)
        batch = [Row(as_of(attempt, now), number) for attempt, number in db.session.execute(statement.limit(BATCH))]
        yield from batch
        if len(batch) < BATCH:
            return
        after = batch[-1].attempt.id


def marks(attempt_ids: Sequence[int]) -> dict[int, dict[int, float | None]]:
    """By attempt and question: the points, None where a person has still to grade."""
    rows = db.session.execute(
        select(Slot.attempt_id, QuestionVersion.question_id, Slot.fraction, Slot.max_mark, Slot.answered)
        .join(QuestionVersion, Slot.version_id == QuestionVersion.id)
        .where(Slot.attempt_id.in_(attempt_ids))
    )
    found: dict[int, dict[int, float | None]] = {}
    for attempt_id, question_id, fraction, points, answered in rows:
        waits = fraction is None and answered
        found.setdefault(attempt_id, {})[question_id] = None if waits else round((fraction or 0) * points, 5)
    return found


def firsts(quiz: Quiz, now: datetime) -> Any:
    """The ids of each person's first attempt."""
    known = numbered(quiz.id, now)
    return select(known.c.id).where(known.c.number == 1)


def question_ids(quiz: Quiz, now: datetime) -> list[int]:
    """The questions that were asked, in the order of their banks; of those that the quiz's owner may read now."""
    asked = (
        select(QuestionVersion.question_id)
        .join(Slot, Slot.version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, is_over(now))
    )
    statement = select(Question.id).where(Question.id.in_(asked))
    if quiz.reader_id is not None:
        statement = statement.join(Bank, Question.bank_id == Bank.id).where(readable_by(quiz.reader_id))
    return list(db.session.scalars(statement.order_by(Question.bank_id, Question.position, Question.id)))


def questions(quiz: Quiz, ids: Sequence[int], now: datetime) -> list[QuestionOutcome]:
    """What these questions' responses tell, in each person's first attempt; in the order of the ids."""
    earned = func.coalesce(Slot.fraction, 0) * Slot.max_mark
    rest = MARK - earned
    rows = db.session.execute(
        select(
            QuestionVersion.question_id,
            func.max(Slot.max_mark),
            func.avg(case((Slot.fraction >= 1, 1.0), else_=0.0)),
            func.count(),
            func.sum(earned),
            func.sum(earned * earned),
            func.sum(rest),
            func.sum(rest * rest),
            func.sum(earned * rest),
        )
        .join(QuestionVersion, Slot.version_id == QuestionVersion.id)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .where(Slot.attempt_id.in_(firsts(quiz, now)), QuestionVersion.question_id.in_(ids))
        .group_by(QuestionVersion.question_id)
    )
    found = {row[0]: (row[1], row[2], Sums(*row[3:])) for row in rows}
    chosen = choices(quiz, ids, now)
    known = {
        one.id: one
        for one in db.session.scalars(
            select(Question).where(Question.id.in_(ids)).options(joinedload(Question.current))
        )
    }
    outcomes = []
    for name in ids:
        question = known[name]
        if question.current is not None and name in found:
            points, full, sums = found[name]
            outcomes.append(
                QuestionOutcome(
                    question.current.item, question.key, question.public_id, sums.count, facility(sums, points), full,
                    discrimination(sums), chosen.get(name, {}),
                )
            )  # fmt: skip
    return outcomes


def choices(quiz: Quiz, ids: Sequence[int], now: datetime) -> dict[int, dict[str, int]]:
    """How often each option was chosen where one is, by question and option id; "" for none."""
    of_one = [kind.NAME for kind in KINDS.values() if kind.CONTROL == "choice"]
    chosen = func.coalesce(Slot.response["choice"].as_string(), "")
    rows = db.session.execute(
        select(QuestionVersion.question_id, chosen, func.count())
        .join(QuestionVersion, Slot.version_id == QuestionVersion.id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Slot.attempt_id.in_(firsts(quiz, now)),
            Question.kind.in_(of_one),
            QuestionVersion.question_id.in_(ids),
        )
        .group_by(QuestionVersion.question_id, chosen)
    )
    found: dict[int, dict[str, int]] = {}
    for question_id, option, count in rows:
        found.setdefault(question_id, {})[option] = count
    return found


def attempt(quiz: Quiz, public_id: str, now: datetime) -> Attempt:
    """One attempt at the quiz that is over, with its learner. Raises NotFound."""
    found = db.session.scalar(
        select(Attempt)
        .where(
            Attempt.public_id == public_id,
            Attempt.quiz_id == quiz.id,
            Attempt.purpose == GRADED,
            is_over(now),
        )
        .options(joinedload(Attempt.user), joinedload(Attempt.quiz))
    )
    if found is None:
        raise NotFound
    return as_of(found, now)
