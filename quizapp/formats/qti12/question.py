"""An item of QTI 1.2 as the readers of kinds see it: its metadata, texts, responses and scoring."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.markup import alts, rewrite, text_from_html, text_from_plain
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.refusals import Unsupported, Unusable
from quizapp.formats.qti12.material import is_part, is_plain, markup_of, materials, plain_words
from quizapp.formats.qti12.scoring import Scoring, read_scoring
from quizapp.kinds.base import Text

RESPONSES = ("response_lid", "response_str", "response_num", "response_grp", "response_xy", "response_extension")
RENDERS = ("render_choice", "render_fib", "render_hotspot", "render_slider", "render_extension")
GAPS = "fib"
"""The item type by which we mark a text with gaps: with one gap at its end it would read as a typed answer."""


@dataclass
class Response:
    """One response of an item: its element, its ident, and the labels of its choices."""

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
        """The material of the response itself, without that of its choices."""
        return list(materials(self.element, stop=("response_label",)))

    @property
    def fibtype(self) -> str:
        return (self.render.get("fibtype") or "").lower() if self.render is not None else ""

    @property
    def is_typed(self) -> bool:
        return self.name in ("response_str", "response_num")

    @property
    def is_graphic(self) -> bool:
        """Whether it is answered by pointing at a picture or moving a slider."""
        return self.render is not None and local(self.render) in ("render_hotspot", "render_slider")

    @property
    def is_number(self) -> bool:
        return self.name == "response_num" or self.fibtype in ("integer", "decimal", "scientific")


@dataclass
class Qti12Question:
    """One `<item>`. Its texts put their media on the `shelf`; warnings and losses go to `problems`."""

    element: Any
    shelf: MediaShelf
    language: str
    problems: list[Problem] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)
    used: set[str] = field(default_factory=set)
    explained: set[str] = field(default_factory=set)
    """The feedback whose solution is that of a choice."""

    @cached_property
    def meta(self) -> dict[str, str]:
        """The metadata by label in lower case."""
        found: dict[str, str] = {}
        for block in self.element:
            if local(block) not in ("itemmetadata", "qtimetadata"):
                continue
            for node in block.iter():
                if local(node) in ("qtimetadatafield", "qti_metadatafield"):
                    parts = {local(part): (part.text or "").strip() for part in node}
                    found.setdefault(parts.get("fieldlabel", "").lower(), parts.get("fieldentry", ""))
                elif local(node).startswith(("qmd_", "bbmd_")):
                    found.setdefault(local(node).lower(), (node.text or "").strip())
        return found

    @cached_property
    def presentation(self) -> Any:
        found = next((child for child in self.element if local(child) == "presentation"), None)
        if found is None:
            raise Unusable(N_("The question has no text."), "no-text", N_("Write what is asked."))
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
        """The item's only response, which must be an element of one of these names."""
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
        """Materials as a Text, {} if they are empty; `change` is applied to what is written."""
        written = [part for node in nodes for part in node.iter() if is_part(part)]
        if len(written) == 1 and is_plain(written[0]):
            return text_from_plain(change(plain_words(written[0])), self.language)
        return text_from_html(change(self.markup(nodes)), self.language)

    @property
    def stem(self) -> Text:
        """The materials outside of the responses, then the responses' own."""
        return self.text(
            [*materials(self.presentation, RESPONSES), *(node for one in self.responses for node in one.prompt)]
        )

    def text_inside(self, element: Any) -> Text:
        """All the material below an element."""
        return self.text(list(materials(element, stop=())))

    def pieces(self, material: Any) -> Iterator[str]:
        for part in material.iter():
            if is_part(part):
                markup = rewrite(markup_of(part), self.shelf.address)
                self.alts.update(alts(markup))
                yield markup

    def feedback(self, ident: str) -> Text:
        """The text of an `itemfeedback`, without its solutions and hints."""
        self.used.add(ident)
        return self.feedback_text(ident, ("solution", "hint"))

    def choice_feedback(self, ident: str) -> Text:
        """The same for that of a choice, which Blackboard writes as a solution."""
        if said := self.feedback(ident):
            return said
        self.explained.add(ident)
        return self.feedback_text(ident, ("hint",))

    def feedback_text(self, ident: str, stop: tuple[str, ...]) -> Text:
        return self.text([part for node in self.feedbacks.get(ident, ()) for part in materials(node, stop)])

    @property
    def solution(self) -> Text:
        """The solutions of the whole question."""
        nodes = [node for ident, found in self.feedbacks.items() if ident not in self.explained for node in found]
        solutions = [one for node in nodes for one in node.iter("{*}solutionmaterial")]
        return self.text([part for one in solutions for part in materials(one, stop=())])

    @cached_property
    def feedbacks(self) -> dict[str, list[Any]]:
        """The feedback by ident; an ident that stands twice has several."""
        found: dict[str, list[Any]] = {}
        for node in self.element:
            if local(node) == "itemfeedback":
                found.setdefault(node.get("ident", ""), []).append(node)
        return found
