"""Builds an `<item>` of QTI 1.2: metadata, presentation, response processing and feedback, in this order."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.items import Item
from quizapp.formats.markup import html_of, is_bare, rewrite, writable
from quizapp.formats.qti12.feedback import MOMENTS
from quizapp.formats.qti12.question import GAPS
from quizapp.kinds.base import Text, say

XML = "{http://www.w3.org/XML/1998/namespace}"
RESPONSE = "response1"
GRADER_NOTES = "grader_notes"
ROUGH = re.compile(r"^\s|\s$|[\n\t]|  ")
"""Space that XML would fold."""


def percent(share: float) -> str:
    """With enough digits for a third to come back as one."""
    return f"{share * 100:.12f}".rstrip("0").rstrip(".")


@dataclass
class ItemWriter:
    """Builds one `<item>`, part by part in their order, with texts in one language."""

    element: Any
    item: Item
    language: str
    paths: dict[str, str]
    presentation: Any = None
    processing: Any = None
    feedbacks: list[tuple[str, Text]] = field(default_factory=list)

    def metadata(self, kind: str) -> None:
        fields = {
            "question_type": kind,
            "qmd_itemtype": GAPS if self.item.kind == "cloze" and not kind else "",
            "points_possible": f"{self.item.points}",
            "qmd_keywords": ", ".join(self.item.tags),
        }
        outer = etree.SubElement(etree.SubElement(self.element, "itemmetadata"), "qtimetadata")
        for label, entry in fields.items():
            if entry:
                one = etree.SubElement(outer, "qtimetadatafield")
                etree.SubElement(one, "fieldlabel").text = label
                etree.SubElement(one, "fieldentry").text = writable(entry)

    def open(self) -> None:
        """Begin the presentation with its text, and the processing with what is always shown."""
        self.presentation = etree.SubElement(self.element, "presentation")
        for text in (self.item.stimulus, self.item.stem):
            self.material(self.presentation, text)
        self.processing = etree.Element("resprocessing")
        outcomes = etree.SubElement(self.processing, "outcomes")
        etree.SubElement(outcomes, "decvar", maxvalue="100", minvalue="0", varname="SCORE", vartype="Decimal")
        if self.item.feedback.get("general"):
            self.condition([etree.Element("other")], "Yes", show="general_fb")

    def close(self) -> None:
        """Add what is shown for a wrong answer, and all feedback."""
        if self.item.feedback.get("wrong"):
            self.condition([etree.Element("other")], "Yes", show="general_incorrect_fb")
        if len(self.processing) > 1:
            self.element.append(self.processing)
        for ident, moment in MOMENTS.items():
            self.feedback(ident, self.item.feedback.get(moment))
        for ident, text in self.feedbacks:
            self.feedback(ident, text)
        self.nested("solution", "solutionmaterial", [self.item.feedback.get("solution") or {}])
        self.nested("hint", "hintmaterial", self.item.hints)

    def feedback(self, ident: str, text: Text | None) -> None:
        if text and say(text, self.language):
            outer = etree.SubElement(self.element, "itemfeedback", ident=ident)
            if ident == GRADER_NOTES:
                outer.set("view", "Scorer")
            self.material(etree.SubElement(outer, "flow_mat"), text)

    def nested(self, name: str, inner: str, texts: Iterable[Text]) -> None:
        texts = [text for text in texts if say(text, self.language)]
        if texts:
            outer = etree.SubElement(etree.SubElement(self.element, "itemfeedback", ident=f"{name}_fb"), name)
            for text in texts:
                self.material(etree.SubElement(etree.SubElement(outer, inner), "flow_mat"), text)

    # --- texts ---

    def material(self, parent: Any, text: Text | None, change: Callable[[str], str] = str) -> None:
        written = say(text, self.language)
        if not text or not written:
            return
        if text.get("format") == "plain" or is_bare({self.language: written}):
            self.mattext(parent, change(writable(written)), "text/plain")
        else:
            self.mattext(parent, change(self.markup(text)), "text/html")

    def mattext(self, parent: Any, written: str, kind: str) -> None:
        inner = etree.SubElement(etree.SubElement(parent, "material"), "mattext", texttype=kind)
        inner.text = written
        if kind == "text/plain" and ROUGH.search(written):
            inner.set(XML + "space", "preserve")

    def markup(self, text: Text) -> str:
        return rewrite(html_of(text, self.language), lambda written: self.paths.get(written.removeprefix("media:"))
                       if written.startswith("media:") else None)  # fmt: skip

    # --- responses and conditions ---

    def render(self, name: str, ident: str, prompt: Text | None = None, **attributes: str) -> Any:
        """Add a response with its renderer; returns the renderer."""
        response = etree.SubElement(self.presentation, name, ident=ident, **attributes)
        self.material(response, prompt)
        if name != "response_lid":
            return etree.SubElement(response, "render_fib")
        return etree.SubElement(response, "render_choice", shuffle="Yes" if self.item.shuffle else "No")

    def label(self, render: Any, ident: str, text: Text, pinned: bool = False) -> None:
        label = etree.SubElement(render, "response_label", ident=ident)
        if pinned:
            label.set("rshuffle", "No")
        self.material(label, text)

    def condition(self, tests: list[Any], goes_on: str, action: str = "", value: str = "", show: str = "") -> None:
        condition = etree.SubElement(self.processing, "respcondition", attrib={"continue": goes_on})
        etree.SubElement(condition, "conditionvar").extend(tests)
        if action:
            etree.SubElement(condition, "setvar", action=action, varname="SCORE").text = value
        if show:
            etree.SubElement(condition, "displayfeedback", feedbacktype="Response", linkrefid=show)

    def own_feedback(self, ident: str, text: Text | None, test: Any) -> None:
        """Add the feedback of one choice or answer, shown where the test holds."""
        if text:
            self.feedbacks.append((f"{ident}_fb", text))
            self.condition([test], "Yes", show=f"{ident}_fb")

    @property
    def right(self) -> str:
        """The feedback that is shown for a right answer; "" if there is none."""
        return "correct_fb" if self.item.feedback.get("right") else ""


def compound(name: str, *tests: Any) -> Any:
    """Tests that belong together: `and`, `or`, `not`."""
    element = etree.Element(name)
    element.extend(tests)
    return element


def comparison(name: str, response: str, value: str, **attributes: str) -> Any:
    """The comparison of a response with a value."""
    element = etree.Element(name, respident=response, **attributes)
    element.text = writable(value)
    return element


def equals(response: str, value: str, **attributes: str) -> Any:
    return comparison("varequal", response, value, **attributes)
