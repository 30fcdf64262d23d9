"""Writes packages of QTI: the same bytes for the same files."""

from __future__ import annotations

import html
import io
import posixpath
import re
import zipfile
from collections.abc import Iterable
from urllib.parse import unquote

from quizapp.formats.content_ids import content_id
from quizapp.formats.items import Item, Media
from quizapp.formats.qti.addresses import BASES, NOT_IN_NAMES, is_elsewhere

REFERENCE = re.compile(r"""\b(?:src|href|data|uri|poster)\s*=\s*["']([^"'<>]+)["']""", re.IGNORECASE)
EPOCH = (1980, 1, 1, 0, 0, 0)


def media_path(media: Media) -> str:
    """The path of a medium in a written package. It has a part of the hash, so that equal names don't clash."""
    name = NOT_IN_NAMES.sub("_", posixpath.basename(media.name.replace("\\", "/"))).strip(".")
    return f"{media.hash[:12]}/{name or 'file'}"


def write_package(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A zip of these files, the same bytes for the same files. The first, its manifest, is stored unpacked."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as package:
        for index, (name, data) in enumerate(files):
            info = zipfile.ZipInfo(name, EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED if index else zipfile.ZIP_STORED
            info.external_attr = 0o644 << 16
            package.writestr(info, data, compresslevel=6)
    return written.getvalue()


def media_refs(source: str, media: list[Media], folder: str) -> dict[str, bytes]:
    """The media that an XML source shows, by the paths to which its addresses lead from a file in `folder`."""
    by_name = {medium.name: medium for medium in media}
    found: dict[str, bytes] = {}
    for written in REFERENCE.findall(html.unescape(html.unescape(source))):
        path = unquote(written.strip().partition("?")[0])
        path = next((path[len(base) :] for base in BASES if path.startswith(base)), path).lstrip("/")
        medium = by_name.get(NOT_IN_NAMES.sub("_", posixpath.basename(path)))
        place = posixpath.normpath(posixpath.join(folder, path))
        if medium is not None and not is_elsewhere(written) and not place.startswith(".."):
            found[place] = medium.data
    return found


def shared_depth(one: list[str], other: list[str]) -> int:
    """How many leading names two categories share."""
    shared = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        shared += 1
    return shared


class ItemNames:
    """Gives items their identifiers: their own or one made from their content, each only once."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def name(self, item: Item, wanted: str = "") -> str:
        base = wanted or item.id or content_id(item)
        name, number = base, 1
        while name in self.taken:
            number += 1
            name = f"{base}-{number}"
        self.taken.add(name)
        return name
