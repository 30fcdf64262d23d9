"""The media of one item, as its texts ask for them."""

from __future__ import annotations

import base64
import binascii
import mimetypes
import posixpath
import re
from dataclasses import dataclass, field
from urllib.parse import unquote

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError
from quizapp.formats.items import Media
from quizapp.formats.qti.addresses import NOT_IN_NAMES, is_elsewhere
from quizapp.formats.qti.package_reader import QtiPackage

DATA = re.compile(r"data:([\w.+-]+/[\w.+-]+)?;base64,([A-Za-z0-9+/=\s%]+)")


@dataclass
class MediaShelf:
    """Collects the media of one item and gives each a name of its own for the texts to use."""

    package: QtiPackage
    beside: str = ""
    media: dict[str, Media] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    def address(self, written: str) -> str | None:
        """`media:NAME` for an address in the package or with its data in it; None to leave it as it is."""
        written = written.strip()
        if embedded := DATA.fullmatch(written):
            return self.embedded(embedded[1] or "application/octet-stream", embedded[2])
        if not written or written.startswith("media:") or is_elsewhere(written):
            return None
        name = self.package.find(written, self.beside)
        if name is None:
            self.missing.append(written)
            return None
        try:
            data = self.package.medium(name)
        except FormatError:  # one damaged file costs no question
            self.missing.append(written)
            return None
        return f"media:{self.keep(posixpath.basename(name), data)}"

    def embedded(self, kind: str, encoded: str) -> str | None:
        try:
            data = base64.b64decode(unquote(encoded), validate=False)
        except (binascii.Error, ValueError):
            return None
        return f"media:{self.keep('embedded' + (mimetypes.guess_extension(kind) or ''), data, kind)}"

    def keep(self, name: str, data: bytes, kind: str = "") -> str:
        """The name under which the data is kept."""
        plain = NOT_IN_NAMES.sub("_", name) or "file"
        stem, suffix = posixpath.splitext(plain)
        number = 1
        while plain in self.media and self.media[plain].data != data:
            number += 1
            plain = f"{stem}-{number}{suffix}"
        self.media[plain] = Media(plain, data, kind or mimetypes.guess_type(plain)[0] or "application/octet-stream")
        return plain

    def problems(self) -> list[Problem]:
        return [
            Problem(
                N_("The file “%(name)s” that the text shows is missing in the package."),
                {"name": name},
                code="missing-media",
                severity="warning",
                text=name,
                mend=N_("Export it again with its files, or add the file by hand."),
            )
            for name in dict.fromkeys(self.missing)
        ]
