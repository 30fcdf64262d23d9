"""Taking an import back. No version is removed, and what was changed since is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries as bank_queries
from quizapp.banks import versions
from quizapp.banks.models import Bank, Question, QuestionVersion
from quizapp.banks.versions import batches
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict
from quizapp.kinds.base import excerpt, say
from quizapp.uploads.models import Upload


def undo(upload: Upload, user: User, now: datetime) -> None:
    """Take an import back: what it added is archived, what it changed shows its former version again.

    No version is removed. Raises Conflict if it wasn't imported, was undone already, or if one of its questions was
    changed since; NotFound if the user may not change the bank any more.
    """
    with atomic():
        upload = db.session.scalars(locked(select(Upload).where(Upload.id == upload.id))).one()
        if upload.applied_at is None or upload.undone_at is not None:
            raise Conflict(N_("There is nothing to undo: this import was undone already."))
        bank = bank_queries.editable_bank(upload.bank_slug, user.id)
        added = {int(name): number for name, number in upload.outcome["added"].items()}
        changed = {int(name): numbers for name, numbers in upload.outcome["changed"].items()}
        refuse_changed(bank, added | {id_: number for id_, (_, number, _) in changed.items()})
        for ids in batches(list(added)):
            db.session.execute(
                update(Question).where(Question.id.in_(ids), Question.archived_at.is_(None)).values(archived_at=now)
            )
        give_back(changed, now)
        db.session.expire_all()
        upload.undone_at = now
        note(user, "undo import", f"{bank.slug}: {len(added)} added, {len(changed)} changed", now)


def refuse_changed(bank: Bank, imported: dict[int, int]) -> None:
    """Lock the questions. Raises Conflict if one of them has another current version than the import gave it.

    `imported`: the version's number by question id.
    """
    statement: Any = (
        select(Question.id, QuestionVersion.number)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.bank_id == bank.id)
        .order_by(Question.id)
    )
    for row in db.session.execute(locked(statement, Question)):
        if imported.get(row.id, row.number) != row.number:
            raise Conflict(
                N_(
                    "This import can't be undone: the question “%(words)s” was changed since. Restore its earlier "
                    "version by itself."
                ),
                words=opening_of(row.id),
            )


def opening_of(question_id: int) -> str:
    """The first words of a question."""
    version = db.session.scalars(
        select(QuestionVersion)
        .join(Question, Question.current_id == QuestionVersion.id)
        .where(Question.id == question_id)
    ).one()
    item = version.item
    return excerpt(say(item.stem or item.response.get("text") or item.title, "ko"))


def give_back(changed: dict[int, Sequence[Any]], now: datetime) -> None:
    """Give questions the versions, and the state, that they had. `changed` is as in `Upload.outcome`."""
    versions.show_again({id_: number for id_, (number, _, _) in changed.items()})
    for archived in (True, False):
        for ids in batches([id_ for id_, state in changed.items() if state[2] is archived]):
            statement = update(Question).where(Question.id.in_(ids)).values(archived_at=now if archived else None)
            db.session.execute(statement)
