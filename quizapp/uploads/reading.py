"""Reading an upload: its bytes become items for a bank, and whatever the file is, there is an answer.

A small file is read for every page of a preview, on whatever host it is asked for. A large one is read once, by a
process of its own (`actions.large_files`), and what was read is kept in the database. The contents that were asked for
last are remembered, as far as a bounded share of the memory holds them.
"""

from __future__ import annotations

import hashlib
import json
import re
from threading import Lock

from quizapp.banks.diff import IncomingItem, incoming_item
from quizapp.errors import N_, Conflict, Problem
from quizapp.formats.archive import unpacked_size
from quizapp.formats.base import FormatError, Reading
from quizapp.formats.items import Item
from quizapp.formats.refused import refused_document
from quizapp.formats.schema import check_body
from quizapp.formats.text import PACKAGES, decode, recode
from quizapp.formats.whole_file import read_file, too_large
from quizapp.formats.written_reading import unpacked
from quizapp.texts.clean import BREAKS
from quizapp.uploads import queries
from quizapp.uploads.content import Content, ContentCache, ReadingOptions, SentFile
from quizapp.uploads.models import Upload

UNSTORABLE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
"""What no database takes, as JSON writes it; most readers refuse it themselves."""

MAX_MENDED = 1024 * 1024
"""Bytes of a text that can be mended on its page."""

MAX_TYPE, MAX_NAME = 80, 200
"""Characters of a file's type and name."""

SMALL, SMALL_UNPACKED = 256 * 1024, 512 * 1024
"""Bytes. A file up to it is read where it is needed: no reader takes more than a moment for it."""

SMALL_LINES = 10_000
"""Lines of a small text. With more of them even a short one may hold more questions than are remembered."""


class NotReadYet(Conflict):
    """A large file isn't read yet."""

    template = N_("This file is still being read. Wait a moment, and check the preview again.")


content_cache = ContentCache(64 * 1024 * 1024)
one_at_a_time = Lock()
"""Large files sent by many at once are read in turn by each process: the memory has a bound, and no time is lost."""


def options_of(upload: Upload) -> ReadingOptions:
    return ReadingOptions(upload.format, upload.language, upload.encoding, queries.columns_for(upload))


def options_token(upload: Upload) -> str:
    """What tells one reading of an upload from another by its options: a page that shows the one decides nothing about
    the other."""
    said = repr((options_of(upload), upload.created_at))
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def is_small(data: bytes) -> bool:
    """Whether a file is read where it is needed. What it unpacks to counts: a sheet of 250 kB may hold 30 MB."""
    if len(data) > SMALL:
        return False
    if data.startswith(PACKAGES):
        return unpacked_size(data) <= SMALL_UNPACKED
    return data.count(b"\n") + data.count(b"\r") <= SMALL_LINES


def content_of(upload: Upload) -> Content:
    """What the upload's file held; remembered as long as it is read in the same options.

    What is wrong with the file stands in the problems. Raises NotReadYet as long as a large one isn't read.
    """
    file = SentFile(upload.public_id, upload.created_at, upload.filename, options_of(upload))
    with one_at_a_time:
        content = content_cache.get(file)
        if content is None:
            size = queries.size_of(upload)
            data = queries.data_of(upload) if size <= SMALL else None
            if data is not None and is_small(data):
                content = content_in(data, file.filename, file.options)
            elif found := queries.stored_reading(upload):
                content = content_from(*unpacked(found))
            else:
                raise NotReadYet
            content_cache.keep(file, content, size)
        return content


def text_of(upload: Upload) -> str | None:
    """The upload's file as a text that a person could mend; None if it is large, or no text."""
    if queries.size_of(upload) > MAX_MENDED:
        return None
    data = queries.data_of(upload)
    if data.startswith(PACKAGES) or refused_document(data) is not None:
        return None
    try:
        return decode(recode(data, upload.encoding) if upload.encoding else data)[0]
    except FormatError:
        return None


def bytes_of(text: str) -> bytes:
    """A mended text as a file. Of XML a mark says the encoding, which outweighs what the text declares."""
    text = BREAKS.sub("\n", text)
    return text.encode("utf-8-sig" if text.lstrip().startswith("<?xml") else "utf-8")


def content_in(data: bytes, filename: str, options: ReadingOptions) -> Content:
    """What the bytes hold, read in that options, here and now."""
    try:
        return content_from(*read_file(data, filename, options))
    except MemoryError:
        return Content(options.form, too_large(), ())


def content_from(form: str, reading: Reading) -> Content:
    incoming = incoming_of(reading)
    return Content(form, reading, incoming)


def incoming_of(reading: Reading) -> tuple[IncomingItem, ...]:
    """The questions that can be stored, each key once. The others are counted and told, so that the sum holds."""
    found: dict[str, IncomingItem] = {}
    items, reading.items = reading.items, []
    for item in items:
        item.kind = str(item.kind)
        problem, incoming = unusable(item), None
        if problem is None:
            incoming = incoming_item(item)
            problem = repeated(item) if incoming.key in found else None
        if incoming is not None and problem is None:
            found[incoming.key] = incoming
            reading.items.append(item)
        elif problem is not None:
            reading.failed += problem.is_error
            reading.skipped += not problem.is_error
            reading.problems.append(problem)
    return tuple(found.values())


def unusable(item: Item) -> Problem | None:
    """What keeps an item from being stored or played, though its reader took it."""
    where = {"line": item.provenance.get("line"), "place": str(item.provenance.get("place", ""))}
    if UNSTORABLE.search(json.dumps([item.id, item.content(), item.provenance], ensure_ascii=False)):
        return Problem(N_("This question has a character that can't be stored."), code="character",
                       mend=N_("Remove it and upload the file again."), **where)  # fmt: skip
    if any(len(one.type) > MAX_TYPE or len(one.name) > MAX_NAME for one in item.media):
        return Problem(N_("A file in this question has a name or a type that is too long."), code="media",
                       mend=N_("Give it a short name, and a type such as image/png."), **where)  # fmt: skip
    wrong = next((one for one in check_body(item.kind, item.response, item.scoring) if one.is_error), None)
    return wrong and wrong.at(**where)


def repeated(item: Item) -> Problem:
    return Problem(
        N_("The same question is in the file twice; it was read once."),
        code="repeated",
        severity="warning",
        line=item.provenance.get("line"),
        place=str(item.provenance.get("place", "")),
    )
