"""Reads of uploads, and of what they are compared with."""

from __future__ import annotations

import json
from collections.abc import Sequence

from sqlalchemy import func, or_, select

from quizapp.banks.models import Bank, Question
from quizapp.banks.queries import may_change, shared_with
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.uploads.models import ReadingJob, Upload

COLUMNS = "columns"
"""Where the outcome of an upload keeps what its user said of the columns of its sheets."""
RECENT_UPLOADS = 50
"""Uploads that are asked for it, the newest first."""
MOST_COMPARED = 20_000
"""How many of the user's questions, the newest first, an upload is compared with for likeness."""


def upload(public_id: str, user_id: int) -> Upload:
    """The user's own upload, without its bytes. Raises NotFound, for somebody else's too."""
    found = db.session.scalar(select(Upload).where(Upload.public_id == public_id, Upload.user_id == user_id))
    if found is None:
        raise NotFound
    return found


def data_of(upload: Upload) -> bytes:
    """The bytes of an upload, stored or not yet. They aren't kept in memory with it."""
    if upload.id is None:
        return upload.data
    return db.session.scalars(select(Upload.data).where(Upload.id == upload.id)).one()


def size_of(upload: Upload) -> int:
    """How many bytes the upload has."""
    if upload.id is None:
        return len(upload.data)
    return db.session.scalars(select(func.length(Upload.data)).where(Upload.id == upload.id)).one()


def stored_reading(upload: Upload) -> bytes | None:
    """What was read of the upload's file; None as long as it isn't."""
    return db.session.scalar(select(ReadingJob.content).where(ReadingJob.upload_id == upload.id))


def columns_for(upload: Upload) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the user said that the columns of sheets are, by their shape: of this upload, else of the newest one."""
    said = Upload.outcome[COLUMNS].as_string()
    rows = db.session.scalars(
        select(said)
        .where(Upload.user_id == upload.user_id, said.is_not(None))
        .order_by((Upload.public_id == upload.public_id).desc(), Upload.id.desc())
        .limit(RECENT_UPLOADS)
    )
    found: dict[str, tuple[str, ...]] = {}
    for row in rows:
        found = {shape: tuple(meanings) for shape, meanings in json.loads(row).items()} | found
    return tuple(sorted(found.items()))


def waiting(user_id: int) -> Sequence[Upload]:
    """The user's uploads that are neither imported nor dropped, oldest first."""
    return db.session.scalars(
        select(Upload).where(Upload.user_id == user_id, Upload.applied_at.is_(None)).order_by(Upload.id)
    ).all()


def sent_with(upload: Upload) -> Upload | None:
    """The next of the files that came after an imported one and were there when it was imported, if one is left."""
    return db.session.scalar(
        select(Upload)
        .where(
            Upload.user_id == upload.user_id,
            Upload.id > upload.id,
            Upload.created_at <= upload.applied_at,
            Upload.applied_at.is_(None),
        )
        .order_by(Upload.id)
        .limit(1)
    )


def barred(upload: Upload) -> bool:
    """Whether the user may not change the bank any more that the upload was for.

    A bank that somebody made later under the same name is another one: the upload then goes into a new bank.
    """
    bank = db.session.scalar(select(Bank).where(Bank.slug == upload.bank_slug))
    return bank is not None and bank.created_at <= upload.created_at and not may_change(bank, upload.user_id)


def own_and_shared_texts(user_id: int) -> list[tuple[tuple[str, str], str]]:
    """The texts of the newest questions in use that the user may read, each under its bank's slug and its public id."""
    rows = db.session.execute(
        select(Bank.slug, Question.public_id, Question.search)
        .join(Bank, Question.bank_id == Bank.id)
        .where(or_(Bank.owner_id == user_id, shared_with(user_id)), Question.archived_at.is_(None))
        .order_by(Question.id.desc())
        .limit(MOST_COMPARED)
    )
    return [((slug, name), text) for slug, name, text in rows]
