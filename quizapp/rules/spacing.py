"""When a question comes back: FSRS-6 over the answers of a learner. Pure.

Sources: the package `fsrs`, with its own parameters; fuzz is off, and every interval is of whole days (no steps within
a day), as a question is rated once a day. Days are the learner's own: `as_day` names one by its midnight in UTC, so
that a day lasts from midnight to midnight wherever somebody lives, and the package counts whole ones.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from fsrs import Card, Rating, Scheduler, State

from quizapp.kinds import KINDS

GUESS, MAYBE, SURE = 1, 2, 3
"""How certain somebody says to be."""
TYPED = ("text", "number")
"""Kinds whose right answer can't be recognised, only recalled."""
DAY = timedelta(days=1)
FIRST, LAST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)
"""What lies beyond is taken for these, so that the longest interval can be added to any day, and a month taken off."""
RETENTION, BEFORE_EXAM = 0.9, 0.97
"""The probability of a right answer at which a question comes back; and the one on the day of an exam."""
RAMP = 30
"""Days before an exam from which on the wanted retention rises, evenly."""
KNOWN = 0.8
"""An objective is known as long as its questions would be answered right with this probability, on average."""

DAILY = Scheduler(desired_retention=RETENTION, learning_steps=(), relearning_steps=(), enable_fuzzing=False)


@dataclass(frozen=True)
class FinalResponse:
    """A final response. `right`: fully; None where a person has to grade. `tries` counts this one too.

    `passage`: what it asks stood beside it.
    """

    kind: str
    right: bool | None
    certainty: int | None = None
    tries: int = 1
    hints: int = 0
    passage: bool = False


def rating(given: FinalResponse) -> Rating | None:
    """How well it was remembered; None where nobody can say: an essay, and what a person has still to grade."""
    if given.right is None or given.kind not in KINDS or KINDS[given.kind].MANUAL:
        return None
    if not given.right:
        return Rating.Again
    if given.hints or given.tries > 1 or given.passage or given.certainty == GUESS:
        return Rating.Hard
    return Rating.Easy if given.certainty == SURE and given.kind in TYPED else Rating.Good


@dataclass(frozen=True)
class Memory:
    """How well a question is remembered, after a rating `at` some time: the state of FSRS."""

    state: int
    step: int | None
    stability: float
    difficulty: float
    at: datetime
    due: datetime

    def card(self) -> Card:
        return Card(1, State(self.state), self.step, self.stability, self.difficulty, self.due, self.at)


def rated(memory: Memory | None, rating: Rating, at: datetime, by: Scheduler = DAILY) -> Memory:
    """The memory after a rating; None: of a question that is new. `at` is in UTC."""
    card, _log = by.review_card(memory.card() if memory else Card(1, due=at), rating, at)
    return Memory(int(card.state), card.step, card.stability or 0.0, card.difficulty or 0.0, at, card.due)


def retrievability(memory: Memory, at: datetime) -> float:
    """The probability, 0 to 1, of a right answer then."""
    return DAILY.get_card_retrievability(memory.card(), at)


def wanted(day: datetime, exam: datetime | None) -> float:
    """The retention that is wanted on a day: it rises over the last days before an exam."""
    if exam is None or not exam - RAMP * DAY <= day <= exam:
        return RETENTION
    return RETENTION + (BEFORE_EXAM - RETENTION) * (1 - (exam - day) / (RAMP * DAY))


def due(memory: Memory, exam: datetime | None) -> datetime:
    """When it comes back: the day that FSRS says, or an earlier one on which, for the exam, more is wanted than is
    left. Never on the day of the rating."""
    if exam is None:
        return memory.due
    day = max(memory.at + DAY, exam - RAMP * DAY)
    while day <= min(exam, memory.due):
        if retrievability(memory, day) < wanted(day, exam):
            return day
        day += DAY
    return memory.due


# --- a card: the memory, and what else a learner did with the question ---


@dataclass(frozen=True)
class CardState:
    """What a card keeps of a question that somebody has answered. `due` is a day. See `review.models.Card`."""

    memory: Memory
    due: datetime
    reviews: int = 1
    lapses: int = 0
    missed_sure: bool = False
    suspended_at: datetime | None = None


def answered(
    kept: CardState | None, rating: Rating, day: datetime, exam: datetime | None, *, sure: bool = False
) -> CardState:
    """After the rating of a day."""
    memory = rated(kept.memory if kept else None, rating, day)
    missed = rating == Rating.Again
    new = CardState(memory, due(memory, exam), missed_sure=missed and sure)
    if kept is None:
        return new
    return replace(
        new, reviews=kept.reviews + 1, lapses=kept.lapses + missed, suspended_at=kept.suspended_at
    )  # fmt: skip


def sooner(kept: CardState, day: datetime) -> CardState:
    """It comes back tomorrow, if it would have come later: today its key was seen."""
    return replace(kept, due=min(kept.due, day + DAY))


def undone(kept: CardState, day: datetime) -> CardState:
    """The rating of that day doesn't count: what was known before stands, and the question comes back the day after."""
    return replace(kept, due=max(kept.due, day + DAY))


# --- days ---


def as_day(at: datetime, zone: ZoneInfo) -> datetime:
    """The learner's day at that moment, named by its midnight in UTC."""
    return day_named(within(at).astimezone(zone).date())


def day_named(day: date) -> datetime:
    return within(datetime.combine(day, time(), UTC))


def begins(day: datetime, zone: ZoneInfo) -> datetime:
    """The moment at which a learner's day begins, in UTC."""
    return datetime.combine(within(day).date(), time(), zone).astimezone(UTC)


def within(at: datetime) -> datetime:
    return min(max(at, FIRST), LAST)


# --- looking ahead ---


def forecast(memories: Mapping[str, Iterable[Memory]], day: datetime) -> int:
    """How many of the objectives will still be known on a day if nothing is reviewed until then."""
    known = 0
    for of_one in memories.values():
        chances = [retrievability(one, day) for one in of_one]
        known += bool(chances) and sum(chances) / len(chances) >= KNOWN
    return known
