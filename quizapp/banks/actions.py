"""Writing banks: items come in as a diff against what is there, and become versions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries
from quizapp.banks.models import Bank, MediaFile, Question, QuestionVersion, labels_of, objective_of, words_of
from quizapp.banks.models import key_of as key_of
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, NotFound
from quizapp.formats.items import Item, Media, from_json
from quizapp.ids import public_id

RESERVED = ("upload", "uploads", "template", "public", "new")
"""Words that stand where a bank's slug would in an address of this room."""


BATCH = 500


@dataclass
class Diff:
    """What storing items would do to a bank, by key.

    `gone` are there now and not among the items; `repeated` have the key of an earlier item and are left out.
    """

    added: list[Item] = field(default_factory=list)
    changed: list[tuple[Question, Item]] = field(default_factory=list)
    same: list[Question] = field(default_factory=list)
    gone: list[Question] = field(default_factory=list)
    repeated: list[Item] = field(default_factory=list)

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


def diff(bank: Bank, items: Iterable[Item]) -> Diff:
    """Compare items with the bank, writing nothing."""
    known = queries.by_key(bank.id)
    found, seen = Diff(), set()
    for item in items:
        key = key_of(item)
        question = known.pop(key, None)
        if key in seen:
            found.repeated.append(item)
        elif question is None:
            found.added.append(item)
        elif question.archived_at or question.current is None or question.current.hash != item.content_hash():
            found.changed.append((question, item))
        else:
            found.same.append(question)
        seen.add(key)
    found.gone = [question for question in known.values() if question.archived_at is None]
    return found


def store(bank: Bank, items: list[Item], author: User, now: datetime) -> Diff:
    """Add what is new and a version of what has changed, in one transaction; the same again changes nothing."""
    with atomic():
        found = diff(bank, items)
        places = {key_of(item): place for place, item in reversed(list(enumerate(items)))}
        for item in found.added:
            question = Question(bank_id=bank.id, key=key_of(item), position=places[key_of(item)])
            db.session.add(question)
            add_version(question, item, 1, author, now)
        numbers = last_numbers(bank.id) if found.changed else {}
        for question, item in found.changed:
            question.position, question.archived_at = places[key_of(item)], None
            add_version(question, item, numbers.get(question.id, 0) + 1, author, now)
        db.session.flush()
    return found


def last_numbers(bank_id: int) -> dict[int, int]:
    """The highest version number of each question. It isn't always the current one's: an import may be undone."""
    rows = db.session.execute(
        select(QuestionVersion.question_id, func.max(QuestionVersion.number))
        .join(Question, QuestionVersion.question_id == Question.id)
        .where(Question.bank_id == bank_id)
        .group_by(QuestionVersion.question_id)
    )
    return dict(rows.all())


def add_version(question: Question, item: Item, number: int, author: User, now: datetime) -> None:
    """Make the item the question's current version."""
    version = QuestionVersion(
        number=number,
        content=item.content(),
        hash=item.content_hash(),
        provenance=item.provenance,
        author_id=author.id,
        created_at=now,
    )
    version.question = question
    question.show(version, item)
    store_media(item, now)


def store_media(item: Item, now: datetime) -> None:
    """Keep the bytes of the item's media, each content once."""
    for media in item.media:
        if media.known_hash:
            continue
        if db.session.scalar(select(MediaFile.hash).where(MediaFile.hash == media.hash)) is None:
            db.session.add(MediaFile(hash=media.hash, type=media.type, data=media.data, created_at=now))
            db.session.flush()


class Edited(Conflict):
    """Somebody saved another version since the editing began. `current` is that version."""

    template = N_(
        "Version %(number)s was saved while you were editing. Below is how yours differs from it: "
        "save again to put yours on top, or leave the page to keep the other."
    )

    def __init__(self, current: QuestionVersion) -> None:
        self.current = current
        super().__init__(number=current.number)


def write_question(
    bank: Bank, question: Question | None, item: Item, seen: int, author: User, now: datetime
) -> Question:
    """Save what an editor wrote: a new question at the bank's end, or a new version of one; none if nothing changed.

    Raises Edited if the question's current version isn't number `seen` any more.
    """
    with atomic():
        if question is None:
            last = db.session.scalar(select(func.max(Question.position)).where(Question.bank_id == bank.id))
            name = public_id()
            question = Question(bank_id=bank.id, public_id=name, key=name, position=0 if last is None else last + 1)
            db.session.add(question)
            item.provenance = {"format": "editor"}
            add_version(question, item, 1, author, now)
            note(author, "write", f"question {name}", now)
        else:
            question = newest(question)
            revise(question, item, seen, author, now)
        db.session.flush()
    return question


def revise(question: Question, item: Item, seen: int, author: User, now: datetime) -> None:
    """Add a version with this content, unless the current one says the same."""
    current = question.current
    if current is not None and current.content == item.content():
        return
    if current is not None and current.number != seen:
        raise Edited(current)
    item.provenance = {**(current.provenance if current else {}), "edited": True}
    number = queries.versions(question.id)[0].number + 1
    add_version(question, item, number, author, now)
    note(author, "edit", f"question {question.public_id}: version {number}", now)


def keep_media(media: Media, now: datetime) -> None:
    """Store a file by its content, for a question that is being written."""
    with atomic():
        store_media(Item(media=[media]), now)


def archive(questions: Iterable[Question], now: datetime) -> None:
    """Take questions out of use; what was answered of them stays."""
    with atomic():
        for question in questions:
            question.archived_at = now


def set_archived(question: Question, archived: bool, author: User, now: datetime) -> None:
    """Take one question out of use, or bring it back."""
    with atomic():
        question = newest(question)
        question.archived_at = (question.archived_at or now) if archived else None
        note(author, "archive" if archived else "bring back", f"question {question.public_id}", now)


def restore(question: Question, number: int, author: User, now: datetime) -> None:
    """Make an earlier wording the current one: a new version with its content. The current one's own changes nothing.

    Raises NotFound if the question has no version of that number.
    """
    with atomic():
        question = newest(question)
        old = queries.version(question.id, number)
        if question.current is not None and question.current.hash == old.hash:
            return
        version = QuestionVersion(
            number=queries.versions(question.id)[0].number + 1,
            content=old.content,
            hash=old.hash,
            provenance={**old.provenance, "restored": number},
            author_id=author.id,
            created_at=now,
        )
        version.question = question
        question.show(version, old.item)
        note(author, "restore", f"question {question.public_id}: version {number}", now)


def write_many(bank: Bank, changed: Sequence[tuple[Question, Item]], author: User, now: datetime) -> str:
    """A new version of each question, in one transaction; the token names the act, for its undoing."""
    token = public_id()
    with atomic():
        numbers = last_numbers(bank.id)
        add_versions(
            [(question.id, numbers[question.id] + 1, item.content(), {**provenance_of(question), "bulk": token})
             for question, item in changed], author, now,
        )  # fmt: skip
        note(author, "change many", f"{len(changed)} questions of bank {bank.slug}", now)
    return token


def provenance_of(question: Question) -> dict[str, Any]:
    return question.current.provenance if question.current else {}


def add_versions(rows: Sequence[tuple[int, int, dict[str, Any], dict[str, Any]]], author: User, now: datetime) -> None:
    """Rows of question id, number, content and provenance become the current versions; a few statements for all."""
    if not rows:
        return
    items = {question_id: from_json(content) for question_id, _, content, _ in rows}
    db.session.execute(
        insert(QuestionVersion),
        [
            {"question_id": question_id, "number": number, "content": content, "provenance": provenance,
             "hash": items[question_id].content_hash(), "author_id": author.id, "created_at": now}
            for question_id, number, content, provenance in rows
        ],
    )  # fmt: skip
    db.session.execute(
        update(Question),
        [
            {"id": question_id, "kind": item.kind, "difficulty": item.difficulty, "objective": objective_of(item),
             "search": words_of(item), "tags": labels_of(item)}
            for question_id, item in items.items()
        ],
    )  # fmt: skip
    point_to_newest(list(items))


def point_to_newest(question_ids: Sequence[int]) -> None:
    """Make each question's highest version its current one."""
    for start in range(0, len(question_ids), BATCH):
        ids = question_ids[start : start + BATCH]
        newest_id = (
            select(func.max(QuestionVersion.id))
            .where(QuestionVersion.question_id == Question.id)
            .correlate(Question)
            .scalar_subquery()
        )
        db.session.execute(
            update(Question).where(Question.id.in_(ids)).values(current_id=newest_id),
            execution_options={"synchronize_session": False},
        )
    db.session.expire_all()


def undo_many(bank: Bank, token: str, author: User, now: datetime) -> int:
    """Give every question whose current version is of that act its earlier content back; says how many there were."""
    with atomic():
        rows = queries.before_bulk(bank.id, token)
        add_versions(
            [(question_id, number + 1, content, {**provenance, "restored": number - 1})
             for question_id, number, content, provenance in rows], author, now,
        )  # fmt: skip
        note(author, "undo a change of many", f"{len(rows)} questions of bank {bank.slug}", now)
    return len(rows)


def archive_many(bank: Bank, questions: Sequence[Question], archived: bool, author: User, now: datetime) -> None:
    """Take questions out of use, or bring them back."""
    with atomic():
        db.session.execute(
            update(Question)
            .where(Question.id.in_([question.id for question in questions]), Question.bank_id == bank.id)
            .values(archived_at=now if archived else None)
        )
        verb = "archive" if archived else "bring back"
        note(author, verb, f"{len(questions)} questions of bank {bank.slug}", now)


def newest(question: Question) -> Question:
    """The question's newest row, locked until the commit."""
    return db.session.scalars(locked(select(Question).where(Question.id == question.id))).one()


def slug_of(name: str) -> str:
    """A bank's slug from a name: its ASCII letters and digits; a random one where it has none."""
    return "-".join(re.findall("[a-z0-9]+", name.lower()))[:80] or f"bank-{public_id()}"


def free_slug(name: str) -> str:
    """A slug from a name that no bank has yet."""
    slug = slug_of(name)
    taken = {*db.session.scalars(select(Bank.slug).where(Bank.slug.startswith(slug, autoescape=True))), *RESERVED}
    if slug not in taken:
        return slug
    return next(f"{slug[:70]}-{count}" for count in range(2, len(taken) + 3) if f"{slug[:70]}-{count}" not in taken)


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
