"""Writing banks: items come in as a diff against what is there, and become versions."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries
from quizapp.banks.models import Bank, MediaFile, Question, QuestionVersion
from quizapp.db import atomic, db
from quizapp.errors import N_, Conflict, NotFound
from quizapp.formats.items import Item
from quizapp.ids import public_id


@dataclass
class Diff:
    """What storing items would do to a bank, by key. `gone` are there now and not among the items."""

    added: list[Item] = field(default_factory=list)
    changed: list[tuple[Question, Item]] = field(default_factory=list)
    same: list[Question] = field(default_factory=list)
    gone: list[Question] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


def create_bank(owner: User, slug: str, title: dict[str, str], licence: str, now: datetime) -> Bank:
    """An empty bank. Raises Conflict if the slug is taken."""
    try:
        with atomic():
            bank = Bank(owner_id=owner.id, slug=slug, title=title, licence=licence, created_at=now)
            db.session.add(bank)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(N_("There is a bank named “%(slug)s” already. Choose another name."), slug=slug) from error
    return bank


def key_of(item: Item) -> str:
    """What an item is called in its bank: its own id, else the hash of its content."""
    return item.id or item.content_hash()[:24]


def diff(bank: Bank, items: Iterable[Item]) -> Diff:
    """Compare items with the bank, writing nothing."""
    known = queries.by_key(bank.id)
    found = Diff()
    for item in items:
        question = known.pop(key_of(item), None)
        if question is None:
            found.added.append(item)
        elif question.archived_at or question.current is None or question.current.hash != item.content_hash():
            found.changed.append((question, item))
        else:
            found.same.append(question)
    found.gone = [question for question in known.values() if question.archived_at is None]
    return found


def store(bank: Bank, items: list[Item], author: User, now: datetime) -> Diff:
    """Add what is new and a version of what has changed, in one transaction; the same again changes nothing."""
    with atomic():
        found = diff(bank, items)
        places = {key_of(item): place for place, item in enumerate(items)}
        for item in found.added:
            question = Question(bank_id=bank.id, key=key_of(item), position=places[key_of(item)])
            db.session.add(question)
            add_version(question, item, 1, author, now)
        for question, item in found.changed:
            number = question.current.number + 1 if question.current else 1
            question.position, question.archived_at = places[key_of(item)], None
            add_version(question, item, number, author, now)
        db.session.flush()
    return found


def add_version(question: Question, item: Item, number: int, author: User, now: datetime) -> None:
    """Make the item the question's current version."""
    question.kind, question.difficulty = item.kind, item.difficulty
    question.objective = item.objectives[0] if item.objectives else ""
    version = QuestionVersion(
        number=number,
        content=item.content(),
        hash=item.content_hash(),
        provenance=item.provenance,
        author_id=author.id,
        created_at=now,
    )
    version.question = question
    question.current = version
    store_media(item, now)


def store_media(item: Item, now: datetime) -> None:
    for media in item.media:
        if db.session.scalar(select(MediaFile.hash).where(MediaFile.hash == media.hash)) is None:
            db.session.add(MediaFile(hash=media.hash, type=media.type, data=media.data, created_at=now))
            db.session.flush()


def archive(questions: Iterable[Question], now: datetime) -> None:
    """Take questions out of use; what was answered of them stays."""
    with atomic():
        for question in questions:
            question.archived_at = now


def slug_of(name: str) -> str:
    """A bank's slug from a name: its ASCII letters and digits; a random one where it has none."""
    return "-".join(re.findall("[a-z0-9]+", name.lower()))[:80] or f"bank-{public_id()}"


def import_items(
    owner: User, slug: str, title: dict[str, str], items: list[Item], now: datetime, *, dry_run: bool = False
) -> Diff:
    """Store items in the owner's bank of that name, made if it isn't there; one transaction, all or nothing.

    Raises NotFound if the bank is somebody else's. With `dry_run`, only says what would change.
    """
    bank = db.session.scalar(select(Bank).where(Bank.slug == slug))
    if bank is not None and bank.owner_id != owner.id:
        raise NotFound(N_("The bank “%(slug)s” belongs to somebody else. Choose another name."), slug=slug)
    if dry_run:
        return diff(bank, items) if bank else Diff(added=items)
    with atomic():
        bank = bank or create_bank(owner, slug, title, "", now)
        found = store(bank, items, owner, now)
        note(owner, "import", f"{slug}: {len(found.added)} added, {len(found.changed)} changed", now)
    return found
