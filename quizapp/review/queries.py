"""Reads of the review: what is due, what a learner chose, and how the days went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import groupby
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, literal, select, union_all

from quizapp.accounts.models import User
from quizapp.attempts.models import PRACTICE, PREVIEW, REVIEW, Attempt, Slot
from quizapp.attempts.queries import ATTEMPTS, SLOTS
from quizapp.banks.models import Question, QuestionVersion
from quizapp.db import db, one_of
from quizapp.errors import NotFound
from quizapp.kinds import KINDS
from quizapp.quizzes.held import held
from quizapp.quizzes.queries import drawable_question
from quizapp.review.history import QUESTIONS, VERSIONS, CardSoFar, RatedResponse, fold
from quizapp.review.models import Card, ReviewAct, ReviewSettings, StaleReview
from quizapp.rules import daily, spacing
from quizapp.rules.daily import DueQuestion, Plan, Preferences
from quizapp.rules.spacing import CardState, Memory

PILE = 500
"""How many of the questions that are due a day's plan looks at: more than any day asks."""
LOOKED_BACK = timedelta(days=400)
CARDS, CHOSEN, STALE, USERS = (cast("Table", one.__table__) for one in (Card, ReviewSettings, StaleReview, User))


def preferences(user_id: int) -> Preferences:
    chosen = db.session.scalar(select(ReviewSettings.chosen).where(ReviewSettings.user_id == user_id))
    return Preferences.of(chosen or {})


# --- cards ---


def cards(user_id: int, questions: Collection[int] | None = None) -> dict[int, Card]:
    """The learner's cards by question."""
    wanted = select(Card).where(Card.user_id == user_id)
    wanted = wanted if questions is None else wanted.where(Card.question_id.in_(questions))
    return {one.question_id: one for one in db.session.scalars(wanted)}


def standing_of(card: Card | None, chosen: Preferences) -> CardSoFar:
    """What a card holds, in the learner's days."""
    if card is None:
        return CardSoFar()
    due = spacing.as_day(card.due_at, chosen.where)
    at = spacing.as_day(card.reviewed_at or card.due_at, chosen.where)
    memory = Memory(card.state, card.step, card.stability or 0.0, card.difficulty or 0.0, at, due)
    kept = CardState(memory, due, card.reviews, card.lapses, card.missed_sure, card.suspended_at)
    return CardSoFar(kept, card.reviewed_at)


def memory_of(card: Card, chosen: Preferences) -> list[Memory]:
    kept = standing_of(card, chosen).kept
    return [kept.memory] if kept else []


KINDS_ASKED = tuple(name for name, kind in KINDS.items() if not kind.MANUAL)
MAY_BE_ASKED = (
    select(
        *(QUESTIONS.c[name] for name in ("id", "current_id", "key", "enemies", "kind", "bank_id", "objective")),
        CARDS.c.id.label("card"),
        CARDS.c.due_at,
        CARDS.c.missed_sure,
    )
    .join(CARDS, CARDS.c.question_id == QUESTIONS.c.id)
    .where(
        CARDS.c.user_id == bindparam("user"),
        CARDS.c.suspended_at.is_(None),
        QUESTIONS.c.archived_at.is_(None),
        QUESTIONS.c.current_id.is_not(None),
        one_of(QUESTIONS.c.kind, KINDS_ASKED),
    )
)
DUE = (
    MAY_BE_ASKED.add_columns(func.count().over().label("all_of_them"))
    .where(CARDS.c.due_at <= bindparam("now"))
    .order_by(CARDS.c.missed_sure.desc(), CARDS.c.due_at, CARDS.c.id)
    .limit(PILE)
    .cte("due")
)
COMING = (
    MAY_BE_ASKED.add_columns(literal(0).label("all_of_them"))
    .where(CARDS.c.due_at > bindparam("now"))
    .order_by(CARDS.c.due_at)
    .limit(PILE)
)
DUE_OR_COMING = union_all(select(DUE), select(COMING.where(~select(DUE.c.id).exists()).subquery()))
"""What is due, in no order; what comes where nothing is."""


@dataclass(frozen=True)
class Pile:
    """The questions that may be asked now, what matters first; how many are due in all; where none may be asked, when
    the next ones are due, in their order."""

    waiting: list[DueQuestion]
    count: int
    coming: list[datetime]


def pile(user_id: int, now: datetime) -> Pile:
    """What is due for a learner, or else what comes. This is the one place that decides what a review may ask."""
    values = {"user": user_id, "now": now}
    rows = db.session.execute(DUE_OR_COMING, values).all()
    due = [row for row in rows if row.due_at <= now]
    due.sort(key=lambda row: (not row.missed_sure, row.due_at, row.card))
    back = held([row.id for row in due], now) if due else ()
    waiting = [
        DueQuestion(
            drawable_question(row.id, row.current_id, row.key, row.enemies),
            row.kind,
            (row.bank_id, row.objective),
            row.due_at,
            row.missed_sure,
        )
        for row in due
        if row.id not in back
    ]
    if due and not waiting:  # all of it is held back
        rows = db.session.execute(COMING, values).all()
    coming = [] if waiting else sorted(row.due_at for row in rows)
    return Pile(waiting, due[0].all_of_them - len(back) if due else 0, coming)


def next_day(coming: Sequence[datetime], chosen: Preferences) -> tuple[datetime, int] | None:
    """The day on which the first of these is due, and how many of them are; None where nothing comes."""
    days = [spacing.as_day(at, chosen.where) for at in coming]
    return (days[0], days.count(days[0])) if days else None


# --- a learner's days ---

RECENT = (
    select(
        CHOSEN.c.chosen,
        STALE.c.at.label("stale_since"),
        *(ATTEMPTS.c[name] for name in ("public_id", "purpose", "started_at", "submitted_at")),
    )
    .select_from(USERS)
    .outerjoin(CHOSEN, CHOSEN.c.user_id == USERS.c.id)
    .outerjoin(STALE, STALE.c.user_id == USERS.c.id)
    .outerjoin(
        ATTEMPTS,
        (ATTEMPTS.c.user_id == USERS.c.id)
        & (ATTEMPTS.c.purpose != PREVIEW)
        & (ATTEMPTS.c.started_at > bindparam("since")),
    )
    .where(USERS.c.id == bindparam("user"))
    .order_by(ATTEMPTS.c.id.desc())
    .limit(1000)
)
"""What a learner chose, and the attempts of late; one row without an attempt where there was none."""
ONE_BY_ONE = (
    select(ATTEMPTS.c.id)
    .where(ATTEMPTS.c.user_id == bindparam("user"), one_of(ATTEMPTS.c.purpose, (REVIEW, PRACTICE)))
    .order_by(ATTEMPTS.c.id.desc())
    .limit(30)
)
CHECKED = (
    select(ATTEMPTS.c.id, ATTEMPTS.c.started_at, SLOTS.c.checked_at, QUESTIONS.c.kind)
    .join(ATTEMPTS, ATTEMPTS.c.id == SLOTS.c.attempt_id)
    .join(VERSIONS, VERSIONS.c.id == SLOTS.c.version_id)
    .join(QUESTIONS, QUESTIONS.c.id == VERSIONS.c.question_id)
    .where(ATTEMPTS.c.id.in_(ONE_BY_ONE), SLOTS.c.checked_at.is_not(None))
    .order_by(ATTEMPTS.c.id, SLOTS.c.checked_at)
)


def seconds(user_id: int) -> dict[str, float]:
    """How long a question of a kind takes this learner, from one check to the next."""
    times: list[tuple[str, float]] = []
    for _attempt, rows in groupby(db.session.execute(CHECKED, {"user": user_id}), key=lambda row: row.id):
        before: datetime | None = None
        for row in rows:
            times.append((row.kind, (row.checked_at - (before or row.started_at)).total_seconds()))
            before = row.checked_at
    return daily.measured(times)


@dataclass(frozen=True)
class Today:
    """A learner's day: what is to be reviewed, and how the days before went.

    `running` is the review that was begun today and isn't finished, `finished` the last one of today that is. `coming`:
    where nothing is due, the next day on which something is, and how many questions. `stale`:
    a score was changed since, and the cards wait to be made anew.
    """

    chosen: Preferences
    day: date
    plan: Plan
    active: frozenset[date]
    running: Row[Any] | None
    finished: Row[Any] | None
    coming: tuple[datetime, int] | None = None
    stale: bool = False

    @property
    def is_open(self) -> bool:
        """Whether the day's review is the thing to do."""
        return self.running is not None or (bool(self.plan.asked) and self.finished is None)

    @cached_property
    def in_a_row(self) -> int:
        return daily.in_a_row(self.active, self.day, self.chosen.rest)

    @property
    def this_week(self) -> int:
        return daily.this_week(self.active, self.day)


def today(user_id: int, now: datetime) -> Today:
    """In two statements where nothing is due and in four otherwise, whatever has piled up; more where an examination is
    near."""
    rows = db.session.execute(RECENT, {"user": user_id, "since": now - LOOKED_BACK}).all()
    chosen = Preferences.of(rows[0].chosen or {}) if rows else Preferences.of({})
    day = spacing.as_day(now, chosen.where).date()
    piled = pile(user_id, now)
    plan = daily.plan(piled.waiting, chosen.minutes, seconds(user_id) if piled.waiting else {})
    recent = [row for row in rows if row.started_at is not None]

    def on(at: datetime) -> date:
        return spacing.as_day(at, chosen.where).date()

    of_today = [one for one in recent if one.purpose == REVIEW and on(one.started_at) == day]
    return Today(
        chosen,
        day,
        Plan(plan.asked, piled.count - len(plan.asked), plan.seconds),
        frozenset(on(at) for one in recent for at in (one.started_at, one.submitted_at) if at is not None),
        next((one for one in of_today if one.submitted_at is None), None),
        next((one for one in of_today if one.submitted_at is not None), None),
        next_day(piled.coming, chosen),
        stale=bool(rows) and rows[0].stale_since is not None,
    )


def is_stale(user_id: int) -> bool:
    """Whether a score was changed since the cards and levels were made."""
    return db.session.scalar(select(STALE.c.user_id).where(STALE.c.user_id == user_id)) is not None


# --- what a learner can look at and change ---


def own_card(user_id: int, question: str) -> Card:
    """The learner's card of the question with this public id. Raises NotFound."""
    found = db.session.scalar(
        select(Card)
        .join(Question, Question.id == Card.question_id)
        .where(Card.user_id == user_id, Question.public_id == question)
    )
    if found is None:
        raise NotFound
    return found


def suspended(user_id: int) -> Sequence[Any]:
    """The questions that a learner has put aside: `public_id` and the content of the current version."""
    return db.session.execute(
        select(Question.public_id, QuestionVersion.content)
        .join(Card, Card.question_id == Question.id)
        .join(QuestionVersion, QuestionVersion.id == Question.current_id)
        .where(Card.user_id == user_id, Card.suspended_at.is_not(None))
        .order_by(Card.suspended_at.desc())
        .limit(100)
    ).all()


def memories(user_id: int, chosen: Preferences) -> dict[str, list[Memory]]:
    """What the learner remembers of each objective."""
    rows = db.session.execute(
        select(Card, Question.bank_id, Question.objective)
        .join(Question, Question.id == Card.question_id)
        .where(Card.user_id == user_id, Question.objective != "", Question.archived_at.is_(None))
    )
    found: dict[str, list[Memory]] = {}
    for card, bank_id, objective in rows:
        found.setdefault(f"{bank_id}:{objective}", []).extend(memory_of(card, chosen))
    return found


def ratings(user_id: int, now: datetime) -> Sequence[RatedResponse]:
    """Every rating that a learner has earned and not undone, in their order."""
    return fold(user_id, preferences(user_id), now).ratings


def ratings_in(attempt: Attempt, now: datetime) -> list[RatedResponse]:
    """What an attempt's responses were rated, in their order; without what was undone."""
    made = fold(attempt.user_id, preferences(attempt.user_id), now, questions_of(attempt))
    return [one for one in made.ratings if one.final.attempt_id == attempt.id]


def questions_of(attempt: Attempt) -> list[int]:
    """The questions that an attempt asks."""
    return list(
        db.session.scalars(
            select(QuestionVersion.question_id)
            .join(Slot, Slot.version_id == QuestionVersion.id)
            .where(Slot.attempt_id == attempt.id)
        )
    )


def public_ids(questions: Collection[int]) -> dict[int, str]:
    """What addresses call these questions."""
    rows = db.session.execute(select(Question.id, Question.public_id).where(Question.id.in_(questions)))
    return dict(rows.all())


def everything_of(user_id: int) -> dict[str, Any]:
    """A learner's review as plain data."""
    acts = db.session.scalars(select(ReviewAct).where(ReviewAct.user_id == user_id).order_by(ReviewAct.id))
    keys = dict(db.session.execute(select(Question.id, Question.key).join(Card).where(Card.user_id == user_id)).all())
    return {
        "settings": preferences(user_id).chosen,
        "cards": [
            {
                "question": keys.get(one.question_id, ""),
                "stability": one.stability,
                "difficulty": one.difficulty,
                "reviewed_at": one.reviewed_at,
                "due_at": one.due_at,
                "reviews": one.reviews,
                "lapses": one.lapses,
                "suspended_at": one.suspended_at,
            }
            for one in cards(user_id).values()
        ],
        "acts": [{"act": one.act, "at": one.at} for one in acts],
    }
