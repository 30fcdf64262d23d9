"""Reading an upload: its bytes become candidates, and whatever the file is, there is an answer.

Reading is repeated for every page of a preview, on whatever host it is asked for; the last few are remembered.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from quizapp.banks.models import key_of
from quizapp.errors import N_, Problem
from quizapp.formats import FORMATS
from quizapp.formats.base import Reading
from quizapp.formats.detect import detect
from quizapp.formats.items import Item
from quizapp.formats.schema import check_body
from quizapp.formats.text import decode

log = logging.getLogger(__name__)

UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""What no database takes; most readers refuse it themselves."""


@dataclass(frozen=True)
class Source:
    """What decides a reading. `load` gives the bytes; it is called only if the reading isn't remembered."""

    upload_id: str
    filename: str
    form: str
    language: str
    load: Callable[[], bytes] = field(compare=False, repr=False)


@dataclass(frozen=True)
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


@lru_cache(maxsize=2)
def content_of(source: Source) -> Content:
    """Read the file. Never fails: what is wrong with it stands in the problems."""
    data = source.load()
    form = source.form if source.form in FORMATS else detect(data, source.filename) or ""
    if not data.strip():
        return Content(form, refusal(N_("The file is empty."), N_("Choose the file again.")), ())
    if not form:
        problem = refusal(
            N_("No format fits this file."), N_("Choose its format below, or export it again as one of the list.")
        )
        return Content("", problem, ())
    reading = read(form, data, source.language)
    if not reading.found and not reading.errors:
        reading = refusal(
            N_("The file holds no question."), N_("Fill in some questions, or choose another format below.")
        )
    candidates = candidates_of(reading)
    reading.problems = quoted(reading, data)
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
        key = key_of(item)
        problem = unusable(item) or repeated(item, key in found)
        if problem is None:
            found[key] = Candidate(len(found), item, key, item.content_hash())
            reading.items.append(item)
            continue
        reading.failed += problem.is_error
        reading.skipped += not problem.is_error
        reading.problems.append(problem)
    return tuple(found.values())


def unusable(item: Item) -> Problem | None:
    """What keeps an item from being stored or played, though its reader took it."""
    where = {"line": item.provenance.get("line"), "place": str(item.provenance.get("place", ""))}
    if UNSTORABLE.search(repr_of(item.content())):
        return Problem(N_("This question has a character that can't be stored."), code="character",
                       mend=N_("Remove it and upload the file again."), **where)  # fmt: skip
    wrong = next((one for one in check_body(item.kind, item.response, item.scoring) if one.is_error), None)
    return wrong and wrong.at(**where)


def repr_of(value: object) -> str:
    """Every text of a value, strung together as it is."""
    if isinstance(value, dict):
        return " ".join(f"{key} {repr_of(part)}" for key, part in value.items())
    return " ".join(map(repr_of, value)) if isinstance(value, list) else str(value)


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
