"""The parts of a question by their labels: stem and choices, the answers, the explanation, points and difficulty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from quizapp.errors import Problem
from quizapp.formats.exam_text.labels import (
    BRACKETED,
    COMMA,
    ESSAY,
    JUDGED,
    LEVELS,
    POINTS,
    POINTS_BARE,
    POINTS_LINE,
    POINTS_SAID,
    TRUE_FALSE,
    WORDS,
    LabelledPart,
    parts_of,
)
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.exam_text.signs import label_at_start
from quizapp.formats.schema import MAX_POINTS

MOST_MARKS = 6
POINTS_WITHIN = re.compile(r"\d\s*점|배점")
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
    points = POINTS_LINE.fullmatch(line.plain) or POINTS.fullmatch(line.plain)
    if points and state not in GOES_ON and set_points(found, points):
        return state
    if state in GOES_ON:
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


def points_in(written: str) -> float | None:
    """The points; None for none that a question may have."""
    number = float(written)
    return (int(number) if number == int(number) else number) if 0 < number <= MAX_POINTS else None


def set_points(found: QuestionParts, said: re.Match[str]) -> bool:
    points = points_in(next(group for group in said.groups() if group))
    found.points = found.points if points is None else points
    return points is not None


def take_marks(found: QuestionParts, stem: Sequence[Line]) -> list[Line]:
    """The stem without `[3점]`, `(O/X)` and `(서술형)` at the ends of its lines, which say how it is answered."""
    lines = [without_marks(found, line) if line.text else line for line in stem]
    found.problems += [about("points", line, written=said[0]) for line in lines if (said := unread_points(found, line))]
    return lines


def unread_points(found: QuestionParts, line: Line) -> re.Match[str] | None:
    """Points in a stem that weren't taken: those of each part, more than there may be, or others than were found."""
    bracketed = (one for one in BRACKETED.finditer(line.plain) if POINTS_WITHIN.search(one[1]))
    said = next(bracketed, POINTS_LINE.fullmatch(line.plain))
    return said if said and (found.points is None or not POINTS_SAID.search(said[0])) else None


def without_marks(found: QuestionParts, line: Line) -> Line:
    for _ in range(MOST_MARKS):
        mark = next((one for one in marks_in(line.plain) if is_at_end(one, line)), None)
        if mark is None or not take_mark(found, mark):
            return line
        line = line.cut(mark.end()) if mark.start() == 0 else line.cut(0, mark.start())
    return line


def marks_in(words: str) -> Iterator[re.Match[str]]:
    for pattern in (TRUE_FALSE, BRACKETED, POINTS_BARE):
        yield from pattern.finditer(words)


def is_at_end(mark: re.Match[str], line: Line) -> bool:
    return mark.start() == 0 or mark.end() >= len(line.plain.rstrip())


def take_mark(found: QuestionParts, mark: re.Match[str]) -> bool:
    """Whether all that a mark says is known: the kind of the question, its points."""
    if mark.re is TRUE_FALSE:
        found.judged = True
        return True
    if mark.re is POINTS_BARE:
        return set_points(found, mark)
    taken = [take_phrase(found, phrase) for phrase in COMMA.split(mark[1].strip())]
    return all(taken)


def take_phrase(found: QuestionParts, phrase: str) -> bool:
    """Take what a phrase in brackets says, if all of it is known."""
    words = [phrase] if is_known(phrase) else WORDS.split(phrase)
    return all(map(is_known, words)) and all(take_word(found, word) for word in words)


def is_known(word: str) -> bool:
    return any(one.fullmatch(word) for one in (POINTS_SAID, ESSAY, JUDGED))


def take_word(found: QuestionParts, word: str) -> bool:
    points = POINTS_SAID.fullmatch(word)
    found.judged = found.judged or JUDGED.fullmatch(word) is not None
    found.essay = found.essay or ESSAY.fullmatch(word) is not None
    return set_points(found, points) if points else True
