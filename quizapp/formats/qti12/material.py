"""The materials of which QTI 1.2 makes its texts: words, HTML, pictures, sounds and videos."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.markup import HTML_TEXT
from quizapp.formats.qti.documents import local

MATERIAL = ("material", "material_ref")
HTML_TYPES = ("text/html", "text/xhtml", "html", "xhtml")
NAMESPACES = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


def materials(element: Any, stop: tuple[str, ...]) -> Iterator[Any]:
    """The materials below an element in order, without those inside the elements named in `stop`."""
    for child in element:
        if local(child) in MATERIAL:
            yield child
        elif local(child) not in stop:
            yield from materials(child, stop)


def is_part(node: Any) -> bool:
    return local(node) in ("mattext", "matemtext", "mat_formattedtext", "matimage", "mataudio", "matvideo", "matbreak")


def is_plain(part: Any) -> bool:
    """Whether a part is plain words: by its declared type, else by its looks."""
    if local(part) not in ("mattext", "matemtext", "mat_formattedtext") or len(part):
        return False
    kind = (part.get("texttype") or part.get("type") or "").lower()
    return kind not in HTML_TYPES if kind else not HTML_TEXT.search(part.text or "")


def plain_words(part: Any) -> str:
    written = part.text or ""
    kept = part.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
    return written if kept else re.sub(r"[ \t\r\n]+", " ", written)


def markup_of(part: Any) -> str:
    """One part of a material as HTML."""
    name, address = local(part), html.escape(part.get("uri") or "")
    label = html.escape(part.get("label") or "")
    if name == "matbreak":
        return "<br>"
    if name.startswith("mat") and part.get("embedded", "").lower() == "base64" and part.text:
        kind = part.get("imagtype") or part.get("audiotype") or part.get("videotype") or "application/octet-stream"
        address = f"data:{kind};base64,{''.join(part.text.split())}"
    if name == "matimage":
        return f'<img src="{address}" alt="{label}">'
    if name in ("mataudio", "matvideo"):
        return f'<a href="{address}">{label or address.rpartition("/")[2]}</a>'
    if len(part):
        return inner_markup(part)
    return html.escape(plain_words(part), quote=False) if is_plain(part) else part.text or ""


def inner_markup(element: Any) -> str:
    """What stands inside of an element, as HTML."""
    copy = deepcopy(element)
    for node in copy.iter():
        if isinstance(node.tag, str):
            node.tag = local(node)
    etree.cleanup_namespaces(copy)
    parts = [html.escape(copy.text or "", quote=False)]
    parts += [etree.tostring(child, encoding="unicode", method="html") for child in copy]
    return NAMESPACES.sub("", "".join(parts))
