"""A regrade is made, carried out in batches, and undone in batches; learners are told what it changes.

What every action guarantees: when it returns, it is committed; when it raises, nothing has changed. A batch is whole: a
crash leaves whole batches, and `resume` goes on from there, in whatever process.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import ColumnElement, Table, insert, or_, select

from quizapp.accounts import mails
from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.accounts.queries import can_send_mail
from quizapp.attempts.disclosure import released_rows
from quizapp.attempts.models import Attempt, Regrade, Slot
from quizapp.attempts.regrade_actions import write_effects
from quizapp.attempts.regrading import Effect, Regrading, Rule, SlotRecord, chunks, reach, slot_records, slots_asking
from quizapp.banks.models import Question
from quizapp.db import atomic, db, locked, take_turns
from quizapp.errors import N_, Conflict
from quizapp.gradebook import previews
from quizapp.gradebook.actions import challenges
from quizapp.gradebook.models import Notice
from quizapp.kinds import KINDS
from quizapp.quizzes.models import Quiz
from quizapp.rules import scores
from quizapp.rules.accepting import as_stored

AT_ONCE = 1000
"""Slots that are regraded within the request; more are left to the task."""
BATCH = 100
"""Slots that are written together: whoever saves an answer meanwhile waits for one batch."""
NOTICES = cast("Table", Notice.__table__)
SEEN_AT = "quizapp.regrades_seen_at"
"""Within this process, how far each was when it last looked: one that has moved since then is in another's hands."""


def check(question: Question, policy: str, where: ColumnElement[bool]) -> None:
    """Raise Conflict where responses can't be scored by the current version at all."""
    if policy != scores.AGAIN:
        return
    now = question.current.item.kind if question.current else question.kind
    if previews.kinds_asked(question, where) - {now}:
        raise Conflict(
            N_(
                "The type of this question has changed since it was asked, so its answers can't be scored "
                "again. Give full marks to all, or drop it."
            )
        )
    if KINDS[now].MANUAL:
        raise Conflict(N_("A person grades this question, so there is no key to score it again by."))


def make(
    question: Question, rule: Rule, quiz: Quiz | None, reason: str, token: str, by: User, now: datetime
) -> Regrade:
    """A regrade as it was previewed, begun, and carried out where it is small. `token` is the preview's.

    Raises Conflict if the question was edited or regraded since the preview, or can't be scored again.
    """
    with atomic():
        take_turns([f"regrade {question.id}"])
        current, seen, *regrades = [int(part) for part in token.split(".")]
        if ".".join(map(str, regrades)) != previews.regrades_token(question.id):
            raise Conflict(N_("Somebody else has regraded this question since the preview. Check it again."))
        if current != question.current_id:
            raise Conflict(N_("The question was edited since the preview. Check it again."))
        regrade = Regrade(
            question_id=question.id, quiz_id=quiz.id if quiz else None, version_id=rule.version_id, policy=rule.policy,
            response=as_stored(rule.accepted), keep_higher=rule.keep_higher, reason=reason, by_id=by.id, made_at=now,
            seen_answer_id=seen,
        )  # fmt: skip
        check(question, rule.policy, reach(regrade, by))
        db.session.add(regrade)
        note(by, "regrade", f"question {question.public_id}: {rule.policy}", now)
        db.session.flush()
        challenges.on_regraded(regrade, now)
    if len(slots_to_regrade(regrade)) <= AT_ONCE:
        carry_on(regrade, now)
    return regrade


def undo(regrade: Regrade, by: User, now: datetime) -> None:
    """End a batch: all that it reached is folded again without it. Undone twice, it is undone once.

    Raises Conflict while it is still being carried out.
    """
    with atomic():
        take_turns([f"regrade {regrade.question_id}"])
        regrade = db.session.scalars(locked(select(Regrade).where(Regrade.id == regrade.id))).one()
        if regrade.applied_at is None:
            raise Conflict(N_("This regrade is still under way. Undo it once it is done."))
        if regrade.undone_by_id is None:
            regrade.undone_by_id, regrade.last_slot_id = by.id, 0
            note(by, "undo regrade", regrade.public_id, now)
    if len(slots_to_regrade(regrade)) <= AT_ONCE:
        carry_on(regrade, now)


def resume(now: datetime) -> None:
    """Carry on what is under way, whoever began it, and nobody is at."""
    under_way = or_(Regrade.applied_at.is_(None), Regrade.undone_by_id.is_not(None) & Regrade.undone_at.is_(None))
    seen_at: dict[int, int] = current_app.extensions.setdefault(SEEN_AT, {})
    for regrade in db.session.scalars(select(Regrade).where(under_way).order_by(Regrade.id)).all():
        at = regrade.last_slot_id
        if seen_at.pop(regrade.id, at) == at:
            carry_on(regrade, now)
        if not is_done(regrade):
            seen_at[regrade.id] = at


def slots_to_regrade(regrade: Regrade) -> Sequence[int]:
    """The slots that are still to be looked at."""
    by = db.session.get(User, regrade.by_id) if regrade.by_id else None
    asked = slots_asking(regrade.question_id, reach(regrade, by))
    return db.session.scalars(asked.where(Slot.id > regrade.last_slot_id)).all()


def carry_on(regrade: Regrade, now: datetime) -> None:
    """Batch after batch, until it is done or another process does it."""
    rule = Rule.of(regrade)
    work, at, undoing = Regrading(rule), regrade.last_slot_id, regrade.undone_by_id is not None
    for chunk in [*chunks(slots_to_regrade(regrade), BATCH), []]:
        with atomic():
            mine = db.session.scalars(locked(select(Regrade).where(Regrade.id == regrade.id))).one()
            if mine.last_slot_id != at or (mine.undone_by_id is not None) != undoing or is_done(mine):
                return
            if chunk:
                batch(mine, work, chunk, undoing, now)
                mine.last_slot_id = at = chunk[-1]
            elif undoing:
                mine.undone_at = now
            else:
                mine.applied_at = now


def is_done(regrade: Regrade) -> bool:
    return (regrade.undone_at if regrade.undone_by_id is not None else regrade.applied_at) is not None


def batch(regrade: Regrade, work: Regrading, ids: Sequence[int], undoing: bool, now: datetime) -> None:
    """Some slots, whole. What has changed since the preview is left as it is; an undo leaves nothing."""
    slots = [one for one in slot_records(ids, lock=True) if undoing or one.newest <= regrade.seen_answer_id]
    effects = [(slot, work.taken_back(slot) if undoing else work.effect(slot)) for slot in slots]
    write_effects(effects, work.rule, now, regrade.undone_by_id if undoing else regrade.by_id)
    notify_learners(
        [(slot, effect) for slot, effect in effects if previews.is_seen(effect, slot.max_mark)],
        regrade,
        "" if undoing else regrade.reason,
        now,
    )


def notify_learners(changed: Sequence[tuple[SlotRecord, Effect]], regrade: Regrade, reason: str, now: datetime) -> None:
    """Notices to those who may see the score that has changed. `reason`: none where a regrade was undone."""
    if not changed:
        return
    ids = [slot.attempt_id for slot, _ in changed]
    may = set(
        db.session.scalars(
            select(Attempt.id)
            .outerjoin(Quiz, Quiz.id == Attempt.quiz_id)
            .where(Attempt.id.in_(ids), Attempt.keep_until.is_(None), released_rows(now))
        )
    )
    rows = [
        {"user_id": slot.user_id, "slot_id": slot.id, "batch_id": regrade.id, "reason": reason, "at": now,
         "was": previews.points(effect.before, slot.max_mark), "now": previews.points(effect.after, slot.max_mark)}
        for slot, effect in changed if slot.attempt_id in may
    ]  # fmt: skip
    if rows:
        db.session.execute(insert(NOTICES), rows)
        queue_mails({row["user_id"] for row in rows}, now)


def queue_mails(user_ids: Collection[int], now: datetime) -> None:
    """The same by mail, where the site can send any and they have an address."""
    if can_send_mail():
        told = select(User).where(User.id.in_(user_ids), User.email.is_not(None))
        for user in db.session.scalars(told).all():
            mails.queue_mail("rescored", user.email or "", user.locale or "ko", now, user)
