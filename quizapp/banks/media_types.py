"""The types of files that questions show. Pure."""

from __future__ import annotations

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"ID3", 0, "audio/mpeg"),
    *((bytes([0xFF, second]), 0, "audio/mpeg") for second in (0xFB, 0xFA, 0xF3, 0xF2)),
    (b"OggS", 0, "audio/ogg"),
    (b"ftyp", 4, "video/mp4"),
)
"""How a file of each type that a browser may show begins: the bytes, and where they stand.

Anything else (SVG too: it can hold scripts) is only downloaded."""


def type_of(data: bytes) -> str:
    """The type of a file by its first bytes; "" for one that pages don't show."""
    return next((kind for mark, at, kind in SIGNATURES if data[at : at + len(mark)] == mark), "")


def kept_type(data: bytes) -> str:
    """The type that a file is stored and sent with: its content's, whatever who sent it first said of it."""
    return type_of(data) or "application/octet-stream"
