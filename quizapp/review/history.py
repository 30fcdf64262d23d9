"""What a learner's record says of a question: its final responses, what was done to its card, and the card they make.

A card is a cache of this. One rule makes it, whether an answer moves it or all are made anew (`fold`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from fsrs import Rating
from sqlalchemy import Row, Table, or_, select

from quizapp.attempts.disclosure import sits
from quizapp.attempts.models import CHECK, PREVIEW, REVIEW, Answer, Slot
from quizapp.attempts.queries import ATTEMPTS, SLOTS
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.db import db
from quizapp.formats.items import from_json
from quizapp.kinds import KINDS
from quizapp.quizzes.held import held
from quizapp.quizzes.models import Quiz
from quizapp.review.models import Card, ReviewAct
from quizapp.rules import modes, spacing
from quizapp.rules.daily import Preferences
from quizapp.rules.settings import QuizSettings
from quizapp.rules.spacing import CardState, FinalResponse

BANKS, QUESTIONS, VERSIONS, QUIZZES = (cast("Table", one.__table__) for one in (Bank, Question, QuestionVersion, Quiz))


@dataclass(frozen=True)
class Final:
    """A question of an attempt that is checked or handed in, with the response to it, if there was one."""

    slot_id: int
    attempt_id: int
    position: int
    purpose: str
    in_lesson: bool
    question_id: int
    bank: str
    objective: str
    at: datetime
    checked: bool
    answered: bool
    given: FinalResponse
    released: bool
    """Whether its score, and so its key, may be seen."""

    @property
    def shows_the_key(self) -> bool:
        """A question of a review that was passed over isn't shown."""
        return self.released and (self.answered or self.purpose != REVIEW)

    @property
    def only_makes_the_card(self) -> bool:
        """A check beside its passage is no test of memory."""
        return self.purpose == CHECK and self.in_lesson


@dataclass(frozen=True)
class Disclosure:
    """When an attempt shows right or wrong: `attempts.disclosure.slot_reveal`, read once for all its questions."""

    rules: QuizSettings
    closed: bool

    @classmethod
    def of(cls, row: Row[Any], now: datetime) -> Disclosure:
        """A sitting of a quiz shows by the quiz as it is now, anything else by its own settings."""
        if not sits(row) or row.of_quiz is None:
            return cls(QuizSettings.of(row.settings), closed=True)
        closed = any(at is not None and at <= now for at in (row.ends_at, row.released_at))
        return cls(QuizSettings.of(row.of_quiz), closed)

    def released(self, *, submitted: bool, checked: bool) -> bool:
        return modes.reveal(self.rules, submitted=submitted, checked=checked, closed=self.closed).correctness


DISCLOSURE = select(
    *(ATTEMPTS.c[name] for name in ("id", "purpose", "settings")),
    QUIZZES.c.settings.label("of_quiz"),
    *(QUIZZES.c[name] for name in ("ends_at", "released_at")),
).outerjoin(QUIZZES, QUIZZES.c.id == ATTEMPTS.c.quiz_id)
FINALS = (
    select(
        *(SLOTS.c[name] for name in ("id", "attempt_id", "position", "answered", "fraction", "certainty", "tries")),
        *(SLOTS.c[name] for name in ("hints", "checked_at", "dropped")),
        *(ATTEMPTS.c[name] for name in ("purpose", "lesson_id", "submitted_at")),
        QUESTIONS.c.id.label("question_id"),
        *(QUESTIONS.c[name] for name in ("objective", "kind")),
        BANKS.c.slug.label("bank"),
    )
    .join(ATTEMPTS, ATTEMPTS.c.id == SLOTS.c.attempt_id)
    .join(VERSIONS, VERSIONS.c.id == SLOTS.c.version_id)
    .join(QUESTIONS, QUESTIONS.c.id == VERSIONS.c.question_id)
    .join(BANKS, BANKS.c.id == QUESTIONS.c.bank_id)
    .where(ATTEMPTS.c.purpose != PREVIEW, or_(SLOTS.c.checked_at.is_not(None), ATTEMPTS.c.submitted_at.is_not(None)))
)


def finals(
    user_id: int, now: datetime, questions: Collection[int] | None = None, since: datetime | None = None
) -> list[Final]:
    """The user's, in the order in which they became final; of these questions, from that moment on."""
    wanted = FINALS.where(ATTEMPTS.c.user_id == user_id)
    if questions is not None:
        wanted = wanted.where(QUESTIONS.c.id.in_(questions))
    if since is not None:
        wanted = wanted.where(or_(SLOTS.c.checked_at >= since, ATTEMPTS.c.submitted_at >= since))
    rows = db.session.execute(wanted).all()
    asked = DISCLOSURE.where(ATTEMPTS.c.id.in_({row.attempt_id for row in rows}))
    shows = {row.id: Disclosure.of(row, now) for row in db.session.execute(asked)} if rows else {}
    retried = fully_right_at_last([row.id for row in rows if (row.fraction or 0) < 1 and (row.tries > 1 or row.hints)])
    found = (final(row, shows[row.attempt_id], retried) for row in rows)
    return sorted((one for one in found if since is None or one.at >= since), key=in_time)


def in_time(one: Final) -> tuple[datetime, int, int]:
    return one.at, one.attempt_id, one.position


def final(row: Row[Any], shows: Disclosure, retried: Collection[int]) -> Final:
    right = None if row.fraction is None or row.dropped else row.fraction >= 1 or row.id in retried
    return Final(
        slot_id=row.id,
        attempt_id=row.attempt_id,
        position=row.position,
        purpose=row.purpose,
        in_lesson=row.lesson_id is not None,
        question_id=row.question_id,
        bank=row.bank,
        objective=row.objective,
        at=row.checked_at or row.submitted_at,
        checked=row.checked_at is not None,
        answered=row.answered,
        given=FinalResponse(
            row.kind, right, row.certainty, row.tries, row.hints, row.purpose == CHECK and bool(row.lesson_id)
        ),
        released=shows.released(submitted=row.submitted_at is not None, checked=row.checked_at is not None),
    )


def fully_right_at_last(slot_ids: Sequence[int]) -> set[int]:
    """Those whose response is right although a hint or a try before has cost marks."""
    if not slot_ids:
        return set()
    rows = db.session.execute(
        select(Slot.id, Slot.response, QuestionVersion.content).join(Slot.version).where(Slot.id.in_(slot_ids))
    )
    found = ((slot_id, response, from_json(content)) for slot_id, response, content in rows)
    scored = {slot_id: KINDS[item.kind].score(item.body, response).fraction for slot_id, response, item in found}
    return {slot_id for slot_id, fraction in scored.items() if fraction is not None and fraction >= 1}


@dataclass(frozen=True)
class RatedResponse:
    """A final response that was rated."""

    final: Final
    rating: Rating

    @property
    def right(self) -> bool:
        return self.rating != Rating.Again


@dataclass
class CardSoFar:
    """A question's card as the record has made it so far; `reviewed_at` is when the last rating was earned."""

    kept: CardState | None = None
    reviewed_at: datetime | None = None
    seen: datetime | None = None
    """The day on which the key was seen last: no further response of that day is rated."""

    def take(self, one: Final, day: datetime, exam: datetime | None, *, undone: bool = False) -> RatedResponse | None:
        """Heed a final response; the rating, if it earned one."""
        if not one.shows_the_key or self.seen == day:
            return None
        self.seen = day
        rating = spacing.rating(one.given) if one.answered else None
        if rating is None or (one.only_makes_the_card and self.kept):
            return None
        if undone:
            self.kept = self.kept and spacing.undone(self.kept, day)
            return None
        self.kept = spacing.answered(self.kept, rating, day, exam, sure=one.given.certainty == spacing.SURE)
        self.reviewed_at = one.at
        return RatedResponse(one, rating)

    def act(self, act: str, at: datetime, day: datetime) -> None:
        """Heed what the learner did to the card."""
        if self.kept is None:
            return
        if act == "sooner":
            self.kept = spacing.sooner(self.kept, day)
        elif act in ("suspend", "resume"):
            self.kept = replace(self.kept, suspended_at=at if act == "suspend" else None)


def columns_of(kept: CardState, reviewed_at: datetime | None, chosen: Preferences) -> dict[str, Any]:
    """What a card stores of it."""
    return {
        "state": kept.memory.state,
        "step": kept.memory.step,
        "stability": kept.memory.stability,
        "difficulty": kept.memory.difficulty,
        "reviewed_at": reviewed_at,
        "due_at": spacing.begins(kept.due, chosen.where),
        "reviews": kept.reviews,
        "lapses": kept.lapses,
        "missed_sure": kept.missed_sure,
        "suspended_at": kept.suspended_at,
    }


@dataclass(frozen=True)
class CardsAndRatings:
    """What a whole record makes: the cards by question, and the ratings in their order."""

    cards: Mapping[int, CardSoFar]
    ratings: Sequence[RatedResponse]


def fold(user_id: int, chosen: Preferences, now: datetime, questions: Collection[int] | None = None) -> CardsAndRatings:
    """The cards of these questions, or of all, from the record alone."""
    acts = acts_of(user_id, questions)
    undone = undone_slots(acts)
    events: list[tuple[datetime, int, int, int, Final | ReviewAct]] = [
        (one.at, 0, one.attempt_id, one.position, one)
        for one in without_held(user_id, finals(user_id, now, questions), now)
    ]
    events += [(act.at, 1, act.id, 0, act) for act in acts]
    cards: dict[int, CardSoFar] = defaultdict(CardSoFar)
    ratings = []
    for at, *_, event in sorted(events, key=lambda one: one[:4]):
        card, day = cards[event.question_id], spacing.as_day(at, chosen.where)
        if isinstance(event, ReviewAct):
            card.act(event.act, at, day)
        elif rated := card.take(event, day, chosen.exam_day, undone=event.slot_id in undone):
            ratings.append(rated)
    return CardsAndRatings(cards, ratings)


def without_held(user_id: int, found: list[Final], now: datetime) -> list[Final]:
    """Without what was answered to a question since an examination holds it: that tells nothing before it is over."""
    back = held({one.question_id for one in found}, now)
    if not back:
        return found
    rows = select(Card.question_id, Card.reviewed_at).where(Card.user_id == user_id, Card.question_id.in_(back))
    known = {question: at for question, at in db.session.execute(rows) if at is not None}
    return [
        one
        for one in found
        if one.question_id not in back or (one.question_id in known and one.at <= known[one.question_id])
    ]


def acts_of(user_id: int, questions: Collection[int] | None = None) -> Sequence[ReviewAct]:
    wanted = select(ReviewAct).where(ReviewAct.user_id == user_id)
    return db.session.scalars(wanted if questions is None else wanted.where(ReviewAct.question_id.in_(questions))).all()


def undone_slots(acts: Iterable[ReviewAct]) -> set[int]:
    """The slots whose rating was undone."""
    answers = [act.answer_id for act in acts if act.act == "undo" and act.answer_id]
    return set(db.session.scalars(select(Answer.slot_id).where(Answer.id.in_(answers)))) if answers else set()
