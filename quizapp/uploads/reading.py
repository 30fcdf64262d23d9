"""Reading an upload: its bytes become items for a bank, and whatever the file is, there is an answer.

Reading is repeated for every page of a preview, on whatever host it is asked for; the last few contents are
remembered, as far as a bounded share of the memory holds them.
"""

from __future__ import annotations

import json
import logging
import re
from dataclasses import replace
from threading import Lock

from quizapp.banks.diff import IncomingItem, incoming_item
from quizapp.errors import N_, Problem
from quizapp.formats import FORMATS, SHEETS
from quizapp.formats.accounting import unread
from quizapp.formats.base import FormatError, Reading, unreadable
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from quizapp.formats.refused import refused_document
from quizapp.formats.schema import check_body
from quizapp.formats.text import PACKAGES, decode, recode
from quizapp.texts.clean import BREAKS
from quizapp.uploads import queries
from quizapp.uploads.content import Content, ReadingOptions, Remembered, SentFile
from quizapp.uploads.models import Upload

log = logging.getLogger(__name__)

UNSTORABLE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
"""What no database takes, as JSON writes it; most readers refuse it themselves."""

MAX_MENDED = 1024 * 1024
"""Bytes of a text that can be mended on its page."""

MAX_TYPE, MAX_NAME = 80, 200
"""Characters of a file's type and name."""

remembered = Remembered(64 * 1024 * 1024)
one_at_a_time = Lock()
"""Large files sent by many at once are read in turn by each process: the memory has a bound, and no time is lost."""


def options_of(upload: Upload) -> ReadingOptions:
    return ReadingOptions(upload.format, upload.language, upload.encoding, queries.columns_for(upload))


def content_of(upload: Upload) -> Content:
    """Read the upload's file; remembered as long as it is read in the same options.

    Never fails: what is wrong with the file stands in the problems.
    """
    file = SentFile(upload.public_id, upload.created_at, upload.filename, options_of(upload))
    with one_at_a_time:
        content = remembered.get(file)
        if content is None:
            data = queries.data_of(upload)
            content = content_in(data, file.filename, file.options)
            remembered.keep(file, content, len(data))
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
    """What the bytes hold, read in that options."""
    if (document := refused_document(data)) is not None:
        return Content("", Reading(problems=[document]), ())
    if options.encoding:
        try:
            data = recode(data, options.encoding)
        except FormatError as error:
            return Content(options.form, unreadable(error), ())
    form = options.form or detect(data, filename) or ""
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        return Content(form, refusal(N_("The file is empty."), N_("Choose the file again.")), ())
    if not form:
        return Content("", unrecognised(data), ())
    reading = parsed(form, data, options)
    if not reading.found and not reading.errors:
        reading = refusal(
            N_("The file holds no question."), N_("Fill in some questions, or choose another format below.")
        )
    incoming = incoming_of(reading)
    reading.problems = quoted(reading, data)
    if options.encoding and reading.encoding:
        reading.encoding = options.encoding
    return Content(form, reading, incoming)


def unrecognised(data: bytes) -> Reading:
    """Why nothing could be made of a file, with what was looked for."""
    try:
        decode(data)
    except FormatError:
        return refusal(
            N_("No format fits this file."), N_("Choose its format below, or export it again as one of the list.")
        )
    return refusal(
        N_(
            "No questions were recognised in this text. Looked for: numbers, choices and answers of an exam (“1.”, "
            "“①”, “정답: ②”), the braces of GIFT, the “ANSWER:” of Aiken, the marks of a Markdown quiz."
        ),
        N_("Number the questions and write the answer below each, or choose the format below."),
    )


def refusal(template: str, mend: str) -> Reading:
    """A reading of nothing, and why."""
    return Reading(problems=[Problem(template, code="unreadable", mend=mend)])


def parsed(form: str, data: bytes, options: ReadingOptions) -> Reading:
    try:
        sheet = next((one for one in SHEETS if form == one.NAME), None)
        language = options.language or None
        reading = sheet.read(data, language, dict(options.columns)) if sheet else FORMATS[form].read(data, language)
        reading.problems += unread(data, form, reading)
    except Exception:
        # A reader promises not to raise. If one does, the person gets an answer and the log the defect.
        log.exception("the reader of %s failed", form)
        return refusal(
            N_("The file can't be read: it is damaged, or it isn't of this format."),
            N_("Choose another format below, or export the file again."),
        )
    return reading


def quoted(reading: Reading, data: bytes) -> list[Problem]:
    """The problems, each with the text of its line, where the file is a text."""
    if not reading.encoding or not reading.problems:
        return reading.problems
    lines = decode(data)[0].split("\n")
    return [
        replace(problem, text=lines[problem.line - 1].strip())
        if problem.line and not problem.text and not problem.place and problem.line <= len(lines)
        else problem
        for problem in reading.problems
    ]


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
