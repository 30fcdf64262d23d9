"""Writes about whole banks: making, describing, sharing and copying them."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries
from quizapp.banks.actions.copying import copy_into
from quizapp.banks.models import PUBLIC, Bank, BankMember
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, QuizError
from quizapp.ids import public_id
from quizapp.texts.clean import clean, line

MAX_SLUG, MAX_TITLE, MAX_LICENCE = 80, 200, 80
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = ("upload", "uploads", "template", "public", "new")
"""Words that stand where a bank's slug would in an address of this room."""


class BadSlug(QuizError):
    status = 422
    template = N_("“%(slug)s” can't name a bank: use small letters from a to z, digits and hyphens, 80 at most.")


class NoInstructor(QuizError):
    """Nobody of that address can be given the bank; why isn't told."""

    status = 422
    template = N_("No instructor has an account with this address. Ask them which address they use.")


def slug_of(name: str) -> str:
    """A bank's slug from a name: its ASCII letters and digits; a random one where it has none."""
    return "-".join(re.findall("[a-z0-9]+", name.lower()))[:MAX_SLUG].strip("-") or f"bank-{public_id()}"


def free_slug(name: str) -> str:
    """A slug from a name that no bank has yet."""
    slug = slug_of(name)
    taken = {*db.session.scalars(select(Bank.slug).where(Bank.slug.startswith(slug, autoescape=True))), *RESERVED}
    if slug not in taken:
        return slug
    return next(f"{slug[:70]}-{count}" for count in range(2, len(taken) + 3) if f"{slug[:70]}-{count}" not in taken)


def in_one_line(title: dict[str, str]) -> dict[str, str]:
    """A title as it is stored: it stands in headers and in lists."""
    return {clean(key): line(text, MAX_TITLE) for key, text in title.items()}


def create_bank(owner: User, slug: str, title: dict[str, str], licence: str, now: datetime) -> Bank:
    """An empty bank. Raises Conflict if the slug is taken, BadSlug if it can't be one."""
    if not SLUG.fullmatch(slug) or len(slug) > MAX_SLUG:
        raise BadSlug(slug=slug)
    title, licence = in_one_line(title), line(licence, MAX_LICENCE)
    try:
        with atomic():
            bank = Bank(owner_id=owner.id, slug=slug, title=title, licence=licence, created_at=now)
            db.session.add(bank)
            db.session.flush()
            note(owner, "make a bank", f"bank {slug}", now)
    except IntegrityError as error:
        raise Conflict(N_("There is a bank named “%(slug)s” already. Choose another name."), slug=slug) from error
    return bank


def describe(bank: Bank, title: dict[str, str], licence: str, visibility: str, owner: User, now: datetime) -> None:
    """Change what a bank is called, its licence, and who may find it."""
    with atomic():
        newest = db.session.scalars(locked(select(Bank).where(Bank.id == bank.id))).one()
        if newest.visibility != visibility:
            note(owner, "publish" if visibility == PUBLIC else "withdraw", f"bank {bank.slug}", now)
        newest.title, newest.visibility = in_one_line(title), visibility
        newest.licence = line(licence, MAX_LICENCE)
        note(owner, "describe", f"bank {bank.slug}", now)


def share(bank: Bank, email: str, role: str, owner: User, now: datetime) -> User:
    """Let another instructor read or edit the bank; for one who may already, the role changes. Raises NoInstructor."""
    with atomic():
        other = db.session.scalar(select(User).where(User.email == email))
        if other is None or not other.can("banks") or other.id == bank.owner_id:
            raise NoInstructor
        member = queries.member(bank.id, other.id) or BankMember(bank_id=bank.id, user_id=other.id, at=now)
        member.role = role
        db.session.add(member)
        note(owner, "share", f"bank {bank.slug}: {other.public_id} as {role}", now)
    return other


def unshare(bank: Bank, member_id: str, by: User, now: datetime) -> None:
    """Take the bank from somebody with whom it was shared; nothing happens where it wasn't."""
    with atomic():
        whose = select(User.id).where(User.public_id == member_id).scalar_subquery()
        db.session.execute(delete(BankMember).where(BankMember.bank_id == bank.id, BankMember.user_id == whose))
        note(by, "stop sharing", f"bank {bank.slug}: {member_id}", now)


def copy_bank(bank: Bank, user: User, now: datetime) -> Bank:
    """A bank of one's own with every question in use: its current wording, key and media. All of it or nothing."""
    with atomic():
        made = create_bank(user, free_slug(bank.slug), dict(bank.title), bank.licence, now)
        copy_into(made, queries.questions(bank.id), user, now)
        note(user, "copy", f"bank {bank.slug} as {made.slug}", now)
    return made
