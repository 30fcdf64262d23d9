"""An upload that waits: locked, so that nobody else decides about it at the same time."""

from __future__ import annotations

from sqlalchemy import select

from quizapp.db import db, locked
from quizapp.errors import N_, Conflict
from quizapp.uploads.models import Upload
from quizapp.uploads.reading import options_token


def waiting_upload(upload: Upload) -> Upload:
    """The upload's newest row, locked until the commit.

    Raises Conflict if it was dropped, imported, mended, or is to be read in another way than `upload` says.
    """
    read = options_token(upload)
    found = db.session.scalar(locked(select(Upload).where(Upload.id == upload.id)))
    if found is None:
        raise Conflict(N_("This upload was discarded in the meantime. Upload the file again."))
    if found.applied_at is not None:
        raise Conflict(N_("This upload was imported already; nothing was imported a second time."))
    if options_token(found) != read:
        raise Conflict(N_("The file has been read in a different way in the meantime. Check the preview again."))
    return found
