"""What those who hold a quiz do to attempts while and after it is taken, each with its reason: an event of the attempt.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed, unless it is
done to each apart.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.attempts import actions, ending
from quizapp.attempts.models import AGAIN, GRADED, Attempt, AttemptEvent
from quizapp.db import atomic, db, each, locked
from quizapp.errors import N_, Conflict
from quizapp.quizzes.models import Quiz

Detail = dict[str, Any] | None
"""What an act says in its event; None where there was nothing to do."""
MOST_MINUTES, USUAL_MINUTES = 10_080, 10
LEAST_MINUTES = {"extend": 1, "reopen": 0}
"""What is done with minutes, and how many at least; a reopening without any takes the usual ones if it needs some."""


def extend(attempt: Attempt, quiz: Quiz, minutes: float, now: datetime) -> Detail:
    """More minutes for an attempt that goes on, or whose time is just up."""
    if attempt.submitted_at is not None or attempt.due_at is None:
        return None
    late = max(timedelta(0), now - attempt.due_at)  # who was out of time gets the minutes from now on
    attempt.due_at += late + timedelta(minutes=minutes)
    return {"minutes": minutes + late.total_seconds() / 60}


def hand_in(attempt: Attempt, quiz: Quiz, minutes: float, now: datetime) -> Detail:
    if attempt.submitted_at is not None:
        return None
    actions.close(attempt, now)
    return {}


def reopen(attempt: Attempt, quiz: Quiz, minutes: float, now: datetime) -> Detail:
    """Take a hand-in back. Where the time is up, it goes on for these minutes from now."""
    if attempt.submitted_at is None:
        return None
    attempt.submitted_at = None
    if attempt.due_at is None or (attempt.due_at > now and not minutes):
        return {}
    before, after = attempt.due_at, max(attempt.due_at, now) + timedelta(minutes=minutes or USUAL_MINUTES)
    attempt.due_at = after
    return {"minutes": (after - before).total_seconds() / 60}


def again(attempt: Attempt, quiz: Quiz, minutes: float, now: datetime) -> Detail:
    """One more try at the quiz for whoever made this attempt."""
    return {}


def incident(attempt: Attempt, quiz: Quiz, minutes: float, now: datetime) -> Detail:
    """Nothing but the log says that something happened."""
    return {}


ACTS: Mapping[str, tuple[str, Callable[[Attempt, Quiz, float, datetime], Detail]]] = {
    "extend": (ending.EXTENDED, extend),
    "hand-in": ("handed-in", hand_in),
    "reopen": (ending.REOPENED, reopen),
    "again": (AGAIN, again),
    "incident": ("incident", incident),
}
"""What can be done, and the kind of its event."""
APART = {"hand-in"}
"""What is done to each in a transaction of its own: twice it is done once, and one that fails keeps no other back."""
REASONED = {
    "incident": N_("Say what happened."),
    "hand-in": N_("Say why you hand in for them. It ends what they are writing."),
}
"""What is done with a reason only, and what is said without one."""


def act(
    quiz: Quiz, name: str, attempt_ids: Collection[str] | None, minutes: float, reason: str, by: User, now: datetime
) -> int:
    """Do this to these attempts at the quiz, or to all that go on; to how many it was done.

    Raises Conflict where nobody is chosen, or minutes or a reason are missing; an ExceptionGroup of what
    failed where it is done to each apart, once it is done to the others.
    """
    kind, do = ACTS[name]
    if name in LEAST_MINUTES and not LEAST_MINUTES[name] <= minutes <= MOST_MINUTES:
        raise Conflict(N_("Enter the minutes as a number above 0, a week (10080) at most."))
    if name in REASONED and not reason:
        raise Conflict(REASONED[name])
    which = Attempt.submitted_at.is_(None) if attempt_ids is None else Attempt.public_id.in_(attempt_ids)
    chosen = select(Attempt.id).where(Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, which).order_by(Attempt.id)
    ids = db.session.scalars(chosen).all()
    if not ids:
        raise Conflict(N_("Choose at least one attempt."))

    def do_to(some: Sequence[int]) -> int:
        locked_quiz = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        done = 0
        for attempt in db.session.scalars(
            locked(select(Attempt).where(Attempt.id.in_(some)).order_by(Attempt.id))
        ).all():
            detail = do(attempt, locked_quiz, minutes, now)
            if detail is not None:
                done += 1
                db.session.add(
                    AttemptEvent(attempt_id=attempt.id, kind=kind, reason=reason, detail=detail, by_id=by.id, at=now)
                )
        ending.set_end(locked_quiz)
        return done

    with atomic():
        note(by, name, f"quiz {quiz.public_id}: {len(ids)} attempts", now)
        if name not in APART:
            return do_to(ids)
    return each(ids, lambda one: do_to([one]))
