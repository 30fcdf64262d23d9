"""The sections of the tests in a package of QTI 2 or 3: the categories of the items they name, and their rubrics."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.losses import loss
from quizapp.formats.markup import words_of_html
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.package_reader import QtiPackage
from quizapp.formats.qti2.assessment_item import element_left_out, views_of
from quizapp.formats.qti2.stimulus import LEARNER, Block
from quizapp.formats.qti2.vocabularies import Vocabulary, to_qti2_names
from quizapp.kinds.base import nfc

MAX_REPORTED = 1000
"""A test may say the same a million times."""
MAX_DEPTH = 100
"""How deep sections are followed, into files of their own too."""

LEFT_OUT = ("rubricBlock", "testFeedback")
"""What a test or a section may say besides its items."""


@dataclass(frozen=True)
class ItemPlace:
    """Where an item stands: the titles of its sections, what they show above it, and what its score counts there."""

    category: tuple[str, ...] = ()
    above: tuple[Block, ...] = ()
    weight: float = 1


def item_sections(
    package: QtiPackage, tests: list[str], vocabulary: Vocabulary, language: str | None, collector: Collector
) -> dict[str, ItemPlace]:
    """The items that the tests name, in their order, each with its place."""
    sections = SectionReader(package, collector)
    for name in tests:
        document = package.document(name)
        if document is None or local(document.root) != vocabulary.test_root:
            continue
        root = to_qti2_names(document.root)
        title = nfc(root.get("title") or "").strip()
        if len(tests) == 1 and title:
            collector.reading.title = {language or language_of(title): title}
        sections.read(root, name, ItemPlace((title,) if title and len(tests) > 1 else ()))
    return sections.places


@dataclass
class SectionReader:
    """Follows the sections of tests and fills `places`. A section in a file of its own is read once."""

    package: QtiPackage
    collector: Collector
    places: dict[str, ItemPlace] = field(default_factory=dict)
    read_files: set[str] = field(default_factory=set)
    blocks: int = 0

    def read(self, element: Any, file: str, section: ItemPlace, depth: int = 0) -> None:
        """The items below an element of a file. A section with a title is a category, its rubrics stand above all."""
        if depth > MAX_DEPTH:
            return
        rubrics = [node for node in element if local(node) == "rubricBlock" and LEARNER in views_of(node)]
        section = replace(section, above=(*section.above, *(self.block(node, file) for node in rubrics)))
        for child in element:
            match local(child):
                case "assessmentItemRef":
                    self.item(child, file, section)
                case "testPart":
                    self.read(child, file, section, depth + 1)
                case "assessmentSection":
                    title = nfc(child.get("title") or "").strip()
                    inner = replace(section, category=(*section.category, title)) if title else section
                    self.read(child, file, inner, depth + 1)
                case "assessmentSectionRef":
                    self.section_file(child, file, section, depth)
                case "selection":
                    self.report(selection(child), child, file)
                case name if (
                    name in LEFT_OUT and child not in rubrics and (said := words_of_html("".join(child.itertext())))
                ):
                    self.report(element_left_out(child, said), child, file)

    def block(self, element: Any, file: str) -> Block:
        self.blocks += 1
        return Block(file, self.blocks, element)

    def item(self, element: Any, file: str, section: ItemPlace) -> None:
        if name := self.package.find(element.get("href") or "", file):
            self.places.setdefault(name, replace(section, weight=self.weight(element, file)))
        else:
            self.report(missing_item(element), element, file)

    def weight(self, element: Any, file: str) -> float:
        """By what the item's points are multiplied in the test; of several numbers nobody knows which counts."""
        said = [parsed_number(node.get("value") or "") for node in element if local(node) == "weight"]
        if len(said) == 1 and said[0]:
            return said[0]
        if said:
            self.report(loss(N_("The item's weight in the test is left out."), "weight"), element, file)
        return 1

    def section_file(self, element: Any, file: str, section: ItemPlace, depth: int) -> None:
        name = self.package.find(element.get("href") or "", file)
        document = self.package.document(name) if name and name not in self.read_files else None
        if document is not None:
            holder = element.makeelement("holder")
            holder.append(to_qti2_names(document.root))
            self.read_files.add(document.name)
            self.read(holder, document.name, section, depth + 1)

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
        N_("There, %(count)s questions of this section are drawn; here, all of them are imported."),
        {"count": element.get("select") or "?"},
        code="selection",
        severity="loss",
    )
