"""What a regrade makes of slots: computed for a preview, and by the same fold when it is written (`regrade_actions`).

A regrade is a rule; what it says of a slot follows from the slot's rows alone and is remembered, so that slots that are
alike cost nothing. Everything is read and written in chunks, so that no lock is held for long.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Table, and_, select, true
from sqlalchemy.orm import aliased

from quizapp.accounts.models import User
from quizapp.attempts.audit import MAX_REMEMBERED, StoredRow, item_of, plain, scores_row, stored_columns, value_of
from quizapp.attempts.models import GRADED, Attempt, Regrade, Slot
from quizapp.attempts.record import ANSWERS, SLOTS, earning, score, with_attempts
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.errors import ResponseError
from quizapp.kinds.base import Response
from quizapp.quizzes.models import Quiz
from quizapp.rules import marks, scores
from quizapp.rules.accepting import meanings
from quizapp.rules.settings import settings_of

CHUNK = 500
ATTEMPTS = cast("Table", Attempt.__table__)
IN_PREVIEW = -1
"""The batch of the row that a preview imagines."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How responses are scored anew: a regrade as far as a score needs it. `accepted` count beside the key."""

    policy: str
    version_id: int
    accepted: tuple[Response, ...] = ()
    keep_higher: bool = True
    batch_id: int = IN_PREVIEW

    @property
    def detail(self) -> dict[str, Any]:
        return {"policy": self.policy, "keep_higher": self.keep_higher}

    @classmethod
    def of(cls, regrade: Regrade) -> Rule:
        return cls(regrade.policy, regrade.version_id, regrade.accepted, regrade.keep_higher, regrade.id)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a rule does to a slot: the row that it adds, None where it adds none, and what the slot says before and
    after it. `unreadable`: the response names something that the new version hasn't, so that a person has to decide."""

    before: scores.SlotStanding
    after: scores.SlotStanding
    row: dict[str, Any] | None = None
    unreadable: bool = False

    @property
    def changes(self) -> bool:
        return (self.before.fraction, self.before.dropped) != (self.after.fraction, self.after.dropped)


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """A slot of a handed-in attempt with what a regrade needs of both. `rows` are the slot's, `newest` the id of the
    last of them."""

    id: int
    attempt_id: int
    version_id: int
    max_mark: float
    seq: int
    attempt: str
    user_id: int
    quiz_id: int
    mark: float
    possible: float
    settings: str
    rows: tuple[Any, ...] = ()
    newest: int = 0


def slots_asking(question_id: int, where: ColumnElement[bool]) -> Any:
    """The ids of the slots that asked the question in handed-in attempts that count, in order."""
    return (
        select(Slot.id)
        .join(Attempt, Attempt.id == Slot.attempt_id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .where(
            Slot.version_id.in_(select(QuestionVersion.id).where(QuestionVersion.question_id == question_id)),
            Attempt.purpose == GRADED,
            Attempt.submitted_at.is_not(None),
            where,
        )
        .order_by(Slot.id)
    )


def chunks(ids: Sequence[int], size: int = CHUNK) -> Iterator[Sequence[int]]:
    for start in range(0, len(ids), size):
        yield ids[start : start + size]


def slot_records(ids: Sequence[int], *, lock: bool = False) -> list[SlotRecord]:
    """These slots with their rows, in order."""
    of_slot = [SLOTS.c[name] for name in ("id", "attempt_id", "version_id", "max_mark", "seq")]
    of_attempt = [ATTEMPTS.c[name] for name in ("public_id", "user_id", "quiz_id", "mark", "max_mark")]
    statement = (
        select(*of_slot, *of_attempt, plain(ATTEMPTS, "settings"))
        .join(ATTEMPTS, ATTEMPTS.c.id == SLOTS.c.attempt_id)
        .where(SLOTS.c.id.in_(ids))
        .order_by(SLOTS.c.id)
    )
    found = [SlotRecord(*row) for row in db.session.execute(statement.with_for_update() if lock else statement)]
    rows: dict[int, list[Any]] = {one.id: [] for one in found}
    record = with_attempts(select(ANSWERS.c.slot_id, ANSWERS.c.id, *stored_columns())).where(ANSWERS.c.slot_id.in_(ids))
    for row in db.session.execute(record.order_by(ANSWERS.c.slot_id, ANSWERS.c.seq)):
        rows[row[0]].append(row)
    return [
        replace(
            one, rows=tuple(row[2:] for row in rows[one.id]), newest=max((row[1] for row in rows[one.id]), default=0)
        )
        for one in found
    ]


class Regrading:
    """A rule at work."""

    def __init__(self, rule: Rule) -> None:
        self.rule = rule
        self.item = lru_cache(MAX_REMEMBERED)(item_of)
        self.alone = lru_cache(MAX_REMEMBERED)(self.score_alone)
        self.remembered = lru_cache(MAX_REMEMBERED)(self.compute)
        self.wanted = meanings(rule.accepted)

    def effect(self, slot: SlotRecord) -> Effect:
        return self.remembered(slot.settings, slot.version_id, slot.rows)

    def compute(self, settings: str, version_id: int, record: tuple[Any, ...]) -> Effect:
        rows = [scores_row(StoredRow._make(row)) for row in record]
        earn = earning(settings_of(settings), self.item(version_id))
        before = scores.fold(rows, earn)
        if not self.bears_upon(version_id, scores.record_of(rows)):
            return Effect(before, before)
        by = self.rule.version_id if self.rule.policy == scores.AGAIN else version_id
        try:
            fraction = scores.by_policy(
                rows,
                self.rule.policy,
                lambda response: self.alone(by, json.dumps(response)),
                earn,
                self.wanted,
            )
        except ResponseError:
            return Effect(before, before, unreadable=True)
        row = {"source": scores.REGRADE, "version_id": by, "fraction": fraction, "detail": self.rule.detail}
        new = scores.Row(scores.REGRADE, before.response, fraction, "", self.rule.detail, self.rule.batch_id)
        return Effect(before, scores.fold([*rows, new], earn), row)

    def bears_upon(self, version_id: int, record: scores.Record) -> bool:
        """Whether the rule says anything of a slot: an accepted answer only where it was given, a key nothing that it
        hasn't said already."""
        if any(row.batch_id == self.rule.batch_id for row in record.regrades):
            return False
        if self.rule.policy == scores.ACCEPT:
            return any(scores.sameness(one.response) in self.wanted for one in record.tries)
        return self.rule.policy != scores.AGAIN or version_id != self.rule.version_id or bool(record.regrades)

    def taken_back(self, slot: SlotRecord) -> Effect:
        """What undoing it does to a slot; it adds no row where the slot has none of it."""
        rows = [scores_row(StoredRow._make(row)) for row in slot.rows]
        earn = earning(settings_of(slot.settings), self.item(slot.version_id))
        before = scores.fold(rows, earn)
        undone = any(row.source == scores.UNDO and row.batch_id == self.rule.batch_id for row in rows)
        if undone or not any(row.source == scores.REGRADE and row.batch_id == self.rule.batch_id for row in rows):
            return Effect(before, before)
        after = scores.fold([*rows, scores.Row(scores.UNDO, batch_id=self.rule.batch_id)], earn)
        return Effect(before, after, {"source": scores.UNDO, "version_id": slot.version_id, "fraction": after.fraction})

    def score_alone(self, version_id: int, response: str) -> float | None:
        return score(self.item(version_id), value_of(response)).fraction


def totals(attempt_ids: Collection[int]) -> dict[int, scores.Total]:
    return {
        one: scores.total(figures for _slot_id, *figures in slots)  # type: ignore[misc]
        for one, slots in figures_of(attempt_ids).items()
    }


def figures_of(attempt_ids: Collection[int]) -> dict[int, list[Any]]:
    """By attempt: each slot's id, fraction, points, whether it is answered, and whether it is dropped."""
    slots: dict[int, list[Any]] = {one: [] for one in attempt_ids}
    columns = [SLOTS.c[name] for name in ("attempt_id", "id", "fraction", "max_mark", "answered", "dropped")]
    if slots:
        for row in db.session.execute(select(*columns).where(SLOTS.c.attempt_id.in_(slots))):
            slots[row[0]].append(row[1:])
    return slots


def share(mark: float, possible: float) -> float:
    return mark / possible if possible else 0.0


def after(slot: SlotRecord, effect: Effect, figures: Mapping[int, list[Any]]) -> tuple[float, float]:
    """The attempt's mark and points to be had, after this effect alone. `figures`: all slots of attempts without any
    point, where fewer than none may have been earned (see `figures_of`)."""
    if slot.attempt_id in figures:
        now = (effect.after.fraction, slot.max_mark, effect.after.answered, effect.after.dropped)
        total = scores.total(now if slot_id == slot.id else one for slot_id, *one in figures[slot.attempt_id])  # type: ignore[misc]
        return total.mark, total.max_mark
    was, is_now = (
        marks.mark(one.fraction or 0, slot.max_mark) * (not one.dropped) for one in (effect.before, effect.after)
    )
    possible = slot.possible + slot.max_mark * (effect.before.dropped - effect.after.dropped)
    return marks.total([slot.mark, is_now - was]), marks.possible([possible])


def reach(regrade: Regrade, by: User | None) -> ColumnElement[bool]:
    """Of which quizzes it is: of one, or of all that are its maker's; an admin's are all."""
    if regrade.quiz_id is not None:
        return Quiz.id == regrade.quiz_id
    return true() if by and by.role == "admin" else Quiz.owner_id == regrade.by_id


def live_at(attempt: Attempt) -> list[Regrade]:
    """The regrades that an attempt folds in as it is handed in: those that know the version that it was asked, whether
    they were made before it began (what is frozen asks on by the old key) or while it was open."""
    asked, known = aliased(QuestionVersion), aliased(QuestionVersion)
    know = (
        select(Regrade.id)
        .join(known, known.id == Regrade.version_id)
        .join(asked, and_(asked.question_id == known.question_id, asked.number <= known.number))
        .join(Slot, Slot.version_id == asked.id)
        .where(Slot.attempt_id == attempt.id, Regrade.undone_by_id.is_(None), Regrade.undone_at.is_(None))
    )
    rows = db.session.execute(
        select(Regrade, User).outerjoin(User, User.id == Regrade.by_id).where(Regrade.id.in_(know)).order_by(Regrade.id)
    ).all()
    if not rows:
        return []
    reached = db.session.execute(select(*(reach(one, by) for one, by in rows)).where(Quiz.id == attempt.quiz_id)).one()
    return [one for (one, _), is_reached in zip(rows, reached, strict=True) if is_reached]


def undone_of(attempt: Attempt) -> Sequence[Regrade]:
    """The regrades with rows in an attempt that are undone by now. It may have been open just then."""
    batches = select(ANSWERS.c.batch_id).join(SLOTS, SLOTS.c.id == ANSWERS.c.slot_id)
    mine = batches.where(SLOTS.c.attempt_id == attempt.id, ANSWERS.c.source == scores.REGRADE)
    undone = select(Regrade).where(Regrade.id.in_(mine), Regrade.undone_by_id.is_not(None))
    return db.session.scalars(undone.order_by(Regrade.id)).all()


def asking(attempt: Attempt, regrade: Regrade) -> list[SlotRecord]:
    """The attempt's slots that ask the question of a regrade."""
    versions = select(QuestionVersion.id).where(QuestionVersion.question_id == regrade.question_id)
    which = Slot.attempt_id == attempt.id, Slot.version_id.in_(versions)
    return slot_records(db.session.scalars(select(Slot.id).where(*which)).all())
