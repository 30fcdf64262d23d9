"""The text of a Hangul document (HWPX): paragraphs, runs, tables, pictures and equations, as they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from quizapp.formats.collector import Collector
from quizapp.formats.documents.gathering import BOLD, COLOUR, HIGHLIGHT, UNDERLINE, Gathering, Span
from quizapp.formats.documents.hangul_equation import UnreadableEquation, latex
from quizapp.formats.documents.numbering import Level, Lists
from quizapp.formats.documents.package import Package
from quizapp.formats.documents.tables import add_table
from quizapp.formats.documents.tree import attribute, child, children, descendants, local, words_below
from quizapp.formats.documents.word_lists import whole_number
from quizapp.formats.exam_text.line import Line, tidy

SECTION = re.compile(r"Contents/section(\d+)\.xml")
NOTES = ("footNote", "endNote", "hiddenComment")
EDGES = ("header", "footer")
BLANKS = {"tab": "  ", "lineBreak": "\n", "nbSpace": " ", "fwSpace": " ", "hyphen": "-"}
SHAPES = frozenset(["rect", "line", "ellipse", "arc", "polygon", "curve", "connectLine", "container", "textart"])
SILENT = frozenset(["secPr", "colPr", "linesegarray"])
"""What says how pages look, and nothing that is read."""


class HangulReader:
    def __init__(self, package: Package, collector: Collector) -> None:
        self.package = package
        self.gathering = Gathering(collector)
        head = package.tree("Contents/header.xml")
        self.ways = {attribute(one, "id"): ways_of(one) for one in descendants(head, "charPr")}
        self.struck = {attribute(one, "id") for one in descendants(head, "charPr") if is_struck(one)}
        self.small = {attribute(one, "id"): position_of(one) for one in descendants(head, "charPr")}
        self.lists = Lists({attribute(one, "id"): levels_of(one) for one in descendants(head, "numbering")})
        self.headings = {attribute(one, "id"): child(one, "heading") for one in descendants(head, "paraPr")}
        content = package.tree("Contents/content.hpf")
        self.parts = {attribute(one, "id"): attribute(one, "href") for one in descendants(content, "item")}
        self.marked: set[str] = set()
        self.deleted = False
        self.boxes: list[Any] = []

    def read(self) -> Gathering:
        names = [name for name in self.package.files if SECTION.fullmatch(name)]
        for name in sorted(names, key=section_number):
            root = self.package.tree(name)
            self.blocks(root)
        if any(name.startswith("Scripts/") and self.package.files.size(name) > 0 for name in self.package.files):
            self.gathering.lose("macros")
        return self.gathering

    def blocks(self, parent: Any | None) -> None:
        for one in children(parent, "p"):
            self.paragraph(one)

    def paragraph(self, element: Any) -> None:
        """A paragraph; tables within it stand between its lines."""
        self.gathering.paragraph += 1
        at = self.gathering.paragraph
        label = self.label(attribute(element, "paraPrIDRef"))
        spans = [Span(tidy(label))] if label else []
        for run in children(element, "run"):
            for one in run:
                if local(one) == "tbl":
                    if any(span.text for span in spans):
                        self.gathering.add(spans)
                    spans = []
                    self.table(one)
                    self.gathering.paragraph = max(at, self.gathering.paragraph)
                else:
                    spans += self.piece(one, attribute(run, "charPrIDRef"))
        here, self.gathering.paragraph = self.gathering.paragraph, at
        self.gathering.add(spans)
        self.gathering.paragraph = here
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks(box)

    def label(self, form: str) -> str:
        """The number before a paragraph of this form."""
        heading = self.headings.get(form)
        kind = attribute(heading, "type")
        if kind == "BULLET":
            return "• "
        return (
            self.lists.next(attribute(heading, "idRef"), whole_number(attribute(heading, "level")))
            if kind == "NUMBER"
            else ""
        )

    def table(self, element: Any) -> None:
        rows = [[self.cell(cell) for cell in children(row, "tc")] for row in children(element, "tr")]
        add_table(self.gathering, [row for row in rows if row])

    def cell(self, element: Any) -> Sequence[Line]:
        start = len(self.gathering.lines)
        for one in children(element, "subList"):
            self.blocks(one)
        lines = self.gathering.lines[start:]
        del self.gathering.lines[start:]
        return lines or [Line("", self.gathering.paragraph)]

    # --- within a paragraph ---

    def piece(self, element: Any, form: str) -> Iterator[Span]:
        """A part of a run."""
        name = local(element)
        if name == "t":
            yield from self.text(element, form)
        elif name == "equation":
            yield self.equation(words_below(element, "script"))
        elif name == "pic":
            yield self.picture(element)
        elif name == "ole":
            self.gathering.lose("object")
        elif name in SHAPES:
            yield from self.shape(element)
        elif name == "ctrl":
            for one in element:
                self.control(one)
        elif name not in SILENT and (said := words_below(element)):
            yield Span(tidy(said))

    def text(self, element: Any, form: str) -> Iterator[Span]:
        """The words of a run, without those that a tracked change took out."""
        yield from self.said(element.text, form)
        for one in element:
            name = local(one)
            if name == "deleteBegin":
                self.deleted = True
            elif name == "deleteEnd":
                self.deleted = False
            elif name == "markpenBegin":
                self.marked.add(HIGHLIGHT)
            elif name == "markpenEnd":
                self.marked.discard(HIGHLIGHT)
            elif name in BLANKS:
                yield Span(BLANKS[name])
            else:
                yield from self.said(one.text, form)
            yield from self.said(one.tail, form)

    def said(self, text: str | None, form: str) -> Iterator[Span]:
        if not text or self.deleted:
            return
        if form in self.struck:
            self.gathering.lose("struck", text.strip())
            return
        if self.small.get(form):
            yield self.gathering.small(text, self.small[form])
        else:
            yield self.gathering.words(text.replace("\n", " "), self.ways.get(form, frozenset()) | self.marked)

    def equation(self, script: str) -> Span:
        try:
            return self.gathering.formula(latex(script), script)
        except UnreadableEquation:
            self.gathering.lose("formula", script)
            return Span(tidy(" ".join(script.split())))

    def picture(self, element: Any) -> Span:
        name = next((attribute(one, "binaryItemIDRef") for one in descendants(element, "img")), "")
        part = self.parts.get(name, "")
        if part not in self.package.files:
            self.gathering.lose("picture", name)
            return Span("")
        comment = "".join("".join(one.itertext()) for one in children(element, "shapeComment"))
        return self.gathering.embedded(self.package, part, comment)

    def shape(self, element: Any) -> Iterator[Span]:
        """Pictures in a drawing stand where they are; the words of text boxes come behind the paragraph."""
        pictures = list(descendants(element, "pic"))
        boxes = [one for text in descendants(element, "drawText") for one in children(text, "subList")]
        self.boxes += boxes
        for one in pictures:
            yield self.picture(one)
        if not pictures and not boxes:
            self.gathering.lose("drawing")

    def control(self, element: Any) -> None:
        name = local(element)
        if name in NOTES:
            self.gathering.lose("note", words_below(element))
        elif name in EDGES and (said := words_below(element)):
            self.gathering.lose("edge", said)
        elif name == "fieldBegin" and attribute(element, "type") == "HYPERLINK":
            address = next(("".join(one.itertext()) for one in descendants(element, "stringParam")), "")
            self.gathering.lose("link", address)


def section_number(name: str) -> int:
    found = SECTION.fullmatch(name)
    return int(found[1]) if found else 0


def ways_of(form: Any) -> frozenset[str]:
    """How the words of a form are marked."""
    underline = child(form, "underline")
    marked = {
        BOLD: child(form, "bold") is not None,
        UNDERLINE: underline is not None and attribute(underline, "type", "NONE") not in ("NONE", ""),
        COLOUR: attribute(form, "textColor", "#000000").lower() not in ("#000000", "none", ""),
        HIGHLIGHT: attribute(form, "shadeColor", "none").lower() not in ("none", "#ffffff", ""),
    }
    return frozenset(way for way, holds in marked.items() if holds)


def is_struck(form: Any) -> bool:
    """Whether words of this form have a line through them. Hangul writes 3D where none is shown."""
    return attribute(child(form, "strikeout"), "shape", "NONE") not in ("NONE", "3D", "")


def position_of(form: Any) -> str:
    return "sup" if child(form, "supscript") is not None else "sub" if child(form, "subscript") is not None else ""


def levels_of(numbering: Any) -> dict[int, Level]:
    """The levels of a list; Hangul counts them from 1."""
    return {
        whole_number(attribute(one, "level"), 1) - 1: Level(
            attribute(one, "numFormat", "DIGIT"), (one.text or "").strip(), whole_number(attribute(one, "start"), 1)
        )
        for one in children(numbering, "paraHead")
    }
