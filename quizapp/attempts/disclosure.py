"""What of an attempt its learner may see now: `released` is the only gate of a score, `slot_reveal` that of a question.

What shows is read live from the quiz; what scores was fixed at the start. See ADR 0014.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, not_, or_, select

from quizapp.attempts.models import BEYOND_TRIES, GRADED, PREVIEW, Attempt, Slot
from quizapp.banks.models import QuestionVersion
from quizapp.db import db, one_of
from quizapp.quizzes.held import held_by, holding
from quizapp.quizzes.models import Quiz
from quizapp.rules.modes import Reveal, moment_reached, reveal
from quizapp.rules.settings import QuizSettings

OUTCOMES = ("marks", "correctness")
SITTINGS = (GRADED, PREVIEW)
SITS = or_(one_of(Attempt.purpose, SITTINGS), Attempt.settings[BEYOND_TRIES].as_string().is_not(None))
"""`sits` of rows."""
QUIZ_TAKEN_ID = case((SITS, Attempt.quiz_id))
"""`quiz_taken_id` of rows."""


def disclosure_rules(attempt: Attempt) -> QuizSettings:
    """The settings that decide what an attempt shows: those that its quiz has now, or its own where it sits no quiz."""
    quiz = quiz_taken(attempt)
    return attempt.rules if quiz is None else quiz.rules


def sits(attempt: Attempt | Row[Any]) -> bool:
    """Whether an attempt, or its row, shows what its quiz lets it: one that counts, a preview, and what has become
    practice only because it was beyond the tries."""
    return attempt.purpose in SITTINGS or BEYOND_TRIES in attempt.settings


def quiz_taken(attempt: Attempt) -> Quiz | None:
    """The quiz that an attempt sits; None for a practice, a review or a check."""
    return attempt.quiz if sits(attempt) else None


def quiz_taken_id(attempt: Attempt) -> int | None:
    """The only quiz that never holds the attempt's questions: its own settings say what of them shows. A practice sits
    none, so that its questions wait for the quiz that they are from as for any other."""
    return attempt.quiz_id if sits(attempt) else None


def is_closed(attempt: Attempt, now: datetime) -> bool:
    """Whether what shows after closing may show. An attempt that sits no quiz is closed in itself."""
    quiz = quiz_taken(attempt)
    return quiz is None or quiz.is_closed(now)


def released(attempt: Attempt, now: datetime) -> bool:
    """Whether the learner may see the attempt's score, and anything that follows from it.

    Everything that tells a learner of a score, or lets one act for them, asks this first: marks, best scores, notices,
    exports. What follows single questions, as levels do, asks `outcomes_released`.
    """
    return not attempt.mark_held and part_released(attempt, "marks", now)


def released_rows(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The same of the rows of a statement that joins `Attempt` with its quiz, by an outer join."""
    return and_(Attempt.mark_held.is_(False), part_released_rows("marks", now))


def outcomes_released(attempt: Attempt, now: datetime) -> bool:
    """Whether the learner may see which questions were right, and what they earned: what levels and cards follow, which
    leave out by themselves the questions that are held."""
    return all(part_released(attempt, part, now) for part in OUTCOMES)


def outcomes_released_rows(now: datetime) -> ColumnElement[bool]:
    """The same of rows."""
    return and_(*(part_released_rows(part, now) for part in OUTCOMES))


def part_released(attempt: Attempt, part: str, now: datetime) -> bool:
    """Whether a part shows in the results of an attempt, as far as its quiz decides."""
    when = disclosure_rules(attempt).when(part)
    return moment_reached(when, submitted=attempt.submitted_at is not None, closed=is_closed(attempt, now))


def part_released_rows(part: str, now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    """The same by the row."""
    when = moment_of(part, Quiz.settings)
    return and_(
        Attempt.submitted_at.is_not(None),
        or_(
            Attempt.quiz_id.is_(None),
            and_(not_(SITS), moment_of(part, Attempt.settings) != "never"),
            and_(SITS, not_(one_of(when, ("closed", "never")))),
            and_(SITS, when == "closed", or_(Quiz.ends_at <= now, Quiz.released_at <= now)),
        ),
    )


def moment_of(part: str, settings: Any) -> ColumnElement[str]:
    """When a part shows, by a column of settings."""
    return func.coalesce(settings[("shows", part)].as_string(), settings["feedback"].as_string(), "immediate")


def slot_reveal(slot: Slot, now: datetime, held: bool = False) -> Reveal:
    """What the learner may see of a question now. `held`: `quizzes.held.held` has it, for another quiz than it sits."""
    return attempt_reveal(slot.attempt, now, held, slot.checked_at is not None)


def attempt_reveal(attempt: Attempt, now: datetime, held: bool, checked: bool) -> Reveal:
    """The same of any question of an attempt in that state."""
    return reveal(
        disclosure_rules(attempt),
        submitted=attempt.submitted_at is not None,
        checked=checked,
        closed=is_closed(attempt, now),
        held=held,
    )


PLACES = (
    select(Slot.position, QuestionVersion.question_id)
    .join(QuestionVersion, QuestionVersion.id == Slot.version_id)
    .where(Slot.attempt_id == bindparam("attempt"))
)


def held_places(of: Attempt, now: datetime, *, to_practise: bool = False) -> set[int]:
    """The places of an attempt's questions that an examination holds back now; none where nothing would show anyway.
    `to_practise`: they are to be asked in a practice, which no quiz is exempt from."""
    if of.submitted_at is None and not disclosure_rules(of).checks:
        return set()
    own = None if to_practise else quiz_taken_id(of)
    near = [quiz for quiz in holding(now) if quiz.id != own]
    places = dict(db.session.execute(PLACES, {"attempt": of.id}).all()) if near else {}
    back = held_by(near, set(places.values())) if near else ()
    return {place for place, question in places.items() if question in back}


def is_mark_held(of: Attempt, now: datetime) -> bool:
    """Whether the mark of an attempt that has just ended has to wait for an examination: it would show right away, and
    counts a question that the examination holds, which a sum tells of whoever answers no other."""
    return of.purpose != PREVIEW and part_released(of, "marks", now) and bool(held_places(of, now))
