"""Builds a `<question>` of Moodle XML: what every type has."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.markup import words_of
from quizapp.formats.moodle_xml.cloze import written_gap
from quizapp.formats.moodle_xml.question_reader import MOMENTS
from quizapp.formats.moodle_xml.settings import hint_options, settings_of
from quizapp.formats.moodle_xml.texts import format_of, written_text
from quizapp.kinds.base import Text, say
from quizapp.kinds.cloze import MARKER

TYPES = {
    "choice": "multichoice",
    "multiple": "multichoice",
    "truefalse": "truefalse",
    "text": "shortanswer",
    "number": "numerical",
    "match": "matching",
    "categorise": "matching",
    "order": "ordering",
    "cloze": "cloze",
    "essay": "essay",
    "description": "description",
}


class QuestionWriter:
    """Builds the `<question>` of one item."""

    def __init__(self, item: Item) -> None:
        self.item, self.language = item, written_language(item)
        self.media = {media.name: media for media in item.media}
        self.root = etree.Element("question", type=TYPES[item.kind])

    def element(self, write_response: Callable[[QuestionWriter], None] | None) -> Any:
        """The whole element; `write_response` adds what the kind has."""
        item = self.item
        leaf(self.root, "name/text", say(item.title, self.language) or title_of(item, self.language))
        self.text(self.root, "questiontext", cloze_text(item, self.language) if item.kind == "cloze" else item.stem)
        self.text(self.root, "generalfeedback", item.feedback.get("general"))
        leaf(self.root, "defaultgrade", f"{item.points:g}")
        leaf(self.root, "hidden", "0" if item.status == "ready" else "1")
        leaf(self.root, "idnumber", item.id)
        for name, value in settings_of(item).items():
            leaf(self.root, name, value)
        if write_response:
            write_response(self)
        if item.kind not in ("description", "truefalse", "essay"):
            leaf(self.root, "shuffleanswers", "true" if item.shuffle else "false")
        for tag, moment in MOMENTS.items():
            if item.feedback.get(moment):
                self.text(self.root, tag, item.feedback[moment])
        self.add_hints()
        self.add_tags()
        self.add_files_not_shown()
        return self.root

    def add_hints(self) -> None:
        for index, text in enumerate(self.item.hints):
            hint = self.text(self.root, "hint", text)
            for name, value in hint_options(self.item, index).items():
                leaf(hint, name, value)

    def add_tags(self) -> None:
        if self.item.tags:
            tags = etree.SubElement(self.root, "tags")
            for tag in self.item.tags:
                leaf(tags, "tag/text", tag)

    def add_files_not_shown(self) -> None:
        """The files that no text shows go with what is asked."""
        shown = {file.get("name") for file in self.root.iter("file")}
        for name in self.media:
            if name not in shown:
                self.file(self.root.find("questiontext"), name)

    def text(self, parent: Any, tag: str, text: Text | None, **attributes: str) -> Any:
        """An element with the text, its format, and the files that it shows."""
        written, names = written_text(text or {}, self.language)
        element = etree.SubElement(parent, tag, format=format_of(text or {}), **attributes)
        etree.SubElement(element, "text").text = written
        for name in dict.fromkeys(names):
            if name in self.media:
                self.file(element, name)
        return element

    def file(self, parent: Any, name: str) -> None:
        file = etree.SubElement(parent, "file", name=name, path="/", encoding="base64")
        file.text = base64.b64encode(self.media[name].data).decode()

    def answer(self, text: Text | str, fraction: float, feedback: Text | None) -> Any:
        """An `<answer>`; a typed one has plain text."""
        percent = f"{fraction * 100:.5f}".rstrip("0").rstrip(".")
        if isinstance(text, str):
            element = etree.SubElement(self.root, "answer", fraction=percent, format="moodle_auto_format")
            etree.SubElement(element, "text").text = text
        else:
            element = self.text(self.root, "answer", text, fraction=percent)
        if feedback:
            self.text(element, "feedback", feedback)
        return element


def leaf(parent: Any, path: str, value: str) -> None:
    for tag in path.split("/"):
        parent = etree.SubElement(parent, tag)
    parent.text = value or None


def title_of(item: Item, language: str) -> str:
    """Moodle wants a name; a question without one gets the beginning of its text."""
    return words_of(item.stem or item.response.get("text"), language)[:60] or item.kind


def cloze_text(item: Item, language: str) -> Text:
    gaps = {gap["id"]: gap for gap in item.response["gaps"]}
    text = item.response["text"]
    filled = MARKER.sub(lambda found: written_gap(gaps[found[1]], language), say(text, language))
    return {language: filled, "format": text.get("format", "html")}
