"""Reading QTI 2 and 3: a single item, or a package of items, tests and the texts and media they share."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, language_of, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.package import MANIFEST, QtiPackage, damaged, open_package
from quizapp.formats.qti2.item_reader import ItemFile, take_item
from quizapp.formats.qti2.vocabularies import Vocabulary, to_qti2_names
from quizapp.kinds.base import nfc

MAX_TOLD = 1000
SECTION_DEPTH = 100
"""How deep sections are followed, into files of their own too."""


def read_qti2(data: bytes, language: str | None, vocabulary: Vocabulary) -> Reading:
    """The questions of a file in one vocabulary."""
    collector = Collector(vocabulary.format, loose_ids=True)
    try:
        package, documents = open_package(data)
    except FormatError as error:
        return unreadable(error)
    single = [
        ItemFile(one.root, "", (), language, data) for one in documents if local(one.root) == vocabulary.item_root
    ]
    for file in single or item_files(package, language, vocabulary, collector):
        tell_members(package, collector)
        try:
            take_item(file, package, collector)
        except FormatError as error:
            collector.fail(unreadable(error).problems, place=file.name)
    tell_members(package, collector)
    if not collector.reading.found:
        collector.tell([no_questions(vocabulary)])
    return collector.reading


def tell_members(package: QtiPackage, collector: Collector) -> None:
    """Tell what was found out of the package's members since the last time."""
    collector.tell(package.problems)
    package.problems.clear()


def no_questions(vocabulary: Vocabulary) -> Problem:
    return Problem(
        N_("There are no questions in QTI %(version)s in this file."),
        {"version": vocabulary.version},
        code="no-items",
        mend=N_("If it is of another version of QTI, choose that format; else export it again."),
    )


def item_files(
    package: QtiPackage, language: str | None, vocabulary: Vocabulary, collector: Collector
) -> Iterator[ItemFile]:
    """The items of a package: first those of its tests, in their order, then the others. A damaged one fails."""
    tests: list[str] = []
    others: dict[str, bool] = {}  # whether they show that they are items
    listed = manifest_places(package)
    for name in sorted(package.files, key=lambda name: (listed.get(name, len(listed)), name)):
        if not name.lower().endswith(".xml") or posixpath.basename(name).lower() == MANIFEST:
            continue
        start = package.opening(name)
        if f"{vocabulary.test_root}" in start and f"<{vocabulary.item_root} " not in start:
            tests.append(name)
        else:
            others[name] = vocabulary.item_root in start
    categories = test_categories(package, tests, vocabulary, language, collector)
    for name in dict.fromkeys([*categories, *others]):
        if name not in others:
            continue
        try:
            document = package.parsed(name)
        except FormatError as error:
            if others[name] or name in categories or may_be_item(package, name):
                collector.fail([damaged(error, name)])
            elif "qti" in package.types[name]:  # a test, a section or a text that questions share
                collector.tell([damaged(error, name, "warning")])
            continue
        if local(document.root) == vocabulary.item_root:
            yield ItemFile(document.root, name, categories.get(name, ()), language)


def may_be_item(package: QtiPackage, name: str) -> bool:
    """Whether a member of which nothing can be read is an item, as far as the manifest tells."""
    kind = package.types.get(name, "")
    return not kind or "item" in kind


def manifest_places(package: QtiPackage) -> dict[str, int]:
    """The files of the manifest's resources, each with its place."""
    places: dict[str, int] = {}
    if package.manifest is not None:
        for node in package.manifest.iter("{*}resource"):
            if found := package.find(node.get("href") or ""):
                places.setdefault(found, len(places))
    return places


def test_categories(
    package: QtiPackage, tests: list[str], vocabulary: Vocabulary, language: str | None, collector: Collector
) -> dict[str, tuple[str, ...]]:
    """The items that the tests name, in their order, each with the titles of the sections it stands in."""
    found: dict[str, tuple[str, ...]] = {}
    walked: set[str] = set()
    for name in tests:
        document = package.document(name)
        if document is None or local(document.root) != vocabulary.test_root:
            continue
        root = to_qti2_names(document.root)
        title = nfc(root.get("title") or "").strip()
        if len(tests) == 1 and title:
            collector.reading.title = {language or language_of(title): title}
        walk(root, package, name, (title,) if title and len(tests) > 1 else (), found, walked, collector)
    return found


def walk(
    element: Any,
    package: QtiPackage,
    beside: str,
    path: tuple[str, ...],
    found: dict[str, tuple[str, ...]],
    walked: set[str],
    collector: Collector,
    depth: int = 0,
) -> None:
    """The item references below an element. A section with a title is a category; one in a file is read once."""
    if depth > SECTION_DEPTH:
        return
    for child in element:
        name = local(child)
        if name == "assessmentItemRef":
            if item := package.find(child.get("href") or "", beside):
                found.setdefault(item, path)
            else:
                tell(missing(child), child, beside, collector)
        elif name in ("testPart", "assessmentSection"):
            title = nfc(child.get("title") or "").strip() if name == "assessmentSection" else ""
            walk(child, package, beside, (*path, title) if title else path, found, walked, collector, depth + 1)
        elif name == "assessmentSectionRef":
            section = package.find(child.get("href") or "", beside)
            document = package.document(section) if section and section not in walked else None
            if document is not None:
                holder = child.makeelement("holder")
                holder.append(to_qti2_names(document.root))
                walked.add(document.name)
                walk(holder, package, document.name, path, found, walked, collector, depth + 1)
        elif name == "selection":
            tell(selection(child), child, beside, collector)


def tell(problem: Problem, element: Any, place: str, collector: Collector) -> None:
    """A test may say the same a million times."""
    if len(collector.reading.problems) < MAX_TOLD:
        collector.tell([problem], element.sourceline, place)


def missing(element: Any) -> Problem:
    return Problem(
        N_("The test names the item “%(name)s”, which the package doesn't hold."),
        {"name": element.get("href") or "?"},
        code="missing-item",
        severity="warning",
        mend=N_("Export the package again, with all its items."),
    )


def selection(element: Any) -> Problem:
    return Problem(
        N_("Of this section %(count)s questions are drawn there; here all of them are imported."),
        {"count": element.get("select") or "?"},
        code="selection",
        severity="loss",
    )
