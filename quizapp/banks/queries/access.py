"""Which banks there are, and who may read or change them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, Text, cast, func, or_, select
from sqlalchemy.orm import joinedload

from quizapp.banks.models import EDITOR, PUBLIC, READER, Bank, BankMember
from quizapp.banks.queries.search import PAGE
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.kinds.base import nfc

AnyUser = int | SQLColumnExpression[int]
"""The id of a user, or a column with one."""


def bank(slug: str) -> Bank:
    """The bank of that name. Raises NotFound."""
    found = db.session.scalar(select(Bank).where(Bank.slug == slug))
    if found is None:
        raise NotFound
    return found


def own_bank(slug: str, user_id: int) -> Bank:
    """The user's own bank. Raises NotFound, for somebody else's too."""
    found = db.session.scalar(select(Bank).where(Bank.slug == slug, Bank.owner_id == user_id))
    if found is None:
        raise NotFound
    return found


def visible_bank(slug: str, user_id: int) -> Bank:
    """A bank that the user may read: one's own, one shared with them, or a public one. Raises NotFound."""
    return permitted(slug, visible_to(user_id))


def visible_to(user_id: AnyUser) -> ColumnElement[bool]:
    """Whether the user may read a bank now."""
    return or_(Bank.visibility == PUBLIC, theirs(user_id))


def theirs(user_id: AnyUser, *roles: str) -> ColumnElement[bool]:
    """Whether a bank is the user's own, or shared with them, in one of the roles (in any, where none is named)."""
    return or_(Bank.owner_id == user_id, shared_with(user_id, *roles))


def hidden_banks(slugs: Iterable[str], user_id: int) -> Sequence[Bank]:
    """Those of the banks that the user may not read now."""
    return db.session.scalars(select(Bank).where(Bank.slug.in_(list(slugs)), ~visible_to(user_id))).all()


def editable_bank(slug: str, user_id: int) -> Bank:
    """A bank that the user may change: one's own, or one shared with them as an editor. Raises NotFound."""
    return permitted(slug, theirs(user_id, EDITOR))


def permitted(slug: str, *ways: ColumnElement[bool]) -> Bank:
    found = db.session.scalar(select(Bank).where(Bank.slug == slug, or_(*ways)))
    if found is None:
        raise NotFound
    return found


def shared_with(user_id: AnyUser, *roles: str) -> ColumnElement[bool]:
    """Whether a bank is shared with the user, in one of the roles (in any, where none is named)."""
    members = select(BankMember.bank_id).where(BankMember.user_id == user_id)
    return Bank.id.in_(members.where(BankMember.role.in_(roles)) if roles else members)


def may_change(bank: Bank, user_id: int) -> bool:
    """Whether the bank is the user's own, or shared with them as an editor."""
    return role_in(bank, user_id) in ("owner", EDITOR)


def role_in(bank: Bank, user_id: int) -> str:
    """What the user is to a bank that they may read: owner, editor or reader."""
    if bank.owner_id == user_id:
        return "owner"
    found = member(bank.id, user_id)
    return found.role if found else READER


def own_and_shared_banks(user_id: int) -> Sequence[Bank]:
    """The banks that the user owns or that are shared with them, newest first."""
    return db.session.scalars(select(Bank).where(theirs(user_id)).order_by(Bank.id.desc())).all()


def editable_banks(user_id: int) -> Sequence[Bank]:
    """The banks that the user may change, newest first."""
    return db.session.scalars(select(Bank).where(theirs(user_id, EDITOR)).order_by(Bank.id.desc())).all()


def public_banks(words: str, page: int) -> tuple[Sequence[Bank], int]:
    """One page of the public banks whose titles have all the words, the newest first, and how many there are."""
    statement = select(Bank).where(Bank.visibility == PUBLIC).options(joinedload(Bank.owner))
    for word in nfc(words).split():
        title = func.lower(cast(Bank.title, Text))
        statement = statement.where(title.contains(word.lower(), autoescape=True))
    count = db.session.scalar(select(func.count()).select_from(statement.with_only_columns(Bank.id).subquery())) or 0
    return db.session.scalars(statement.order_by(Bank.id.desc()).offset((page - 1) * PAGE).limit(PAGE)).all(), count


def public_of(sent: Mapping[str, Any]) -> Sequence[Bank]:
    """Which of the banks that a quiz draws from are public."""
    slugs = [source.get("bank", "") for source in sent.get("sources", [])]
    return db.session.scalars(select(Bank).where(Bank.slug.in_(slugs), Bank.visibility == PUBLIC)).all()


def member(bank_id: int, user_id: int) -> BankMember | None:
    return db.session.scalar(select(BankMember).where(BankMember.bank_id == bank_id, BankMember.user_id == user_id))


def members(bank_id: int) -> Sequence[BankMember]:
    """The people with whom a bank is shared."""
    return db.session.scalars(
        select(BankMember)
        .where(BankMember.bank_id == bank_id)
        .options(joinedload(BankMember.user))
        .order_by(BankMember.id)
    ).all()
