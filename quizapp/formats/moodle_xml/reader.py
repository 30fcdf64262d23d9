"""Reads Moodle XML: the questions of a file, each with its category."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.losses import loss
from quizapp.formats.markup import words_of_html
from quizapp.formats.moodle_categories import category_path
from quizapp.formats.moodle_xml.question_reader import read_question
from quizapp.formats.xml import check_nodes, parse, source_text

MAX_NODES = 600_000
"""Of a file whose texts may be as long as the file."""


def read_moodle_xml(data: bytes, language: str | None, name: str) -> Reading:
    """The questions of a file; `name` is that of the format."""
    try:
        check_nodes(data, MAX_NODES)
        root = parse(data)
        spoken = language or language_of(source_text(data))
    except FormatError as error:
        return unreadable(error)
    collector = Collector(name, loose_ids=True)
    collector.reading.encoding = "utf-8"
    if root.tag != "quiz":
        collector.report([Problem(N_("This is not Moodle XML: its root is <%(tag)s> and not <quiz>."),
                                {"tag": str(root.tag)}, code="root")], root.sourceline)  # fmt: skip
        return collector.reading
    category: list[str] = []
    for element in root.findall("question"):
        if element.get("type") == "category":
            category = read_category(element, collector)
            continue
        if collector.is_full:
            collector.refuse_many(element.sourceline)
            break
        question = read_question(element, spoken, category)
        known_by = words_of_html(element.findtext("name/text") or element.findtext("questiontext/text") or "")
        if any(problem.is_error for problem in question.problems):
            collector.fail(question.problems, element.sourceline, name=known_by)
        else:
            collector.take(question.item, question.problems, element.sourceline, name=known_by)
    if not collector.reading.found:
        collector.report([Problem(N_("The file holds no question."), code="empty")], 1)
    return collector.reading


def read_category(element: Any, collector: Collector) -> list[str]:
    """The category of the questions that follow. The description of a category is lost."""
    if said := words_of_html(element.findtext("info/text") or ""):
        lost = loss(N_("The description of a category is left out."), "lost-category-info")
        collector.report([replace(lost, text=said[:200])], element.sourceline)
    written = element.find("category")
    return [] if written is None else category_path("".join(written.itertext()))
