"""The text of a Word document: paragraphs, runs, tables, pictures and formulas, as they are seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from quizapp.formats.collector import Collector
from quizapp.formats.documents import omml
from quizapp.formats.documents.gathering import BOLD, COLOUR, HIGHLIGHT, UNDERLINE, Gathering, Span
from quizapp.formats.documents.package import Package
from quizapp.formats.documents.tables import add_table
from quizapp.formats.documents.tree import attribute, child, children, descendants, local, value, words_below
from quizapp.formats.documents.word_lists import WordLists
from quizapp.formats.exam_text.line import Line, tidy

MAIN_PART = "word/document.xml"
GONE = frozenset({"del", "moveFrom", "instrText", "delText", "delInstrText"})
"""What a tracked change took out, and what fields say to the program."""
NOTES = {"footnoteReference": "word/footnotes.xml", "endnoteReference": "word/endnotes.xml",
         "commentReference": "word/comments.xml"}  # fmt: skip
OFF = ("0", "false", "off", "none")
EDGES = re.compile(r"word/(?:header|footer)\d*\.xml")
BLACK = ("", "auto", "000000")
WHITE = ("", "auto", "ffffff", "clear")


class WordReader:
    def __init__(self, package: Package, collector: Collector) -> None:
        self.package = package
        self.gathering = Gathering(collector)
        self.lists = WordLists(package)
        self.relations = package.relations(MAIN_PART)
        self.notes = {name: self.notes_of(name) for name in NOTES.values()}
        self.boxes: list[Any] = []

    def notes_of(self, name: str) -> dict[str, str]:
        root = self.package.tree(name)
        return {attribute(one, "id"): words_below(one) for one in root} if root is not None else {}

    def read(self, root: Any) -> Gathering:
        self.blocks(child(root, "body"))
        for name in self.package.files:
            if EDGES.fullmatch(name) and (said := words_below(self.package.tree(name))):
                self.gathering.lose("edge", said)
        if "word/vbaProject.bin" in self.package.files:
            self.gathering.lose("macros")
        return self.gathering

    def blocks(self, parent: Any | None) -> None:
        """Paragraphs and tables, one after the other."""
        for one in parent if parent is not None else ():
            name = local(one)
            if name == "p":
                self.paragraph(one)
            elif name == "tbl":
                self.table(one)
            elif name == "sdt":
                self.blocks(child(one, "sdtContent"))
            elif name in ("ins", "moveTo", "customXml", "smartTag"):
                self.blocks(one)

    def paragraph(self, element: Any) -> None:
        properties = child(element, "pPr")
        self.gathering.paragraph += 1
        label = self.lists.label(properties)
        spans = [*([Span(tidy(label))] if label else []), *self.spans(element)]
        self.gathering.add(spans)
        boxes, self.boxes = self.boxes, []
        for box in boxes:
            self.blocks(box)

    def table(self, element: Any) -> None:
        rows = [[self.cell(cell) for cell in cells_of(row)] for row in rows_of(element)]
        add_table(self.gathering, [row for row in rows if row])

    def cell(self, element: Any) -> Sequence[Line]:
        """The lines of a cell, taken out of the document's own."""
        start = len(self.gathering.lines)
        self.blocks(element)
        lines = self.gathering.lines[start:]
        del self.gathering.lines[start:]
        return lines or [Line("", self.gathering.paragraph)]

    # --- within a paragraph ---

    def spans(self, parent: Any) -> Iterator[Span]:
        for one in parent:
            name = local(one)
            if name == "r":
                yield from self.run(one)
            elif name in ("oMath", "oMathPara"):
                formulas = [one] if name == "oMath" else list(children(one, "oMath"))
                yield from (self.gathering.formula(omml.latex(formula), words_below(formula)) for formula in formulas)
            elif name == "hyperlink":
                yield from self.spans(one)
                target, outside = self.relations.get(attribute(one, "id"), ("", False))
                if outside:
                    self.gathering.lose("link", target)
            elif name == "sdt":
                content = child(one, "sdtContent")
                yield from self.spans(content) if content is not None else ()
            elif name not in GONE and not name.endswith("Pr"):
                yield from self.spans(one)

    def run(self, element: Any) -> Iterator[Span]:
        properties = child(element, "rPr")
        ways = ways_of(properties)
        position = value(child(properties, "vertAlign"))
        if is_on(child(properties, "vanish")):
            if said := words_below(element):
                self.gathering.lose("hidden", said)
            return
        if any(is_on(child(properties, name)) for name in ("strike", "dstrike")) and (said := words_below(element)):
            self.gathering.lose("struck", said)
            return
        for one in element:
            for span in self.piece(one):
                if position in ("subscript", "superscript") and not span.ways and local(one) == "t":
                    yield self.gathering.small(span.text, position[:3])
                else:
                    yield Span(span.text, ways) if local(one) == "t" else span

    def piece(self, element: Any) -> Iterator[Span]:
        """A part of a run."""
        name = local(element)
        if name == "t":
            yield self.gathering.words(element.text or "")
        elif name in ("br", "cr"):
            yield Span("\n")
        elif name in ("tab", "ptab"):
            yield Span("  ")
        elif name == "noBreakHyphen":
            yield Span("-")
        elif name == "sym":
            yield self.symbol(attribute(element, "char"))
        elif name == "ruby":
            yield from self.spans(child(element, "rubyBase"))
        elif name in ("drawing", "pict"):
            yield from self.drawing(element)
        elif name == "AlternateContent":
            yield from self.alternative(element)
        elif name == "object":
            self.gathering.lose("object")
        elif name in NOTES:
            self.gathering.lose("note", self.notes[NOTES[name]].get(attribute(element, "id"), ""))

    def symbol(self, code: str) -> Span:
        number = int(code, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,5}", code) else 0
        if number < 0x20 or 0xD800 <= number <= 0xF8FF:
            self.gathering.lose("symbol")
            return Span("")
        return Span(chr(number))

    def alternative(self, element: Any) -> Iterator[Span]:
        """One of several ways to show the same."""
        chosen = next((one for one in element if local(one) in ("Choice", "Fallback") and len(one)), None)
        for one in chosen if chosen is not None else ():
            yield from self.piece(one)

    def drawing(self, element: Any) -> Iterator[Span]:
        """Pictures stand where they are; the words of text boxes come behind the paragraph."""
        boxes = list(descendants(element, "txbxContent"))
        self.boxes += boxes
        alt = next((attribute(one, "descr") for one in descendants(element, "docPr")), "")
        pictures = [attribute(one, "embed") or attribute(one, "link") for one in descendants(element, "blip")]
        pictures += [attribute(one, "id") for one in descendants(element, "imagedata")]
        for name in pictures:
            yield self.picture(self.relations.get(name, ("", True)), alt)
        if not boxes and not pictures:
            self.gathering.lose("drawing")

    def picture(self, target: tuple[str, bool], alt: str) -> Span:
        name, outside = target
        if outside or name not in self.package.files:
            self.gathering.lose("picture", name)
            return Span("")
        return self.gathering.embedded(self.package, name, alt)


def rows_of(table: Any) -> Iterator[Any]:
    for one in table:
        if local(one) == "tr":
            yield one
        elif local(one) in ("sdt", "sdtContent", "ins", "customXml"):
            yield from rows_of(one)


def cells_of(row: Any) -> Iterator[Any]:
    for one in row:
        if local(one) == "tc":
            yield one
        elif local(one) in ("sdt", "sdtContent", "customXml"):
            yield from cells_of(one)


def is_on(element: Any | None) -> bool:
    return element is not None and value(element, "1").lower() not in OFF


def ways_of(properties: Any | None) -> frozenset[str]:
    """How the words of a run are marked."""
    if properties is None:
        return frozenset()
    shade = attribute(child(properties, "shd"), "fill").lower()
    style = value(child(properties, "rStyle"))
    marked = {
        BOLD: is_on(child(properties, "b")) or style == "Strong",
        UNDERLINE: is_on(child(properties, "u")),
        COLOUR: value(child(properties, "color")).lower() not in BLACK,
        HIGHLIGHT: is_on(child(properties, "highlight")) or shade not in WHITE,
    }
    return frozenset(way for way, holds in marked.items() if holds)
