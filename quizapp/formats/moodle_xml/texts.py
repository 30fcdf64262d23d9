"""Texts of Moodle XML: their four formats, and the files that stand beside them."""

from __future__ import annotations

import base64
import binascii
import html
import mimetypes
import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.items import Media
from quizapp.formats.markup import HTML_TEXT, is_bare, rewrite, text_from_html, text_from_plain
from quizapp.kinds.base import Text, nfc, say

PLUGIN = "@@PLUGINFILE@@/"
MEDIA = re.compile(r"media:([^\s\"'<>)]+)")


@dataclass
class QuestionFiles:
    """The files of one question, by the name that its texts use."""

    media: list[Media] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def add(self, name: str, written: str, line: int | None) -> None:
        try:
            data = base64.b64decode("".join(written.split()), validate=True)
        except (binascii.Error, ValueError):
            self.problems.append(
                Problem(
                    N_("The file “%(name)s” can't be read: its base64 is broken."),
                    {"name": name},
                    code="media",
                    line=line,
                    severity="loss",
                )
            )
            return
        if any(media.name == name for media in self.media):
            return
        self.media.append(Media(name, data, mimetypes.guess_type(name)[0] or "application/octet-stream"))


def media_name(path: str) -> str:
    """A file's path as one name, without spaces: the same name in two folders stays two."""
    return re.sub(r"[\s\"'<>()/]", "_", nfc(unquote(path)).strip("/"))


def text_of(element: Any, language: str, files: QuestionFiles, default: str = "html") -> Text:
    """The Text of an element with `<text>` and files in it; {} if there is none. `default` is its format, unsaid."""
    if element is None:
        return {}
    for file in element.findall("file"):
        if file.get("encoding", "base64") == "base64":
            files.add(media_name(file.get("path", "/") + file.get("name", "")), file.text or "", file.sourceline)
    written = nfc(source_in(element.find("text"))).strip()
    form = element.get("format", default).strip().lower()
    if form == "html" or (form == "moodle_auto_format" and HTML_TEXT.search(written)):
        return text_from_html(rewrite(written, plugin_address), language)
    written = written.replace(PLUGIN, "media:")
    if form == "markdown":
        return {language: written} if written else {}
    return text_from_plain(written, language)


def source_in(element: Any) -> str:
    """What an element holds; markup that somebody wrote into the XML itself as markup."""
    if element is None:
        return ""
    if not len(element):
        return element.text or ""
    inner = (etree.tostring(child, encoding="unicode", method="html") for child in element)
    return html.escape(element.text or "", quote=False) + "".join(inner)


def plugin_address(address: str) -> str | None:
    return f"media:{media_name(address.removeprefix(PLUGIN))}" if address.startswith(PLUGIN) else None


def format_of(text: Text) -> str:
    if text.get("format") == "html":
        return "html"
    if text.get("format") == "plain":
        return "plain_text"
    return "moodle_auto_format" if is_bare(text) else "markdown"


def written_text(text: Text, language: str) -> tuple[str, list[str]]:
    """The text as Moodle writes it, and the names of the files that it shows."""
    words = say(text, language)
    names = MEDIA.findall(words)
    return MEDIA.sub(lambda found: PLUGIN + quote(found[1]), words), names
