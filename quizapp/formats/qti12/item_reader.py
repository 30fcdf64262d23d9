"""An `<item>` of QTI 1.2 -> our item: the core of its kind, with feedback, points, title and media."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import MAX_QUESTIONS, Collector
from quizapp.formats.content_ids import drop_content_id
from quizapp.formats.items import Item, Media
from quizapp.formats.markup import text_from_plain, words_of
from quizapp.formats.qti.documents import XML_LANG, is_huge, local, source_of
from quizapp.formats.qti.item_core import ItemCore
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.package_reader import QtiPackage
from quizapp.formats.qti.refusals import Unsupported, Unusable, kept_as_it_is, too_many_elements
from quizapp.formats.qti12.feedback import question_feedback
from quizapp.formats.qti12.kinds import read_core
from quizapp.formats.qti12.material import materials
from quizapp.formats.qti12.passages import DEFAULT_TITLES, Passages, lost_text, rubrics, stimulus_of
from quizapp.formats.qti12.question import RESPONSES, Qti12Question
from quizapp.formats.qti12.references import References
from quizapp.formats.schema import MAX_POINTS
from quizapp.kinds.base import nfc

NAMESPACES = (
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1",
    "http://www.imsproject.org/xsd/ims_qti_rootv1p2",
    "http://www.imsglobal.org/xsd/ims_qti_rootv1p2",
)
POINTS = ("points_possible", "qmd_weighting", "qmd_absolutescore_max", "cc_weighting")
"""Where the points stand; a weighting of 0 says nothing where Blackboard declares a maximum."""
READ = ("itemmetadata", "qtimetadata", "qticomment", "presentation", "resprocessing", "itemfeedback", "objectives")
"""The parts of an item that are read, and the remarks of the program that wrote it."""
SHUFFLED = ("choice", "multiple", "match", "order")


@dataclass(frozen=True)
class ItemContext:
    """What items inherit: file, category, whether the quiz shuffles, and the language if one was asked for.

    Of their quiz the passages, what is read elsewhere, and the references that are still open. Of their sections
    the texts above them, the passage to which they belong, and the points that each counts.
    """

    name: str = ""
    category: tuple[str, ...] = ()
    shuffle: bool = False
    language: str | None = None
    passages: Passages = field(default_factory=Passages)
    passed_over: frozenset[str] = frozenset()
    references: References = field(default_factory=References)
    above: tuple[Any, ...] = ()
    parent: str = ""
    points: float | None = None


def take_item(element: Any, package: QtiPackage, place: ItemContext, collector: Collector) -> None:
    """Read one item into the collector: as a question, as an opaque one, or as a problem."""
    line = element.sourceline
    if collector.reading.found >= MAX_QUESTIONS:
        collector.refuse_many(line, place.name)
        return
    if is_huge(element):
        collector.fail([too_many_elements()], line, place.name)
        return
    question = Qti12Question(element, MediaShelf(package, place.name), language_for(element, place))
    try:
        item = read_question(question, place)
    except Unusable as wrong:
        collector.fail([wrong.problem, *question.problems], line, place.name, title_of(element))
        return
    except Unsupported as reason:
        item = opaque(question, place)
        question.problems.append(kept_as_it_is(reason))
    drop_content_id(item)
    collector.take(item, [*question.problems, *question.shelf.problems()], line, place.name, title_of(element))


def title_of(element: Any) -> str:
    """What a person knows the item by, as far as the file names it."""
    return element.get("title") or element.get("ident") or ""


def language_for(element: Any, place: ItemContext) -> str:
    """The language that was asked for, else the declared one, else that of the letters."""
    if place.language:
        return place.language
    node = element
    while node is not None:
        if declared := node.get(XML_LANG):
            return declared.split("-")[0].lower() or "en"
        node = node.getparent()
    shown = next((child for child in element if local(child) == "presentation"), element)
    return language_of("".join(shown.itertext()))


def read_question(question: Qti12Question, place: ItemContext) -> Item:
    core = read_core(question)
    stem = question.stem if core.stem is None else core.stem
    if not stem and core.kind != "cloze":
        raise Unusable(N_("The question has no text."), "no-text", N_("Write what is asked."))
    item = base_item(question, place)
    item.kind, item.stem, item.response, item.scoring = core.kind, stem, core.response, core.scoring
    item.stimulus = stimulus_of(question, place.passages, place.above, place.parent)
    item.points = points_of(question, core, place)
    item.feedback = question_feedback(question)
    item.hints = [said for node in question.element.iter("{*}hintmaterial") if (said := question.text_inside(node))]
    item.shuffle = shuffled(question, core, place)
    report_left_out(question, core)
    item.media = media_of(question)
    return item


def report_left_out(question: Qti12Question, core: ItemCore) -> None:
    """A loss for each text of the item that has no place here; the rubrics of an essay are notes for who grades."""
    for node in question.element:
        is_note = local(node) == "rubric" and (core.kind == "essay" or node not in rubrics(question.element, False))
        if local(node) not in ("", *READ) and not is_note and (lost := lost_text(question, node)):
            question.problems.append(lost)


def base_item(question: Qti12Question, place: ItemContext) -> Item:
    element = question.element
    title = nfc(element.get("title") or "").strip()
    keywords = question.meta.get("qmd_keywords", "")
    return Item(
        id=nfc(element.get("ident") or ""),
        title={} if title.lower() in DEFAULT_TITLES else text_from_plain(title, question.language),
        category=list(place.category),
        tags=list(dict.fromkeys(tag for word in keywords.split(",") if (tag := nfc(word).strip()))),
        objectives=objectives_of(question),
        provenance={"source_id": element.get("ident")} if element.get("ident") else {},
    )


def objectives_of(question: Qti12Question) -> list[str]:
    """The objectives of an item as words, each once."""
    nodes = [node for node in question.element if local(node) == "objectives"]
    found = [words_of(question.text([part]), question.language) for node in nodes for part in materials(node, ())]
    return list(dict.fromkeys(words for words in found if words))


def opaque(question: Qti12Question, place: ItemContext) -> Item:
    """A question that we can't play, with all that is needed to write it back."""
    item = base_item(question, place)
    item.kind = "opaque"
    item.stimulus = stimulus_of(question, place.passages, place.above, place.parent)
    item.points = points_of(question, None, place)
    shown = [child for child in question.element if local(child) == "presentation"]
    item.stem = question.text(list(materials(shown[0], RESPONSES))) if shown else {}
    item.provenance["original"] = source_of(question.element, NAMESPACES)
    item.media = media_of(question)
    return item


def media_of(question: Qti12Question) -> list[Media]:
    for medium in question.shelf.media.values():
        medium.alt = medium.alt or question.alts.get(medium.name, "")
    return list(question.shelf.media.values())


def points_of(question: Qti12Question, core: ItemCore | None, place: ItemContext) -> float:
    """The points by the section, else the declared ones, else the maximum, unless that is a percentage; else 1."""
    said = [value for key in POINTS if (value := question.meta.get(key))]
    declared = next((value for value in said if parsed_number(value)), next(iter(said), None))
    points = place.points or (parsed_number(declared) if declared is not None else plain_points(question, core))
    if points is not None and 0 < points <= MAX_POINTS:
        return int(points) if points == int(points) else points
    written = declared if points is None else f"{points:g}"
    if written is not None and core and core.kind != "description":
        question.problems.append(
            Problem(
                N_("There, the question is worth %(points)s points; here, it is worth 1."),
                {"points": written},
                code="points",
                severity="warning",
                mend=N_("Set its points."),
            )
        )
    return 1


def plain_points(question: Qti12Question, core: ItemCore | None) -> float | None:
    if core is None or question.meta.get("cc_profile") or question.meta.get("question_type"):
        return None
    maximum = question.scoring.maximum
    return maximum if maximum and maximum != 100 else None


def shuffled(question: Qti12Question, core: ItemCore, place: ItemContext) -> bool:
    """Whether the choices may change places: as the question says, else as its quiz says."""
    if core.kind not in SHUFFLED:
        return True
    declared = [one.render.get("shuffle") for one in question.responses if one.render is not None]
    declared = [value.lower() for value in declared if value]
    return "yes" in declared if declared else place.shuffle
