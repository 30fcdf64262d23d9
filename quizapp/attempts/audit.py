"""Every stored score, computed again from the record: `quizapp check`.

The record is read a batch of attempts at a time, each batch as of one moment, so that a site in use shows no
disagreement that is none, and a site of any size needs no more memory than a small one. Responses are compared as they
are stored, and read only where one hasn't been met lately.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple, cast

from sqlalchemy import Connection, Row, Table, Text, bindparam, select, type_coerce
from sqlalchemy import cast as as_type

from quizapp.attempts.models import CHECK, GRADED, PRACTICE, PREVIEW, REVIEW, Answer, Attempt, Regrade, Slot
from quizapp.attempts.record import AFTER_DUE, REPEATED, earning, score, with_attempts
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.formats.items import Item, from_json
from quizapp.rules import scores
from quizapp.rules.accepting import accepted, meanings
from quizapp.rules.settings import settings_of

BATCH = 500
"""Attempts that are read together."""
MAX_REMEMBERED, MAX_VERSIONS = 50_000, 5_000
"""How many responses, and versions of questions, are remembered for the next one like it."""
CLOSE = 1e-6
"""Points to be had were once summed up in another order."""
WITHOUT_QUIZ, OF_QUIZ = (REVIEW, CHECK), (GRADED, PRACTICE, PREVIEW)

ATTEMPTS, SLOTS, ANSWERS, REGRADES = (cast("Table", one.__table__) for one in (Attempt, Slot, Answer, Regrade))
BETWEEN = SLOTS.c.attempt_id.between(bindparam("first"), bindparam("last"))


class StoredRow(NamedTuple):
    """A row of the record as it is stored: `response` and `detail` are JSON."""

    seq: int
    source: str
    version_id: int
    response: str | None
    fraction: float | None
    comment: str
    detail: str | None
    batch_id: int | None
    after_due: bool


class StoredSlot(NamedTuple):
    """What a slot says of its rows, the fields of REPEATED last. `response` is JSON."""

    version_id: int
    seq: int
    checked: bool
    response: str | None
    fraction: float | None
    comment: str
    answered: bool
    tries: int
    hints: int
    certainty: int | None
    dropped: bool


def wrong_scores() -> Iterator[str]:
    """Every disagreement between the record and what slots and attempts say of it, in words."""
    with reading_connection() as connection:
        audit = Audit({row.id: row for row in connection.execute(select(REGRADES))})
    last = 0
    while True:
        with reading_connection() as connection:
            chosen = select(ATTEMPTS).where(ATTEMPTS.c.id > last).order_by(ATTEMPTS.c.id).limit(BATCH)
            attempts = connection.execute(chosen).all()
            if not attempts:
                return
            last = attempts[-1].id
            yield from audit.of(attempts, connection)


@contextmanager
def reading_connection() -> Iterator[Connection]:
    """A connection that sees everything as of one moment."""
    on_sqlite = db.engine.dialect.name == "sqlite"
    engine = db.engine if on_sqlite else db.engine.execution_options(isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        if on_sqlite:
            connection.exec_driver_sql("BEGIN")
        try:
            yield connection
        finally:
            connection.rollback()


def plain(table: Table, name: str) -> Any:
    """A column of JSON as text."""
    column = table.c[name]
    return (type_coerce(column, Text) if db.engine.dialect.name == "sqlite" else as_type(column, Text)).label(name)


@lru_cache(MAX_REMEMBERED)
def value_of(written: str | None) -> Any:
    """What a text of JSON says; None for none. It is shared, and for looking at only."""
    return None if written is None else json.loads(written)


def item_of(version_id: int) -> Item:
    content = db.session.scalar(select(QuestionVersion.content).where(QuestionVersion.id == version_id))
    return from_json(cast("dict[str, Any]", content))


def scores_row(row: StoredRow) -> scores.Row:
    return scores.Row(
        row.source,
        value_of(row.response),
        row.fraction,
        row.comment,
        value_of(row.detail),
        row.batch_id,
        row.seq,
        row.after_due,
    )


def stored_columns() -> list[Any]:
    """The columns of a `StoredRow`, of a statement `record.with_attempts`."""
    return [AFTER_DUE if name == "after_due" else plain(ANSWERS, name) if name in ("response", "detail")
            else ANSWERS.c[name] for name in StoredRow._fields]  # fmt: skip


class Audit:
    """What is found in attempts, a batch of them after the other."""

    def __init__(self, batches: Mapping[int, Row[Any]]) -> None:
        self.batches = batches
        self.accepted = {name: meanings(accepted(batch.response)) for name, batch in batches.items()}
        self.item = lru_cache(MAX_VERSIONS)(item_of)
        self.alone = lru_cache(MAX_REMEMBERED)(self.score_alone)
        self.of_slot = lru_cache(MAX_REMEMBERED)(self.problems_of_slot)

    def of(self, attempts: Sequence[Row[Any]], connection: Connection) -> Iterator[str]:
        between = {"first": attempts[0].id, "last": attempts[-1].id}
        rows: dict[int, list[Any]] = {}
        for slot_id, *row in fetched(connection, rows_between(), between):
            rows.setdefault(slot_id, []).append(tuple(row))
        slots: dict[int, list[Any]] = {one.id: [] for one in attempts}
        for slot in fetched(connection, slots_between(), between):
            slots[slot[0]].append(slot)
        for attempt in attempts:
            rules = json.dumps(attempt.settings, sort_keys=True)
            for slot in slots[attempt.id]:
                for problem in self.of_slot(rules, slot[4:], tuple(rows.get(slot[1], ()))):
                    yield f"attempt {attempt.public_id}, question {slot[2]}: {problem}"
            for problem in of_attempt(attempt, slots[attempt.id]):
                yield f"attempt {attempt.public_id}: {problem}"

    def problems_of_slot(self, rules: str, said: tuple[Any, ...], record: tuple[Any, ...]) -> list[str]:
        """What is wrong with a slot that says this of these rows: the same for all like it."""
        slot, rows = StoredSlot._make(said), [StoredRow._make(row) for row in record]
        return [*self.numbers(slot, rows), *self.of_rows(rules, rows), *self.of_fold(rules, slot, rows)]

    def numbers(self, slot: StoredSlot, rows: Sequence[StoredRow]) -> Iterator[str]:
        if [row.seq for row in rows] != list(range(1, slot.seq + 1)):
            yield f"it counts {slot.seq} rows, and has those numbered {[row.seq for row in rows]}"

    def of_fold(self, rules: str, slot: StoredSlot, rows: Sequence[StoredRow]) -> Iterator[str]:
        stands = scores.fold(map(scores_row, rows), self.earn(rules, slot.version_id))
        before_checks = bool(rows) and all(row.detail is None for row in rows)  # of earlier releases: no row said so
        if slot.checked != stands.checked and not before_checks:
            yield "it is checked, and its rows aren't" if slot.checked else "its rows are checked, and it isn't"
        for name in REPEATED:
            stored, computed = getattr(slot, name), getattr(stands, name)
            if name == "response":
                stored = value_of(stored)
            elif isinstance(computed, bool):
                stored = bool(stored)  # which SQLite's driver has as a number
            if stored != computed:
                yield f"its {name} is {stored!r}, and its rows amount to {computed!r}"

    def of_rows(self, rules: str, rows: Sequence[StoredRow]) -> Iterator[str]:
        """Whether each row's fraction is what it is computed to be; a person's grade can't be."""
        for place, row in enumerate(rows):
            if row.source in (*scores.GIVEN, scores.LATE):
                again = self.alone(row.version_id, row.response)
            elif row.source == scores.REGRADE:
                batch = self.batches[row.batch_id or 0]
                if (value_of(row.detail) or {}).get("policy") != batch.policy:
                    yield f"row {row.seq} is of another policy than its batch {batch.public_id}"
                again = self.regraded(rules, batch, row, rows[:place])
            else:
                continue
            if again != row.fraction:
                yield f"row {row.seq} ({row.source}) stored {row.fraction}, computed {again}"

    def regraded(self, rules: str, batch: Row[Any], row: StoredRow, before: Sequence[StoredRow]) -> float | None:
        return scores.by_policy(
            [scores_row(one) for one in before],
            batch.policy,
            lambda response: self.alone(row.version_id, json.dumps(response)),
            self.earn(rules, row.version_id),
            self.accepted[batch.id],
        )

    def earn(self, rules: str, version_id: int) -> scores.Earn:
        return earning(settings_of(rules), self.item(version_id))

    def score_alone(self, version_id: int, response: str | None) -> float | None:
        return score(self.item(version_id), value_of(response)).fraction


def fetched(connection: Connection, statement: Any, values: Mapping[str, Any]) -> Sequence[tuple[Any, ...]]:
    """The rows as the driver has them: nothing in them is to be converted, and there are millions."""
    return cast("Any", connection.execute(statement, values)).cursor.fetchall()


def rows_between() -> Any:
    statement = with_attempts(select(ANSWERS.c.slot_id, *stored_columns()))
    return statement.where(BETWEEN).order_by(ANSWERS.c.slot_id, ANSWERS.c.seq)


OF_SLOT = ("attempt_id", "id", "position", "max_mark", "version_id", "seq")
SAID = (*OF_SLOT, "checked", *REPEATED)
FIGURES = itemgetter(*(SAID.index(name) for name in ("fraction", "max_mark", "answered", "dropped")))


def slots_between() -> Any:
    """The attempt, the slot's id and place and points, and what it says."""
    figures = [SLOTS.c[name] for name in OF_SLOT]
    repeated = [plain(SLOTS, name) if name == "response" else SLOTS.c[name] for name in REPEATED]
    statement = select(*figures, SLOTS.c.checked_at.is_not(None), *repeated)
    return statement.where(BETWEEN).order_by(SLOTS.c.attempt_id, SLOTS.c.position)


def of_attempt(attempt: Row[Any], slots: Sequence[Any]) -> Iterator[str]:
    """What an attempt says of its slots, and of itself."""
    total = scores.total(FIGURES(one) for one in slots)
    if abs(attempt.max_mark - total.max_mark) > CLOSE:
        yield f"it can have {attempt.max_mark} points, and its questions have {total.max_mark}"
    if attempt.submitted_at is not None:
        if attempt.mark != total.mark:
            yield f"its mark is {attempt.mark}, and its questions have earned {total.mark}"
        if attempt.waiting != total.waiting:
            yield f"{attempt.waiting} of its answers wait for a grade, and {total.waiting} of its questions do"
    if attempt.purpose not in (OF_QUIZ if attempt.quiz_id is not None else WITHOUT_QUIZ):
        yield f"its purpose is {attempt.purpose!r}, and it is {'at a' if attempt.quiz_id is not None else 'at no'} quiz"
