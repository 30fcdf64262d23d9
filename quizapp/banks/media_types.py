"""The types of files that questions show. Pure."""

from __future__ import annotations

INLINE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/ogg", "video/mp4")
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
