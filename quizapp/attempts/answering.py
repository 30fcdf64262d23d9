"""An answer on its way into the record: read, scored, and written on the condition that nothing changed meanwhile.

What this guarantees: when it returns, the answer is committed; when it raises, nothing has changed. See ADR 0008.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Double, Executable, String, bindparam, insert, literal, select, update
from sqlalchemy import cast as as_type
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm.attributes import set_committed_value

from quizapp import events
from quizapp.attempts import queries
from quizapp.attempts.models import Slot
from quizapp.attempts.queries import ATTEMPTS, SLOTS
from quizapp.attempts.record import ANSWERS, earning, is_after_due, rows_of, score, slot_columns
from quizapp.attempts.record_actions import NEW_ANSWER, append, refold
from quizapp.db import UTCDateTime, atomic, db
from quizapp.errors import N_, Conflict, QuizError
from quizapp.kinds.base import Response, is_blank
from quizapp.rules.scores import CHECK, HINT, LATE, LEARNER, Row, fold

SAVED_COLUMNS = (
    "seq", "response", "fraction", "comment", "answered", "tries", "hints", "certainty", "dropped",
    "saved_at", "checked_at", "flagged",
)  # fmt: skip
SAVE_SLOT = (
    update(SLOTS)
    .where(
        SLOTS.c.id == bindparam("slot"),
        SLOTS.c.seq == bindparam("seen"),
        SLOTS.c.attempt_id.in_(
            select(ATTEMPTS.c.id)
            .where(
                ATTEMPTS.c.id == bindparam("attempt"),
                ATTEMPTS.c.submitted_at.is_(None),
                ATTEMPTS.c.reached == bindparam("reached"),
                ATTEMPTS.c.late_from.is_not_distinct_from(bindparam("late_from", type_=UTCDateTime)),
            )
            .with_for_update(read=True)
        ),
    )
    .values({name: bindparam(name) for name in SAVED_COLUMNS})
)
"""The newest answer, if the slot stands as it was seen, and its attempt is open, due when it was and at the question
where it was, and stays so until the commit."""
SAVED_SLOT = SAVE_SLOT.returning(*(SLOTS.c[name] for name in ("id", "saved_at", "seq", "version_id", "response"))).cte(
    "kept"
)
SAVE_SLOT_AND_ANSWER = insert(ANSWERS).from_select(
    ["slot_id", "at", "seq", "version_id", "response", "source", "fraction", "detail", "comment"],
    select(
        *(SAVED_SLOT.c[name] for name in ("id", "saved_at", "seq", "version_id", "response")),
        bindparam("source", type_=String),
        as_type(bindparam("alone"), Double),
        bindparam("detail", type_=JSONB),
        literal(""),
    ),
)
"""The same with the row of the record, in one statement: one round trip to PostgreSQL, which commits by itself."""


LATE_AT_MOST = 20
"""Late responses to a question that are kept."""


class Closed(QuizError):
    """The answer comes too late; the earlier ones stand. `kept`: whether it stands in the record all the same, for the
    instructor to decide upon; None where there is nothing to decide."""

    status = 410
    kept: bool | None = None
    template = N_("This attempt was handed in, so the answer wasn't accepted. The answers saved before stay.")


class Late(Closed):
    """The answer came after the end, and is kept unscored."""

    kept = True
    template = N_(
        "This answer came after the end. It doesn't count, but it is kept, and the instructor sees it. "
        "The answers saved before stay."
    )


class Passed(Closed):
    """The answer is to a question that there is no way back to, and is kept unscored."""

    status = 409
    kept = True
    template = N_(
        "You have gone on from this question, and there is no way back. This answer doesn't count, but it is kept, and "
        "the instructor sees it. The answer saved before stands."
    )


class Ahead(Conflict):
    """There is no way to a question but through those before it."""

    template = N_("This question comes later: answer the one where you are, and go on from there.")


class NotKept(Closed):
    """The answer came after the end, after many others that did."""

    kept = False
    template = N_(
        "This answer came after the end and wasn't accepted: too many late ones are kept already. Tell the instructor."
    )


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
    certainty: int | None = None,
) -> Slot:
    """Keep a response, score it, and say so only after the commit. The write is on the condition that nothing changed
    since the slot was read, so that reading, scoring and all else need no lock.

    `seq` is the number that the page was made with. The same response again replays what is stored. `check` makes
    the response final where feedback is immediate. `flagged` sets or takes away the mark "look at it again", with the
    response or, where that is the same, without. `certainty` is how sure the learner is (1 to 3), where that is asked.

    Raises Stale when another page answered in between, Closed after the end (`keep_late` says what is kept), NotFound
    if the attempt was deleted meanwhile, ResponseError for a response of the wrong shape.
    """
    while True:
        if slot.attempt.is_over(now):
            raise keep_late(slot, response, now, certainty)
        if is_passed(slot):
            raise keep_late(slot, response, now, certainty, Passed)
        refuse_late(slot, now)
        if says(slot, response) and certainty in (None, slot.certainty):
            if not (check or flagged is not None) or finish(slot, response, now, check=check, flagged=flagged):
                return slot
        elif seq != slot.seq:
            raise Stale(slot)
        elif keep(slot, response, now, check=check, flagged=flagged, certainty=certainty):
            return slot
        where = slot.attempt.public_id, slot.position, slot.attempt.user_id
        db.session.expire_all()  # somebody was faster: see what stands there now, if anything does
        slot = queries.slot(*where)


def says(slot: Slot, response: Response | None) -> bool:
    """Whether the response is what is stored already."""
    return response == slot.response or (is_blank(response) and not slot.answered)


def is_passed(slot: Slot) -> bool:
    return slot.attempt.rules.one_way and slot.position < slot.attempt.reached


def refuse_late(slot: Slot, now: datetime) -> None:
    """Raise Closed where nothing can be said to a question any more, Ahead where not yet."""
    refuse_out_of_sight(slot, now)
    if slot.checked_at is not None:
        raise Closed(N_("This question is checked already, so its answer can no longer be changed."))


def refuse_out_of_sight(slot: Slot, now: datetime) -> None:
    """Raise Closed where the player shows a question no more, Ahead where not yet."""
    if is_passed(slot):
        raise GoneOn
    refuse_ahead(slot)
    if slot.attempt.submitted_at is not None:
        raise Closed
    if slot.attempt.is_over(now):
        raise Closed(N_("Time was up, so this answer wasn't accepted. The answers saved before stay."))


def refuse_ahead(slot: Slot) -> None:
    """Raise Ahead where there is no way to the question yet: not even what is wrong with an answer may be said."""
    if slot.attempt.rules.one_way and slot.position > slot.attempt.reached:
        raise Ahead


class GoneOn(Closed):
    """There is no way back to a question, and nothing new was said to it."""

    status = 409
    template = N_("You have gone on from this question, and there is no way back. The answer saved before stands.")


def keep_late(
    slot: Slot, response: Response | None, now: datetime, certainty: int | None, kind: type[Closed] = Late
) -> Closed:
    """Keep a response that came too late, unscored, and say what became of it. One that says what is kept already is
    no new one, and an empty one says nothing."""
    if is_blank(response) or response == slot.response:
        return GoneOn() if kind is Passed else Closed()
    with atomic():
        slot = to_write(slot)
        kept = [row.response for row in rows_of([slot.id])[slot.id] if row.source == LATE]
        if kept and kept[-1] == response:
            return kind()
        if len(kept) >= LATE_AT_MOST:
            return NotKept()
        alone = score(slot.item, response).fraction
        append(slot, LATE, now, response=response, fraction=alone, detail=with_certainty(certainty))
    return kind()


def finish(slot: Slot, response: Response | None, now: datetime, *, check: bool, flagged: bool | None) -> bool:
    """Check the stored response, where the quiz gives feedback at once, or change the mark beside it.

    False, and nothing is stored, if another response has come since the slot was read. Raises Closed after the end.
    """
    with atomic():
        slot = to_write(slot)
        refuse_out_of_sight(slot, now)
        if not says(slot, response):
            return False
        if flagged is not None:
            slot.flagged = flagged
        if check and may_check(slot) and slot.answered and slot.checked_at is None:
            add(slot, CHECK, now)
            events.answered.send(slot, now=now)
    return True


def may_check(slot: Slot) -> bool:
    return slot.attempt.rules.checks


def take_hint(slot: Slot, now: datetime) -> Slot:
    """One more hint; whether there is one is the caller's to know. Raises Closed after the end, or where the response
    is checked."""
    with atomic():
        slot = to_write(slot)
        refuse_late(slot, now)
        add(slot, HINT, now, detail={"hint": slot.hints + 1})
    return slot


def try_again(slot: Slot, now: datetime) -> Slot:
    """Open a response again that was checked; whether there is a try left is the caller's to know. The response stays
    for the learner to change. Raises Closed after the end."""
    with atomic():
        slot = to_write(slot)
        if slot.attempt.is_over(now):
            raise Closed
        if is_passed(slot):
            raise GoneOn
        if slot.checked_at is not None:
            add(slot, LEARNER, now)
            events.reopened.send(slot, now=now)
    return slot


def try_with_hint(slot: Slot, now: datetime) -> None:
    """Open a response again that was checked, with one more hint, where the slot was seen to have another try; nothing,
    if another request has used it since. Raises Closed after the end."""
    seen = slot.tries, slot.hints
    with atomic():
        slot = to_write(slot)
        if slot.checked_at is not None and (slot.tries, slot.hints) == seen:
            take_hint(try_again(slot, now), now)


def to_write(slot: Slot) -> Slot:
    return queries.slot(slot.attempt.public_id, slot.position, slot.attempt.user_id, for_writing=True)


def add(slot: Slot, source: str, now: datetime, detail: dict[str, Any] | None = None) -> None:
    """Within a transaction: a row that changes nothing of the response, and what the slot says after it."""
    alone = score(slot.item, slot.response).fraction
    append(slot, source, now, fraction=alone, detail=with_certainty(slot.certainty) | (detail or {}))
    refold(slot, now)


def with_certainty(certainty: int | None) -> dict[str, Any]:
    """The detail of a row: never nothing, which is what rows of earlier releases say."""
    return {"certainty": certainty} if certainty else {}


def keep(
    slot: Slot, response: Response | None, now: datetime, *, check: bool, flagged: bool | None, certainty: int | None
) -> bool:
    """Score and store a learner's answer: a row of the record, and what the slot says after it.

    False, and nothing is stored, if the slot or its attempt has changed since the slot was read.
    """
    final = check and not is_blank(response) and may_check(slot)
    row = Row(
        CHECK if final else LEARNER,
        response,
        score(slot.item, response).fraction,
        detail=with_certainty(slot.certainty if certainty is None else certainty),
        seq=slot.seq + 1,
        after_due=is_after_due(slot.attempt, now),
    )
    newest = columns_after(slot, row) | {
        "seq": slot.seq + 1, "saved_at": now, "checked_at": now if final else None,
        "flagged": slot.flagged if flagged is None else flagged,
    }  # fmt: skip
    condition = {
        "slot": slot.id, "seen": slot.seq, "attempt": slot.attempt_id, "late_from": slot.attempt.late_from,
        "reached": slot.attempt.reached,
    }  # fmt: skip
    of_row = {"source": row.source, "alone": row.fraction, "detail": row.detail}
    at_once = db.engine.dialect.name == "postgresql"
    with atomic(single=not final):  # an answer that isn't final concerns nobody else, and is stored by one statement
        kept = (
            wrote(SAVE_SLOT_AND_ANSWER, condition | newest | of_row)
            if at_once
            else wrote(SAVE_SLOT, condition | newest)
        )
        if kept:
            for name, value in newest.items():
                if getattr(slot, name) != value:
                    set_committed_value(slot, name, value)
            if not at_once:
                db.session.connection().execute(NEW_ANSWER, row_after(slot, row))
            if final:
                events.answered.send(slot, now=now)
    if kept:
        events.saved.send(slot)
    return kept


def columns_after(slot: Slot, row: Row) -> dict[str, Any]:
    """What the slot says once this row is added. The rows before it are read only where they can matter: in most
    attempts there is but the newest response."""
    reopened = slot.attempt.mark is not None
    changed = slot.seq and slot.attempt.late_from is not None
    before = rows_of([slot.id])[slot.id] if slot.tries or slot.hints or reopened or changed else []
    return dict(slot_columns(fold([*before, row], earning(slot.attempt.rules, slot.item))))


def row_after(slot: Slot, row: Row) -> dict[str, Any]:
    """The row of a response that the slot says already."""
    return {
        "slot_id": slot.id, "seq": slot.seq, "source": row.source, "version_id": slot.version_id,
        "response": row.response, "fraction": row.fraction, "comment": "", "detail": row.detail, "at": slot.saved_at,
    }  # fmt: skip


def wrote(statement: Executable, values: dict[str, Any]) -> bool:
    """Execute; whether it has written its row."""
    done = db.session.connection().execute(statement, values, execution_options={"preserve_rowcount": True})
    return done.rowcount == 1
