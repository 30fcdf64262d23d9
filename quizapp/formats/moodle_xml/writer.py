"""Writes Moodle XML, with one function for each kind."""

from __future__ import annotations

from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.formats.items import Item
from quizapp.formats.moodle_xml.kind_writers import WRITERS
from quizapp.formats.moodle_xml.question_writer import QuestionWriter, leaf


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
    element = QuestionWriter(item).element(WRITERS.get(item.kind))
    etree.indent(element)
    return element
