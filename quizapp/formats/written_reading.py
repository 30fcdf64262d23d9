"""A reading as bytes and back: compressed lines of JSON, first what it says, then the files and the items.

A file that many items show is written once.
"""

from __future__ import annotations

import base64
import gzip
import io
import json
import zlib
from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from quizapp.errors import Problem
from quizapp.formats.base import Reading, SheetColumns
from quizapp.formats.items import ITEM_KEYS, Item, Media, from_json

PROBLEM = ("template", "values", "code", "line", "path", "severity", "place", "text", "mend")
READING = ("found", "skipped", "failed", "title", "meta", "encoding")
GZIP = 31
"""The window of zlib that writes the head and the tail of a gzip file."""


def packed(form: str, reading: Reading) -> bytes:
    return b"".join(packed_pieces(form, reading))


def packed_pieces(form: str, reading: Reading) -> Iterator[bytes]:
    """The reading piece by piece; each item is let go once it is written."""
    press = zlib.compressobj(6, wbits=GZIP)
    for value in values_of(form, reading):
        yield press.compress(json.dumps(value, default=str, separators=(",", ":")).encode() + b"\n")
    yield press.flush()


def values_of(form: str, reading: Reading) -> Iterator[Any]:
    yield {
        "form": form,
        **{name: getattr(reading, name) for name in READING},
        "problems": [{name: getattr(problem, name) for name in PROBLEM} for problem in reading.problems],
        "tables": [asdict(table) for table in reading.tables],
    }
    files: dict[int, Media] = {}
    reading.items.reverse()
    while reading.items:
        item = reading.items.pop()
        for media in item.media:
            first = files.setdefault(id(media.data), media)
            media.known_hash = first.hash
            if first is media:
                yield [media.known_hash, base64.b64encode(media.data).decode()]
        yield item.parts(ITEM_KEYS)


def unpacked_head(data: bytes) -> Reading:
    """What was written of the reading itself, without its items."""
    with gzip.open(io.BytesIO(data)) as lines:
        return reading_of(json.loads(lines.readline()))


def unpacked(data: bytes) -> tuple[str, Reading]:
    """The format and the reading that were written."""
    with gzip.open(io.BytesIO(data)) as lines:
        head = json.loads(lines.readline())
        reading = reading_of(head)
        files: dict[str, bytes] = {}
        for line in lines:
            value = json.loads(line)
            if isinstance(value, list):
                files[value[0]] = base64.b64decode(value[1])
            else:
                reading.items.append(item_of(value, files))
    return head["form"], reading


def reading_of(head: dict[str, Any]) -> Reading:
    return Reading(
        **{name: head[name] for name in READING},
        problems=[Problem(**{**problem, "path": tuple(problem["path"])}) for problem in head["problems"]],
        tables=[table_of(table) for table in head["tables"]],
    )


def table_of(written: dict[str, Any]) -> SheetColumns:
    lists: dict[str, Any] = {name: tuple(one) for name, one in written.items() if isinstance(one, list)}
    return SheetColumns(**(written | lists))


def item_of(value: dict[str, Any], files: dict[str, bytes]) -> Item:
    shown = value.pop("media", [])
    item = from_json(value)
    item.media = [Media(one["name"], files[one["hash"]], one["type"], one["alt"], one["hash"]) for one in shown]
    return item
