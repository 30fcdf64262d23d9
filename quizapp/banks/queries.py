"""Reads of banks and questions."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from quizapp.banks.models import Bank, Question
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item


def bank(slug: str) -> Bank:
    """The bank of that name. Raises NotFound."""
    found = db.session.scalar(select(Bank).where(Bank.slug == slug))
    if found is None:
        raise NotFound
    return found


def of_owner(user_id: int) -> Sequence[Bank]:
    """The user's own banks, newest first."""
    return db.session.scalars(select(Bank).where(Bank.owner_id == user_id).order_by(Bank.id.desc())).all()


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
    return found


def by_key(bank_id: int) -> dict[str, Question]:
    """Every question of the bank by its stable key, archived ones too."""
    found = db.session.scalars(
        select(Question).where(Question.bank_id == bank_id).options(joinedload(Question.current))
    )
    return {question.key: question for question in found}


def sizes() -> dict[str, int]:
    """How many questions each bank has, by slug."""
    rows = db.session.execute(
        select(Bank.slug, func.count(Question.id))
        .join(Question, Question.bank_id == Bank.id)
        .where(Question.archived_at.is_(None))
        .group_by(Bank.slug)
    )
    return dict(rows.all())
