"""The choices of a question: a list of labels in the same style, one a line or several on a line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from quizapp.formats.exam_text.line import Line, filled_after
from quizapp.formats.exam_text.pasted import SIGN
from quizapp.formats.exam_text.signs import (
    BULLET,
    LABEL,
    SINGLES,
    STAR,
    TICK,
    Label,
    label_at_start,
    label_of,
    labels_within,
    stands_apart,
)

USUAL = "①"
BULLETS = "•"
"""The style of a list without labels, whose choices only words and marks can name."""
FEWEST = 2
MOST_RUNS = 50
"""How many lists of a question are looked at, the last ones."""
ENDS_OF_STEMS = ("?", ".", ":", ")", "]", ">", "것은", "시오", "세요")
"""How a stem ends behind which choices may follow on the same line."""


@dataclass
class Choice:
    """A choice: its place by its label, the label as it is written, and its lines."""

    place: int
    label: str
    lines: list[Line]


@dataclass
class StemAndChoices:
    """A question's lines, with what is a choice apart."""

    stem: list[Line]
    choices: list[Choice] = field(default_factory=list)
    style: str = ""
    continued: list[Line] = field(default_factory=list)
    stray: list[Line] = field(default_factory=list)
    twice: list[tuple[Line, str]] = field(default_factory=list)
    gaps: list[Line] = field(default_factory=list)
    places: set[int] = field(default_factory=set)


@dataclass
class Run:
    """A list of labels: its style, the lines that it begins and ends with, and the last of its places."""

    style: str
    first: int
    last: int
    place: int
    count: int = 1


def stem_and_choices(lines: Sequence[Line]) -> StemAndChoices:
    """The question's stem and its choices; all is stem where no list has two labels or more."""
    lines = [part for line, after in zip(lines, labels_after(lines), strict=True) for part in parted(line, after)]
    run = choices_run(lines)
    if run is None:
        return StemAndChoices(lines)
    found = StemAndChoices(lines[: run.first], style=run.style)
    apart = False
    after = labels_after(lines)
    for place in range(run.first, len(lines)):
        line = lines[place]
        label = label_at_start(line)
        if not line.text:
            apart = True
        elif label and label.style == run.style:
            take(found, line, label, after[place])
            apart = False
        elif apart and place > run.last:
            found.stray.append(line)
        else:
            found.continued += [line] if found.choices[-1].lines[0].text else []
            found.choices[-1].lines.append(line)
    return found


def labels_after(lines: Sequence[Line]) -> list[Label | None]:
    """For each line, the label with which the next one begins that isn't empty."""
    return [label_at_start(line) if line else None for line in filled_after(lines)]


def parted(line: Line, after: Label | None) -> list[Line]:
    """A line of the stem behind which choices follow, in two."""
    if not line.text or label_at_start(line):
        return [line]
    labels = [label for match in LABEL.finditer(line.plain, 1) if (label := label_of(match))]
    second = {label.style: label.end for label in labels if label.place == 1 and stands_apart(line, label)}
    for label in labels:
        if label.place == 0 and line.plain[: label.start].rstrip().endswith(ENDS_OF_STEMS):
            goes_on = after is not None and (after.style, after.place) == (label.style, 1)
            if goes_on or second.get(label.style, 0) > label.end:
                return [line.cut(0, label.start), line.cut(label.start)]
    return [line]


def choices_run(lines: Sequence[Line]) -> Run | None:
    """The list that holds the choices: the last one of circled numbers, else the last that is within no other."""
    runs = [run for run in runs_of(lines) if run.count > 1][-MOST_RUNS:]
    usual = [run for run in runs if run.style == USUAL]
    outer = [run for run in runs if not any(one.first < run.first < one.last for one in runs)]
    return (usual or outer or [None])[-1]


def runs_of(lines: Sequence[Line]) -> list[Run]:
    runs: list[Run] = []
    going: dict[str, Run] = {}
    for number, (line, after) in enumerate(zip(lines, labels_after(lines), strict=True)):
        label = label_at_start(line)
        if label is None:
            continue
        run = going.get(label.style)
        if label.place == 0:
            going[label.style] = run = Run(label.style, number, number, 0)
            runs.append(run)
        elif run is not None and label.place > run.place:
            run.last, run.place, run.count = number, label.place, run.count + 1
        else:
            continue
        for one in in_sequence(line, label, after):
            run.place, run.count = one.place, run.count + 1
    return runs


def in_sequence(line: Line, label: Label, after: Label | None) -> list[Label]:
    """The labels behind the first of a line, as far as they count on; none that the next line begins with."""
    found, place = [], label.place
    for one in labels_within(line, label.style, label.end):
        if one.place == place + 1 and (after is None or (after.style, after.place) != (one.style, one.place)):
            found.append(one)
            place = one.place
    return found


def take(found: StemAndChoices, line: Line, label: Label, after: Label | None) -> None:
    """Add the choices of a line."""
    labels = [label, *in_sequence(line, label, after)]
    for one, end in zip(labels, [*(one.start for one in labels[1:]), len(line.text)], strict=True):
        written = line.text[one.start : one.end].strip()
        if one.place in found.places:
            found.twice.append((line, written))
        elif one.place != (found.choices[-1].place if found.choices else -1) + 1:
            found.gaps.append(line)
        found.places.add(one.place)
        found.choices.append(Choice(one.place, written, [signed(line.cut(one.end, end), line.plain[: one.start])]))


def signed(words: Line, before: str = "") -> Line:
    """The words of a choice without the sign that says it is right, which becomes a mark of its form."""
    found = TICK.search(words.plain)
    if found is None and before.strip() != STAR:
        return words
    words = words.cut(0, found.start() if found else None)
    return Line(words.text, words.number, (*words.marks, (0, len(words.text), SIGN)))


def bulleted(stem: Sequence[Line]) -> StemAndChoices | None:
    """A list without labels at the end of the stem, as choices."""
    filled = [line for line in stem if line.text]
    first = len(filled)
    while first and (found := BULLET.match(filled[first - 1].plain)) and found[0][0] == filled[-1].plain[0]:
        first -= 1
    if first == 0 or len(filled) - first < FEWEST:
        return None
    at = stem.index(filled[first])
    items = [line.cut(2) for line in filled[first:]]
    choices = [Choice(place, "", [signed(line)]) for place, line in enumerate(items)]
    return StemAndChoices(list(stem[:at]), choices, BULLETS)


def marks_in(stem: Sequence[Line]) -> list[str]:
    """The circled numbers that stand in a text, as far as they count on from the first."""
    words = "".join(line.text for line in stem)
    return [chr(ord(USUAL) + place) for place in range(count_on(words))]


def count_on(words: str) -> int:
    place = 0
    while place < SINGLES[USUAL] and chr(ord(USUAL) + place) in words:
        place += 1
    return place
