"""Writing uploads: kept, decided upon, imported. An upload touches no bank before it is imported.

Files are read, and their questions prepared, before a transaction begins; within it, it is checked that nothing has
changed that mattered. So others who write wait for the inserts only.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import actions as bank_actions
from quizapp.banks import queries as bank_queries
from quizapp.banks.models import Bank
from quizapp.banks.steps import READING, STORING, Tell, nobody
from quizapp.banks.storing import Diff, prepare, store_entries
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, QuizError
from quizapp.formats.base import Reading, language_of
from quizapp.ids import public_id
from quizapp.kinds.base import nfc
from quizapp.uploads import previews, queries
from quizapp.uploads.contents import Source, Way
from quizapp.uploads.models import Upload
from quizapp.uploads.reading import content_of, remembered

KEPT = timedelta(days=7)
"""How long an upload that nobody imports is kept."""


class Unreadable(QuizError):
    """Some of the file can't be read, and nobody has said that the rest is enough."""

    status = 422
    template = N_(
        "Nothing was imported: some questions can't be read. Mend the file and upload it again, "
        "or tick “Import the readable ones”."
    )


class Nothing(QuizError):
    """There is nothing to import."""

    status = 422
    template = N_("Nothing was imported: no question that is new or changed is ticked.")


class Barred(Conflict):
    """The user may no longer change the bank that the upload was for."""

    template = N_(
        "Nothing was imported: you may no longer change the bank “%(bank)s”. Ask its owner, or upload the file again "
        "into another bank."
    )


def keep(
    user: User, files: Iterable[tuple[str, bytes]], bank: Bank | None, name: str, way: Way, now: datetime
) -> list[Upload]:
    """Keep files for a preview, one upload each. The user's old ones that were never imported go.

    They are to go into `bank`, else into the one of that name, else into the one that the file names.
    """
    chosen = (bank.slug, bank.title) if bank else target(user, name) if name else None
    uploads = []
    for filename, data in files:
        public, filename = public_id(), nfc(filename)[-200:]
        slug, title = chosen or target_of_file(user, Source(public, filename, way, partial(bytes, data)))
        uploads.append(
            Upload(
                public_id=public,
                user_id=user.id,
                bank_slug=slug,
                bank_title=title,
                filename=filename,
                format=way.form,
                language=way.language,
                encoding=way.encoding,
                data=data,
                created_at=now,
            )
        )
    with atomic():
        old = delete(Upload).where(
            Upload.user_id == user.id, Upload.applied_at.is_(None), Upload.created_at < now - KEPT
        )
        db.session.execute(old)
        db.session.add_all(uploads)
    return uploads


def target(user: User, name: str) -> tuple[str, dict[str, str]]:
    """Slug and title of the user's bank of that slug or title; of a new one, where there is none."""
    for bank in bank_queries.editable(user.id):
        if bank.slug in (name, bank_actions.slug_of(name)) or name in bank.title.values():
            return bank.slug, bank.title
    return bank_actions.free_slug(name), {language_of(name): name}


def target_of_file(user: User, source: Source) -> tuple[str, dict[str, str]]:
    """The bank that the file itself names, else the one that is called like the file."""
    reading = content_of(source).reading
    own_name = str(reading.meta.get("bank") or "")
    slug, title = target(user, own_name or PurePath(source.filename).stem[:80] or "bank")
    return slug, (reading.title or title)


def waiting_upload(upload: Upload) -> Upload:
    """The upload's newest row, locked until the commit.

    Raises Conflict if it was dropped, imported, or is to be read in another way than `upload` says.
    """
    way = previews.way_of(upload)
    found = db.session.scalar(locked(select(Upload).where(Upload.id == upload.id)))
    if found is None:
        raise Conflict(N_("This upload was dropped in the meantime. Upload the file again."))
    if found.applied_at is not None:
        raise Conflict(N_("This upload was imported already; nothing was imported a second time."))
    if previews.way_of(found) != way:
        raise Conflict(N_("The file is read in another way in the meantime. Look at the preview again."))
    return found


def read_as(upload: Upload, way: Way) -> None:
    """Read the file in another way; what was ticked counts for the old reading only."""
    with atomic():
        upload = waiting_upload(upload)
        upload.format, upload.language, upload.encoding, upload.left_out = way.form, way.language, way.encoding, []


def take(upload: Upload, here: set[int], taken: set[int]) -> None:
    """Store the ticks of the questions at the places `here`: those of `taken` are in, the others out."""
    with atomic():
        upload = waiting_upload(upload)
        upload.left_out = sorted((set(upload.left_out) - here) | (here - taken))


def take_all(upload: Upload, everything: bool, show: str) -> None:
    """Tick every question that the preview is narrowed to, or none of them."""
    places = previews.changeable(upload, show)
    take(upload, places, places if everything else set())


def drop(upload: Upload) -> None:
    """Forget an upload that wasn't imported."""
    with atomic():
        db.session.delete(waiting_upload(upload))
    remembered.forget(upload.public_id)


def apply(upload: Upload, user: User, readable_only: bool, now: datetime, tell: Tell = nobody) -> Upload:
    """Import what is ticked, in one transaction. With `readable_only`, also if some of the file can't be read.

    Raises Conflict if that was done already or something was changed meanwhile, Barred, Unreadable, or Nothing.
    """
    tell(READING, 0, 0)
    content = previews.read(upload)
    if content.reading.errors and not readable_only:
        raise Unreadable
    left_out = upload.left_out
    taken = set(range(len(content.candidates))) - set(left_out)
    entries = prepare([one.item for one in content.candidates if one.place in taken], tell)
    tell(STORING, 0, 0)
    with atomic():
        upload = waiting_upload(upload)
        if upload.left_out != left_out:
            raise Conflict(N_("Other questions were ticked in the meantime. Look at the preview again."))
        found = store_entries(bank_for(upload, user, now), entries, user, now, tell)
        if not found:
            raise Nothing
        upload.outcome = outcome_of(found, content.reading, len(content.candidates) - len(entries))
        upload.applied_at = now
        said = f"{upload.bank_slug}: {len(found.added)} added, {len(found.changed)} changed, from {upload.filename}"
        note(user, "import", said, now)
    remembered.forget(upload.public_id)
    return upload


def bank_for(upload: Upload, user: User, now: datetime) -> Bank:
    """The bank that the upload goes into, kept from other imports until the commit.

    Made if it isn't there; under another name if somebody has taken it since. Raises Barred.
    """
    bank = db.session.scalar(locked(select(Bank).where(Bank.slug == upload.bank_slug)))
    if bank is not None and bank_queries.may_change(bank, user.id):
        return bank
    if bank is not None:
        if queries.barred(upload):
            raise Barred(bank=upload.bank_slug)
        upload.bank_slug = bank_actions.free_slug(upload.bank_slug)
    return bank_actions.create_bank(user, upload.bank_slug, upload.bank_title, "", now)


def outcome_of(found: Diff, reading: Reading, left_out: int) -> dict[str, Any]:
    """What was done, as `Upload.outcome` keeps it."""
    return {
        "counts": {
            "found": reading.found,
            "added": len(found.added),
            "changed": len(found.changed),
            "same": len(found.same),
            "left_out": left_out,
            "failed": reading.failed,
            "skipped": reading.skipped,
        },
        "added": {str(id_): 1 for id_ in found.ids.values()},
        "changed": {str(one.id): [one.number, found.numbers[one.id], one.archived] for one, _ in found.changed},
    }
