"""Why a question's score isn't what its own key says of the answer: somebody set it, or it was scored again."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.attempts.record import earning, rows_of
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.errors import N_
from quizapp.formats.items import Item
from quizapp.rules import scores

WHY = {
    scores.OVERRIDE: N_("This score was set by hand, whatever the key says."),
    scores.AGAIN: N_("This was scored again by a corrected key."),
    scores.FULL: N_("Everybody gets full points for this question, whatever they answered."),
    scores.DROP: N_("This question was dropped: it counts for nobody."),
    scores.ACCEPT: N_("This answer was accepted as right too."),
}


@dataclass(frozen=True)
class Rescored:
    """`why` is a message; `key` the version by whose key it counts, where that is another one than was asked."""

    why: str
    key: Item | None = None


def rescored(attempt: Attempt, items: dict[int, Item]) -> dict[int, Rescored]:
    """By the id of a slot. `items`: the versions that were asked, of the slots that were scored otherwise."""
    of_slots = rows_of(list(items)) if items else {}
    rows = {slot_id: scores.deciding(of, earning(attempt.rules, items[slot_id])) for slot_id, of in of_slots.items()}
    policies = {slot_id: policy_of(row) for slot_id, row in rows.items() if row}
    again = [slot_id for slot_id, policy in policies.items() if policy == scores.AGAIN]
    keys = keys_of({slot_id: row.seq for slot_id, row in rows.items() if row and slot_id in again})
    return {slot_id: Rescored(WHY[policy], keys.get(slot_id)) for slot_id, policy in policies.items() if policy in WHY}


def policy_of(row: scores.Row) -> str:
    return (row.detail or {}).get("policy", "") if row.source == scores.REGRADE else row.source


def keys_of(seqs: dict[int, int]) -> dict[int, Item]:
    """By slot, the version by which the row of this number scored, where it isn't the one that was asked."""
    if not seqs:
        return {}
    found = db.session.execute(
        select(Answer.slot_id, Answer.seq, QuestionVersion)
        .join(QuestionVersion, QuestionVersion.id == Answer.version_id)
        .join(Slot, Slot.id == Answer.slot_id)
        .where(Answer.slot_id.in_(seqs), Answer.source == scores.REGRADE, Answer.version_id != Slot.version_id)
    )
    return {slot_id: version.item for slot_id, seq, version in found if seqs[slot_id] == seq}
