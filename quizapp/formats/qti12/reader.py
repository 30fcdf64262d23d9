"""Reads QTI 1.2: the quizzes and banks of a file or package, section by section.

A Common Cartridge from Canvas holds each quiz twice: reduced to what the cartridge allows, and whole in the
folder `non_cc_assessments`; the whole one is read.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.qti.documents import Document, local
from quizapp.formats.qti.package import MANIFEST, QtiPackage, damaged, open_package
from quizapp.formats.qti12.item_reader import ItemContext, take_item
from quizapp.kinds.base import nfc

SUFFIXES = (".xml", ".qti", ".dat")
SETTINGS = "assessment_meta.xml"
WHOLE = "non_cc_assessments"
ROOT_SECTION = "root_section"


def read_qti12(data: bytes, language: str | None, name: str) -> Reading:
    """The questions of a file; `name` is that of the format."""
    collector = Collector(name, loose_ids=True)
    try:
        package, documents = open_package(data)
    except FormatError as error:
        return unreadable(error)
    quizzes = [one for document in documents for one in quizzes_in(document)]
    quizzes = quizzes or list(package_quizzes(package, collector))
    if not quizzes and not collector.reading.found:
        collector.report([no_questions()])
    alone = len(quizzes) == 1
    shuffled = shuffling(package)
    collector.report(package.problems)
    for document, quiz in trees(chosen(quizzes), package, documents):
        title = title_of(quiz)
        if alone and title:
            collector.reading.title = {language or language_of(title): title}
        category = () if alone or not title else (title,)
        place = ItemContext(document.name, category, quiz.get("ident") in shuffled, language)
        read_container(quiz, package, place, collector)
    return collector.reading


@dataclass(frozen=True)
class Quiz:
    """Where a quiz or bank is: its file, its place in the file, and its ident."""

    name: str
    place: int
    ident: str


def quizzes_in(document: Document) -> list[Quiz]:
    if local(document.root) != "questestinterop":
        return []
    return [Quiz(document.name, place, quiz.get("ident") or "") for place, quiz in enumerate(quizzes_of(document.root))]


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
        mend=N_("If it is a package of QTI 2 or 3, choose that format; else export it as QTI 1.2 again."),
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
    if WHOLE in name or name.lower().endswith(".qti"):
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


def quizzes_of(root: Any) -> list[Any]:
    """The assessments and banks of a document; the document itself if its items stand in none."""
    found = [child for child in root if local(child) in ("assessment", "objectbank")]
    loose = any(local(child) in ("item", "section") for child in root)
    return [*found, root] if loose else found


def chosen(quizzes: list[Quiz]) -> list[Quiz]:
    """The quizzes, each once: of two with the same ident, the whole one."""
    kept: dict[str, Quiz] = {}
    for place, quiz in enumerate(quizzes):
        ident = quiz.ident or f"#{place}"
        if ident not in kept or (WHOLE in quiz.name and WHOLE not in kept[ident].name):
            kept[ident] = quiz
    return list(kept.values())


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
            take_item(child, package, place, collector)
        elif name == "section":
            title = title_of(child)
            inner = (*place.category, title) if title and child.get("ident") != ROOT_SECTION else place.category
            read_container(child, package, replace(place, category=inner), collector)
        elif name == "selection_ordering":
            report_selection(child, place, collector)


def report_selection(element: Any, place: ItemContext, collector: Collector) -> None:
    """That only some questions of a section are asked belongs to a quiz, which isn't imported."""
    for node in element.iter("{*}selection_number"):
        collector.report(
            [
                Problem(
                    N_("Of this section %(count)s questions are drawn there; here all of them are imported."),
                    {"count": (node.text or "?").strip()},
                    code="selection",
                    severity="loss",
                )
            ],
            node.sourceline,
            place.name,
        )
