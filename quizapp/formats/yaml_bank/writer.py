"""How our YAML looks: blocks, texts of several lines as lines, and quotes wherever some reader could be in doubt.

It writes mappings with text keys, lists, texts, numbers, booleans and None, which is all that an item holds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

INDENT = "  "
WORD = re.compile(r"[A-Za-z_\uac00-\ud7a3][\w-]*")
PLAIN = re.compile(r"[A-Za-z\uac00-\ud7a3](?:[\w .,!?'\"()/+*%;<>=~^$@-]|:(?=[\w/]))*(?<! )")
RESERVED = {"true", "false", "null", "yes", "no", "on", "off", "y", "n"}
"""Bare words that are values in YAML 1.1 or 1.2, in any case."""
NOT_IN_LINES = r"\r\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff"
LINES = re.compile(rf"[^\s{NOT_IN_LINES}][^{NOT_IN_LINES}]*[^\n{NOT_IN_LINES}]\n?")
"""Texts that a block of lines holds exactly: no leading blank, one final newline at most, nothing unprintable."""
UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")


def dump(document: Any) -> str:
    return "\n".join(block(document, "")) + "\n"


def block(value: Any, indent: str) -> Iterator[str]:
    """The lines of a mapping or of a list that isn't empty."""
    entries = value.items() if isinstance(value, dict) else ((None, part) for part in value)
    for key, part in entries:
        head = f"{indent}-" if key is None else f"{indent}{text(key, indent)}:"
        if not part or not isinstance(part, (dict, list)):
            yield f"{head} {scalar(part, indent)}"
        elif isinstance(part, list) and all(isinstance(word, str) and WORD.fullmatch(word) for word in part):
            yield f"{head} [{', '.join(text(word, indent) for word in part)}]"
        elif key is None:
            lines = block(part, indent + INDENT)
            yield f"{head} {next(lines).lstrip(' ')}"
            yield from lines
        else:
            yield head
            yield from block(part, indent + INDENT)


def scalar(value: Any, indent: str) -> str:
    if isinstance(value, str):
        return text(value, indent)
    if isinstance(value, (dict, list)):
        return "{}" if isinstance(value, dict) else "[]"
    return json.dumps(value)


def text(value: str, indent: str) -> str:
    """A text in the plainest style that holds it."""
    if PLAIN.fullmatch(value) and value.casefold() not in RESERVED:
        return value
    if "\n" in value and LINES.fullmatch(value):
        ending = "" if value.endswith("\n") else "-"
        lines = (f"{indent}{INDENT}{line}" if line else "" for line in value.removesuffix("\n").split("\n"))
        return "\n".join((f"|{ending}", *lines))
    return UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))
