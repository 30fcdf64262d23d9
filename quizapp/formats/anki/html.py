"""The HTML of Anki's fields: plain texts in it, its pictures and sounds, and the field names of its templates."""

from __future__ import annotations

import html
import mimetypes
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote

from quizapp.formats.items import Media

LONGEST_ANSWER = 80
"""An answer that is longer is not one that people type the same way twice."""

TAG = re.compile(r"<!--[^<]*-->|</?([a-zA-Z][a-zA-Z0-9]*)[^<>]*>")
LINE_END = re.compile(r"<(?:br|hr)\b[^<>]*>|</(?:div|p|li|tr|h[1-6]|ul|ol|table|pre|blockquote)\s*>", re.IGNORECASE)
FORMATTING = {"", "b", "i", "u", "em", "strong", "span", "div", "p", "font", "center", "small", "mark", "br"}
UNTYPED = re.compile(r"\[sound:|\[latex\]|\[\$\$?\]|\\[(\[]|\[anki:")
IMAGE = re.compile(r"""(<img\b[^<>]*?\ssrc\s*=\s*)("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.IGNORECASE)
SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w.-]+")
REFERENCE = re.compile(r"\{\{([^{}]{1,200})\}\}")
SPECIAL = {"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", ""}


def plain_text(markup: str) -> str:
    """The text that the HTML shows, its lines apart."""
    shown = html.unescape(TAG.sub("", LINE_END.sub("\n", markup)))
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def typed_answer(markup: str, is_html: bool = True) -> str | None:
    """The one short line that can be typed for this side of a card; None if it is no such line."""
    tags = {name.lower() for name in TAG.findall(markup)} if is_html else set()
    text = plain_text(markup) if is_html else markup.strip()
    if not text or "\n" in text or len(text) > LONGEST_ANSWER or tags - FORMATTING or UNTYPED.search(text):
        return None
    return text


@dataclass
class Fields:
    """Which fields a side of a card shows, in order, by the filters that it shows them with."""

    plain: list[str] = field(default_factory=list)
    cloze: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def template_fields(template: str) -> Fields:
    """The fields of a template such as `{{Front}}<hr>{{type:Back}}`."""
    found = Fields()
    for reference in REFERENCE.findall(template):
        *filters, name = (part.strip() for part in reference.split(":"))
        if name in SPECIAL or reference.strip()[:1] in "#^/!&":
            continue
        kind = next((one for one in ("type", "cloze", "hint") if one in filters), "plain")
        side = {"type": found.typed, "cloze": found.cloze, "hint": found.hints, "plain": found.plain}[kind]
        if name not in side:
            side.append(name)
    return found


class MediaFinder:
    """Puts the addresses `media:NAME` into the texts of one item and gathers the files.

    `find` gives a file by its name in Anki. `media` are those found, by their name in the item; `missing` are the
    names in Anki of those not found; `sounds` of those that are sounds.
    """

    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self.find = find
        self.media: dict[str, Media] = {}
        self.missing: dict[str, None] = {}
        self.sounds: dict[str, None] = {}
        self._found: dict[str, Media] = {}

    def text(self, markup: str) -> str:
        return SOUND.sub(self.sound, IMAGE.sub(self.image, markup))

    def image(self, match: re.Match[str]) -> str:
        source = html.unescape(match[2].strip("\"'"))
        if ELSEWHERE.match(source):
            return match[0]
        media = self.get(source)
        return f'{match[1]}"media:{media.name}"' if media else match[0]

    def sound(self, match: re.Match[str]) -> str:
        """A page can't play it in the middle of a text; it becomes a link."""
        name = html.unescape(match[1])
        self.sounds[name] = None
        media = self.get(name)
        return f'<a href="media:{media.name}">{html.escape(media.name)}</a>' if media else match[0]

    def get(self, name: str) -> Media | None:
        """The file by its name in Anki, which may be percent-encoded."""
        for candidate in (name, unquote(name)):
            if candidate in self._found:
                return self._found[candidate]
            data = self.find(candidate)
            if data is not None:
                self._found[candidate] = self.keep(candidate, data)
                return self._found[candidate]
        self.missing[name] = None
        return None

    def keep(self, name: str, data: bytes) -> Media:
        """A medium whose name can stand in an address, and that no other file of the item has."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        media = Media(UNSAFE.sub("_", name).strip(".") or "file", data, kind)
        if media.name in self.media:
            media.name = f"{media.hash[:16]}-{media.name}"
        return self.media.setdefault(media.name, media)
