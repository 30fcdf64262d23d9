"""The one writer of a slot's record outside of a save. A row is added, then the slot says what its rows amount to.

Everything here is within the caller's transaction, with the slots and their attempts locked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import insert

from quizapp.accounts.models import User
from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.record import ANSWERS, earning, rows_of, slot_columns, slots_of
from quizapp.db import db
from quizapp.rules import scores

NEW_ANSWER = insert(ANSWERS)


def append(slot: Slot, source: str, now: datetime, by: User | None = None, **row: Any) -> None:
    """Add a row to the slot's record, and give the slot its number. What `row` doesn't say is as the slot says it;
    `refold` then says what it amounts to."""
    slot.seq += 1
    of_slot = {
        "slot_id": slot.id, "seq": slot.seq, "source": source, "version_id": slot.version_id,
        "response": slot.response, "fraction": slot.fraction, "comment": "", "detail": {},
        "by_id": by.id if by else None, "at": now,
    }  # fmt: skip
    db.session.execute(NEW_ANSWER, of_slot | row)


def refold(slot: Slot, now: datetime) -> None:
    """Have the slot say what its rows amount to, and its attempt, once handed in, what its slots do."""
    rows = rows_of([slot.id])[slot.id]
    stands = scores.fold(rows, earning(slot.attempt.rules, slot.item))
    for name, value in slot_columns(stands).items():
        if getattr(slot, name) != value:
            setattr(slot, name, value)
    if not stands.checked:
        slot.checked_at = None
    elif slot.checked_at is None:
        slot.checked_at = now
    db.session.flush()
    total(slot.attempt)


def total(attempt: Attempt) -> None:
    """The attempt's figures from its slots: the points to be had, and, once it is handed in, those earned."""
    figures = scores.total(slots_of(attempt.id))
    attempt.max_mark = figures.max_mark
    if attempt.submitted_at is not None:
        attempt.mark, attempt.waiting = figures.mark, figures.waiting
