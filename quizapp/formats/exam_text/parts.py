"""The parts of a question by their labels: stem and choices, the answers, the explanation, points and difficulty."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import Problem
from quizapp.formats.exam_text.labels import (
    ESSAY,
    LEVELS,
    POINTS,
    POINTS_LINE,
    TRUE_FALSE,
    LabelledPart,
    parts_of,
)
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.signs import label_at_start
from quizapp.formats.schema import MAX_POINTS

GOES_ON = ("solution", "model")
"""Parts that go on in the lines below them."""


@dataclass
class QuestionParts:
    body: list[Line] = field(default_factory=list)
    keys: list[Line] = field(default_factory=list)
    models: list[Line] = field(default_factory=list)
    solution: list[Line] = field(default_factory=list)
    stray: list[Line] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    category: list[str] = field(default_factory=list)
    points: float | None = None
    difficulty: int | None = None
    judged: bool = False
    essay: bool = False


def parts_of_question(lines: Sequence[Line]) -> QuestionParts:
    found = QuestionParts()
    state = ""
    for line in lines:
        pieces = list(parts_of(line)) if line.text else [LabelledPart("", line)]
        for piece in pieces:
            state = add(found, piece, state, alone=len(pieces) == 1 or pieces[0] is piece)
    return found


def add(found: QuestionParts, piece: LabelledPart, state: str, alone: bool) -> str:
    """Put a piece where it belongs; what the lines below go on with."""
    name, line = piece.name, piece.line
    if name == "key":
        found.keys.append(line)
        return "key" if alone else state
    if name in GOES_ON:
        (found.solution if name == "solution" else found.models).append(line)
        found.essay = found.essay or name == "model"
        return name
    if name in ("level", "unit"):
        (set_level if name == "level" else set_unit)(found, line)
        return state
    return add_words(found, line, state)


def add_words(found: QuestionParts, line: Line, state: str) -> str:
    """A piece without a label: it goes on with what stands above it."""
    if (points := POINTS_LINE.fullmatch(line.plain) or POINTS.fullmatch(line.plain)) and state not in GOES_ON:
        set_points(found, points[1], line)
    elif state in GOES_ON:
        (found.solution if state == "solution" else found.models).append(line)
    elif state != "key":
        found.body.append(line)
    elif line.text and not found.keys[-1].text:
        found.keys[-1] = line
    elif line.text and label_at_start(line) and not any(label_at_start(one) for one in found.body):
        found.body.append(line)
        return ""
    elif line.text:
        found.stray.append(line)
    return state


def set_level(found: QuestionParts, line: Line) -> None:
    words = line.plain.strip(" .)]").lower()
    if words in LEVELS:
        found.difficulty = LEVELS[words]
    else:
        found.problems.append(about("level", line, written=line.text))


def set_unit(found: QuestionParts, line: Line) -> None:
    found.category = [name.strip() for name in line.plain.strip(" )]").split(">") if name.strip()]


def set_points(found: QuestionParts, written: str, line: Line) -> None:
    if 0 < float(written) <= MAX_POINTS:
        number = float(written)
        found.points = int(number) if number == int(number) else number
    else:
        found.body.append(line)


def take_marks(found: QuestionParts, stem: Sequence[Line]) -> list[Line]:
    """The stem without `[3점]`, `(O/X)` and `(서술형)` at the ends of its lines, which say how it is answered."""
    lines = list(stem)
    for place, line in enumerate(lines):
        lines[place] = without_marks(found, line) if line.text else line
    return lines


def without_marks(found: QuestionParts, line: Line) -> Line:
    for pattern, mark in ((POINTS, mark_points), (TRUE_FALSE, mark_judged), (ESSAY, mark_essay)) * 2:
        for match in pattern.finditer(line.plain):
            if match.end() == len(line.plain.rstrip()) or match.start() == 0:
                mark(found, match)
                line = line.cut(match.end()) if match.start() == 0 else line.cut(0, match.start())
                break
    return line


def mark_points(found: QuestionParts, match: Any) -> None:
    set_points(found, match[1], Line("", 0))


def mark_judged(found: QuestionParts, match: Any) -> None:
    found.judged = True


def mark_essay(found: QuestionParts, match: Any) -> None:
    found.essay = True
