"""Writing banks and their questions: what is saved becomes a version, and nothing that was is lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.exc import IntegrityError

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries
from quizapp.banks.models import Bank, Question, QuestionVersion, labels_of, objective_of, words_of
from quizapp.banks.steps import Tell, nobody
from quizapp.banks.storing import (
    Diff,
    batches,
    diff,
    last_numbers,
    point_to_newest,
    prepare,
    store_entries,
    store_media,
)
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, NotFound, QuizError
from quizapp.formats.items import Item, Media, cleaned, from_json
from quizapp.ids import public_id
from quizapp.texts.clean import clean, line

MAX_SLUG, MAX_TITLE, MAX_LICENCE = 80, 200, 80
SLUG = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
RESERVED = ("upload", "uploads", "template", "public", "new")
"""Words that stand where a bank's slug would in an address of this room."""


class BadSlug(QuizError):
    status = 422
    template = N_("“%(slug)s” can't name a bank: use small letters from a to z, digits and hyphens, 80 at most.")


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


def add_version(question: Question, item: Item, number: int, author: User, now: datetime) -> None:
    """Make the item the question's current version."""
    cleaned(item)
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
    store_media(item.media, now)


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
        store_media([media], now)


def archive(question_ids: Sequence[int], now: datetime) -> None:
    """Take questions out of use; what was answered of them stays."""
    with atomic():
        for ids in batches(question_ids):
            db.session.execute(update(Question).where(Question.id.in_(ids)).values(archived_at=now))


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


def add_versions(
    rows: Sequence[tuple[int, int, dict[str, Any], dict[str, Any]]], author: User | None, now: datetime
) -> None:
    """Rows of question id, number, content and provenance become the current versions; a few statements for all."""
    if not rows:
        return
    items = {question_id: from_json(content) for question_id, _, content, _ in rows}
    db.session.execute(
        insert(QuestionVersion),
        [
            {"question_id": question_id, "number": number, "content": content, "provenance": provenance,
             "hash": items[question_id].content_hash(), "author_id": author.id if author else None, "created_at": now}
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
    return "-".join(re.findall("[a-z0-9]+", name.lower()))[:MAX_SLUG].strip("-") or f"bank-{public_id()}"


def free_slug(name: str) -> str:
    """A slug from a name that no bank has yet."""
    slug = slug_of(name)
    taken = {*db.session.scalars(select(Bank.slug).where(Bank.slug.startswith(slug, autoescape=True))), *RESERVED}
    if slug not in taken:
        return slug
    return next(f"{slug[:70]}-{count}" for count in range(2, len(taken) + 3) if f"{slug[:70]}-{count}" not in taken)


def import_items(
    owner: User,
    slug: str,
    title: dict[str, str],
    items: list[Item],
    now: datetime,
    *,
    dry_run: bool = False,
    tell: Tell = nobody,
) -> Diff:
    """Store items in a bank of that name that the owner may change, made if it isn't there; one transaction.

    Raises NotFound if the bank is somebody else's. With `dry_run`, only says what would change.
    """
    entries = prepare(items, tell)
    if dry_run:
        return diff(bank_to_change(owner, slug), entries)
    with atomic():
        bank = bank_to_change(owner, slug) or create_bank(owner, slug, title, "", now)
        found = store_entries(bank, entries, owner, now, tell)
        note(owner, "import", f"{slug}: {len(found.added)} added, {len(found.changed)} changed", now)
    return found


def bank_to_change(user: User, slug: str) -> Bank | None:
    """The bank of that name, kept from other imports until the commit; None if there is none.

    Raises NotFound if the user may not change it.
    """
    bank = db.session.scalar(locked(select(Bank).where(Bank.slug == slug)))
    if bank is not None and not queries.may_change(bank, user.id):
        raise NotFound(N_("The bank “%(slug)s” belongs to somebody else. Choose another name."), slug=slug)
    return bank
