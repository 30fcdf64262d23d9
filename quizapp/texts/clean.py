"""Texts on their way in: what is left out of them, how long they may be, and the whole numbers that they say.

Forms pass here as they are parsed, questions as they are stored, whatever file they come from. What passed can be
stored by every database and written into every format.
"""

from __future__ import annotations

import re
from typing import Any

from quizapp.kinds.base import nfc

UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Control characters but tab and line ends, halves of characters, and what is no character: nobody types them."""
TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""They turn the direction of what follows. A name that holds one makes a mess of the line that it stands in."""
BREAKS = re.compile("\r\n?|\u2028|\u2029")
UNNAMED = re.compile(r'[\\/:*?"<>|]+')
"""What can't stand in the name of a file on some system."""
MAX_DIGITS = 9
"""Of a whole number: it fits into a database's integer."""


def clean(text: str) -> str:
    """In NFC, without characters that can't be stored."""
    return nfc(UNSTORABLE.sub("", text))


def lines(text: str | None) -> str:
    """A text of any number of lines, each ended by a line feed, without white space around it."""
    return clean(BREAKS.sub("\n", text or "")).strip()


def line(text: str | None, most: int | None = None) -> str:
    """A name or a title: one line, white space folded, cut at `most` characters."""
    return " ".join(TURNING.sub("", clean(text or "")).split())[:most].strip()


def file_name(title: str, suffix: str) -> str:
    """A title as the name of a file that every system takes."""
    return f"{line(UNNAMED.sub('-', title), 80).strip('. ') or 'quiz'}.{suffix}"


def clean_json(value: Any) -> Any:
    """The same value with every text of it clean, keys too."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, dict):
        return {clean_json(key): clean_json(part) for key, part in value.items()}
    return [clean_json(part) for part in value] if isinstance(value, list) else value


def is_whole(text: str) -> bool:
    return 0 < len(text) <= MAX_DIGITS and text.isascii() and text.isdigit()


def whole(text: str, otherwise: int = 0) -> int:
    """The whole number from 0 that a text says in plain digits; `otherwise` for any other text."""
    return int(text) if is_whole(text) else otherwise
