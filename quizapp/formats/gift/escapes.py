r"""The escapes of GIFT's texts, and the marker of a text's format.

While a question is split into its parts, an escaped character is replaced by a noncharacter of Unicode, so that
`\=` can't be mistaken for the mark of a right answer; `restore` brings the characters back.
"""

from __future__ import annotations

import re

from quizapp.formats.markup import HTML_TEXT
from quizapp.formats.plain_text import as_plain, has_markup
from quizapp.kinds.base import Text

SPECIAL = "~=#{}:\\"
BLANK = "_____"
"""What Moodle shows in place of a missing word."""

PROTECTED = {character: chr(0xFDD0 + n) for n, character in enumerate(SPECIAL)} | {"n": chr(0xFDD0 + len(SPECIAL))}
RESTORED = str.maketrans({mark: "\n" if character == "n" else character for character, mark in PROTECTED.items()})
WRITTEN = str.maketrans({mark: f"\\{character}" for character, mark in PROTECTED.items()})
ESCAPE = re.compile(r"\\([~=#{}:\\n])")
MARKER = re.compile(r"\s*\[(html|markdown|plain|moodle)\]", re.IGNORECASE)
ENTITY = re.compile(r"&[a-z]+;|&#\d+;")


def protect(source: str) -> str:
    """The source with every escaped character replaced."""
    return ESCAPE.sub(lambda match: PROTECTED[match[1]], source)


def unprotect(part: str) -> str:
    """The source as it was before `protect`."""
    return part.translate(WRITTEN)


def restore(part: str) -> str:
    return part.translate(RESTORED)


def marked_text(part: str, language: str, form: str) -> tuple[Text, str]:
    """A text and its format: what its own marker says, else `form`. {} for an empty one."""
    if marker := MARKER.match(part):
        part, form = part[marker.end() :], marker[1].lower()
    words = restore(part.strip())
    if not words:
        return {}, form
    text = {language: words}
    if form == "html" or (form == "moodle" and (HTML_TEXT.search(words) or ENTITY.search(words))):
        return {**text, "format": "html"}, form
    if form == "plain" or form == "moodle":
        return as_plain(text), form
    return text, form


def marker_of(text: Text) -> str:
    """The marker that a text needs to come back as it is."""
    if text.get("format") == "html":
        return "html"
    if text.get("format") == "plain":
        return "plain"
    return "markdown" if has_markup(text) else "moodle"


def escaped(words: str) -> str:
    for character in ("\\", "~", "=", "#", "{", "}", ":"):
        words = words.replace(character, f"\\{character}")
    return words.replace("\n", "\\n")
