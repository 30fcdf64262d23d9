"""The lines by which a response is graded: those that the notes for the grader name with their points, else equal
shares of the points. Pure.

Notes say "2 points: two reasons" or "2점: 근거가 둘", each on a line of its own or one after the other. Lines that
make up the points of the question together are criteria, of which several can be met; others are levels, of which
one is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.kinds.readings import read

NAMED = re.compile(
    r"(?<![\d.,\-−–~])(?<!\d [-–~] )(\d{1,4}(?:[.,]\d{1,3})?)\s*(?:점|points?|pts?|marks?)\s*[:：]\s*", re.IGNORECASE
)
"""Points with a minus before them are taken away, and of a range neither end is given: such notes name no lines."""
BULLET = re.compile(r"(?<![\s\-*·•])[\s\-*·•]+\Z")
MOST_LINES = 9
"""Lines that a digit can choose."""


@dataclass(frozen=True, slots=True)
class RubricLine:
    points: float
    words: str = ""


@dataclass(frozen=True, slots=True)
class Rubric:
    """`several`: the lines are criteria, each of which adds its points; else they are levels."""

    lines: tuple[RubricLine, ...]
    several: bool = False

    def points(self, chosen: Sequence[int]) -> float:
        """What these lines, by their places from 0, come to."""
        return round(sum(self.lines[place].points for place in chosen), 5)


def rubric(notes: str, max_mark: float) -> Rubric:
    """By the notes where at least two of their lines name points that can be given; else `default_levels`."""
    named = lines_of(notes)
    if not 2 <= len(named) <= MOST_LINES or any(line.points > max_mark for line in named):
        return Rubric(default_levels(max_mark))
    return Rubric(named, several=abs(sum(line.points for line in named) - max_mark) < 1e-6)


def number(written: str) -> float:
    """A number as any other that is typed: `0,5` is a half and `1,000` a thousand."""
    found = read(written)
    return float(found.value) if found else 0.0


def lines_of(notes: str) -> tuple[RubricLine, ...]:
    found = list(NAMED.finditer(notes))
    ends = [one.start() for one in found[1:]] + [len(notes)]
    return tuple(
        RubricLine(number(one[1]), BULLET.sub("", notes[one.end() : end]).strip())
        for one, end in zip(found, ends, strict=False)
    )


def default_levels(max_mark: float) -> tuple[RubricLine, ...]:
    """Whole points from 0 where a digit reaches them all, else quarters."""
    whole = max_mark == int(max_mark) and max_mark < MOST_LINES and max_mark > 1
    shares = range(int(max_mark) + 1) if whole else (0, 0.25, 0.5, 0.75, 1)
    return tuple(RubricLine(float(share) if whole else round(share * max_mark, 5)) for share in shares)
