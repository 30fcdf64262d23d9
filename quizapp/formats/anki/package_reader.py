"""An Anki package (.apkg, .colpkg): the collection in it, and its media files by their names in Anki.

It has had three forms: `collection.anki2`; `collection.anki21` beside it; `collection.anki21b`, compressed with
Zstandard, with a list of media in Protocol Buffers and a `collection.anki2` that only says that Anki is too old.
"""

from __future__ import annotations

import json
from io import BytesIO
from typing import Any

import zstandard

from quizapp.errors import N_
from quizapp.formats.anki.protobuf import message_fields
from quizapp.formats.archive import MAX_MEMBER, MAX_TOTAL, Archive
from quizapp.formats.base import FormatError
from quizapp.kinds.base import nfc

COLLECTIONS = ("collection.anki21b", "collection.anki21", "collection.anki2")
MODERN = COLLECTIONS[0]
NEWEST = 3
PACKAGE_VERSION, MEDIA_ENTRY, ENTRY_NAME = 1, 1, 1
"""Numbers of the fields in Anki's messages."""

WINDOW = 128 * 1024 * 1024
CHUNK = 1024 * 1024


class AnkiPackage:
    """Unpacks members on demand. Raises FormatError for a file that is no package or unpacks to too much."""

    def __init__(self, archive: Archive) -> None:
        self.archive = archive
        name = next((name for name in COLLECTIONS if name in archive), None)
        if name is None:
            raise FormatError(N_("This package has no Anki collection. Export the deck from Anki as .apkg."))
        if self.version() > NEWEST:
            raise FormatError(
                N_("The package comes from a newer Anki. Export it with “Support older Anki versions” ticked.")
            )
        self.is_modern = name == MODERN
        self.unpacked = 0
        self.collection = self.unpack(name)
        self.members = self.media_members()
        self.files: dict[str, bytes] = {}

    def version(self) -> int:
        try:
            return int(dict(message_fields(self.archive.get("meta", b""))).get(PACKAGE_VERSION, 0))
        except ValueError:
            return 0

    def find(self, name: str) -> bytes | None:
        """A media file by its name in Anki; None for one that isn't there or is damaged."""
        member = self.members.get(nfc(name))
        if member is None or member not in self.archive:
            return None
        if member not in self.files:
            try:
                self.files[member] = self.unpack(member)
            except FormatError:
                if self.unpacked > MAX_TOTAL:
                    raise
                return None
        return self.files[member]

    def media_members(self) -> dict[str, str]:
        """The member of the zip by the media file's name."""
        written = self.unpack("media") if "media" in self.archive else b""
        try:
            if self.is_modern:
                entries = [value for number, value in message_fields(written) if number == MEDIA_ENTRY]
                return {entry_name(entry): str(index) for index, entry in enumerate(entries)}
            found: Any = json.loads(written or b"{}")
        except (ValueError, RecursionError):
            raise FormatError(N_("The list of media in this package can't be read. Export it again.")) from None
        return {nfc(str(name)): str(member) for member, name in found.items()} if isinstance(found, dict) else {}

    def unpack(self, member: str) -> bytes:
        data = self.archive[member]
        data = self.decompress(data) if self.is_modern else data
        self.unpacked += len(data)
        if self.unpacked > MAX_TOTAL:
            raise too_large()
        return data

    def decompress(self, data: bytes) -> bytes:
        """Decompress Zstandard piece by piece, so that a bomb is noticed before it goes off."""
        reader = zstandard.ZstdDecompressor(max_window_size=WINDOW).stream_reader(
            BytesIO(data), read_across_frames=True
        )
        parts, size = [], 0
        try:
            while part := reader.read(CHUNK):
                parts.append(part)
                size += len(part)
                if size > MAX_MEMBER:
                    raise too_large()
        except zstandard.ZstdError:
            raise FormatError(N_("The package is damaged. Export it from Anki again.")) from None
        return b"".join(parts)


def entry_name(entry: int | bytes) -> str:
    value = dict(message_fields(entry if isinstance(entry, bytes) else b"")).get(ENTRY_NAME, b"")
    return nfc(value.decode("utf-8", "replace")) if isinstance(value, bytes) else ""


def too_large() -> FormatError:
    return FormatError(N_("Unpacked, this package is larger than this app accepts. Split it into smaller ones."))
