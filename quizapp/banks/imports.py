"""Writing uploads: kept, decided upon, imported, undone. An upload touches no bank before it is imported."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import selectinload

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import actions, previews, queries
from quizapp.banks.models import Bank, Question, Upload
from quizapp.banks.queries import PAGE
from quizapp.banks.reading import Source, content_of
from quizapp.banks.storing import Diff
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, QuizError
from quizapp.formats.base import Reading, language_of
from quizapp.ids import public_id
from quizapp.kinds.base import nfc

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


def keep(
    user: User,
    files: Iterable[tuple[str, bytes]],
    bank: Bank | None,
    name: str,
    form: str,
    language: str,
    now: datetime,
) -> list[Upload]:
    """Keep files for a preview, one upload each. The user's old ones that were never imported go.

    They are to go into `bank`, else into the one of that name, else into the one that the file names.
    """
    named = target(user, name) if name else None
    uploads = []
    for filename, data in files:
        public = public_id()
        content = content_of(Source(public, filename, form, language, partial(bytes, data)))
        slug, title = (bank.slug, bank.title) if bank else named or target_of_file(user, content.reading, filename)
        uploads.append(
            Upload(
                public_id=public,
                user_id=user.id,
                bank_slug=slug,
                bank_title=title,
                filename=nfc(filename)[-200:],
                format=form,
                language=language,
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
    for bank in queries.editable(user.id):
        if bank.slug in (name, actions.slug_of(name)) or name in bank.title.values():
            return bank.slug, bank.title
    return actions.free_slug(name), {language_of(name): name}


def target_of_file(user: User, reading: Reading, filename: str) -> tuple[str, dict[str, str]]:
    """The bank that the file itself names, else the one that is called like the file."""
    own_name = str(reading.meta.get("bank") or "")
    slug, title = target(user, own_name or PurePath(filename).stem[:80] or "bank")
    return slug, (reading.title or title)


def waiting_upload(upload: Upload) -> Upload:
    """The upload's newest row, locked until the commit. Raises Conflict if it was imported already."""
    found = db.session.scalar(locked(select(Upload).where(Upload.id == upload.id)))
    if found is None:
        raise Conflict(N_("This upload was dropped in the meantime. Upload the file again."))
    if found.applied_at is not None:
        raise Conflict(N_("This upload was imported already; nothing was imported a second time."))
    return found


def read_as(upload: Upload, form: str, language: str) -> None:
    """Read the file in another way; what was ticked counts for the old reading only."""
    with atomic():
        upload = waiting_upload(upload)
        upload.format, upload.language, upload.left_out = form, language, []


def take(upload: Upload, page: int, taken: set[int]) -> None:
    """Store the ticks of one page of the preview."""
    with atomic():
        upload = waiting_upload(upload)
        here = range((page - 1) * PAGE, page * PAGE)
        elsewhere = {place for place in upload.left_out if place not in here}
        upload.left_out = sorted(elsewhere | (set(changeable(upload)) & set(here) - taken))


def take_all(upload: Upload, everything: bool) -> None:
    """Tick every question, or none."""
    with atomic():
        upload = waiting_upload(upload)
        upload.left_out = [] if everything else changeable(upload)


def changeable(upload: Upload) -> list[int]:
    """The places of the questions that an import would add or change."""
    standings = queries.standings(upload.bank_slug, upload.user_id)
    return [
        one.place
        for one in previews.read(upload).candidates
        if previews.status_of(one, standings.get(one.key)) != previews.SAME
    ]


def drop(upload: Upload) -> None:
    """Forget an upload that wasn't imported."""
    with atomic():
        db.session.delete(waiting_upload(upload))


def apply(upload: Upload, user: User, readable_only: bool, now: datetime) -> Upload:
    """Import what is ticked, in one transaction. With `readable_only`, also if some of the file can't be read.

    Raises Conflict if that was done already, Unreadable, or Nothing.
    """
    content = previews.read(upload)
    if content.reading.errors and not readable_only:
        raise Unreadable
    with atomic():
        upload = waiting_upload(upload)
        left_out = set(upload.left_out)
        items = [one.item for one in content.candidates if one.place not in left_out]
        bank = bank_for(upload, user, now)
        found = actions.store(bank, items, user, now)
        if not found:
            raise Nothing
        upload.outcome = outcome_of(found, content.reading, len(content.candidates) - len(items))
        upload.applied_at = now
        said = f"{bank.slug}: {len(found.added)} added, {len(found.changed)} changed, from {upload.filename}"
        note(user, "import", said, now)
    return upload


def bank_for(upload: Upload, user: User, now: datetime) -> Bank:
    """The bank that the upload goes into, made if it isn't there; another name if somebody else has taken it."""
    bank = next((one for one in queries.editable(user.id) if one.slug == upload.bank_slug), None)
    if bank is not None:
        return bank
    if db.session.scalar(select(Bank.id).where(Bank.slug == upload.bank_slug)) is not None:
        upload.bank_slug = actions.free_slug(upload.bank_slug)
    return actions.create_bank(user, upload.bank_slug, upload.bank_title, "", now)


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


def undo(upload: Upload, user: User, now: datetime) -> None:
    """Take an import back: what it added is archived, what it changed shows its former version again.

    No version is removed. Raises Conflict if it wasn't imported, was undone already, or if one of its questions was
    changed since.
    """
    with atomic():
        upload = db.session.scalars(locked(select(Upload).where(Upload.id == upload.id))).one()
        if upload.applied_at is None or upload.undone_at is not None:
            raise Conflict(N_("There is nothing to undo: this import was undone already."))
        added, changed = upload.outcome["added"], upload.outcome["changed"]
        questions = [one for one in locked_questions(upload) if str(one.id) in added or str(one.id) in changed]
        for question in questions:
            name = str(question.id)
            if question.current is None or question.current.number != (added.get(name) or changed[name][1]):
                raise Conflict(
                    N_("This import can't be undone: “%(key)s” was changed since. Restore its version by itself."),
                    key=question.key,
                )
        for question in questions:
            take_back(question, changed.get(str(question.id)), now)
        upload.undone_at = now
        note(user, "undo import", f"{upload.bank_slug}: {len(added)} added, {len(changed)} changed", now)


def locked_questions(upload: Upload) -> Sequence[Question]:
    """The newest rows of the bank's questions with their current versions, locked until the commit."""
    return db.session.scalars(
        locked(select(Question).join(Question.bank).where(Bank.slug == upload.bank_slug), Question)
        .options(selectinload(Question.current))
        .order_by(Question.id)
    ).all()


def take_back(question: Question, change: list[Any] | None, now: datetime) -> None:
    """Archive an added question; give a changed one back the version, and the state, that it had."""
    if change is None:
        question.archived_at = question.archived_at or now
        return
    number, _, was_archived = change
    if number:
        version = queries.version(question.id, number)
        question.show(version, version.item)
    question.archived_at = now if was_archived else None
