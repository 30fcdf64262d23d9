"""When sittings end: an attempt's `due_at` and a quiz's `ends_at`, kept up to date whenever what they follow from
changes, and what follows once a score may be seen.

What ends is read from the quiz as it is now; the length of a sitting was fixed at its start.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import aliased

from quizapp import events
from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.attempts.disclosure import QUIZ_TAKEN_ID, outcomes_released, outcomes_released_rows
from quizapp.attempts.models import GRADED, RELEASE, WITHHOLD, Attempt, AttemptEvent, Slot
from quizapp.attempts.record_actions import refold
from quizapp.banks.models import QuestionVersion
from quizapp.db import atomic, db, each, locked
from quizapp.quizzes.held import QuizQuestion, held_beside
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.quizzes.people_queries import NO_ALLOWANCE, Allowance, allowance_of, longest_after_closing

WITHHELD, RELEASED, EXTENDED, REOPENED = "withheld", "released", "extended", "reopened"
NO_CLOCK = "no_clock"
BATCH = 200


def due(attempt: Attempt, quiz: Quiz, given: Allowance = NO_ALLOWANCE, extended: float = 0) -> datetime | None:
    """When the attempt's answers end: after its minutes, and at the quiz's closing at the latest; None for never.

    `given` is what the person is given at every quiz, `extended` the minutes that were added to this attempt.
    """
    limit, closes_at = attempt.rules.time_limit, quiz.rules.closes_at if attempt.purpose == GRADED else None
    ends = [attempt.started_at + timedelta(minutes=limit * given.factor)] if limit else []
    ends += [closes_at + given.later] if closes_at else []
    return min(ends) + timedelta(minutes=extended) if ends else None


def late_from(attempt: Attempt, quiz: Quiz, given: Allowance = NO_ALLOWANCE) -> datetime | None:
    """From when on what is given is late; None for never. An answer on its way at the due date is in time."""
    due_at = quiz.rules.due_at if attempt.purpose == GRADED and attempt.rules.due_at is not None else None
    return due_at + given.later + timedelta(seconds=attempt.rules.grace) if due_at else None


def set_late(attempt: Attempt, quiz: Quiz, given: Allowance, now: datetime) -> None:
    """Within a transaction: the due date as it is now, and the scores of what was given between it and the one before.
    An attempt that was handed in once keeps its own, as what was done to it since then goes by that."""
    before, after = attempt.late_from, late_from(attempt, quiz, given)
    if attempt.mark is not None or before == after:
        return
    attempt.late_from = after
    earlier = min(filter(None, (before, after)))
    db.session.flush()
    for slot in db.session.scalars(select(Slot).where(Slot.attempt_id == attempt.id, Slot.saved_at > earlier)):
        refold(slot, now)


def set_times(attempt: Attempt, quiz: Quiz, now: datetime) -> None:
    """Within a transaction: when the attempt ends and what is late, by what is stored now, and whether it shows a
    clock."""
    number = db.session.scalar(select(Sitter.number).where(Sitter.id == attempt.sitter_id))
    given = allowance_of(quiz.owner_id, attempt.user_id, number)
    attempt.due_at = due(attempt, quiz, given, extended(attempt))
    set_late(attempt, quiz, given, now)
    clock_hidden(attempt, given)


def extended(attempt: Attempt) -> float:
    """The minutes that were added to an attempt."""
    details = db.session.scalars(
        select(AttemptEvent.detail).where(
            AttemptEvent.attempt_id == attempt.id, AttemptEvent.kind.in_((EXTENDED, REOPENED))
        )
    )
    return sum(one.get("minutes", 0) for one in details)


def clock_hidden(attempt: Attempt, given: Allowance) -> None:
    """The attempt's settings say whether the time left is shown, so that no page has to look it up."""
    if bool(attempt.settings.get(NO_CLOCK)) != given.no_clock:
        attempt.settings = attempt.settings | {NO_CLOCK: given.no_clock}


def on_rescheduled(quiz: Quiz, now: datetime) -> None:
    """Within a transaction: the quiz closes at another time, and what goes on there ends at another one."""
    running = db.session.scalars(
        locked(
            select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, Attempt.submitted_at.is_(None))
        )
    ).all()
    for attempt in running:
        if not attempt.is_over(now):  # what is over was over: only an extension opens it again
            set_times(attempt, quiz, now)
    set_end(quiz)


def set_end(quiz: Quiz) -> None:
    """Within a transaction: when the last permitted sitting of a quiz is over, and what was on its way then is there;
    None for one that never closes."""
    db.session.flush()
    closes_at = quiz.rules.closes_at
    if closes_at is None:
        quiz.ends_at = None
        return
    last = db.session.scalar(
        select(func.max(Attempt.due_at)).where(
            Attempt.quiz_id == quiz.id, Attempt.purpose == GRADED, Attempt.submitted_at.is_(None)
        )
    )
    end = max(filter(None, (closes_at + longest_after_closing(quiz), last)))
    quiz.ends_at = end + timedelta(seconds=quiz.rules.grace)


def keep_open(quiz: Quiz, attempt: Attempt) -> None:
    """Within a transaction: a quiz ends no earlier than a sitting that begins. A roster may not have said who sits."""
    if quiz.ends_at is not None and attempt.due_at is not None:
        end = attempt.due_at + timedelta(seconds=quiz.rules.grace)
        if end > quiz.ends_at:
            locked_quiz = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
            locked_quiz.ends_at = max(locked_quiz.ends_at or end, end)


def release(quiz: Quiz, by: User, now: datetime) -> None:
    """Let the learners see now what shows after closing. Done twice, it is done once."""
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        if newest.released_at is None:
            newest.released_at = now
            note(by, RELEASE, f"quiz {quiz.public_id}", now)
    try:
        release_due(now, quiz)
    finally:
        let_go(now)


def withhold(quiz: Quiz, by: User, now: datetime) -> None:
    """Take a release back. What has followed from the scores stays: it can't be unseen. Done twice, it is done once."""
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        if newest.released_at is not None:
            newest.released_at = None
            note(by, WITHHOLD, f"quiz {quiz.public_id}", now)


def let_go(now: datetime) -> int:
    """Show the marks that had to wait for an examination which holds none of their questions any more, a batch a
    transaction; how many. What follows from single questions that were held is made anew as after a regrade."""
    known: set[QuizQuestion] = set()
    back: set[QuizQuestion] = set()
    count = last = 0
    while ids := db.session.scalars(
        select(Attempt.id).where(Attempt.mark_held, Attempt.id > last).order_by(Attempt.id).limit(BATCH)
    ).all():
        last = ids[-1]
        asked = [
            (one, (quiz_id, question_id))
            for one, quiz_id, question_id in db.session.execute(ASKED.where(Attempt.id.in_(ids)))
        ]
        new = {question for _one, question in asked} - known
        known |= new
        back |= still_held(list(new), now)
        count += show_marks(set(ids) - {one for one, question in asked if question in back}, now)
    return count


ASKED = (
    select(Attempt.id, QUIZ_TAKEN_ID, QuestionVersion.question_id)
    .join(Slot, Slot.attempt_id == Attempt.id)
    .join(QuestionVersion, QuestionVersion.id == Slot.version_id)
)


def still_held(asked: Sequence[QuizQuestion], now: datetime) -> set[QuizQuestion]:
    """Of these, what is held now; asked in parts, as a statement can name only so many."""
    return {one for start in range(0, len(asked), BATCH) for one in held_beside(set(asked[start : start + BATCH]), now)}


def show_marks(ids: Collection[int], now: datetime) -> int:
    """The marks of these attempts wait no longer, unless another process was faster; how many it was."""
    if not ids:
        return 0
    with atomic():
        waited = Attempt.id.in_(ids), Attempt.mark_held
        learners = set(db.session.scalars(locked(select(Attempt.user_id).where(*waited).order_by(Attempt.id))))
        db.session.execute(update(Attempt).where(*waited).values(mark_held=False))
        if learners:
            events.rescored.send(learners, now=now)
    return len(ids)


def on_submitted(attempt: Attempt, now: datetime) -> None:
    """Within a transaction: let follow from a score what follows, or write down that it has to wait for that."""
    if followed_before(attempt):
        return
    if outcomes_released(attempt, now):
        events.released.send(attempt, now=now)
    elif attempt.counts:
        db.session.add(AttemptEvent(attempt_id=attempt.id, kind=WITHHELD, at=now))


def followed_before(attempt: Attempt) -> bool:
    """Whether what follows from its score has followed when it was handed in the first time, or will."""
    return (
        db.session.scalar(
            select(AttemptEvent.id).where(AttemptEvent.attempt_id == attempt.id, AttemptEvent.kind == REOPENED).limit(1)
        )
        is not None
    )


def release_due(now: datetime, quiz: Quiz | None = None) -> int:
    """Follow up the scores that had to wait and may be seen by now; how many."""
    return each(waiting_ids(now, quiz), lambda one: follow_up(one, now))


EARLIER = aliased(AttemptEvent)
FOLLOWED = select(EARLIER.id).where(EARLIER.attempt_id == Attempt.id, EARLIER.kind == RELEASED).exists()


def waiting_ids(now: datetime, quiz: Quiz | None) -> list[int]:
    """Attempts whose scores and outcomes may be seen now and had to wait, by their ids."""
    statement = (
        select(Attempt.id)
        .join(AttemptEvent, AttemptEvent.attempt_id == Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(
            AttemptEvent.kind == WITHHELD,
            Attempt.keep_until.is_(None),
            outcomes_released_rows(now),
            ~FOLLOWED,
        )
        .order_by(Attempt.id)
    )
    return list(db.session.scalars(statement if quiz is None else statement.where(Quiz.id == quiz.id)))


def follow_up(attempt_id: int, now: datetime) -> bool:
    """Within a transaction: what follows from this score, unless another process was faster."""
    attempt = db.session.scalar(locked(select(Attempt).where(Attempt.id == attempt_id)))
    if attempt is None or db.session.scalar(select(Attempt.id).where(Attempt.id == attempt_id, FOLLOWED)) is not None:
        return False  # asked once the row is locked: whoever had it has committed by now
    db.session.add(AttemptEvent(attempt_id=attempt.id, kind=RELEASED, at=now))
    events.released.send(attempt, now=now)
    return True
