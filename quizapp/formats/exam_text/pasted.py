"""Marks of other programs in a pasted text: Markdown's bold words, headings and rules, and ticked boxes.

An exam's text has no markup. What such marks say of a line's form becomes its marks, as that of a document does.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from quizapp.formats.exam_text.line import Line

SIGN = "sign"
"""The way in which a choice is marked that says by a sign that it is right."""
RULE = re.compile(r"(?:-{3,}|\*{3,}|={3,}|(?:- ){2,}-|(?:\* ){2,}\*)")
HEADING = re.compile(r"#{1,6}\s+(?=\S)")
BOLD = re.compile(r"\*\*(?=[^\s*])([^*]+)(?<=\S)\*\*")
BOX = re.compile(r"[-*+•]\s+\[\s?(?P<tick>[xXvV✓✔]?)\s?\]\s+(?=\S)")


def unmarked(line: Line) -> Line:
    """The line without such marks in its words."""
    if found := HEADING.match(line.text):
        line = line.cut(found.end())
    if "**" in line.text:
        line = without_stars(line)
    box = BOX.match(line.text)
    if box is None:
        return line
    rest = line.cut(box.end())
    words = Line(f"• {rest.text}", line.number)
    return Line(words.text, line.number, ((2, len(words.text), SIGN),)) if box["tick"] else words


def is_rule(line: Line) -> bool:
    """Whether a line may part what stands above it from what stands below."""
    return RULE.fullmatch(line.text) is not None


def is_drawn(lines: Sequence[Line], place: int) -> bool:
    """Whether a line of signs belongs to a drawing: the one above it or below it is made of the same sign."""
    sign = lines[place].text[0]
    beside = [lines[at].text for at in (place - 1, place + 1) if 0 <= at < len(lines)]
    return any(text and not text.strip(f"{sign} ") for text in beside)


def without_stars(line: Line) -> Line:
    """Bold words without their stars, as a document has them."""
    pieces, marks, place, length = [], list(line.marks), 0, 0
    for found in BOLD.finditer(line.text):
        before = line.text[place : found.start()]
        length += len(before)
        pieces += [before, found[1]]
        marks.append((length, length + len(found[1]), "bold"))
        length += len(found[1])
        place = found.end()
    return Line("".join([*pieces, line.text[place:]]), line.number, tuple(marks), line.indent)
