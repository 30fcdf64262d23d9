"""Writes Moodle XML, with one function for each kind."""

from __future__ import annotations

import base64
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.markup import words_of
from quizapp.formats.moodle_xml.choices import GRADING
from quizapp.formats.moodle_xml.cloze import written_gap
from quizapp.formats.moodle_xml.question_reader import MOMENTS
from quizapp.formats.moodle_xml.settings import hint_options, settings_of
from quizapp.formats.moodle_xml.texts import format_of, written_text
from quizapp.formats.moodle_xml.typed import inverse
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

    def element(self) -> Any:
        item = self.item
        leaf(self.root, "name/text", say(item.title, self.language) or title_of(item, self.language))
        self.text(self.root, "questiontext", cloze_text(item, self.language) if item.kind == "cloze" else item.stem)
        self.text(self.root, "generalfeedback", item.feedback.get("general"))
        leaf(self.root, "defaultgrade", f"{item.points:g}")
        leaf(self.root, "hidden", "0" if item.status == "ready" else "1")
        leaf(self.root, "idnumber", item.id)
        for name, value in settings_of(item).items():
            leaf(self.root, name, value)
        BODIES.get(item.kind, lambda _: None)(self)
        if item.kind not in ("description", "truefalse", "essay"):
            leaf(self.root, "shuffleanswers", "true" if item.shuffle else "false")
        for tag, moment in MOMENTS.items():
            if item.feedback.get(moment):
                self.text(self.root, tag, item.feedback[moment])
        for index, text in enumerate(item.hints):
            hint = self.text(self.root, "hint", text)
            for name, value in hint_options(item, index).items():
                leaf(hint, name, value)
        if item.tags:
            tags = etree.SubElement(self.root, "tags")
            for tag in item.tags:
                leaf(tags, "tag/text", tag)
        shown = {file.get("name") for file in self.root.iter("file")}
        for name in self.media:
            if name not in shown:
                self.file(self.root.find("questiontext"), name)
        return self.root

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


def choices(writer: QuestionWriter) -> None:
    item = writer.item
    several = item.kind == "multiple"
    leaf(writer.root, "single", "false" if several else "true")
    listed = item.response["choices"]
    right = sum(1 for one in listed if one.get("fraction", 0) > 0)
    for one in listed:
        fraction = one.get("fraction", 0)
        if several and item.scoring.get("method") != "sum":
            fraction = (1 if fraction > 0 else -1) / right
        writer.answer(one["text"], fraction, one.get("feedback"))


def truefalse(writer: QuestionWriter) -> None:
    response = writer.item.response
    for name in ("true", "false"):
        fraction = float((name == "true") == response["answer"])
        writer.answer(name, fraction, response.get("feedback", {}).get(name))


def shortanswer(writer: QuestionWriter) -> None:
    leaf(writer.root, "usecase", "1" if writer.item.scoring.get("case") else "0")
    for one in writer.item.response["answers"]:
        writer.answer(one["text"], one.get("fraction", 1), one.get("feedback"))


def numerical(writer: QuestionWriter) -> None:
    item = writer.item
    for one in item.response["answers"]:
        answer = writer.answer(str(one["value"]), one.get("fraction", 1), one.get("feedback"))
        tolerance = Decimal(str(one.get("tolerance", "0")))
        if one.get("type", "nominal") != "nominal" and one["value"] != "*":
            tolerance *= abs(Decimal(str(one["value"])))
        leaf(answer, "tolerance", f"{tolerance:f}")
    if item.scoring.get("unit_penalty"):
        leaf(writer.root, "unitgradingtype", "2" if item.scoring.get("unit_penalty_of") == "question" else "1")
        leaf(writer.root, "unitpenalty", f"{item.scoring['unit_penalty']:g}")
    if item.response.get("units"):
        units = etree.SubElement(writer.root, "units")
        for one in item.response["units"]:
            unit = etree.SubElement(units, "unit")
            leaf(unit, "multiplier", inverse(str(one.get("factor", "1"))))
            leaf(unit, "unit_name", one["name"])


def matching(writer: QuestionWriter) -> None:
    options = {one["id"]: one["text"] for one in writer.item.response["options"]}
    rows = [(row["text"], options[row["option"]]) for row in writer.item.response["rows"]]
    used = {row["option"] for row in writer.item.response["rows"]}
    for text, option in [*rows, *(({}, text) for name, text in options.items() if name not in used)]:
        pair = writer.text(writer.root, "subquestion", text)
        leaf(pair, "answer/text", words_of(option, writer.language))


def ordering(writer: QuestionWriter) -> None:
    method = writer.item.scoring.get("method", "relative")
    leaf(writer.root, "gradingtype", next(name for name, own in GRADING.items() if own == method))
    for place, one in enumerate(writer.item.response["items"], 1):
        writer.answer(one["text"], place / 100, None)


def essay(writer: QuestionWriter) -> None:
    response = writer.item.response
    for key, tag in (("min_words", "minwordlimit"), ("max_words", "maxwordlimit")):
        if response.get(key):
            leaf(writer.root, tag, str(response[key]))
    for key, tag in (("grader_notes", "graderinfo"), ("template", "responsetemplate")):
        if response.get(key):
            writer.text(writer.root, tag, response[key])


BODIES: dict[str, Callable[[QuestionWriter], None]] = {
    "choice": choices,
    "multiple": choices,
    "truefalse": truefalse,
    "text": shortanswer,
    "number": numerical,
    "match": matching,
    "categorise": matching,
    "order": ordering,
    "essay": essay,
}


def write_moodle_xml(items: list[Item]) -> bytes:
    """The whole file, with a category wherever it changes."""
    quiz = etree.Element("quiz")
    category: list[str] = []
    for item in items:
        if item.category != category:
            category = item.category
            question = etree.SubElement(quiz, "question", type="category")
            path = "/".join(["$course$", "top", *(name.replace("/", "//") for name in category)])
            leaf(question, "category/text", path)
        quiz.append(etree.fromstring(item.provenance["original"]) if item.kind == "opaque" else question_element(item))
    for question in quiz:
        question.tail = "\n"
    return etree.tostring(quiz, encoding="UTF-8", xml_declaration=True)


def question_element(item: Item) -> Any:
    """One of our questions, indented for people; an opaque one stays as it came."""
    element = QuestionWriter(item).element()
    etree.indent(element)
    return element
