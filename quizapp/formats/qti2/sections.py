"""The sections of the tests in a package of QTI 2 or 3: they are the categories of the items that they name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.package import QtiPackage
from quizapp.formats.qti2.vocabularies import Vocabulary, to_qti2_names
from quizapp.kinds.base import nfc

MAX_REPORTED = 1000
"""A test may say the same a million times."""
MAX_DEPTH = 100
"""How deep sections are followed, into files of their own too."""

Category = tuple[str, ...]


def item_categories(
    package: QtiPackage, tests: list[str], vocabulary: Vocabulary, language: str | None, collector: Collector
) -> dict[str, Category]:
    """The items that the tests name, in their order, each with the titles of the sections it stands in."""
    sections = SectionReader(package, collector)
    for name in tests:
        document = package.document(name)
        if document is None or local(document.root) != vocabulary.test_root:
            continue
        root = to_qti2_names(document.root)
        title = nfc(root.get("title") or "").strip()
        if len(tests) == 1 and title:
            collector.reading.title = {language or language_of(title): title}
        sections.read(root, name, (title,) if title and len(tests) > 1 else ())
    return sections.categories


@dataclass
class SectionReader:
    """Follows the sections of tests and fills `categories`. A section in a file of its own is read once."""

    package: QtiPackage
    collector: Collector
    categories: dict[str, Category] = field(default_factory=dict)
    read_files: set[str] = field(default_factory=set)

    def read(self, element: Any, file: str, category: Category, depth: int = 0) -> None:
        """The items below an element of a file. A section with a title is a category."""
        if depth > MAX_DEPTH:
            return
        for child in element:
            match local(child):
                case "assessmentItemRef":
                    self.item(child, file, category)
                case "testPart":
                    self.read(child, file, category, depth + 1)
                case "assessmentSection":
                    title = nfc(child.get("title") or "").strip()
                    self.read(child, file, (*category, title) if title else category, depth + 1)
                case "assessmentSectionRef":
                    self.section_file(child, file, category, depth)
                case "selection":
                    self.report(selection(child), child, file)

    def item(self, element: Any, file: str, category: Category) -> None:
        if name := self.package.find(element.get("href") or "", file):
            self.categories.setdefault(name, category)
        else:
            self.report(missing_item(element), element, file)

    def section_file(self, element: Any, file: str, category: Category, depth: int) -> None:
        name = self.package.find(element.get("href") or "", file)
        document = self.package.document(name) if name and name not in self.read_files else None
        if document is not None:
            holder = element.makeelement("holder")
            holder.append(to_qti2_names(document.root))
            self.read_files.add(document.name)
            self.read(holder, document.name, category, depth + 1)

    def report(self, problem: Problem, element: Any, file: str) -> None:
        if len(self.collector.reading.problems) < MAX_REPORTED:
            self.collector.report([problem], element.sourceline, file)


def missing_item(element: Any) -> Problem:
    return Problem(
        N_("The test names the item “%(name)s”, which the package doesn't hold."),
        {"name": element.get("href") or "?"},
        code="missing-item",
        severity="warning",
        mend=N_("Export the package again, with all its items."),
    )


def selection(element: Any) -> Problem:
    """That only some questions of a section are asked belongs to a quiz, which isn't imported."""
    return Problem(
        N_("Of this section %(count)s questions are drawn there; here all of them are imported."),
        {"count": element.get("select") or "?"},
        code="selection",
        severity="loss",
    )
