"""One item of QTI 1.2 as the kinds read it: its metadata, texts, responses and scoring, each at its place."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.markup import HTML_TEXT, alts, rewrite, text_from_html, text_from_plain
from quizapp.formats.qti.package import Shelf, local
from quizapp.formats.qti12.scoring import Scoring, Unsupported, read_scoring
from quizapp.kinds.base import Text

RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")
RENDERS = ("render_choice", "render_fib", "render_hotspot", "render_slider", "render_extension")
MATERIAL = ("material", "material_ref")
GAPS = "fib"
"""The item type that tells a text with a gap at its end from a question with an answer."""
SAFE_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
HTML_TYPES = ("text/html", "text/xhtml", "html", "xhtml")
NAMESPACES = re.compile(r'\sxmlns(?::\w+)?="[^"]*"')


class Wrong(Exception):
    """The item can't be used; `problem` says why."""

    def __init__(self, template: str, code: str, mend: str = "", **values: Any) -> None:
        self.problem = Problem(template, values, code=code, mend=mend)
        super().__init__(template)


@dataclass
class Response:
    """One place for an answer: its element, its ident, its own text, and its choices."""

    element: Any
    ident: str
    labels: list[Any]

    @property
    def name(self) -> str:
        return local(self.element)

    @cached_property
    def render(self) -> Any:
        return next((node for node in self.element.iter() if local(node) in RENDERS), None)

    @property
    def cardinality(self) -> str:
        return (self.element.get("rcardinality") or "Single").lower()

    @property
    def shuffle(self) -> bool:
        return self.render is not None and self.render.get("shuffle", "").lower() == "yes"

    @property
    def prompt(self) -> list[Any]:
        """The material that belongs to the response and not to a choice."""
        return list(materials(self.element, stop=("response_label",)))

    @property
    def fibtype(self) -> str:
        return (self.render.get("fibtype") or "").lower() if self.render is not None else ""

    @property
    def is_number(self) -> bool:
        return self.name == "response_num" or self.fibtype in ("integer", "decimal", "scientific")


def materials(element: Any, stop: tuple[str, ...]) -> Iterator[Any]:
    """The materials below an element in their order, but for those inside of `stop`."""
    for child in element:
        if local(child) in MATERIAL:
            yield child
        elif local(child) not in stop:
            yield from materials(child, stop)


@dataclass
class Question:
    """One `<item>`; texts that are asked for gather their media in `shelf`, remarks go to `problems`."""

    element: Any
    shelf: Shelf
    language: str
    problems: list[Problem] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)

    @cached_property
    def meta(self) -> dict[str, str]:
        """The metadata by label, in small letters."""
        found: dict[str, str] = {}
        for block in self.element:
            if local(block) not in ("itemmetadata", "qtimetadata"):
                continue
            for node in block.iter():
                if local(node) in ("qtimetadatafield", "qti_metadatafield"):
                    parts = {local(part): (part.text or "").strip() for part in node}
                    found.setdefault(parts.get("fieldlabel", "").lower(), parts.get("fieldentry", ""))
                elif local(node).startswith("qmd_"):
                    found.setdefault(local(node).lower(), (node.text or "").strip())
        return found

    @cached_property
    def presentation(self) -> Any:
        found = next((child for child in self.element if local(child) == "presentation"), None)
        if found is None:
            raise Wrong(N_("The question has no text."), "no-text", N_("Write what is asked."))
        return found

    @cached_property
    def responses(self) -> list[Response]:
        return [
            Response(node, node.get("ident", ""), [label for label in node.iter() if local(label) == "response_label"])
            for node in self.presentation.iter()
            if local(node) in RESPONSES
        ]

    @cached_property
    def scoring(self) -> Scoring:
        single = {one.ident for one in self.responses if one.cardinality == "single"}
        return read_scoring(self.element, single)

    def only_response(self, *names: str) -> Response:
        """The item's one response, which must be of these names."""
        if len(self.responses) != 1 or self.responses[0].name not in names:
            raise Unsupported(N_("Its places for answers aren't those of its type."))
        return self.responses[0]

    # --- texts ---

    def markup(self, nodes: list[Any]) -> str:
        """Materials as one piece of HTML; several become a paragraph each."""
        pieces = [piece for piece in ("".join(self.pieces(node)) for node in nodes) if piece.strip()]
        if len(pieces) > 1:
            pieces = [piece if piece.lstrip().startswith("<") else f"<p>{piece.strip()}</p>" for piece in pieces]
        return "\n".join(pieces)

    def text(self, nodes: list[Any], change: Callable[[str], str] = str) -> Text:
        """Materials as a Text, {} if they say nothing; `change` is done to what is written."""
        written = [part for node in nodes for part in node.iter() if is_part(part)]
        if len(written) == 1 and is_plain(written[0]):
            return text_from_plain(change(plain_words(written[0])), self.language)
        return text_from_html(change(self.markup(nodes)), self.language)

    @property
    def stem(self) -> Text:
        """All that is asked: the materials outside of the responses, then the responses' own."""
        return self.text(
            [*materials(self.presentation, RESPONSES), *(node for one in self.responses for node in one.prompt)]
        )

    def label_text(self, label: Any) -> Text:
        return self.text(list(materials(label, stop=())))

    def pieces(self, material: Any) -> Iterator[str]:
        for part in material.iter():
            if is_part(part):
                markup = rewrite(markup_of(part), self.shelf.address)
                self.alts.update(alts(markup))
                yield markup

    def feedback(self, ident: str) -> Text:
        """The text of an `itemfeedback`, without its solutions and hints."""
        found = self.feedbacks.get(ident)
        self.used.add(ident)
        return self.text(list(materials(found, stop=("solution", "hint")))) if found is not None else {}

    @cached_property
    def feedbacks(self) -> dict[str, Any]:
        return {node.get("ident", ""): node for node in self.element if local(node) == "itemfeedback"}


def is_part(node: Any) -> bool:
    return local(node) in ("mattext", "matemtext", "mat_formattedtext", "matimage", "mataudio", "matvideo", "matbreak")


def is_plain(part: Any) -> bool:
    """Whether a part is words: by its type, or, where none is declared, by what it looks like."""
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


def ids_of(wanted: list[str], prefix: str = "") -> list[str]:
    """The file's own idents where they are sound and distinct, else a, b, c … by position."""
    if len(set(wanted)) == len(wanted) and all(SAFE_ID.fullmatch(ident) for ident in wanted):
        return [prefix + ident for ident in wanted]
    return [prefix + letters(place) for place in range(len(wanted))]


def letters(place: int) -> str:
    """a, b … z, aa, ab …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name
