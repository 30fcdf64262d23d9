"""Writes about one question: saving, archiving, and bringing an earlier wording back."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries, versions
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.versions import NewQuestion, NewVersion, provenance_after, wording_again, wording_of
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict
from quizapp.formats.items import Item, Media
from quizapp.ids import public_id


class Edited(Conflict):
    """Somebody saved another version since the editing began. `current` is that version."""

    template = N_(
        "Version %(number)s was saved while you were editing. Below is how yours differs from it: save "
        "again to replace it with yours, or leave the page to keep it."
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
            return begin(bank, item, author, now)
        question = newest(question)
        revise(question, item, seen, author, now)
    return question


def begin(bank: Bank, item: Item, author: User, now: datetime) -> Question:
    """A new question with its first version."""
    item.provenance = {"format": "editor"}
    name = public_id()
    new = NewQuestion(name, queries.last_position(bank.id) + 1, wording_of(item), name)
    (question_id,) = versions.add_questions(bank.id, [new], author.id, now)
    note(author, "write", f"question {name}", now)
    return db.session.get_one(Question, question_id)


def revise(question: Question, item: Item, seen: int, author: User, now: datetime) -> None:
    """Add a version with this content, unless the current one says the same."""
    current = question.current
    if current is not None and current.content == item.content():
        return
    if current is not None and current.number != seen:
        raise Edited(current)
    item.provenance = provenance_after(current, edited=True)
    numbers = versions.add_versions([NewVersion(question.id, wording_of(item))], author.id, now)
    note(author, "edit", f"question {question.public_id}: version {numbers[question.id]}", now)


def restore(question: Question, number: int, author: User, now: datetime) -> None:
    """Make an earlier wording the current one: a new version with its content. The current one's own changes nothing.

    Raises NotFound if the question has no version of that number.
    """
    with atomic():
        question = newest(question)
        old = queries.version(question.id, number)
        if question.current is not None and question.current.hash == old.hash:
            return
        again = NewVersion(question.id, wording_again(old, restored=number))
        versions.add_versions([again], author.id, now)
        note(author, "restore", f"question {question.public_id}: version {number}", now)


def set_archived(question: Question, archived: bool, author: User, now: datetime) -> None:
    """Take one question out of use, or bring it back."""
    with atomic():
        question = newest(question)
        question.archived_at = (question.archived_at or now) if archived else None
        note(author, "archive" if archived else "bring back", f"question {question.public_id}", now)


def keep_media(media: Media, now: datetime) -> None:
    """Store a file by its content, for a question that is being written."""
    with atomic():
        versions.store_media([media], now)


def newest(question: Question) -> Question:
    """The question's newest row, locked until the commit."""
    return db.session.scalars(locked(select(Question).where(Question.id == question.id))).one()
