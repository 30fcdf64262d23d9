"""A question as a page of this room shows it: as a learner would see it, with the right answer filled in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from flask import Response, url_for

from quizapp import controls
from quizapp.fields import Rows
from quizapp.formats.items import Item, Media
from quizapp.i18n import language
from quizapp.kinds import KINDS

SHOWN_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/ogg", "video/mp4")
"""Types that a browser may show; anything else (SVG too: it can hold scripts) is only downloaded."""


SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ID3", 0, "audio/mpeg"),
    (b"\xff\xfb", 0, "audio/mpeg"),
    (b"OggS", 0, "audio/ogg"),
    (b"ftyp", 4, "video/mp4"),
)
"""How a file of each type begins: the bytes, and where they stand."""


def type_of(data: bytes) -> str:
    """The type of a file by its first bytes; "" for one that pages don't show."""
    return next((kind for mark, at, kind in SIGNATURES if data[at : at + len(mark)] == mark), "")


def media_reply(data: bytes, kind: str, kept: str) -> Response:
    """A file that a question shows. `kept` says for how long a browser may keep it."""
    inline = kind in SHOWN_TYPES
    return Response(
        data,
        mimetype=kind if inline else "application/octet-stream",
        headers={"Cache-Control": kept, "Content-Disposition": "inline" if inline else "attachment"},
    )


@dataclass(frozen=True)
class ShownItem:
    """An item with what its control needs; `shown` is None for what has no answer. `suffix` keeps its ids apart."""

    item: Item
    media: dict[str, str]
    suffix: str
    shown: controls.Shown | None
    fields: controls.Fields
    state: controls.State
    solution: str


def stored(media: Media) -> str:
    return url_for("banks.media", media_hash=media.hash)


def shown(item: Item, seed: str, suffix: str, address: Callable[[Media], str] = stored) -> ShownItem:
    """The item with its key marked. `address` says where its media are."""
    media = {one.name: address(one) for one in item.media}
    if item.kind not in KINDS:
        return ShownItem(item, media, suffix, None, {}, controls.State(disabled=True, suffix=suffix), "")
    kind = KINDS[item.kind]
    arranged = controls.show(item, seed, False)
    solution = kind.solution(item.body)
    return ShownItem(
        item=item,
        media=media,
        suffix=suffix,
        shown=arranged,
        fields=arranged.fields(solution),
        state=replace(controls.revealed(item, arranged, solution), suffix=suffix),
        solution=kind.text(item.body, solution, language()) if solution else "",
    )


def name_of_field(path: Sequence[Any]) -> str:
    """What a form calls the last of these fields, for a list of problems: “Gap 1, Accepted answer”. "" without one."""
    steps = pairwise(path)
    rows = [f"{outer.one} {outer.entries.index(inner) + 1}" for outer, inner in steps if isinstance(outer, Rows)]
    is_row = len(path) > 1 and isinstance(path[-2], Rows)
    return ", ".join(rows if is_row else [*rows, *(str(one.label.text) for one in path[-1:])])
