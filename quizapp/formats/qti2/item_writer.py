"""Builds an `assessmentItem`: declarations, body, processing and feedback, in this order."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.items import Item
from quizapp.formats.markup import html_of, is_bare, rewrite, writable
from quizapp.formats.qti.package_writer import media_path
from quizapp.formats.qti2.assessment_item import STEM, STIMULUS
from quizapp.formats.qti2.elements import (
    add_html,
    base_value,
    condition,
    decimal,
    new_element,
    set_score,
    show_feedback,
    variable,
)
from quizapp.formats.qti2.vocabularies import Vocabulary
from quizapp.kinds.base import Text, say

XML = "{http://www.w3.org/XML/1998/namespace}"
RESPONSE = "RESPONSE"


@dataclass
class AssessmentItemWriter:
    """Builds one item, in one language."""

    item: Item
    language: str
    vocabulary: Vocabulary
    declarations: list[Any] = field(default_factory=list)
    body: Any = field(default_factory=lambda: etree.Element("itemBody"))
    rules: list[Any] = field(default_factory=list)
    template: str = ""
    feedback: list[tuple[str, str, Text]] = field(default_factory=list)

    @property
    def points(self) -> float:
        return self.item.points

    # --- texts ---

    def markup(self, text: Text | None) -> str:
        paths = {one.name: f"../media/{quote(media_path(one))}" for one in self.item.media}
        written = html_of(text, self.language)
        if text and text.get("format") == "plain":
            written = written.replace("\n", "<br>")
        return rewrite(written, lambda address: paths.get(address.removeprefix("media:"))
                       if address.startswith("media:") else None)  # fmt: skip

    def fill(self, element: Any, text: Text | None) -> Any:
        """Put a text into an element; returns the element."""
        written = writable(say(text, self.language))
        if text and (text.get("format") == "plain" or is_bare({self.language: written})) and "\n" not in written:
            element.text = written
        elif written:
            add_html(element, self.markup(text))
        return element

    def block(self, text: Text | None, name: str) -> Any:
        """Add a block with a text to the body; None for no text."""
        if not text or not say(text, self.language):
            return None
        block = etree.SubElement(self.body, "div")
        block.set("class", name)
        return self.fill(block, text)

    def stem(self) -> None:
        self.block(self.item.stimulus, STIMULUS)
        self.block(self.item.stem, STEM)

    def content(self, element: Any, text: Text) -> Any:
        """Fill an element that needs a body of its own in QTI 3."""
        return self.fill(etree.SubElement(element, "contentBody") if self.vocabulary.kebab else element, text)

    # --- declarations and rules ---

    def declare(
        self,
        name: str,
        cardinality: str,
        base: str,
        correct: list[str],
        mapping: dict[str, float] | None = None,
        **attributes: str,
    ) -> Any:
        """Declare a response: the right values, and what each value is worth. Returns the declaration."""
        node = new_element("responseDeclaration", identifier=name, cardinality=cardinality, baseType=base)
        if correct:
            right = etree.SubElement(node, "correctResponse")
            for value in correct:
                etree.SubElement(right, "value").text = writable(value)
        if mapping:
            inner = etree.SubElement(node, "mapping", defaultValue="0", **attributes)
            for key, value in mapping.items():
                etree.SubElement(inner, "mapEntry", mapKey=writable(key), mappedValue=decimal(value))
        self.declarations.append(node)
        return node

    def by_match(self) -> None:
        """Score all or nothing, by the template where it suffices."""
        same = new_element("match", variable(RESPONSE), new_element("correct", identifier=RESPONSE))
        self.rules.append(condition(same, set_score(base_value(decimal(self.points), "float"))))
        self.template = "match_correct" if self.points == 1 else ""

    def by_mapping(self) -> None:
        """Score by the mapping."""
        self.rules.append(set_score(new_element("mapResponse", identifier=RESPONSE)))
        self.template = "map_response"

    def show(self, name: str, text: Text | None, test: Any = None) -> None:
        """Add feedback that is shown where the test holds; without a test, always."""
        if text and say(text, self.language):
            self.feedback.append(("FEEDBACK", name, text))
            self.rules.append(condition(test, show_feedback(name)) if test is not None else show_feedback(name))
            self.template = ""

    def moments(self) -> None:
        """Add the feedback of the whole question. Comes last, because it depends on the score."""
        said = self.item.feedback
        self.show("general", said.get("general"))
        right, wrong = said.get("right"), said.get("wrong")
        whole = new_element("gte", variable("SCORE"), base_value(decimal(self.points * 0.999), "float"))
        if right or wrong:
            self.template = ""
            rule = new_element(
                "responseCondition",
                new_element("responseIf", whole, *([show_feedback("right")] if right else [])),
                *([new_element("responseElse", show_feedback("wrong"))] if wrong else []),
            )
            if right:
                self.feedback.append(("FEEDBACK", "right", right))
            if wrong:
                self.feedback.append(("FEEDBACK", "wrong", wrong))
            self.rules.append(rule)
        if said.get("solution"):
            self.feedback.append(("SOLUTION", "solution", said["solution"]))

    # --- the whole ---

    def element(self, name: str, title: str) -> Any:
        root = new_element("assessmentItem", identifier=name, title=title, adaptive="false", timeDependent="false")
        root.set(XML + "lang", self.language)
        root.extend(self.declarations)
        root.extend(self.outcomes())
        root.append(self.body)
        if self.rules and self.template:
            root.append(new_element("responseProcessing", template=self.template_address()))
        elif self.rules:
            root.append(new_element("responseProcessing", *self.rules))
        for outcome, ident, text in self.feedback:
            node = new_element("modalFeedback", outcomeIdentifier=outcome, identifier=ident, showHide="show")
            self.content(node, text)
            root.append(node)
        return root

    def template_address(self) -> str:
        return self.vocabulary.templates + self.template + (".xml" if self.vocabulary.kebab else "")

    def outcomes(self) -> list[Any]:
        zero = new_element("defaultValue", new_element("value", words="0"))
        found = [new_element("outcomeDeclaration", zero, identifier="SCORE", cardinality="single", baseType="float",
                      normalMaximum=decimal(self.points))]  # fmt: skip
        names = {outcome for outcome, _, _ in self.feedback}
        if "FEEDBACK" in names:
            found.append(
                new_element("outcomeDeclaration", identifier="FEEDBACK", cardinality="multiple", baseType="identifier")
            )
        if "SOLUTION" in names:
            always = new_element("defaultValue", new_element("value", words="solution"))
            found.append(
                new_element(
                    "outcomeDeclaration", always, identifier="SOLUTION", cardinality="single", baseType="identifier"
                )
            )
        return found
