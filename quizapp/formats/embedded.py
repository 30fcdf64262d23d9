"""Files that stand in the texts themselves, as `data:` addresses or as drawings in SVG, become media of the item."""

from __future__ import annotations

import base64
import binascii
import hashlib
import mimetypes
import re
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_to_bytes

from quizapp.formats.items import Item, Media

DATA = re.compile(
    r"""(?<=["'(<=])data:(?P<type>[a-zA-Z0-9]+/[a-zA-Z0-9.+-]+)(?:;[a-zA-Z0-9=-]+)*?(?P<base64>;base64)?,(?P<data>[^\s"'<>()\[\]]+)"""
)
DRAWING = re.compile(r"<svg\b[^<>]*>(?:(?!</?svg\b).)*</svg\s*>", re.IGNORECASE | re.DOTALL)
NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
PLACES = ("stem", "stimulus", "response", "feedback", "hints")


def take_out(item: Item) -> None:
    """Make media of the files in the item's texts."""
    taken: dict[str, Media] = {}
    for place in PLACES:
        setattr(item, place, replaced(getattr(item, place), lambda written: rewritten(written, taken)))
    item.media += taken.values()


def replaced(value: Any, change: Callable[[str], str]) -> Any:
    """The value with every text of it changed; the same value where there is nothing to change."""
    if isinstance(value, str):
        return change(value) if "data:" in value or "<svg" in value else value
    if isinstance(value, dict) and value.get("format") != "plain":
        made = {key: replaced(part, change) for key, part in value.items()}
        return value if all(made[key] is part for key, part in value.items()) else made
    if isinstance(value, list):
        parts = [replaced(part, change) for part in value]
        return value if all(new is old for new, old in zip(parts, value, strict=True)) else parts
    return value


def rewritten(written: str, taken: dict[str, Media]) -> str:
    def address(match: re.Match[str]) -> str:
        data = bytes_in(match)
        return match[0] if data is None else f"media:{kept(taken, data, match['type'])}"

    def image(match: re.Match[str]) -> str:
        drawn = match[0] if "xmlns=" in match[0].partition(">")[0] else match[0].replace("<svg", f"<svg {NAMESPACE}", 1)
        return f'<img src="media:{kept(taken, drawn.encode(), "image/svg+xml")}" alt="">'

    return DRAWING.sub(image, DATA.sub(address, written))


def bytes_in(match: re.Match[str]) -> bytes | None:
    if not match["base64"]:
        return unquote_to_bytes(match["data"])
    try:
        return base64.b64decode(unquote_to_bytes(match["data"]), validate=True)
    except (binascii.Error, ValueError):
        return None


def kept(taken: dict[str, Media], data: bytes, kind: str) -> str:
    """The name of the file among the item's media, made of its content."""
    name = f"{hashlib.sha256(data).hexdigest()[:16]}{mimetypes.guess_extension(kind) or ''}"
    taken.setdefault(name, Media(name, data, kind))
    return name
