"""Uploads are kept, and decided upon. An upload touches no bank before it is imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import PurePath

from sqlalchemy import delete

from quizapp.accounts.models import User
from quizapp.banks import actions as bank_actions
from quizapp.banks import queries as bank_queries
from quizapp.banks.models import Bank
from quizapp.db import atomic, db
from quizapp.formats.base import language_of
from quizapp.ids import public_id
from quizapp.kinds.base import nfc
from quizapp.uploads.actions.waiting import waiting_upload
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.models import Upload
from quizapp.uploads.preview import changeable
from quizapp.uploads.queries import COLUMNS
from quizapp.uploads.reading import content_of, remembered

KEPT = timedelta(days=7)
"""How long an upload that nobody imports is kept."""

PASTED = {"ko": "붙여 넣은 글", "en": "Pasted text"}
"""What a new bank is called that nothing names."""


def keep(
    user: User, files: Iterable[tuple[str, bytes]], bank: Bank | None, name: str, options: ReadingOptions, now: datetime
) -> list[Upload]:
    """Keep files for a preview, one upload each. The user's old ones that were never imported go.

    They are to go into `bank`, else into the one of that name, else into the one that the file names.
    """
    chosen = (bank.slug, bank.title) if bank else target(user, name) if name else None
    uploads = []
    for filename, data in files:
        upload = Upload(
            public_id=public_id(),
            user_id=user.id,
            filename=nfc(filename)[-200:],
            format=options.form,
            language=options.language,
            encoding=options.encoding,
            data=data,
            created_at=now,
        )
        upload.bank_slug, upload.bank_title = chosen or target_of_file(user, upload)
        uploads.append(upload)
    with atomic():
        old = delete(Upload).where(
            Upload.user_id == user.id, Upload.applied_at.is_(None), Upload.created_at < now - KEPT
        )
        db.session.execute(old)
        db.session.add_all(uploads)
    return uploads


def target(user: User, name: str, title: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """Slug and title of the user's bank of that slug or title; of a new one, where there is none.

    The new one has the given title, else the name as it is.
    """
    for bank in bank_queries.editable(user.id):
        if bank.slug in (name, bank_actions.slug_of(name)) or name in bank.title.values():
            return bank.slug, bank.title
    return bank_actions.free_slug(name), title or {language_of(name): name}


def target_of_file(user: User, upload: Upload) -> tuple[str, dict[str, str]]:
    """The bank that the file itself names, else the one that is called like the file."""
    reading = content_of(upload).reading
    name = str(reading.meta.get("bank") or "") or PurePath(upload.filename).stem[:80]
    slug, title = target(user, name) if name else target(user, PASTED["en"], PASTED)
    return slug, (reading.title or title)


def read_again(upload: Upload, options: ReadingOptions) -> None:
    """Read the file in another way; what was ticked counts for the old reading only."""
    with atomic():
        upload = waiting_upload(upload)
        upload.format, upload.language, upload.encoding = options.form, options.language, options.encoding
        upload.left_out = []


def choose_columns(upload: Upload, columns: dict[str, list[str]]) -> None:
    """Read the sheets of these shapes with these columns; so are the user's later ones of the same shape."""
    with atomic():
        upload = waiting_upload(upload)
        upload.outcome = {**upload.outcome, COLUMNS: {**upload.outcome.get(COLUMNS, {}), **columns}}
        upload.left_out = []


def mend(upload: Upload, data: bytes, now: datetime) -> None:
    """Put mended bytes in the place of the upload's; what was ticked counts for the old ones only."""
    with atomic():
        upload = waiting_upload(upload)
        upload.data, upload.encoding, upload.left_out, upload.created_at = data, "", [], now
    remembered.forget(upload.public_id)


def take(upload: Upload, here: set[int], taken: set[int]) -> None:
    """Store the ticks of the questions at the places `here`: those of `taken` are in, the others out."""
    with atomic():
        upload = waiting_upload(upload)
        upload.left_out = sorted((set(upload.left_out) - here) | (here - taken))


def take_all(upload: Upload, everything: bool, narrowing: str) -> None:
    """Tick every question that the preview is narrowed to, or none of them."""
    places = changeable(upload, narrowing)
    take(upload, places, places if everything else set())


def drop(upload: Upload) -> None:
    """Forget an upload that wasn't imported."""
    with atomic():
        db.session.delete(waiting_upload(upload))
    remembered.forget(upload.public_id)
