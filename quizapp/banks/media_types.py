"""The types of files that questions show. Pure."""

from __future__ import annotations

import re

SIGNATURES = (
    (b"\x89PNG\r\n\x1a\n", 0, "image/png"),
    (b"\xff\xd8\xff", 0, "image/jpeg"),
    (b"GIF8", 0, "image/gif"),
    (b"WEBP", 8, "image/webp"),
    (b"WAVE", 8, "audio/wav"),
    (b"fLaC", 0, "audio/flac"),
    (b"ID3", 0, "audio/mpeg"),
    *((bytes([0xFF, second]), 0, "audio/mpeg") for second in (0xFB, 0xFA, 0xF3, 0xF2)),
    (b"OggS", 0, "audio/ogg"),
    (b"ftypM4A", 4, "audio/mp4"),
    (b"ftyp", 4, "video/mp4"),
    (b"\x1a\x45\xdf\xa3", 0, "video/webm"),
)
"""How a file of each type that a browser may show begins: the bytes, and where they stand.

Anything else but a drawing is only downloaded."""

SVG = "image/svg+xml"
DRAWING = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]{0,200}+>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+"
    rb"(?:<!DOCTYPE\s++svg[^>\[]{0,500}+>\s*+)?(?:<!--(?:[^-]|-(?!->))*+-->\s*+)*+<svg[\s>/]",
    re.IGNORECASE,
)
OPENING = 4096
LOCKED_UP = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""The policy of a drawing: it can hold scripts, which never run as an image, and so don't run in a page of its own."""


def type_of(data: bytes) -> str:
    """The type of a file by its first bytes; "" for one that pages don't show."""
    found = next((kind for mark, at, kind in SIGNATURES if data[at : at + len(mark)] == mark), "")
    return found or (SVG if DRAWING.match(data[:OPENING]) else "")


def kept_type(data: bytes) -> str:
    """The type that a file is stored and sent with: its content's, whatever who sent it first said of it."""
    return type_of(data) or "application/octet-stream"
