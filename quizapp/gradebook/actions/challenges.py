"""A learner challenges a score, an instructor answers, and the learner is told.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.attempts.models import Attempt, Regrade, Slot
from quizapp.attempts.regrading import reach
from quizapp.banks.models import QuestionVersion
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict
from quizapp.gradebook.challenges import ANSWER
from quizapp.gradebook.models import Challenge, Notice
from quizapp.quizzes.models import Quiz
from quizapp.rules import scores
from quizapp.rules.accepting import meanings

ACCEPTED, DECLINED = "accepted", "declined"


def challenge(slot: Slot, kind: str, text: str, user: User, now: datetime) -> Challenge:
    """The learner says that their answer should count, or that the question is wrong. Raises Conflict while the same is
    still waiting for an answer."""
    with atomic():
        db.session.scalars(locked(select(Slot).where(Slot.id == slot.id))).one()
        same = select(Challenge.id).where(
            Challenge.slot_id == slot.id, Challenge.kind == kind, Challenge.user_id == user.id, Challenge.decision == ""
        )
        if db.session.scalar(same) is not None:
            raise Conflict(N_("You have already objected, and the instructor hasn't answered yet."))
        made = Challenge(
            user_id=user.id, question_id=db.session.get_one(QuestionVersion, slot.version_id).question_id,
            version_id=slot.version_id, slot_id=slot.id, kind=kind, text=text, at=now,
            response=slot.response if kind == ANSWER else None,
        )  # fmt: skip
        db.session.add(made)
    return made


def decide(challenges: Iterable[Challenge], decision: str, reply: str, by: User, now: datetime) -> None:
    """Answer challenges that wait; what somebody else has answered meanwhile stays as it is."""
    with atomic():
        ids = [one.id for one in challenges]
        waiting = db.session.scalars(locked(select(Challenge).where(Challenge.id.in_(ids), Challenge.decision == "")))
        for one in waiting.all():
            answer(one, decision, reply, by.id, now)
            note(by, "reply", f"challenge {one.public_id}: {decision}", now)


def answer(one: Challenge, decision: str, reply: str, by_id: int | None, now: datetime) -> None:
    one.decision, one.reply, one.by_id, one.decided_at = decision, reply, by_id, now
    db.session.add(Notice(user_id=one.user_id, slot_id=one.slot_id, batch_id=one.batch_id, reason=reply, at=now))


def on_claimed(guest: User, user: User) -> None:
    """What a guest has objected to, and what the guest was told, becomes the account's with the attempts."""
    for table in (Challenge, Notice):
        db.session.execute(update(table).where(table.user_id == guest.id).values(user_id=user.id))


def on_moved(attempt: Attempt, before: int) -> None:
    """The same of an attempt that goes on on another device."""
    slots = select(Slot.id).where(Slot.attempt_id == attempt.id)
    for table in (Challenge, Notice):
        theirs = table.user_id == before, table.slot_id.in_(slots)
        db.session.execute(update(table).where(*theirs).values(user_id=attempt.user_id))


def on_regraded(regrade: Regrade, now: datetime) -> None:
    """Within the transaction that makes a regrade: whoever stood up for an answer that it accepts, is right, in the
    quizzes that it reaches."""
    if regrade.policy != scores.ACCEPT:
        return
    wanted = meanings(regrade.accepted)
    here = reach(regrade, db.session.get(User, regrade.by_id) if regrade.by_id else None)
    reached = select(Slot.id).join(Attempt, Attempt.id == Slot.attempt_id).join(Quiz, Quiz.id == Attempt.quiz_id)
    waiting = select(Challenge).where(
        Challenge.question_id == regrade.question_id,
        Challenge.kind == ANSWER,
        Challenge.decision == "",
        Challenge.slot_id.in_(reached.where(here)),
    )
    for one in db.session.scalars(locked(waiting)).all():
        if scores.sameness(one.response) in wanted:
            one.batch_id = regrade.id
            answer(one, ACCEPTED, regrade.reason, regrade.by_id, now)


def mark_notices_read(user: User, now: datetime) -> None:
    """The user has read all that they were told."""
    with atomic():
        db.session.execute(
            update(Notice).where(Notice.user_id == user.id, Notice.read_at.is_(None)).values(read_at=now)
        )
