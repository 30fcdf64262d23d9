"""Plain text as our texts: marked as plain only where Markdown would read more into it.

A plain text that Markdown would show as it stands is stored without a format, so that it is the same question as
one written in our editor; any other one says that it is plain.
"""

from __future__ import annotations

import re

from quizapp.kinds.base import Text

MARKUP = re.compile(r"[\\`*_{}\[\]<>#&|~^$\n]|^\s|\s$|  |^(?:[-+=:]|\d+[.)])")
"""What Markdown may read as more than letters."""


def as_plain(text: Text) -> Text:
    """The Text of plain text: marked as plain only where Markdown would read more into it."""
    return {**text, "format": "plain"} if has_markup(text) else text


def one_line(words: str) -> str:
    """Words on one line, with single spaces between them."""
    return " ".join(words.split())


def has_markup(text: Text) -> bool:
    return any(MARKUP.search(part) for key, part in text.items() if key != "format")


def is_plain(text: Text) -> bool:
    """Whether the text is shown as it stands."""
    return text.get("format") == "plain" or not has_markup(text)
