"""An `assessmentItem` -> our item: its kind, with feedback, points, title, stimulus and media."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import MAX_QUESTIONS, Collector
from quizapp.formats.content_ids import drop_content_id
from quizapp.formats.items import Item, Media
from quizapp.formats.markup import text_from_plain
from quizapp.formats.qti.addresses import is_elsewhere
from quizapp.formats.qti.documents import XML_LANG, is_huge, local, parse_document
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.package_reader import QtiPackage
from quizapp.formats.qti.refusals import Unsupported, Unusable, kept_as_it_is, too_many_elements
from quizapp.formats.qti2.assessment_item import AssessmentItem, views_of
from quizapp.formats.qti2.feedback import question_feedback
from quizapp.formats.qti2.interpretation import Interpretation
from quizapp.formats.qti2.kinds import GRADERS, read_item
from quizapp.formats.qti2.sections import ItemPlace
from quizapp.formats.qti2.stimulus import LEARNER, stimulus_of
from quizapp.formats.qti2.vocabularies import to_qti2_names
from quizapp.formats.schema import MAX_POINTS
from quizapp.kinds.base import nfc

REFERENCES = ("src", "href", "data", "poster")


@dataclass
class ItemFile:
    """One item with its file and its place in the tests; `source` is what it was read from, if not a package."""

    root: Any
    name: str
    section: ItemPlace = field(default_factory=ItemPlace)
    language: str | None = None
    source: bytes = b""


def take_item(file: ItemFile, package: QtiPackage, collector: Collector) -> None:
    """Read one item into the collector: as a question, as an opaque one, or as a problem."""
    line = file.root.sourceline
    if collector.reading.found >= MAX_QUESTIONS:
        collector.refuse_many(line, file.name)
        return
    if is_huge(file.root):
        collector.fail([too_many_elements()], line, file.name)
        return
    to_qti2_names(file.root)
    question = AssessmentItem(file.root, MediaShelf(package, file.name), language_for(file))
    title = file.root.get("title") or file.root.get("identifier") or ""
    try:
        item = read_question(question, file, package)
    except Unusable as wrong:
        collector.fail([wrong.problem, *question.problems], line, file.name, title)
        return
    except Unsupported as reason:
        item = opaque(question, file)
        item.stimulus = stimulus_of(question, package, file.section.above)
        item.media = media_of(question)
        question.problems.append(kept_as_it_is(reason))
    drop_content_id(item)
    collector.take(item, [*question.problems, *question.shelf.problems()], line, file.name, title)


def language_for(file: ItemFile) -> str:
    """The language that was asked for, else the declared one, else that of the letters."""
    declared = file.root.get(XML_LANG)
    if file.language:
        return file.language
    if declared:
        return declared.split("-")[0].lower() or "en"
    body = next((node for node in file.root if local(node) == "itemBody"), file.root)
    return language_of("".join(body.itertext()))


def read_question(question: AssessmentItem, file: ItemFile, package: QtiPackage) -> Item:
    found = read_item(question)
    core = found.core
    if not core.stem and core.kind != "cloze":
        raise Unusable(N_("The question has no text."), "no-text", N_("Write what is asked."))
    item = base_item(question, file)
    item.kind, item.response, item.scoring = core.kind, core.response, core.scoring
    item.stem, item.shuffle = core.stem or {}, found.shuffle
    item.stimulus = stimulus_of(question, package, file.section.above)
    item.points = points_of(question, found, file.section.weight)
    item.feedback = question_feedback(question, found, item)
    if found.solution:
        item.feedback.setdefault("solution", found.solution)
    report_rubrics(question, core.kind)
    if found.right and not question.has_processing:
        question.problems.append(
            Problem(
                N_("It doesn't say how it is scored; the answers declared as right are used."),
                code="no-processing",
                severity="warning",
            )
        )
    report_contradiction(question, found)
    item.media = media_of(question)
    return item


def report_contradiction(question: AssessmentItem, found: Interpretation) -> None:
    """A warning where what is declared as right earns less than what was read as right."""
    declared = question.processing.declarations
    correct = {name: one.correct for name, one in declared.items() if name in found.right and any(one.correct)}
    if correct.keys() == found.right.keys() and correct:
        said, best = question.processing.score(correct), question.processing.score(found.right)
        if said < best:
            question.problems.append(
                Problem(
                    N_(
                        "“%(words)s” is declared as right, but another response earns more; that one was read as right."
                    ),
                    {"words": ", ".join(one for values in correct.values() for one in values)[:80]},
                    code="contradiction",
                    severity="warning",
                    mend=N_("Check which of the two is right."),
                )
            )


def report_rubrics(question: AssessmentItem, kind: str) -> None:
    """A loss for each rubric that is neither for learners nor, as that of an essay, for who grades."""
    read = {LEARNER, *(GRADERS if kind == "essay" else ())}
    lost = [question.left_out(node) for node in question.rubrics if not views_of(node) & read]
    question.problems += [one for one in lost if one]


def base_item(question: AssessmentItem, file: ItemFile) -> Item:
    element = question.element
    ident, title = nfc(element.get("identifier") or ""), nfc(element.get("title") or "").strip()
    return Item(
        id=ident,
        title={} if title in ("", ident) else text_from_plain(title, question.language),
        category=list(file.section.category),
        provenance={"source_id": ident} if ident else {},
    )


def opaque(question: AssessmentItem, file: ItemFile) -> Item:
    """A question that we can't play: its source, and every file that it refers to."""
    item = base_item(question, file)
    item.kind = "opaque"
    item.stem = (
        question.stem(*question.interactions) if any(local(node) == "itemBody" for node in question.element) else {}
    )
    written = file.source or question.shelf.package.files[file.name]
    item.provenance["original"] = etree.tostring(parse_document(written), encoding="unicode", with_tail=False)
    shelf = question.shelf
    for node in question.element.iter():
        for key in REFERENCES:
            if isinstance(node.tag, str) and node.get(key) and not is_elsewhere(node.get(key)):
                shelf.address(node.get(key))
    item.media = media_of(question)
    return item


def media_of(question: AssessmentItem) -> list[Media]:
    for medium in question.shelf.media.values():
        medium.alt = medium.alt or question.alts.get(medium.name, "")
    return list(question.shelf.media.values())


def points_of(question: AssessmentItem, found: Interpretation, weight: float) -> float:
    """The declared maximum, else the score of the right response, else 1; as often as the test counts it."""
    if found.core.kind == "description":
        return 1
    points = question.maximum or (question.processing.score(found.right) if found.right else 0)
    points = round((points or 1) * weight, 5)
    if not 0 < points <= MAX_POINTS:
        return 1
    return int(points) if points == int(points) else points
