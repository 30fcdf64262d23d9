"""Writes of banks and their questions, sorted by subject: each is one transaction, or joins the caller's."""

from __future__ import annotations

from quizapp.banks.actions.banks import (
    MAX_LICENCE,
    MAX_TITLE,
    BadSlug,
    NoInstructor,
    copy_bank,
    create_bank,
    describe,
    free_slug,
    in_one_line,
    share,
    slug_of,
    unshare,
)
from quizapp.banks.actions.bulk import ChangedMeanwhile, archive, archive_many, copy_many, undo_many, write_many
from quizapp.banks.actions.importing import ImportOutcome, import_items, store_items, wordings_of
from quizapp.banks.actions.questions import Edited, keep_media, restore, set_archived, write_question
