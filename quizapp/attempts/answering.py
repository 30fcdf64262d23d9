"""An answer on its way into the record: read, scored, and written on the condition that nothing changed meanwhile.

What this guarantees: when it returns, the answer is committed; when it raises, nothing has changed. See ADR 0008.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Table, bindparam, insert, literal, select, update
from sqlalchemy.orm.attributes import set_committed_value

from quizapp import events
from quizapp.accounts.models import User
from quizapp.attempts import queries
from quizapp.attempts.models import Answer, Slot
from quizapp.attempts.queries import ATTEMPTS, SLOTS
from quizapp.db import atomic, db
from quizapp.errors import N_, Conflict, QuizError
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Response, Score, is_blank

# The tables themselves, past the unit of work: nothing is read back, and a class does this all the time.
ANSWERS = cast("Table", Answer.__table__)
NEW_ANSWER = insert(ANSWERS)
WRITTEN = ("seq", "response", "fraction", "answered", "saved_at", "checked_at", "flagged")
NEWEST = (
    update(SLOTS)
    .where(
        SLOTS.c.id == bindparam("slot"),
        SLOTS.c.seq == bindparam("seen"),
        SLOTS.c.checked_at.is_(None),
        SLOTS.c.attempt_id.in_(
            select(ATTEMPTS.c.id)
            .where(ATTEMPTS.c.id == bindparam("attempt"), ATTEMPTS.c.submitted_at.is_(None))
            .with_for_update(read=True)
        ),
    )
    .values({name: bindparam(name) for name in WRITTEN})
)
"""The newest answer, if the slot stands as it was seen and its attempt is open, and stays so until the commit."""
REPEATED = ("seq", "version_id", "response", "fraction", "comment")
KEPT = NEWEST.returning(*(SLOTS.c[name] for name in ("id", "saved_at", *REPEATED))).cte("kept")
BOTH = insert(ANSWERS).from_select(
    ["slot_id", "at", *REPEATED, "source"],
    select(KEPT.c.id, KEPT.c.saved_at, *(KEPT.c[name] for name in REPEATED), literal("learner")),
)
"""The same with the row of the record, in one statement: one round trip to PostgreSQL, which commits by itself."""


class Closed(QuizError):
    """The answer comes too late; the earlier ones stand."""

    status = 410
    template = N_("This attempt was handed in, so the answer wasn't taken. The answers saved before stand.")


class Stale(Conflict):
    """Another tab or device has answered since this page was made. `slot` holds what it said."""

    template = N_("This question was answered in another tab or on another device in the meantime.")

    def __init__(self, slot: Slot) -> None:
        self.slot = slot
        super().__init__()


def give_answer(
    slot: Slot,
    response: Response | None,
    seq: int,
    now: datetime,
    *,
    check: bool = False,
    flagged: bool | None = None,
) -> Slot:
    """Keep a response, score it, and say so only after the commit. The write is on the condition that nothing changed
    since the slot was read, so that reading, scoring and all else need no lock.

    `seq` is the number that the page was made with. The same response again replays what is stored. `check` makes
    the response final where feedback is immediate. `flagged` sets or takes away the mark "look at it again", with the
    response or, where that is the same, without.

    Raises Stale when another page answered in between, Closed after the end, NotFound if the attempt was deleted
    meanwhile, ResponseError for a response of the wrong shape.
    """
    while True:
        refuse_late(slot, now)
        if response == slot.response or (is_blank(response) and not slot.answered):
            return finish(slot, now, check=check, flagged=flagged) if check or flagged is not None else slot
        if seq != slot.seq:
            raise Stale(slot)
        if keep(slot, response, now, check=check, flagged=flagged):
            return slot
        where = slot.attempt.public_id, slot.position, slot.attempt.user_id
        db.session.expire_all()  # somebody was faster: see what stands there now, if anything does
        slot = queries.slot(*where)


def refuse_late(slot: Slot, now: datetime) -> None:
    if slot.attempt.submitted_at is not None:
        raise Closed
    if slot.attempt.is_over(now):
        raise Closed(N_("The time was up, so this answer wasn't taken. The answers saved before stand."))
    if slot.checked_at is not None:
        raise Closed(N_("This question is checked already, so its answer can't change any more."))


def finish(slot: Slot, now: datetime, *, check: bool, flagged: bool | None) -> Slot:
    """Make the stored response final, where the quiz gives feedback at once, or change the mark beside it."""
    with atomic():
        slot = queries.slot(slot.attempt.public_id, slot.position, slot.attempt.user_id, for_writing=True)
        if flagged is not None:
            slot.flagged = flagged
        if check and slot.attempt.rules.checks and slot.answered and slot.checked_at is None:
            slot.checked_at = now
            events.answered.send(slot, now=now)
    return slot


def keep(slot: Slot, response: Response | None, now: datetime, *, check: bool, flagged: bool | None) -> bool:
    """Score and store a learner's answer: a row of the record, which the slot repeats.

    False, and nothing is stored, if the slot or its attempt has changed since the slot was read.
    """
    answered = not is_blank(response)
    final = check and answered and slot.attempt.rules.checks
    newest = {
        "seq": slot.seq + 1, "response": response, "fraction": score(slot.version.item, response).fraction,
        "answered": answered, "saved_at": now, "checked_at": now if final else None,
        "flagged": slot.flagged if flagged is None else flagged,
    }  # fmt: skip
    condition = {"slot": slot.id, "seen": slot.seq, "attempt": slot.attempt_id}
    at_once = db.engine.dialect.name == "postgresql"
    with atomic(single=not final):  # an answer that isn't final concerns nobody else, and is stored by one statement
        kept = wrote(BOTH if at_once else NEWEST, condition | newest)
        if kept:
            for name, value in newest.items():
                set_committed_value(slot, name, value)
            if not at_once:
                append(slot, "learner", now)
            if final:
                events.answered.send(slot, now=now)
    if kept:
        events.saved.send(slot)
    return kept


def wrote(statement: Executable, values: dict[str, Any]) -> bool:
    """Execute; whether it has written its row."""
    done = db.session.execute(statement, values, execution_options={"preserve_rowcount": True})
    return cast("CursorResult[Any]", done).rowcount == 1


def append(slot: Slot, source: str, now: datetime, by: User | None = None) -> None:
    """Add a row to the slot's record: what it says now."""
    row = {
        "slot_id": slot.id, "seq": slot.seq, "source": source, "version_id": slot.version_id,
        "response": slot.response, "fraction": slot.fraction, "comment": slot.comment,
        "by_id": by.id if by else None, "at": now,
    }  # fmt: skip
    db.session.execute(NEW_ANSWER, row)


def score(item: Item, response: Response | None) -> Score:
    """The score of a response to a question: pure, the same today and in ten years."""
    return KINDS[item.kind].score(item.body, response)
