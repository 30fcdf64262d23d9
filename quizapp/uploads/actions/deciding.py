"""Uploads are kept, and decided upon. An upload touches no bank before it is imported."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete

from quizapp.accounts.models import User
from quizapp.banks.models import Bank
from quizapp.db import atomic, db
from quizapp.ids import public_id
from quizapp.kinds.base import nfc
from quizapp.uploads.actions.large_files import queue_reading
from quizapp.uploads.actions.target import target, target_of_file
from quizapp.uploads.actions.waiting import waiting_upload
from quizapp.uploads.comparing import AS_NEW, TICKED
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.models import Upload
from quizapp.uploads.preview import changeable
from quizapp.uploads.queries import COLUMNS
from quizapp.uploads.reading import content_cache, content_of, is_small

KEPT_FOR = timedelta(days=7)
"""How long an upload that nobody imports is kept."""


def keep(
    user: User, files: Iterable[tuple[str, bytes]], bank: Bank | None, name: str, options: ReadingOptions, now: datetime
) -> list[Upload]:
    """Keep files for a preview, one upload each. The user's old ones that were never imported go.

    They are to go into `bank`, else into the one of that name, else into the one that the file names; that of a large
    one is known when it is read.
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
        upload.bank_slug, upload.bank_title = chosen or (
            target_of_file(user, upload, content_of(upload).reading) if is_small(data) else ("", {})
        )
        uploads.append(upload)
    with atomic():
        old = delete(Upload).where(
            Upload.user_id == user.id, Upload.applied_at.is_(None), Upload.created_at < now - KEPT_FOR
        )
        db.session.execute(old)
        db.session.add_all(uploads)
        db.session.flush()
        for upload in uploads:
            queue_reading(upload)
    return uploads


def change_options(upload: Upload, options: ReadingOptions) -> None:
    """Have the file read in another way. What was ticked counts for the old reading only."""
    with atomic():
        upload = waiting_upload(upload)
        upload.format, upload.language, upload.encoding = options.form, options.language, options.encoding
        forget_decisions(upload)
        queue_reading(upload)


def choose_columns(upload: Upload, columns: dict[str, list[str]]) -> None:
    """Read the sheets of these shapes with these columns; so are the user's later ones of the same shape."""
    with atomic():
        upload = waiting_upload(upload)
        upload.outcome = {**upload.outcome, COLUMNS: {**upload.outcome.get(COLUMNS, {}), **columns}}
        forget_decisions(upload)
        queue_reading(upload)


def forget_decisions(upload: Upload) -> None:
    """What was ticked and decided counts for one reading only; what the columns are, for the file."""
    upload.left_out = []
    upload.outcome = {name: said for name, said in upload.outcome.items() if name == COLUMNS}


def mend(upload: Upload, data: bytes, now: datetime) -> None:
    """Put mended bytes in the place of the upload's; what was ticked counts for the old ones only."""
    with atomic():
        upload = waiting_upload(upload)
        upload.data, upload.encoding, upload.created_at = data, "", now
        forget_decisions(upload)
        queue_reading(upload)
    content_cache.forget(upload.public_id)


def store_ticks(upload: Upload, here: set[int], taken: set[int], as_new: set[int] | None = None) -> None:
    """Store the ticks of the questions at the places `here`: those of `taken` are in, the others out.

    `as_new`: which of them are to be added, though they are like a question of the bank; None leaves that as it is.
    """
    with atomic():
        upload = waiting_upload(upload)
        upload.left_out = sorted((set(upload.left_out) - here) | (here - taken))
        said = {TICKED: (here, taken)} | ({} if as_new is None else {AS_NEW: (here, as_new)})
        decided = {
            name: sorted((set(upload.outcome.get(name, ())) - places) | (places & chosen))
            for name, (places, chosen) in said.items()
        }
        upload.outcome = upload.outcome | decided


def tick_all(upload: Upload, everything: bool, narrowing: str) -> None:
    """Tick every question that the preview is narrowed to, or none of them."""
    places = changeable(upload, narrowing)
    store_ticks(upload, places, places if everything else set())


def drop(upload: Upload) -> None:
    """Forget an upload that wasn't imported."""
    with atomic():
        db.session.delete(waiting_upload(upload))
    content_cache.forget(upload.public_id)
