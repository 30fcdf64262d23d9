"""Mastery of an objective. Source: Khan Academy's course mastery.

Below 70 % of a quiz is attempted, 70 to 99 % familiar, 100 % proficient. Only a right answer in a mixed review
reaches mastered; a right answer there moves up a level, a miss moves down one.
"""

from __future__ import annotations

LEVELS = ("none", "attempted", "familiar", "proficient", "mastered")
FAMILIAR = 0.7


def after_quiz(level: str, right: int, total: int) -> str:
    """The level after a quiz with `right` of `total` (>= 1) answers right; mastered falls only to proficient.

    A quiz sets the level; somebody who is beyond it and does well keeps what they have.
    """
    share = right / total
    reached = "proficient" if right == total else "familiar" if share >= FAMILIAR else "attempted"
    if level == "mastered":
        return "mastered" if reached == "proficient" else "proficient"
    return reached


def after_review(level: str, right: bool) -> str:
    """The level after one answer in a mixed review."""
    place = LEVELS.index(level) + (1 if right else -1)
    return LEVELS[max(1, min(place, len(LEVELS) - 1))]
