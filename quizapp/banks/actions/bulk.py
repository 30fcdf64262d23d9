"""Writes about many questions of a bank at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries, versions
from quizapp.banks.actions.copying import copy_into
from quizapp.banks.models import Bank, Question
from quizapp.banks.versions import BULK, NewVersion, batches, provenance_after, wording_again, wording_of
from quizapp.db import atomic, db
from quizapp.errors import N_, Conflict
from quizapp.formats.items import Item
from quizapp.ids import public_id


class ChangedMeanwhile(Conflict):
    template = N_("One of these questions was changed in the meantime. Look once more at what would change.")


def write_many(bank: Bank, changed: Sequence[tuple[Question, Item]], author: User, now: datetime) -> str:
    """A new version of each question, in one transaction; the token names the act, for its undoing.

    Raises ChangedMeanwhile if one of them has another version by now than the one that was read.
    """
    token, read = public_id(), {question.id: question.current_id for question, _item in changed}
    with atomic():
        if versions.hold(read) != read:
            raise ChangedMeanwhile
        new = []
        for question, item in changed:
            item.provenance = provenance_after(question.current, **{BULK: token})
            new.append(NewVersion(question.id, wording_of(item)))
        versions.add_versions(new, author.id, now)
        note(author, "change many", f"{len(changed)} questions of bank {bank.slug}", now)
    return token


def undo_many(bank: Bank, token: str, author: User, now: datetime) -> int:
    """Give every question whose current version is of that act its earlier content back; says how many there were."""
    with atomic():
        versions.hold(question_id for question_id, _before in queries.before_bulk(bank.id, token))
        new = [
            NewVersion(question_id, wording_again(before, restored=before.number))
            for question_id, before in queries.before_bulk(bank.id, token)
        ]
        versions.add_versions(new, author.id, now)
        note(author, "undo a change of many", f"{len(new)} questions of bank {bank.slug}", now)
    return len(new)


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


def copy_many(bank: Bank, questions: Sequence[Question], into: Bank, user: User, now: datetime) -> int:
    """Copy questions of a bank into another one, as far as it doesn't have them yet; says how many there were."""
    with atomic():
        count = copy_into(into, questions, user, now)
        note(user, "copy", f"{count} questions of bank {bank.slug} into {into.slug}", now)
    return count


def archive(question_ids: Sequence[int], now: datetime) -> None:
    """Take questions out of use; what was answered of them stays."""
    with atomic():
        for ids in batches(question_ids):
            db.session.execute(update(Question).where(Question.id.in_(ids)).values(archived_at=now))
