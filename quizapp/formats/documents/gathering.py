"""What is gathered of a document: lines with what is marked in them, formulas, pictures, tables, and what is lost."""

from __future__ import annotations

import mimetypes
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError
from quizapp.formats.collector import Collector
from quizapp.formats.documents.package import Package
from quizapp.formats.exam_text.line import (
    MOST_CHARACTERS,
    MOST_OBJECTS,
    MOST_SPACES,
    OBJECT,
    Line,
    Mark,
    Objects,
    tidy,
)
from quizapp.formats.exam_text.texts import escaped, marked_line
from quizapp.formats.items import Media
from quizapp.texts.markdown import INLINE_FORMULA
from quizapp.texts.maths import FormulaError, mathml

BOLD, UNDERLINE, COLOUR, HIGHLIGHT = N_("bold"), N_("underline"), N_("colour"), N_("highlight")
PICTURE_TYPES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp"})
"""The pictures that browsers show."""
UNSAFE = re.compile(r"[^\w.-]+")

LOST: dict[str, tuple[str, str]] = {
    "note": (N_("The note “%(words)s” was left out."), N_("Put it into the question, if it belongs to it.")),
    "edge": (N_("The header or footer “%(words)s” was left out."), ""),
    "hidden": (
        N_("The hidden words “%(words)s” were left out."),
        N_("Make them visible, if they belong to a question."),
    ),
    "struck": (
        N_("The words “%(words)s”, which are struck out, were left out."),
        N_("Delete them, or remove the strikethrough."),
    ),
    "object": (N_("An embedded object was left out."), N_("Put it in as a picture.")),
    "link": (N_("The text of a link was kept; its address “%(words)s” was left out."), ""),
    "picture": (N_("The picture “%(words)s” can't be shown, and was left out."), N_("Save it as PNG or JPEG.")),
    "formula": (
        N_("The formula “%(words)s” can't be read; it stands as text."),
        N_("Write it as LaTeX between $ signs."),
    ),
    "symbol": (N_("A character in a special font was left out."), N_("Write it with an ordinary font.")),
    "drawing": (N_("A drawing was left out."), N_("Put it in as a picture.")),
    "macros": (N_("The macros of the document were left out; they are never run here."), ""),
}
"""What can be left behind of a document: what is said, and how to mend it."""


@dataclass(frozen=True)
class Span:
    """Words that are all marked in the same ways."""

    text: str
    ways: frozenset[str] = frozenset()


@dataclass
class Gathering:
    """Takes a document part by part. `paragraph` counts from 1; lines of the same paragraph share its number."""

    collector: Collector
    lines: list[Line] = field(default_factory=list)
    objects: Objects = field(default_factory=Objects)
    media: dict[str, Media] = field(default_factory=dict)
    paragraph: int = 0
    _damaged: set[str] = field(default_factory=set)

    def lose(self, code: str, words: str = "") -> None:
        """Name something that is left out."""
        template, mend = LOST[code]
        words = words[:200]
        problem = Problem(template, {"words": words}, code, severity="warning", text=words, mend=mend)
        self.collector.report([problem], self.paragraph or 1)

    def add(self, spans: Sequence[Span]) -> None:
        """A paragraph, which may have several lines."""
        if len(self.objects.markdown) >= MOST_OBJECTS:
            raise FormatError(
                N_("The document has more than %(limit)s formulas, pictures and tables. Split it."), limit=MOST_OBJECTS
            )
        for line in lines_of_spans(spans, self.paragraph):
            long = len(line.text) > MOST_CHARACTERS
            self.lines.append(self.objects.hold(Line(marked_long(line, self.objects), line.number) if long else line))

    def words(self, text: str, ways: frozenset[str] = frozenset()) -> Span:
        """Words as they stand; formulas between dollar signs are formulas here too."""
        return Span(INLINE_FORMULA.sub(lambda found: self.objects.add(found[0]), tidy(text)), ways)

    def formula(self, latex: str, source: str) -> Span:
        """A formula, or its source as text where it can't be shown."""
        latex = " ".join(latex.split())
        if not latex:
            return Span("")
        try:
            mathml(latex, "inline", ())
        except FormulaError:
            self.lose("formula", source)
            return Span(tidy(source))
        return Span(self.objects.add(f"${latex}$"))

    def embedded(self, package: Package, part: str, alt: str) -> Span:
        """A picture of the document, unpacked where it is shown for the first time. A damaged one costs no question."""
        kind = mimetypes.guess_type(part)[0] or ""
        base = UNSAFE.sub("_", posixpath.basename(part))
        if kind in PICTURE_TYPES and base not in self.media and part not in self._damaged:
            try:
                self.media[base] = Media(base, package.files[part], kind, " ".join(alt.split())[:200])
            except FormatError:
                self._damaged.add(part)
        if base not in self.media:
            self.lose("picture", base)
            return Span("")
        return Span(self.objects.add(f"![{escaped(tidy(' '.join(alt.split()))[:200], True)}](media:{base})"))

    def small(self, words: str, element: str) -> Span:
        """Words above or below the line."""
        return Span(
            self.objects.add(f"<{element}>{escaped(tidy(words), False)}</{element}>") if words.strip() else words
        )

    def table(self, rows: Sequence[Sequence[Sequence[Line]]]) -> None:
        """A plain table as one object in a line of its own."""
        width = max(len(row) for row in rows)
        written = [[self.cell(cell) for cell in row] + [""] * (width - len(row)) for row in rows]
        written.insert(1, ["---"] * width)
        number = next((line.number for row in rows for cell in row for line in cell), self.paragraph)
        self.lines.append(Line(self.objects.add("\n".join(f"| {' | '.join(row)} |" for row in written)), number))

    def cell(self, lines: Sequence[Line]) -> str:
        return "<br>".join(marked_line(line, self.objects).replace("\n", " ") for line in lines if line.text)


def marked_long(line: Line, objects: Objects) -> str:
    """A line that is longer than any of an exam, as one object."""
    return objects.add(marked_line(line, objects))


def lines_of_spans(spans: Sequence[Span], number: int) -> list[Line]:
    """The lines of a paragraph, each with its marks."""
    found: list[Line] = []
    text, marks = "", list[Mark]()
    for span in spans:
        for place, piece in enumerate(span.text.split("\n")):
            if place:
                found.append(Line(text, number, joined(marks)).cut())
                text, marks = "", []
            words = without_long_space(text, piece)
            marks += [(len(text), len(text) + len(words), way) for way in sorted(span.ways) if words.strip()]
            text += words
    found.append(Line(text, number, joined(marks)).cut())
    return found


def without_long_space(before: str, piece: str) -> str:
    """Words that go on with what stands before, with no more spaces than a line may have in a row."""
    end = before[-MOST_SPACES:]
    room = MOST_SPACES - (len(end) - len(end.rstrip(" ")))
    return piece[max(0, len(piece) - len(piece.lstrip(" ")) - room) :]


def joined(marks: Sequence[Mark]) -> tuple[Mark, ...]:
    """Marks of the same way that touch, as one."""
    found: list[Mark] = []
    for start, stop, how in sorted(marks, key=lambda mark: (mark[2], mark[0])):
        if found and found[-1][2] == how and found[-1][1] == start:
            found[-1] = (found[-1][0], stop, how)
        else:
            found.append((start, stop, how))
    return tuple(sorted(found))


def words_of_lines(lines: Sequence[Line]) -> str:
    return " ".join(OBJECT.sub("…", line.text) for line in lines if line.text)
