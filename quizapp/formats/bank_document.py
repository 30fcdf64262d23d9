"""Our own bank file, whether written as YAML or as JSON: `{bank, title, licence, items: [...]}` or a bare list.

Both notations give the same document: a value and the line of each path. Here it becomes items, and back.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from quizapp.errors import N_, Path, Problem
from quizapp.formats.base import Reading
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item, from_json
from quizapp.formats.schema import check_item
from quizapp.kinds.base import nfc
from quizapp.kinds.checks import check_keys, check_text

BANK_KEYS = ("bank", "title", "licence", "items")
MAX_DEPTH = 40
MAX_VALUES = 600_000
TOO_DEEP = N_("This is nested more than %(limit)s levels deep.")
TOO_MANY = N_("The file holds more than %(limit)s values. Split it.")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
"""NUL and lone surrogates: no database takes them."""
PLACED_BY_READING = ("line", "place")

Lines = Mapping[Path, int]


class Unreadable(Exception):
    """Reading stops here; `problem` says why, and where."""

    def __init__(self, template: str, line: int, **values: Any) -> None:
        self.problem = Problem(template, values, code="unreadable", line=line)


def line_of(lines: Lines, path: Path) -> int:
    """The line of the deepest part of the path that the file has."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


def read_document(value: Any, lines: Lines, problems: list[Problem], form: str) -> Reading:
    """The items of a document; `problems` are those found in its notation, each with path and line."""
    collector = Collector(form)
    document = {"items": value} if isinstance(value, list) else value
    at: Path = () if isinstance(value, list) else ("items",)
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        hint = Problem(
            N_("A question bank is a list of questions, or a mapping with the key “items” that holds one."),
            code="no-items",
            line=1,
        )
        collector.report(problems or [hint])
        return collector.reading
    read_head(document, lines, collector)
    broken = by_item(problems, at)
    collector.report(broken.pop(None, []))
    for index, written in enumerate(document["items"]):
        if collector.is_full:
            collector.refuse_many(line_of(lines, (*at, index)))
            break
        take_item(written, (*at, index), lines, broken.get(index, []), collector)
    return collector.reading


def by_item(problems: list[Problem], at: Path) -> dict[int | None, list[Problem]]:
    """Problems by the index of the item that they stand in; None: outside the items."""
    found: dict[int | None, list[Problem]] = {}
    for problem in problems:
        inside = problem.path[: len(at)] == at and len(problem.path) > len(at)
        index = problem.path[len(at)] if inside else None
        found.setdefault(index if isinstance(index, int) else None, []).append(problem)
    return found


def read_head(document: dict[str, Any], lines: Lines, collector: Collector) -> None:
    """The keys beside `items`."""
    problems = check_keys(document, BANK_KEYS)
    for key in ("bank", "licence"):
        if not isinstance(document.get(key, ""), str):
            problems.append(Problem(N_("“%(key)s” is a text."), {"key": key}, code="wrong-type", path=(key,)))
        elif document.get(key):
            collector.reading.meta[key] = nfc(document[key])
    if "title" in document:
        problems += check_text(document["title"], "title")
        if not problems:
            collector.reading.title = {key: nfc(text) for key, text in document["title"].items()}
    collector.report(problem.at(line=line_of(lines, problem.path)) for problem in problems)


def take_item(written: Any, at: Path, lines: Lines, broken: list[Problem], collector: Collector) -> None:
    """One item: kept if its notation, its characters and its shape are sound."""
    found: list[Problem] = []
    written = storable(written, (), found)
    found += [] if found else check_item(written)
    placed = [
        *broken,
        *(problem.at(path=at, line=line_of(lines, (*at, *problem.path))) for problem in found),
    ]
    line = line_of(lines, at)
    if any(problem.is_error for problem in placed):
        collector.fail(placed, line)
        return
    item = from_json({"licence": collector.reading.meta.get("licence", ""), **written})
    collector.take(item, placed, line)


def storable(value: Any, path: Path, problems: list[Problem]) -> Any:
    """The value with its texts in NFC; what can't be stored becomes a problem."""
    if isinstance(value, dict):
        return {nfc(str(key)): storable(part, (*path, key), problems) for key, part in value.items()}
    if isinstance(value, list):
        return [storable(part, (*path, index), problems) for index, part in enumerate(value)]
    if isinstance(value, str):
        if UNSTORABLE.search(value):
            problems.append(
                Problem(N_("This text has a character that can't be stored. Remove it."), code="character", path=path)
            )
        return nfc(value)
    if isinstance(value, float) and not math.isfinite(value):
        problems.append(Problem(N_("This number is too large."), code="number", path=path))
    return value


def document_of(items: Iterable[Item]) -> dict[str, Any]:
    """The document of these items: each of them whole, but for its place in the file that it came from."""
    return {"items": [written_item(item) for item in items]}


def written_item(item: Item) -> dict[str, Any]:
    written = item.to_json()
    kept = {key: value for key, value in item.provenance.items() if key not in PLACED_BY_READING}
    written.pop("provenance", None)
    return written if set(kept) <= {"format"} else {**written, "provenance": kept}
