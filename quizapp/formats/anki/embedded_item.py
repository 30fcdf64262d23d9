"""Items inside Anki notes: the whole item as JSON in one field, and back.

The field holds `{"quizapp": 1, "shown": …, "item": {…}}`, escaped as HTML. `shown` is a fingerprint of the fields that
Anki shows, which shows whether the note was changed in Anki. In a package the media are files of the package.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.anki.field_html import plain_text
from quizapp.formats.bank_document import storable, written_item
from quizapp.formats.items import Item, from_json
from quizapp.formats.schema import check_item
from quizapp.kinds.base import nfc

VERSION = 1
START = re.compile(r'\s*\{(?:"|&quot;|&#34;)quizapp(?:"|&quot;|&#34;):')
VISIBLE_FIELDS = 2
SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")
MEDIA = "quizapp-"

DAMAGED = Problem(
    N_("The question in this note is damaged."),
    code="damaged",
    mend=N_("Export it again, or leave the note out."),
)
NEWER = Problem(
    N_("The question in this note was written by a newer version of this app."),
    code="newer",
    mend=N_("Update the app, or export it in another format."),
)
CHANGED = Problem(
    N_("This note was changed in Anki; the question is read as it was exported."),
    code="changed",
    severity="warning",
    mend=N_("Make the change here."),
)


def embed(item: Item, shown: Iterable[str], with_media: bool) -> str:
    """The field's text. `with_media`: it holds the files too, because nothing else carries them."""
    written = written_item(item)
    for media in [] if with_media else written.get("media", []):
        del media["data"]
    envelope = {"quizapp": VERSION, "shown": fingerprint(shown, is_html=True), "item": written}
    return html.escape(json.dumps(envelope, separators=(",", ":")), quote=False)


def fingerprint(shown: Iterable[str], is_html: bool) -> str:
    """A fingerprint of the visible words, without markup and spacing, which Anki may change."""
    words = "".join("".join((plain_text(value) if is_html else value).split()) for value in shown)
    return hashlib.sha256(nfc(words).encode()).hexdigest()[:16]


def file_name(digest: str, name: str) -> str:
    """The name of a medium in Anki, where all notes share one folder."""
    suffix = SUFFIX.search(name)
    return f"{MEDIA}{digest[:32]}{suffix[0].lower() if suffix else ''}"


def embedded_in(values: list[str], is_html: bool) -> str | None:
    """The JSON among the fields of a note, None if the note isn't ours."""
    own = next((value for value in reversed(values) if START.match(value)), None)
    return html.unescape(own) if own is not None and is_html else own


def unpack(written: str, shown: str, find: Callable[[str], bytes | None]) -> tuple[Item | None, list[Problem]]:
    """The item, or None and why there is none. `shown` is the fingerprint of what Anki shows of it."""
    try:
        envelope = json.loads(written)
        if envelope.get("quizapp") != VERSION:
            return None, [NEWER]
        problems: list[Problem] = []
        found = storable(envelope.get("item"), (), problems)
        problems += restore_media(found, find)
        problems += [] if has_error(problems) else check_item(found)
    except (ValueError, RecursionError):
        return None, [DAMAGED]
    if has_error(problems):
        return None, problems
    return from_json(found), [*problems, *([] if envelope.get("shown") == shown else [CHANGED])]


def has_error(problems: list[Problem]) -> bool:
    return any(problem.is_error for problem in problems)


def restore_media(written: Any, find: Callable[[str], bytes | None]) -> list[Problem]:
    """Give the media their data from the package; those that are missing are removed and reported."""
    media = written.get("media") if isinstance(written, dict) else None
    if not isinstance(media, list):
        return []
    problems = []
    for one in [one for one in media if isinstance(one, dict) and "data" not in one]:
        data = find(file_name(str(one.get("hash")), str(one.get("name"))))
        if data is None:
            media.remove(one)
            missing = N_("The file “%(name)s” is missing in the package.")
            problems.append(Problem(missing, {"name": one.get("name")}, code="missing-media", severity="warning"))
        else:
            one["data"] = base64.b64encode(data).decode()
    return problems
