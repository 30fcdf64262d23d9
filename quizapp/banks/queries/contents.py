"""What banks hold: their questions, as rows and as items, and how many there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import joinedload

from quizapp.banks.models import Bank, MediaFile, Question, QuestionVersion
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item

NEAREST = 60
"""Questions that a page offers of a bank, however large."""


def questions(bank_id: int) -> Sequence[Question]:
    """The bank's questions in order with their current versions, without the archived ones."""
    return db.session.scalars(
        select(Question)
        .where(Question.bank_id == bank_id, Question.archived_at.is_(None))
        .options(joinedload(Question.current))
        .order_by(Question.position, Question.id)
    ).all()


def items(bank_id: int) -> list[Item]:
    """The bank's questions as items, ready for any format."""
    found = []
    for question in questions(bank_id):
        if question.current is not None:
            item = question.current.item
            item.id = question.key
            item.provenance = dict(question.current.provenance)
            found.append(item)
    load_media(found)
    return found


def load_media(found: Iterable[Item]) -> None:
    """Give the items' media their bytes; a stored version only names them."""
    media = [one for item in found for one in item.media]
    if not media:
        return
    stored = db.session.scalars(select(MediaFile).where(MediaFile.hash.in_({one.hash for one in media})))
    data = {one.hash: one.data for one in stored}
    for one in media:
        one.data, one.known_hash = data.get(one.hash, b""), ""


def question(bank_id: int, public_id: str) -> Question:
    """A question of the bank with its current version, archived or not. Raises NotFound."""
    found = db.session.scalar(
        select(Question)
        .where(Question.bank_id == bank_id, Question.public_id == public_id)
        .options(joinedload(Question.current))
    )
    if found is None:
        raise NotFound
    return found


def to_keep_apart(bank_id: int, question: Question | None, named: Collection[str]) -> list[tuple[Question, bool]]:
    """The questions of the bank that a question (None: a new one) might never be drawn together with, in order, and
    whether they name it: those that are named already, on either side, and those that stand nearest."""
    key, position = (question.key, question.position) if question else ("", last_position(bank_id))
    others = select(Question.id).where(
        Question.bank_id == bank_id,
        Question.archived_at.is_(None),
        Question.current_id.is_not(None),
        Question.key != key,
    )
    near = db.session.scalars(others.order_by(func.abs(Question.position - position), Question.id).limit(NEAREST))
    naming = set(db.session.scalars(others.where(Question.enemies.contains(f"\n{key}\n", autoescape=True))))
    found = db.session.scalars(
        select(Question)
        .where(or_(Question.id.in_({*near, *naming}), Question.id.in_(others.where(Question.key.in_(named)))))
        .options(joinedload(Question.current))
        .order_by(Question.position, Question.id)
    )
    return [(one, one.id in naming) for one in found]


def public_ids(bank_id: int, names: Sequence[str]) -> Sequence[str]:
    """Those of the names that are public ids of the bank's questions."""
    return db.session.scalars(
        select(Question.public_id).where(Question.bank_id == bank_id, Question.public_id.in_(names))
    ).all()


def last_position(bank_id: int) -> int:
    """The place of the bank's last question; -1 for an empty bank."""
    last = db.session.scalar(select(func.max(Question.position)).where(Question.bank_id == bank_id))
    return -1 if last is None else last


def sizes() -> dict[str, int]:
    """How many questions each bank has, by slug."""
    rows = db.session.execute(
        select(Bank.slug, func.count(Question.id))
        .join(Question, Question.bank_id == Bank.id)
        .where(Question.archived_at.is_(None))
        .group_by(Bank.slug)
    )
    return dict(rows.all())


def sizes_of(bank_ids: Sequence[int]) -> dict[int, int]:
    """How many questions in use each of the banks has."""
    rows = db.session.execute(
        select(Question.bank_id, func.count())
        .where(Question.bank_id.in_(bank_ids), Question.archived_at.is_(None))
        .group_by(Question.bank_id)
    )
    return dict(rows.all())


def facts(bank_ids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    """For each of the banks: how many questions, and when the last of them was written."""
    rows = db.session.execute(
        select(Question.bank_id, func.count(Question.id), func.max(QuestionVersion.created_at))
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.bank_id.in_(bank_ids), Question.archived_at.is_(None))
        .group_by(Question.bank_id)
    )
    return {bank_id: (count, latest) for bank_id, count, latest in rows}
