"""A regrade is written: rows are added to slots, and slots and attempts say what they amount to."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import bindparam, insert, update

from quizapp import events
from quizapp.attempts.models import Attempt
from quizapp.attempts.record import ANSWERS, REPEATED, SLOTS, slot_columns
from quizapp.attempts.regrading import ATTEMPTS, Effect, Regrading, Rule, SlotRecord, asking, live_at, totals, undone_of
from quizapp.db import db

UPDATE_SLOT = (
    update(SLOTS).where(SLOTS.c.id == bindparam("slot")).values({name: bindparam(name) for name in ("seq", *REPEATED)})
)
FIGURES = ("mark", "max_mark", "waiting")
TOTALS = (
    update(ATTEMPTS).where(ATTEMPTS.c.id == bindparam("attempt")).values({name: bindparam(name) for name in FIGURES})
)


def write_effects(effects: Sequence[tuple[SlotRecord, Effect]], rule: Rule, now: datetime, by_id: int | None) -> None:
    """Within a transaction, with the slots locked: add the rows; slots and attempts say what they amount to."""
    new = [(slot, effect) for slot, effect in effects if effect.row]
    if not new:
        return
    rows = [
        effect.row
        | {"slot_id": slot.id, "seq": slot.seq + 1, "response": effect.before.response, "comment": "",
           "detail": effect.row.get("detail", {}), "batch_id": rule.batch_id, "by_id": by_id, "at": now}
        for slot, effect in new if effect.row
    ]  # fmt: skip
    db.session.execute(insert(ANSWERS), rows)
    db.session.execute(
        UPDATE_SLOT, [{"slot": slot.id, "seq": slot.seq + 1, **slot_columns(effect.after)} for slot, effect in new],
    )  # fmt: skip
    total_all({slot.attempt_id for slot, effect in new if effect.changes})
    if learners := {slot.user_id for slot, effect in new if effect.changes}:
        events.rescored.send(learners, now=now)
    db.session.expire_all()


def total_all(attempt_ids: Collection[int]) -> None:
    """The figures of these attempts, all handed in, from their slots."""
    found = totals(attempt_ids)
    if found:
        db.session.execute(
            TOTALS,
            [
                {"attempt": one, "mark": total.mark, "max_mark": total.max_mark, "waiting": total.waiting}
                for one, total in found.items()
            ],
        )


def fold_in(attempt: Attempt, now: datetime) -> None:
    """Within the transaction that hands an attempt in: what was regraded since it began, and, where it was handed in
    before, what was undone since it was reopened."""
    for regrade in undone_of(attempt) if attempt.mark is not None else ():
        rule = Rule.of(regrade)
        work = Regrading(rule)
        write_effects(
            [(slot, work.taken_back(slot)) for slot in asking(attempt, regrade)], rule, now, regrade.undone_by_id
        )
    for regrade in live_at(attempt) if attempt.counts else ():
        rule = Rule.of(regrade)
        work = Regrading(rule)
        write_effects([(slot, work.effect(slot)) for slot in asking(attempt, regrade)], rule, now, regrade.by_id)
