"""Mastery of an objective. Source: Khan Academy's course mastery.

A quiz gives a level: below 70 % right attempted, from 70 % familiar, 100 % proficient. It never takes one away,
for nobody is to lose by trying again. Only a mixed review reaches mastered: a right answer there moves up a
level, a miss moves down one.
"""

from __future__ import annotations

LEVELS = ("none", "attempted", "familiar", "proficient", "mastered")
FAMILIAR = 0.7


def after_quiz(level: str, right: int, total: int) -> str:
    """The level after a quiz with `right` (0 to total) of `total` (>= 1) answers right; never below `level`.

    Raises ValueError for a level that isn't one of LEVELS, or without an answer.
    """
    if total < 1 or not 0 <= right <= total:
        raise ValueError(f"{right} of {total} answers can't be right")
    reached = "proficient" if right == total else "familiar" if right >= FAMILIAR * total else "attempted"
    return max(level, reached, key=LEVELS.index)


def after_review(level: str, right: bool) -> str:
    """The level after one answer in a mixed review: one up or one down, but not below attempted.

    Whoever answers has attempted it, so that a first right answer leads from none to familiar. Raises ValueError
    for a level that isn't one of LEVELS.
    """
    attempted = LEVELS.index("attempted")
    place = max(LEVELS.index(level), attempted) + (1 if right else -1)
    return LEVELS[min(max(place, attempted), len(LEVELS) - 1)]
