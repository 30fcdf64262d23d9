"""Reading an upload: its bytes become candidates, and whatever the file is, there is an answer.

Reading is repeated for every page of a preview, on whatever host it is asked for; the last few contents are
remembered, as far as a bounded share of the memory holds them.
"""

from __future__ import annotations

import json
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock

from quizapp.banks.models import key_of
from quizapp.errors import N_, Problem
from quizapp.formats import FORMATS
from quizapp.formats.base import FormatError, Reading, unreadable
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from quizapp.formats.schema import check_body
from quizapp.formats.text import decode, recode

log = logging.getLogger(__name__)

UNSTORABLE = re.compile(r"(?<!\\)(?:\\\\)*\\u0000|[\ud800-\udfff]")
"""What no database takes, as JSON writes it; most readers refuse it themselves."""


@dataclass(frozen=True)
class Way:
    """How a file is to be read: a format of FORMATS, a language, an encoding of ENCODINGS; "" as the file tells."""

    form: str = ""
    language: str = ""
    encoding: str = ""


@dataclass(frozen=True)
class Source:
    """What decides a reading. `load` gives the bytes; it is called only if the reading isn't remembered."""

    upload_id: str
    filename: str
    way: Way
    load: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question of the file that could go into a bank. `place` counts the file's usable questions from 0."""

    place: int
    item: Item
    key: str
    hash: str


@dataclass(frozen=True)
class Content:
    """What a file held: the format it was read as ("" if none fits), the reading, and the candidates."""

    form: str
    reading: Reading
    candidates: tuple[Candidate, ...]


class Remembered:
    """The contents that were asked for last, as many as fit into `budget` bytes; a larger one isn't kept at all."""

    QUESTION = 4_000
    """Bytes that a question takes beside its text, by measurement."""

    def __init__(self, budget: int) -> None:
        self.budget, self.lock = budget, Lock()
        self.kept: OrderedDict[Source, tuple[Content, int]] = OrderedDict()

    def get(self, source: Source) -> Content | None:
        with self.lock:
            if source not in self.kept:
                return None
            self.kept.move_to_end(source)
            return self.kept[source][0]

    def keep(self, source: Source, content: Content, size: int) -> None:
        """Remember, and forget what was asked for longest ago. `size` is that of the file in bytes."""
        media = sum(len(one.data) for candidate in content.candidates for one in candidate.item.media)
        weight = size + media + self.QUESTION * (len(content.candidates) + len(content.reading.problems))
        if weight > self.budget:
            return
        with self.lock:
            self.kept[source] = content, weight
            while sum(weight for _, weight in self.kept.values()) > self.budget:
                self.kept.popitem(last=False)

    def forget(self, upload_id: str) -> None:
        """What was imported or dropped won't be asked for again."""
        with self.lock:
            for source in [source for source in self.kept if source.upload_id == upload_id]:
                del self.kept[source]


remembered = Remembered(64 * 1024 * 1024)
one_at_a_time = Lock()
"""Large files sent by many at once are read in turn by each process: the memory has a bound, and no time is lost."""


def content_of(source: Source) -> Content:
    """Read the file. Never fails: what is wrong with it stands in the problems."""
    with one_at_a_time:
        content = remembered.get(source)
        if content is None:
            data = source.load()
            content = content_in(data, source.filename, source.way)
            remembered.keep(source, content, len(data))
        return content


def content_in(data: bytes, filename: str, way: Way) -> Content:
    """What the bytes hold, read in that way."""
    if way.encoding:
        try:
            data = recode(data, way.encoding)
        except FormatError as error:
            return Content(way.form, unreadable(error), ())
    form = way.form or detect(data, filename) or ""
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        return Content(form, refusal(N_("The file is empty."), N_("Choose the file again.")), ())
    if not form:
        problem = refusal(
            N_("No format fits this file."), N_("Choose its format below, or export it again as one of the list.")
        )
        return Content("", problem, ())
    reading = read(form, data, way.language)
    if not reading.found and not reading.errors:
        reading = refusal(
            N_("The file holds no question."), N_("Fill in some questions, or choose another format below.")
        )
    candidates = candidates_of(reading)
    reading.problems = quoted(reading, data)
    if way.encoding and reading.encoding:
        reading.encoding = way.encoding
    return Content(form, reading, candidates)


def refusal(template: str, mend: str) -> Reading:
    """A reading of nothing, and why."""
    return Reading(problems=[Problem(template, code="unreadable", mend=mend)])


def read(form: str, data: bytes, language: str) -> Reading:
    try:
        return FORMATS[form].read(data, language or None)
    except Exception:
        # A reader promises not to raise. If one does, the person gets an answer and the log the defect.
        log.exception("the reader of %s failed", form)
        return refusal(
            N_("The file can't be read: it is damaged, or it isn't of this format."),
            N_("Choose another format below, or export the file again."),
        )


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


def candidates_of(reading: Reading) -> tuple[Candidate, ...]:
    """The questions that can be stored, each key once. The others are counted and told, so that the sum holds."""
    found: dict[str, Candidate] = {}
    items, reading.items = reading.items, []
    for item in items:
        item.kind = str(item.kind)
        problem = unusable(item)
        hash_ = "" if problem else item.content_hash()
        key = key_of(item, hash_)
        problem = problem or repeated(item, key in found)
        if problem is None:
            found[key] = Candidate(len(found), item, key, hash_)
            reading.items.append(item)
            continue
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
    wrong = next((one for one in check_body(item.kind, item.response, item.scoring) if one.is_error), None)
    return wrong and wrong.at(**where)


def repeated(item: Item, seen: bool) -> Problem | None:
    if not seen:
        return None
    return Problem(
        N_("The same question stands in the file twice; it was read once."),
        code="repeated",
        severity="warning",
        line=item.provenance.get("line"),
        place=str(item.provenance.get("place", "")),
    )
