"""Reads one question of Moodle XML: the reader of its type fills the response, this module the rest."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.formats.markup import html_of
from quizapp.formats.moodle_xml.choices import matching, multichoice, ordering, truefalse
from quizapp.formats.moodle_xml.gaps import cloze, gapselect
from quizapp.formats.moodle_xml.question import MoodleQuestion
from quizapp.formats.moodle_xml.settings import keep_settings
from quizapp.formats.moodle_xml.texts import MEDIA, media_name
from quizapp.formats.moodle_xml.typed import essay, numerical, shortanswer
from quizapp.formats.schema import texts_of
from quizapp.kinds.base import nfc

MOMENTS = {"correctfeedback": "right", "partiallycorrectfeedback": "partial", "incorrectfeedback": "wrong"}


def read_question(element: Any, language: str, category: list[str]) -> MoodleQuestion:
    """The question as an item; an unknown type becomes opaque, with its source."""
    question = MoodleQuestion(element, language)
    item = question.item
    kind = element.get("type", "")
    reader = READERS.get(kind)
    if reader is None or not reader(question):
        item.kind, item.response, item.scoring = "opaque", {}, {}
        item.provenance["original"] = etree.tostring(element, encoding="unicode", with_tail=False)
        said = N_("A question of the type “%(type)s” is kept as it is; it can't be played here.")
        question.problems.append(loss(question.reason or said, "opaque", **(question.values or {"type": kind})))
    read_common(question, category)
    return question


def read_common(question: MoodleQuestion, category: list[str]) -> None:
    """Fill the fields that every type has."""
    item, element = question.item, question.element
    item.category = list(category)
    name = nfc(element.findtext("name/text") or "").strip()
    item.title = {question.language: name} if name else {}
    item.id = question.setting("idnumber")
    if item.kind != "cloze":
        item.stem = question.text(element.find("questiontext"))
    legacy_image(question)
    item.points = points_of(question)
    item.tags = tags_of(element)
    item.hints = [hint for hint in map(question.text, element.findall("hint")) if hint]
    for tag, moment in {"generalfeedback": "general", **MOMENTS}.items():
        if text := question.text(element.find(tag)):
            item.feedback[moment] = text
    if element.find("shuffleanswers") is not None:
        item.shuffle = question.is_on("shuffleanswers", "1")
    if question.is_on("hidden", "0"):
        item.status = "draft"
    if item.kind != "opaque":
        question.problems += keep_settings(item, element)
    item.media = question.files.media
    question.problems += missing_media(item)
    question.problems += question.files.problems


def points_of(question: MoodleQuestion) -> float:
    points = question.number("defaultgrade", 1)
    if points <= 0:
        question.problems.append(
            loss(N_("There, the question is worth %(points)s points; here, it is worth 1."), "points", points=points)
        )
        return 1
    return int(points) if points == int(points) else points


def tags_of(element: Any) -> list[str]:
    """The tags of a question and of its course, each once."""
    nodes = (*element.iterfind("tags/tag/text"), *element.iterfind("coursetags/tag/text"))
    return list(dict.fromkeys(tag for node in nodes if (tag := nfc(node.text or "").strip())))


def missing_media(item: Item) -> list[Problem]:
    """A loss for each file that a text shows but the file lacks."""
    shown = {name for text in texts_of(item) for part in text.values() for name in MEDIA.findall(part)}
    return [
        loss(N_("The file “%(name)s” that the text shows is missing."), "missing-media", name=name)
        for name in sorted(shown - {media.name for media in item.media})
    ]


def legacy_image(question: MoodleQuestion) -> None:
    """Append the image that Moodle 1.9 wrote beside the question."""
    name = media_name(question.setting("image"))
    if name:
        if data := question.setting("image_base64"):
            question.files.add(name, data, question.element.sourceline)
        image = f'<p><img src="media:{name}" alt=""></p>'
        item, language = question.item, question.language
        if item.kind == "cloze":
            item.response["text"] = {language: html_of(item.response["text"], language) + image, "format": "html"}
        else:
            item.stem = {language: html_of(item.stem, language) + image, "format": "html"}


def description(question: MoodleQuestion) -> bool:
    question.item.kind = "description"
    return True


READERS: dict[str, Callable[[MoodleQuestion], bool]] = {
    "multichoice": multichoice,
    "truefalse": truefalse,
    "shortanswer": shortanswer,
    "numerical": numerical,
    "matching": matching,
    "match": matching,
    "essay": essay,
    "description": description,
    "ordering": ordering,
    "cloze": cloze,
    "multianswer": cloze,
    "gapselect": gapselect,
    "ddwtos": gapselect,
}
