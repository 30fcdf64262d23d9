"""The list of a quiz's attempts: sorted, searched, page by page. Graded attempts only.

A page's ids are found first, by an index that has all they are sorted by, then its rows: a page of a hundred thousand
attempts is as quick as one of a few.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, Select, case, cast, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import aliased, joinedload

from quizapp.accounts.models import User
from quizapp.attempts.models import GRADED, Answer, Attempt, Slot
from quizapp.attempts.overdue import Over, as_of, goes_on, is_over
from quizapp.db import db
from quizapp.rules.scores import ADMIT, AVERAGE, DECLINE, FIRST, HIGHEST, LATEST, UNDO

PAGE = 50
BILLION = 10**9
IDS = 2**31
"""More than there can be."""
SORTS = ("new", "old", "score", "low", "waiting", "name", "number")
STATES = ("", "waiting", "clock", "late", "open")
"""Which attempts are listed: those that are over, those of them that wait for a grade, that the clock has ended or that
have late answers to decide upon, or those that go on."""


@dataclass(frozen=True)
class Row:
    """One attempt with its number among those of the same person; `answered` questions where it isn't handed in.
    `score` is the share that counts for the person, where that is the average of several."""

    attempt: Attempt
    number: int
    answered: int = 0
    score: float | None = None


@dataclass(frozen=True)
class Listing:
    """What is asked of the list of people. `what_counts`: one row a person, with what counts of several tries by
    `method`."""

    what_counts: bool = False
    sort: str = "new"
    state: str = ""
    search: str = ""
    method: str = HIGHEST

    @property
    def by_person(self) -> bool:
        """Whether it has one row a person, and not one a try."""
        return self.what_counts and not self.state


@dataclass(frozen=True)
class ListColumns:
    """What a list reads of its attempts, to sort and to search them. `at` is the time that it shows, `score` the
    average, where that is what counts."""

    id: Any
    user_id: Any
    given: Any
    at: Any
    waiting: Any
    share: Any
    score: Any = None

    @property
    def name(self) -> ColumnElement[str]:
        """What the roster or the person said, or what the account is called."""
        return by_bytes(func.coalesce(func.nullif(self.given["name"].as_string(), ""), User.name))

    @property
    def number(self) -> ColumnElement[str]:
        """The number that the roster or the person gave; "" without one."""
        return by_bytes(func.coalesce(self.given["number"].as_string(), ""))

    @property
    def orders(self) -> dict[str, tuple[Any, ...]]:
        """By what a list can be sorted."""
        ungraded = case((self.waiting > 0, 1), else_=0)
        if self.score is not None:
            ungraded = case((self.score.is_(None), 1), else_=0)
        share = self.share if self.score is None else self.score
        return {
            "new": (self.at.desc(), self.id.desc()),
            "old": (self.at, self.id),
            "score": (ungraded, share.desc(), self.id),
            "low": (ungraded, share, self.id),
            "waiting": (self.waiting.desc(), self.at, self.id),
            "name": (self.name, self.user_id, self.id),
            "number": (self.number == "", func.length(self.number), self.number, self.id),
        }


def on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def by_bytes(text: ColumnElement[str]) -> ColumnElement[str]:
    """Words to sort by, as SQLite compares them: a language's own order takes PostgreSQL twice as long, and that of a
    host may be any."""
    return text.collate("C") if on_postgresql() else text


def columns(over: Over, at: Any) -> dict[str, Any]:
    """What is read of an attempt, by the names of `ListColumns`."""
    own = {"id": Attempt.id, "user_id": Attempt.user_id, "given": Attempt.given}
    return own | {"at": at, "waiting": over.waiting, "share": over.share}


def chosen(over: Over, asked: Listing) -> tuple[Select[Any], ListColumns]:
    """The ids of the attempts that are asked for, and what they can be sorted by."""
    if asked.by_person:
        of = ListColumns(**dict(one_each(over, asked.method).c))
        statement = select(of.id)
    else:
        going = asked.state == "open"
        of = ListColumns(**columns(over, Attempt.started_at if going else over.ended))
        statement = select(Attempt.id).where(*(going_on(over) if going else over.where))
    if asked.state == "waiting":
        statement = statement.where(WAITS)
    if asked.state == "clock":
        statement = statement.where(by_clock(over))
    if asked.state == "late":
        statement = statement.where(Attempt.id.in_(with_late(over.quiz_id)))
    return statement.where(matches_name(over.quiz_id, asked.search, of)) if asked.search else statement, of


def one_each(over: Over, method: str) -> Any:
    """Of each person the attempt that counts, with what a list reads of it.

    PostgreSQL finds it with all of that in one pass; to look for the rest by its id takes twice as long.
    """
    read = [column.label(name) for name, column in columns(over, over.ended).items()]
    if on_postgresql() and method != AVERAGE:
        best = case((over.waiting > 0, -1.0), else_=func.coalesce(over.share, 0.0)).desc()
        first = {FIRST: (Attempt.id,), LATEST: (Attempt.id.desc(),)}.get(method, (best, Attempt.id))
        each = select(*read).where(*over.where).ext(distinct_on(Attempt.user_id))
        return each.order_by(Attempt.user_id, *first).subquery()
    counts = counting(over, method)
    score = [counts.c.score] if method == AVERAGE else []
    return select(*read, *score).join(counts, counts.c.id == Attempt.id).subquery()


def counting(over: Over, method: str) -> Any:
    """The id of each person's attempt that counts, as `rules.scores.of_tries` has it; where the average does, that of
    the last one, and `score`."""
    if method == AVERAGE:
        graded = case((over.waiting == 0, func.coalesce(over.share, 0.0)))
        columns = func.max(Attempt.id).label("id"), func.avg(graded).label("score")
    else:
        one = {FIRST: func.min(Attempt.id), LATEST: func.max(Attempt.id)}.get(method)
        columns = ((highest(over) if one is None else one).label("id"),)
    return select(*columns).where(*over.where).group_by(Attempt.user_id).subquery()


def highest(over: Over) -> ColumnElement[int]:
    """The id of the best of some attempts, the earlier of equals; one without a mark yet is below any.

    One pass: the largest of numbers that hold the share of the points in front, and behind it the id, the smaller one
    being the larger number. To sort each person's attempts takes twice as long, to look for a better one three times.
    """
    share = cast(func.round(func.coalesce(over.share, 0.0) * BILLION), BigInteger)
    rank = case((over.waiting > 0, literal(0, BigInteger)), else_=share + BILLION)
    best = func.max(rank * IDS + (IDS - 1 - Attempt.id))
    return IDS - 1 - best % IDS


def going_on(over: Over) -> tuple[Any, ...]:
    return Attempt.quiz_id == over.quiz_id, Attempt.purpose == GRADED, goes_on(over.now)


WAITS = Attempt.waiting > literal_column("0")
"""Written out, as the index of these has it: what waits is few."""


def by_clock(over: Over) -> ColumnElement[bool]:
    """Of attempts that are over, those that nobody handed in before their time was up."""
    return Attempt.due_at == over.ended


def with_late(quiz_id: int) -> Select[Any]:
    """The ids of the attempts with late answers that nobody has decided upon, as `rules.scores.decided` has it. Late
    answers are few, and have an index of their own: the sum keeps SQLite from going through the quiz's attempts."""
    decision, undo = aliased(Answer), aliased(Answer)
    taken_back = (
        select(undo.id)
        .where(undo.slot_id == decision.slot_id, undo.source == UNDO, undo.batch_id.is_(None))
        .where(undo.detail["of"].as_integer() == decision.seq)
        .exists()
    )
    decided = (
        select(decision.id)
        .where(decision.slot_id == Answer.slot_id, decision.source.in_((ADMIT, DECLINE)))
        .where(decision.detail["of"].as_integer() == Answer.seq, ~taken_back)
        .exists()
    )
    quiz = aliased(Attempt)
    return (
        select(Slot.attempt_id)
        .join(Answer, Answer.slot_id == Slot.id)
        .join(quiz, quiz.id == Slot.attempt_id)
        .where(Answer.source == literal_column("'late'"), ~decided, quiz.quiz_id + 0 == quiz_id)
    )


def same_person(other: Any, quiz_id: Any) -> tuple[ColumnElement[bool], ...]:
    """The person's other attempts at the quiz. The sum keeps SQLite, where it knows nothing of the sizes, from going
    through all attempts at the quiz instead of the person's."""
    return (other.user_id == Attempt.user_id, other.quiz_id + 0 == quiz_id)


def matches_name(quiz_id: int, search: str, of: ListColumns) -> ColumnElement[bool]:
    """Whose name, address or code has this in it; or the name or number that the roster or the person gave."""

    def has(text: Any) -> ColumnElement[bool]:
        return text.icontains(search, autoescape=True)

    code = User.public_id.istartswith(search, autoescape=True)
    people = select(User.id).where(or_(has(User.name), has(User.email), code))
    at_quiz = aliased(Attempt)
    given = select(at_quiz.id).where(
        at_quiz.quiz_id == quiz_id,
        or_(*(has(at_quiz.given[part].as_string()) for part in ("name", "number"))),
    )
    return or_(of.user_id.in_(people), of.id.in_(given))


def count(over: Over, asked: Listing) -> int:
    """How many rows the list has."""
    if asked.by_person and not asked.search:
        people = select(func.count(Attempt.user_id.distinct())).where(*over.where)
        return db.session.scalar(people) or 0
    statement, _of = chosen(over, asked)
    return db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0


def page(over: Over, asked: Listing, number: int, known: int | None = None) -> tuple[list[Row], int]:
    """One page of the list, and how many rows the whole has, where that isn't `known`. A search is made only once."""
    statement = ids_of_page(over, asked, number)
    if asked.search:
        statement = statement.add_columns(func.count().over())
    found = db.session.execute(statement).all()
    if asked.search:
        known = found[0][-1] if found else 0
    averages = {row.id: row.score for row in found} if asked.by_person and asked.method == AVERAGE else {}
    listed = [replace(row, score=averages.get(row.attempt.id)) for row in rows([row[0] for row in found], over.now)]
    return listed, count(over, asked) if known is None else known


def ids_of_page(over: Over, asked: Listing, number: int) -> Select[Any]:
    return ids_from(over, asked, (number - 1) * PAGE, PAGE)


def ids_from(over: Over, asked: Listing, skipped: int, many: int) -> Select[Any]:
    """The ids of the list's rows after these, so many of them."""
    statement, of = chosen(over, asked)
    if of.score is not None:
        statement = statement.add_columns(of.score)
    if asked.sort == "name":
        statement = statement.join(User, User.id == of.user_id)
    return statement.order_by(*of.orders[asked.sort]).offset(skipped).limit(many)


def rows(ids: Sequence[int], now: datetime) -> list[Row]:
    """These attempts, in this order, with their people."""
    other = aliased(Attempt)
    number = (
        select(func.count())
        .where(
            *same_person(other, Attempt.quiz_id),
            other.purpose == GRADED,
            is_over(now, other),
            other.id <= Attempt.id,
        )
        .scalar_subquery()
    )
    answered = select(func.count()).where(Slot.attempt_id == Attempt.id, Slot.answered).scalar_subquery()
    statement = select(Attempt, number, case((~is_over(now), answered), else_=0))
    found = {
        attempt.id: Row(as_of(attempt, now), place, given)
        for attempt, place, given in db.session.execute(
            statement.where(Attempt.id.in_(ids)).options(joinedload(Attempt.user, innerjoin=True))
        )
    }
    return [found[one] for one in ids if one in found]
