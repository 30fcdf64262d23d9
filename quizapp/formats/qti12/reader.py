"""Reads QTI 1.2: the quizzes and banks of a file or package, section by section."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.qti.documents import Document, local
from quizapp.formats.qti.media import MediaShelf
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.package_reader import MANIFEST, QtiPackage, damaged, open_package
from quizapp.formats.qti12.copies import WHOLE_QUIZZES, Quiz, ident_of, quizzes_in, quizzes_of, without_reduced_copies
from quizapp.formats.qti12.item_reader import ItemContext, take_item
from quizapp.formats.qti12.passages import PARENT_IDENT, is_passage, lost_text, passages_in, rubrics
from quizapp.formats.qti12.question import Qti12Question
from quizapp.formats.qti12.references import REFERENCES, References
from quizapp.kinds.base import nfc

SUFFIXES = (".xml", ".qti", ".dat")
SETTINGS = "assessment_meta.xml"
ROOT_SECTION = "root_section"
ABOVE = ("presentation_material", "rubric")
"""The elements of a section that stand above its questions."""


def read_qti12(data: bytes, language: str | None, name: str) -> Reading:
    """The questions of a file; `name` is that of the format."""
    try:
        package, documents = open_package(data)
    except FormatError as error:
        return unreadable(error)
    return read_package(package, documents, language, name)


def read_package(package: QtiPackage, documents: list[Document], language: str | None, name: str) -> Reading:
    """The questions of an opened file: of its `documents`, or else of the package's."""
    collector = Collector(name, loose_ids=True)
    quizzes = [one for document in documents for one in quizzes_in(document)]
    quizzes = quizzes or list(package_quizzes(package, collector))
    if not quizzes and not collector.reading.found:
        collector.report([no_questions()])
    references = References({quiz.ident for quiz in quizzes})
    quizzes = without_reduced_copies(quizzes)
    alone = len(quizzes) == 1
    shuffled = shuffling(package)
    collector.report(package.problems)
    for place, (document, quiz) in zip(quizzes, trees(quizzes, package, documents), strict=True):
        title = title_of(quiz)
        if alone and title:
            collector.reading.title = {language or language_of(title): title}
        category = () if alone or not title else (title,)
        context = ItemContext(
            document.name,
            category,
            quiz.get("ident") in shuffled,
            language,
            passages=passages_in(quiz),
            passed_over=place.passed_over,
            references=references,
        )
        read_container(quiz, package, context, collector)
    collector.report(references.problems())
    return collector.reading


def trees(quizzes: list[Quiz], package: QtiPackage, documents: list[Document]) -> Iterator[tuple[Document, Any]]:
    """The quizzes with their trees; only one tree is held at a time."""
    document = documents[0] if documents else None
    for quiz in quizzes:
        if document is None or document.name != quiz.name:
            document = None  # so that the memory is free for the next one
            document = package.parsed(quiz.name)
        yield document, quizzes_of(document.root)[quiz.place]


def no_questions() -> Problem:
    return Problem(
        N_("There are no questions in QTI 1.2 in this file."),
        code="no-items",
        mend=N_("If it is a package of QTI 2 or 3, choose that format; otherwise export it as QTI 1.2 again."),
    )


def package_quizzes(package: QtiPackage, collector: Collector) -> Iterator[Quiz]:
    """The quizzes of a package, in the order of its manifest. A damaged one fails."""
    listed = manifest_files(package)
    for name in sorted(package.files, key=lambda name: (listed.get(name, len(listed)), name)):
        if not name.lower().endswith(SUFFIXES) or posixpath.basename(name).lower() in (MANIFEST, SETTINGS):
            continue
        shows = "questestinterop" in package.opening(name)
        if not shows and not may_hold_quiz(package, name):
            continue
        try:
            yield from quizzes_in(package.parsed(name))
        except FormatError as error:
            collector.fail([damaged(error, name)])


def may_hold_quiz(package: QtiPackage, name: str) -> bool:
    """Whether a member may hold questions although it doesn't begin so, judging by its name and the manifest."""
    if WHOLE_QUIZZES in name or name.lower().endswith(".qti"):
        return True
    kind = package.types.get(name, "")
    return "qti" in kind if kind else name.lower().endswith(".xml")


def manifest_files(package: QtiPackage) -> dict[str, int]:
    """The files that the manifest lists, each with its place."""
    places: dict[str, int] = {}
    if package.manifest is not None:
        for node in package.manifest.iter("{*}file"):
            if found := package.find(node.get("href") or ""):
                places.setdefault(found, len(places))
    return places


def title_of(container: Any) -> str:
    """The title of a quiz, a section or a bank."""
    if title := nfc(container.get("title") or "").strip():
        return title
    for child in container:
        if local(child) == "qtimetadata":
            for node in child.iter("{*}qtimetadatafield"):
                parts = {local(part): (part.text or "").strip() for part in node}
                if parts.get("fieldlabel") == "bank_title":
                    return nfc(parts.get("fieldentry", ""))
    return ""


def shuffling(package: QtiPackage) -> set[str | None]:
    """The idents of the quizzes whose settings say that choices are shuffled."""
    found: set[str | None] = set()
    for name in package.files:
        if posixpath.basename(name) == SETTINGS and (document := package.document(name)):
            said = [(node.text or "").strip() for node in document.root if local(node) == "shuffle_answers"]
            if said == ["true"]:
                found.add(document.root.get("identifier"))
    return found


def read_container(container: Any, package: QtiPackage, place: ItemContext, collector: Collector) -> None:
    """The items of a quiz, bank or section in their order. A section with a title is a category."""
    for child in container:
        name = local(child)
        if name == "item":
            place.references.found.add(ident_of(child))
            if ident_of(child) not in place.passed_over and not is_passage(child, place.passages):
                take_item(child, package, place, collector)
        elif name == "section":
            place.references.found.add(ident_of(child))
            read_container(child, package, inside(child, place), collector)
        elif name == "selection_ordering":
            report_selection(child, place, collector)
        elif name in REFERENCES:
            place.references.named.append((child, place.name))
        elif not (name in ABOVE and child in place.above):
            collector.report(left_out(child, package, place), child.sourceline, place.name)


def inside(section: Any, place: ItemContext) -> ItemContext:
    """What the items of a section inherit."""
    root = section.get("ident") == ROOT_SECTION
    title = title_of(section)
    above = [] if root else [node for node in section if local(node) == "presentation_material"]
    drawn = [node for child in section if local(child) == "selection_ordering" for node in child.iter()]
    points = [value for node in drawn if local(node) == "points_per_item" and (value := parsed_number(node.text or ""))]
    return replace(
        place,
        category=(*place.category, title) if title and not root else place.category,
        above=(*place.above, *above, *([] if root else rubrics(section, learners=True))),
        parent=section.get(PARENT_IDENT) or place.parent,
        points=points[0] if points else place.points,
    )


def left_out(element: Any, package: QtiPackage, place: ItemContext) -> list[Problem]:
    """A loss for what a quiz or section says besides its questions, if it has a text."""
    if local(element) in ("", "qtimetadata", "qticomment"):
        return []
    language = place.language or language_of("".join(element.itertext()))
    lost = lost_text(Qti12Question(element, MediaShelf(package, place.name), language), element)
    return [lost] if lost else []


def report_selection(element: Any, place: ItemContext, collector: Collector) -> None:
    """That only some questions of a section are asked belongs to a quiz, which isn't imported."""
    place.references.named += ((node, place.name) for node in element.iter("{*}sourcebank_ref"))
    for node in element.iter("{*}selection_number"):
        collector.report(
            [
                Problem(
                    N_("There, %(count)s questions of this section are drawn; here, all of them are imported."),
                    {"count": (node.text or "?").strip()},
                    code="selection",
                    severity="loss",
                )
            ],
            node.sourceline,
            place.name,
        )
