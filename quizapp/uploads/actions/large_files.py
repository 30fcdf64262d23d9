"""Large files are read once, outside of requests, by a process of their own.

Whoever reads claims the row for as long as a reading may take, so that of several workers and hosts one does it, and
another takes it up if that one dies.
"""

from __future__ import annotations

import platform
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, func, or_, select, update
from sqlalchemy.orm import aliased

from quizapp.accounts.models import User
from quizapp.db import atomic, db, give_connection_back, take_turns
from quizapp.formats.child import PATIENCE, read_apart
from quizapp.formats.whole_file import options_from, too_large
from quizapp.formats.written_reading import packed, unpacked_head
from quizapp.uploads import queries
from quizapp.uploads.actions.target import target_of_file
from quizapp.uploads.models import ReadingJob, Upload
from quizapp.uploads.reading import SMALL, is_small, options_of

LEASE = timedelta(seconds=PATIENCE + 60)
AT_ONCE = 2
"""Readings that a host does at the same time; of one user it is one, wherever it is done."""
TRIES = 3
"""Whatever ends the server three times is not tried again."""


def queue_reading(upload: Upload) -> None:
    """Have a large file read, anew if it was read in another way. Joins the caller's transaction."""
    with atomic():
        db.session.execute(delete(ReadingJob).where(ReadingJob.upload_id == upload.id))
        if queries.size_of(upload) > SMALL or not is_small(queries.data_of(upload)):
            db.session.add(ReadingJob(upload_id=upload.id, way=options_of(upload).to_json()))


def claim_job(now: datetime) -> ReadingJob | None:
    """The reading that is to be done next, claimed for this host; None where there is none, or enough is being done."""
    waiting = (
        ReadingJob.done_at.is_(None),
        or_(ReadingJob.claimed_until.is_(None), ReadingJob.claimed_until <= now),
    )
    if db.session.scalar(select(ReadingJob.id).where(*waiting).limit(1)) is None:
        return None
    here = platform.node()[:80]
    with atomic():
        take_turns(["readings"])
        busy = ReadingJob.done_at.is_(None), ReadingJob.claimed_until > now
        if (db.session.scalar(select(func.count()).where(*busy, ReadingJob.claimed_by == here)) or 0) >= AT_ONCE:
            return None
        others, theirs = aliased(ReadingJob), aliased(Upload)
        is_busy = exists().where(
            others.done_at.is_(None),
            others.claimed_until > now,
            others.upload_id == theirs.id,
            theirs.user_id == Upload.user_id,
        )
        due = select(ReadingJob).join(Upload).where(*waiting, ~is_busy).order_by(ReadingJob.id).limit(1)
        found = db.session.scalar(due)
        if found is not None:
            found.tries += 1
            found.claimed_by, found.claimed_until = here, now + LEASE
    return found


def read_next_large_file(now: datetime) -> bool:
    """Do the reading that is due, and keep it; False where there is none."""
    reading = claim_job(now)
    if reading is None:
        return False
    upload = db.session.get_one(Upload, reading.upload_id)
    number, tries, name, options = reading.id, reading.tries, upload.filename, options_from(reading.way)
    data = queries.data_of(upload)
    give_connection_back()
    content = read_apart(data, name, options) if tries <= TRIES else packed(options.form, too_large())
    store_reading(number, tries, content, now)
    return True


def store_reading(number: int, tries: int, content: bytes, now: datetime) -> None:
    """Store what was read, unless another has taken the reading up since. Name the bank, where the file names it."""
    with atomic():
        mine = ReadingJob.id == number, ReadingJob.tries == tries, ReadingJob.done_at.is_(None)
        kept = update(ReadingJob).where(*mine).values(content=content, done_at=now, claimed_until=None)
        if not db.session.execute(kept).rowcount:  # pyright: ignore[reportAttributeAccessIssue] -- an update has it
            return
        upload = db.session.scalar(select(Upload).join(ReadingJob).where(ReadingJob.id == number))
        if upload is not None and not upload.bank_slug:
            user = db.session.get_one(User, upload.user_id)
            upload.bank_slug, upload.bank_title = target_of_file(user, upload, unpacked_head(content))
