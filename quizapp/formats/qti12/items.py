"""From an `<item>` of QTI 1.2 to our item: the kind's draft with its feedback, points, title and media around it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import MAX_QUESTIONS, Collector
from quizapp.formats.items import Item, Media
from quizapp.formats.made_ids import forget_made_id
from quizapp.formats.markup import text_from_plain
from quizapp.formats.qti.package import MAX_ITEM_NODES, Package, Shelf, is_huge, local, source_of
from quizapp.formats.qti12.answers import MOMENTS
from quizapp.formats.qti12.choices import Draft
from quizapp.formats.qti12.kinds import read_draft
from quizapp.formats.qti12.scoring import Condition, Unsupported, number
from quizapp.formats.qti12.source import RESPONSES, Question, Wrong, materials
from quizapp.formats.schema import MAX_POINTS
from quizapp.kinds.base import Text, nfc

NAMESPACES = (
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2",
    "http://www.imsglobal.org/xsd/ims_qtiasiv1p2p1",
    "http://www.imsproject.org/xsd/ims_qti_rootv1p2",
    "http://www.imsglobal.org/xsd/ims_qti_rootv1p2",
)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
POINTS = ("points_possible", "qmd_weighting", "qmd_absolutescore_max", "cc_weighting")
DEFAULT_TITLES = ("", "question")
"""What Canvas calls a question that has no name."""
SHUFFLED = ("choice", "multiple", "match", "order")


@dataclass(frozen=True)
class Place:
    """Where items stand: file, category, whether the quiz shuffles, the language if the reader was told one."""

    name: str = ""
    category: tuple[str, ...] = ()
    shuffle: bool = False
    language: str | None = None


def take_item(element: Any, package: Package, place: Place, collector: Collector) -> None:
    """Read one item into the collector: as a question, as one kept as it is, or as a problem."""
    line = element.sourceline
    if collector.reading.found >= MAX_QUESTIONS:
        collector.refuse_many(line, place.name)
        return
    if is_huge(element):
        collector.fail([huge()], line, place.name)
        return
    question = Question(element, Shelf(package, place.name), language_for(element, place))
    try:
        item = read_question(question, place)
    except Wrong as wrong:
        collector.fail([wrong.problem, *question.problems], line, place.name)
        return
    except Unsupported as reason:
        item = opaque(question, place)
        question.problems.append(kept_as_it_is(reason))
    forget_made_id(item)
    collector.take(item, [*question.problems, *question.shelf.problems()], line, place.name)


def huge() -> Problem:
    return Problem(
        N_("The question has more than %(limit)s elements; no question needs that."),
        {"limit": MAX_ITEM_NODES},
        code="huge",
        mend=N_("Leave it out, or make it shorter."),
    )


def kept_as_it_is(reason: Unsupported) -> Problem:
    return Problem(
        reason.template,
        reason.values,
        code="opaque",
        severity="warning",
        mend=N_("It is kept as it is and exported unchanged; to play it, write it anew."),
    )


def language_for(element: Any, place: Place) -> str:
    """The language that was asked for, or declared, or that of the letters."""
    if place.language:
        return place.language
    node = element
    while node is not None:
        if declared := node.get(XML_LANG):
            return declared.split("-")[0].lower() or "en"
        node = node.getparent()
    shown = next((child for child in element if local(child) == "presentation"), element)
    return language_of("".join(shown.itertext()))


def read_question(question: Question, place: Place) -> Item:
    draft = read_draft(question)
    stem = question.stem if draft.stem is None else draft.stem
    if not stem and draft.kind != "cloze":
        raise Wrong(N_("The question has no text."), "no-text", N_("Write what is asked."))
    item = base_item(question, place)
    item.kind, item.stem, item.response, item.scoring = draft.kind, stem, draft.response, draft.scoring
    item.points = points_of(question, draft)
    item.feedback = feedback_of(question)
    item.hints = [said for node in question.element.iter("{*}hintmaterial") if (said := all_of(question, node))]
    item.shuffle = shuffled(question, draft, place)
    item.media = media_of(question)
    return item


def base_item(question: Question, place: Place) -> Item:
    element = question.element
    title = nfc(element.get("title") or "").strip()
    keywords = question.meta.get("qmd_keywords", "")
    return Item(
        id=nfc(element.get("ident") or ""),
        title={} if title.lower() in DEFAULT_TITLES else text_from_plain(title, question.language),
        category=list(place.category),
        tags=list(dict.fromkeys(tag for word in keywords.split(",") if (tag := nfc(word).strip()))),
        provenance={"source_id": element.get("ident")} if element.get("ident") else {},
    )


def opaque(question: Question, place: Place) -> Item:
    """A question that we can't play, with all that writing it back needs."""
    item = base_item(question, place)
    item.kind = "opaque"
    item.points = points_of(question, None)
    shown = [child for child in question.element if local(child) == "presentation"]
    item.stem = question.text(list(materials(shown[0], RESPONSES))) if shown else {}
    item.provenance["original"] = source_of(question.element, NAMESPACES)
    item.media = media_of(question)
    return item


def media_of(question: Question) -> list[Media]:
    for medium in question.shelf.media.values():
        medium.alt = medium.alt or question.alts.get(medium.name, "")
    return list(question.shelf.media.values())


def points_of(question: Question, draft: Draft | None) -> float:
    """The declared points; else the declared maximum, unless that is a percentage; else 1."""
    declared = next((value for key in POINTS if (value := question.meta.get(key))), None)
    points = number(declared) if declared is not None else plain_points(question, draft)
    if points is not None and 0 < points <= MAX_POINTS:
        return int(points) if points == int(points) else points
    if points is not None and draft and draft.kind != "description":
        question.problems.append(
            Problem(
                N_("The question is worth %(points)s points there; here it is worth 1."),
                {"points": f"{points:g}"},
                code="points",
                severity="warning",
                mend=N_("Set its points."),
            )
        )
    return 1


def plain_points(question: Question, draft: Draft | None) -> float | None:
    if draft is None or question.meta.get("cc_profile") or question.meta.get("question_type"):
        return None
    maximum = question.scoring.maximum
    return maximum if maximum and maximum != 100 else None


def all_of(question: Question, node: Any) -> Text:
    return question.text(list(materials(node, ())))


def feedback_of(question: Question) -> dict[str, Text]:
    """The feedback of the whole question, by moment."""
    found = {moment: question.feedback(ident) for ident, moment in MOMENTS.items()}
    for condition in question.scoring.conditions:
        for link in condition.feedback:
            if link not in question.used and (moment := moment_of(condition)):
                found[moment] = found.get(moment) or question.feedback(link)
    solutions = [all_of(question, node) for node in question.element.iter("{*}solutionmaterial")]
    found["solution"] = next((said for said in solutions if said), {})
    for ident in question.feedbacks:
        if ident not in question.used and question.feedback(ident):
            question.problems.append(
                Problem(
                    N_("The feedback “%(ident)s” is left out: it can't be told when it is shown."),
                    {"ident": ident},
                    code="feedback",
                    severity="loss",
                )
            )
    return {moment: said for moment, said in found.items() if said}


def moment_of(condition: Condition) -> str:
    """When the feedback of a condition is shown; "" where that depends on more than right or wrong."""
    if condition.gives:
        return "right"
    tests = [local(node) for node in condition.element.iter()]
    return "wrong" if "other" in tests or "not" in tests else ""


def shuffled(question: Question, draft: Draft, place: Place) -> bool:
    """Whether the choices may change places: as the question says, else as its quiz says."""
    if draft.kind not in SHUFFLED:
        return True
    declared = [one.render.get("shuffle") for one in question.responses if one.render is not None]
    declared = [value.lower() for value in declared if value]
    return "yes" in declared if declared else place.shuffle
