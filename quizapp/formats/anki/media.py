"""The pictures and sounds in the fields of a note, found by their names in Anki."""

from __future__ import annotations

import html
import mimetypes
import re
from collections.abc import Callable
from urllib.parse import unquote

from quizapp.formats.items import Media

IMAGE = re.compile(r"""(<img\b[^<>]*?\ssrc\s*=\s*)("[^"<>]*"|'[^'<>]*'|[^\s"'<>]+)""", re.IGNORECASE)
SOUND = re.compile(r"\[sound:([^\[\]\n]{1,300})\]")
ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//", re.IGNORECASE)
UNSAFE = re.compile(r"[^\w.-]+")


class MediaFinder:
    """Rewrites the addresses in the texts of one item to `media:NAME` and collects the files.

    `find` gives a file by its name in Anki. `media` are the files found, by their names in the item; `missing` are the
    names in Anki of those not found.
    """

    def __init__(self, find: Callable[[str], bytes | None]) -> None:
        self.find = find
        self.media: dict[str, Media] = {}
        self.missing: dict[str, None] = {}
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
        """It is played by a control of its own."""
        name = html.unescape(match[1])
        media = self.get(name)
        return f'<audio controls src="media:{media.name}"></audio>' if media else match[0]

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
        """A medium with a name that can stand in an address and is unique in the item."""
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        media = Media(UNSAFE.sub("_", name).strip(".") or "file", data, kind)
        if media.name in self.media:
            media.name = f"{media.hash[:16]}-{media.name}"
        return self.media.setdefault(media.name, media)
