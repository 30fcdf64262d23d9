"""An upload is imported: what is ticked of it comes into its bank.

Files are read, and their wordings made, before the transaction begins; within it, it is checked that nothing has
changed that mattered. So others who write wait for the inserts only.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import actions as bank_actions
from quizapp.banks import queries as bank_queries
from quizapp.banks.actions import ImportOutcome
from quizapp.banks.import_progress import READING, STORING, Listener, no_listener
from quizapp.banks.models import Bank
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, QuizError
from quizapp.formats.base import Reading
from quizapp.uploads import queries
from quizapp.uploads.actions.waiting import waiting_upload
from quizapp.uploads.comparing import compared_content
from quizapp.uploads.models import ReadingJob, Upload
from quizapp.uploads.reading import content_cache, content_of


class Unreadable(QuizError):
    """Some of the file can't be read, and nobody has said that the rest is enough."""

    status = 422
    template = N_(
        "Nothing was imported: some questions can't be read. Correct the file and upload it again, or "
        "tick “Import the readable ones”."
    )


class NothingTicked(QuizError):
    """There is nothing to import."""

    status = 422
    template = N_("Nothing was imported: no question that is new or changed is ticked.")


class Barred(Conflict):
    """The user may no longer change the bank that the upload was for."""

    template = N_(
        "Nothing was imported: you can no longer change the bank “%(bank)s”. Ask its owner, or upload "
        "the file again into another bank."
    )


def apply(upload: Upload, user: User, readable_only: bool, now: datetime, progress: Listener = no_listener) -> Upload:
    """Import what is ticked, in one transaction. With `readable_only`, also if some of the file can't be read.

    Raises Conflict if that was done already or something was changed meanwhile, Barred, Unreadable, or NothingTicked.
    """
    progress(READING, 0, 0)
    content = content_of(upload)
    if content.reading.errors and not readable_only:
        raise Unreadable
    left_out, decisions = upload.left_out, upload.outcome
    found = compared_content(upload, content)
    outside = found.out | found.left_out
    taken = [one for place, one in enumerate(content.incoming) if place not in outside]
    wordings = bank_actions.wordings_of(taken, progress)
    progress(STORING, 0, 0)
    with atomic():
        upload = waiting_upload(upload)
        if (upload.left_out, upload.outcome) != (left_out, decisions):
            raise Conflict(N_("The ticked questions were changed in the meantime. Check the preview again."))
        bank = bank_for(upload, user, now)
        done = bank_actions.store_items(bank, taken, wordings, user, now, progress, found.decided)
        if not done.diff:
            raise NothingTicked
        upload.outcome = upload.outcome | outcome_of(done, content.reading, len(content.incoming) - len(taken))
        upload.applied_at = now
        db.session.execute(delete(ReadingJob).where(ReadingJob.upload_id == upload.id))
        sums = f"{len(done.ids)} added, {len(done.numbers)} changed"
        note(user, "import", f"{upload.bank_slug}: {sums}, from {upload.filename}", now)
    content_cache.forget(upload.public_id)
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


def outcome_of(done: ImportOutcome, reading: Reading, left_out: int) -> dict[str, Any]:
    """What was done, as `Upload.outcome` keeps it."""
    changed = [one.held for one in done.diff.changed if one.held is not None]
    return {
        "counts": {
            "found": reading.found,
            "added": len(done.ids),
            "changed": len(changed),
            "same": len(done.diff.same),
            "left_out": left_out,
            "failed": reading.failed,
            "skipped": reading.skipped,
        },
        "added": {str(id_): 1 for id_ in done.ids},
        "changed": {str(one.id): [one.number, done.numbers[one.id], one.archived] for one in changed},
    }
