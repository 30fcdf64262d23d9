"""Anki's cloze deletions, `{{c1::answer::hint}}`, which may be nested."""

from __future__ import annotations

import re
from dataclasses import dataclass

TOKEN = re.compile(r"\{\{c[0-9]{1,5}(?:,[0-9]{1,5})*::|\}\}")
MOST_NESTED = 10
"""As many as Anki itself nests."""


@dataclass(frozen=True)
class Deletion:
    """A hidden part: its text, with nested deletions revealed, and the hint shown in its place."""

    answer: str
    hint: str = ""
    nested: bool = False


def split_cloze(text: str) -> list[str | Deletion]:
    """The text as visible parts and outermost deletions in turn. A deletion that never ends is visible text."""
    parts: list[str | Deletion] = []
    opened: list[re.Match[str]] = []
    shown = 0
    for token in TOKEN.finditer(text):
        if token[0] != "}}":
            opened += [token] if len(opened) < MOST_NESTED else []
        elif opened:
            first = opened.pop()
            if not opened:
                parts += [text[shown : first.start()], deletion(text[first.end() : token.start()])]
                shown = token.end()
    return [*parts, text[shown:]]


def deletion(inside: str) -> Deletion:
    """What stands between the braces of a deletion."""
    answer, hint = "", ""
    parts = split_cloze(inside)
    for part in parts:
        if isinstance(part, Deletion):
            answer += part.answer
        else:
            head, mark, tail = part.partition("::")
            answer, hint = answer + head, tail if mark else hint
    return Deletion(answer, hint, nested=len(parts) > 1)


def has_cloze(text: str) -> bool:
    return len(split_cloze(text)) > 1
