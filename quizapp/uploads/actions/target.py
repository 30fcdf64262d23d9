"""The bank that an upload is to go into, where nobody has chosen one."""

from __future__ import annotations

from pathlib import PurePath

from quizapp.accounts.models import User
from quizapp.banks import actions as bank_actions
from quizapp.banks import queries as bank_queries
from quizapp.formats.base import Reading, language_of
from quizapp.uploads.models import Upload

PASTED = {"ko": "붙여 넣은 글", "en": "Pasted text"}
"""What a new bank is called that nothing names."""


def target(user: User, name: str, title: dict[str, str] | None = None) -> tuple[str, dict[str, str]]:
    """Slug and title of the user's bank of that slug or title; of a new one, where there is none.

    The new one has the given title, else the name as it is.
    """
    for bank in bank_queries.editable_banks(user.id):
        if bank.slug in (name, bank_actions.slug_of(name)) or name in bank.title.values():
            return bank.slug, bank.title
    return bank_actions.free_slug(name), title or {language_of(name): name}


def target_of_file(user: User, upload: Upload, reading: Reading) -> tuple[str, dict[str, str]]:
    """The bank that the file itself names, else the one that is called like the file."""
    name = str(reading.meta.get("bank") or "") or PurePath(upload.filename).stem[:80]
    slug, title = target(user, name) if name else target(user, PASTED["en"], PASTED)
    return slug, (reading.title or title)
