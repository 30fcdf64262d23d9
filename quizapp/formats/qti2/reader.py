"""Reads QTI 2 and 3: a single item, or a package of items, tests, and the texts and media that items share."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.package_reader import MANIFEST, QtiPackage, damaged, open_package
from quizapp.formats.qti2.item_reader import ItemFile, take_item
from quizapp.formats.qti2.sections import ItemPlace, item_sections
from quizapp.formats.qti2.vocabularies import Vocabulary


def read_qti2(data: bytes, language: str | None, vocabulary: Vocabulary) -> Reading:
    """The questions of a file in one vocabulary."""
    try:
        package, documents = open_package(data)
    except FormatError as error:
        return unreadable(error)
    single = [
        ItemFile(one.root, "", ItemPlace(), language, data)
        for one in documents
        if local(one.root) == vocabulary.item_root
    ]
    return read_package(package, single, language, vocabulary)


def read_package(package: QtiPackage, single: list[ItemFile], language: str | None, vocabulary: Vocabulary) -> Reading:
    """The questions of an opened file: the `single` item that it is, or else those of the package."""
    collector = Collector(vocabulary.format, loose_ids=True)
    for file in single or item_files(package, language, vocabulary, collector):
        report_members(package, collector)
        try:
            take_item(file, package, collector)
        except FormatError as error:
            collector.fail(unreadable(error).problems, place=file.name)
    report_members(package, collector)
    if not collector.reading.found:
        collector.report([no_questions(vocabulary)])
    return collector.reading


def report_members(package: QtiPackage, collector: Collector) -> None:
    """Report the problems of the package's members that were found since the last time."""
    collector.report(package.problems)
    package.problems.clear()


def no_questions(vocabulary: Vocabulary) -> Problem:
    return Problem(
        N_("There are no questions in QTI %(version)s in this file."),
        {"version": vocabulary.version},
        code="no-items",
        mend=N_("If it is of another version of QTI, choose that format; otherwise export it again."),
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
    places = item_sections(package, tests, vocabulary, language, collector)
    for name in dict.fromkeys([*places, *others]):
        if name not in others:
            continue
        try:
            document = package.parsed(name)
        except FormatError as error:
            if others[name] or name in places or may_be_item(package, name):
                collector.fail([damaged(error, name)])
            elif "qti" in package.types[name]:  # a test, a section or a text that questions share
                collector.report([damaged(error, name, "warning")])
            continue
        if local(document.root) == vocabulary.item_root:
            yield ItemFile(document.root, name, places.get(name, ItemPlace()), language)


def may_be_item(package: QtiPackage, name: str) -> bool:
    """Whether a member that can't be read may be an item, judging by the manifest."""
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
