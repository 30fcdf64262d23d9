"""An item of QTI 2 or 3 as the readers of kinds see it: its interactions, texts, media and processing."""

from __future__ import annotations

import copy
import html
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.markup import alts, paragraphs, rewrite, text_from_html, words_of
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.refusals import Unsupported, Unusable
from quizapp.formats.qti2.processing import Processing, read_processing
from quizapp.formats.qti2.vocabularies import LAYOUT_ATTRIBUTES
from quizapp.kinds.base import Text

HIDDEN = (
    "stylesheet",
    "rubricBlock",
    "feedbackInline",
    "feedbackBlock",
    "templateInline",
    "templateBlock",
    "catalogInfo",
)
EMPTY = re.compile(r"<(div|p|span|section)>\s*</\1>")
DYNAMIC = ("templateDeclaration", "templateProcessing", "printedVariable", "infoControl", "include")
STIMULUS, STEM, GAPS = "quizapp-stimulus", "quizapp-stem", "quizapp-gaps"
"""The classes of the blocks that we write, to keep apart what would otherwise run together."""


@dataclass
class AssessmentItem:
    """One `assessmentItem`. Its texts put their media on the `shelf`; warnings and losses go to `problems`."""

    element: Any
    shelf: MediaShelf
    language: str
    problems: list[Problem] = field(default_factory=list)
    alts: dict[str, str] = field(default_factory=dict)

    @cached_property
    def body(self) -> Any:
        found = next((node for node in self.element if local(node) == "itemBody"), None)
        if found is None:
            raise Unusable(N_("The question has no text."), "no-text", N_("Write what is asked."))
        return found

    @cached_property
    def interactions(self) -> list[Any]:
        return [node for node in self.body.iter() if local(node).endswith("Interaction")]

    @cached_property
    def processing(self) -> Processing:
        """How it is scored. Raises Unsupported if that depends on chance or on earlier attempts."""
        if self.element.get("adaptive", "").lower() == "true":
            raise Unsupported(N_("It changes with each try."))
        if any(local(node) in DYNAMIC for node in self.element.iter()):
            raise Unsupported(N_("Its text or numbers are drawn anew each time."))
        return read_processing(self.element)

    @property
    def has_processing(self) -> bool:
        return any(local(node) == "responseProcessing" for node in self.element)

    @property
    def maximum(self) -> float | None:
        """The declared maximum of the score."""
        outcomes = self.processing.outcomes
        if isinstance(outcomes.get("MAXSCORE"), float) and outcomes["MAXSCORE"] > 0:
            return outcomes["MAXSCORE"]
        for node in self.element:
            if local(node) == "outcomeDeclaration" and node.get("identifier") == "SCORE" and node.get("normalMaximum"):
                try:
                    return float(node.get("normalMaximum"))
                except ValueError:
                    return None
        return None

    # --- texts ---

    def text(self, element: Any, replace: Callable[[Any], str | None] = lambda node: None) -> Text:
        """The text inside an element. `replace` may give words for an element; "" removes it."""
        return text_from_html(self.markup(element, replace), self.language)

    def markup(self, element: Any, replace: Callable[[Any], str | None] = lambda node: None) -> str:
        if len(element) == 1 and local(element[0]) == "contentBody":
            element = element[0]
        inner = copy.deepcopy(element)
        # The copy has the same elements in the same order, so the originals show what has to go.
        for original, node in list(zip(element.iter(), inner.iter(), strict=True))[1:]:
            words = "" if local(original) in HIDDEN else replace(original)
            if words is not None:
                take_out(node, words)
            elif isinstance(node.tag, str):
                tidy(node)
        parts = [html.escape(inner.text or "", quote=False)]
        parts += [etree.tostring(child, encoding="unicode", method="html") for child in inner]
        written = rewrite("".join(parts), self.shelf.address)
        while (emptied := EMPTY.sub("", written)) != written:
            written = emptied
        self.alts.update(alts(written))
        return written

    def stem(self, *without: Any) -> Text:
        """The body without these elements, then their prompts."""
        text = self.markup(self.main, lambda node: "" if node in without or node is self.stimulus_block else None)
        prompts = [self.markup(node) for one in without for node in one if local(node) == "prompt"]
        return text_from_html(paragraphs([one for one in (text, *prompts) if one.strip()]), self.language)

    @cached_property
    def main(self) -> Any:
        """What holds the question's text: the block that we wrote for it, else the whole body."""
        return self.block(STEM) if self.block(STEM) is not None else self.body

    @cached_property
    def gap_text(self) -> Any:
        """What holds a text with gaps: the block that we wrote for it, else all of the text."""
        return self.block(GAPS) if self.block(GAPS) is not None else self.main

    @cached_property
    def stimulus_block(self) -> Any:
        return self.block(STIMULUS)

    def block(self, name: str) -> Any:
        return next((node for node in self.body if node.get("class") == name), None)

    def rubric(self, *views: str) -> Text:
        """What is addressed to people in one of these roles."""
        found = [node for node in self.rubrics if views_of(node) & set(views)]
        return text_from_html(paragraphs([one for node in found if (one := self.markup(node)).strip()]), self.language)

    @cached_property
    def rubrics(self) -> list[Any]:
        bodies = [node for node in self.element if local(node) == "itemBody"]
        return [node for body in bodies for node in body.iter("rubricBlock")]

    def left_out(self, element: Any) -> Problem | None:
        """A loss for an element that has a text and no place here."""
        words = words_of(self.text(element), self.language)
        return element_left_out(element, words) if words else None


def views_of(rubric: Any) -> set[str]:
    return set((rubric.get("view") or "candidate").split())


def element_left_out(element: Any, words: str) -> Problem:
    return Problem(
        N_("“%(name)s” is left out."),
        {"name": local(element)},
        code="left-out",
        severity="loss",
        line=element.sourceline,
        text=words,
    )


def take_out(node: Any, words: str) -> None:
    """Replace an element by words; what follows it stays."""
    parent, written = node.getparent(), words + (node.tail or "")
    if parent is None:
        return
    before = node.getprevious()
    if before is not None:
        before.tail = (before.tail or "") + written
    else:
        parent.text = (parent.text or "") + written
    node.tail = None
    parent.remove(node)


def tidy(node: Any) -> None:
    """Drop the layout of another system; a picture given as an object becomes an image."""
    if local(node) == "contentBody":
        node.tag = "div"
    if local(node) == "object" and (node.get("type") or "").startswith("image/"):
        alt = "".join(node.itertext()).strip()
        tail, address = node.tail, node.get("data") or ""
        node.clear()
        node.tag, node.tail = "img", tail
        node.set("src", address)
        node.set("alt", alt)
    for key in list(node.attrib):
        if (key in LAYOUT_ATTRIBUTES and node.tag != "code") or key.startswith(("data-", "{")):
            del node.attrib[key]
