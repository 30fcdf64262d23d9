"""Marks, what is revealed when, and mastery."""

from __future__ import annotations

import pytest

from quizapp.rules.marks import mark, total
from quizapp.rules.mastery import LEVELS, after_quiz, after_review
from quizapp.rules.modes import Reveal, reveal
from quizapp.rules.settings import Feedback


@pytest.mark.parametrize(
    ("fraction", "points", "earned"),
    [(1, 3, 3), (0, 3, 0), (1 / 3, 1, 0.33333), (2 / 3, 2, 1.33333), (-0.5, 2, -1), (0.1 + 0.2, 1, 0.3)],
)
def test_a_mark_is_a_share_of_the_points(fraction: float, points: float, earned: float) -> None:
    assert mark(fraction, points) == earned


@pytest.mark.parametrize(
    ("marks", "sum_of_them"),
    [([], 0), ([1, 2.5], 3.5), ([0.1] * 10, 1), ([1, -0.5], 0.5), ([0.5, -1], 0), ([0.33333] * 3, 0.99999)],
)
def test_an_attempt_earns_the_sum_and_never_less_than_nothing(marks: list[float], sum_of_them: float) -> None:
    assert total(marks) == sum_of_them
    assert total(iter(marks)) == sum_of_them


@pytest.mark.parametrize(
    ("feedback", "submitted", "checked", "shown"),
    [
        ("immediate", False, False, False),
        ("immediate", False, True, True),
        ("immediate", True, False, True),
        ("immediate", True, True, True),
        ("deferred", False, False, False),
        ("deferred", False, True, False),
        ("deferred", True, False, True),
        ("deferred", True, True, True),
    ],
)
def test_everything_or_nothing_is_revealed(feedback: Feedback, submitted: bool, checked: bool, shown: bool) -> None:
    assert reveal(feedback, submitted=submitted, checked=checked) == Reveal(shown, shown, shown, shown)


@pytest.mark.parametrize(
    ("level", "right", "asked", "after"),
    [
        ("none", 0, 10, "attempted"),
        ("none", 69, 100, "attempted"),
        ("none", 7, 10, "familiar"),
        ("none", 99, 100, "familiar"),
        ("none", 1, 1, "proficient"),
        ("attempted", 9, 10, "familiar"),
        ("familiar", 0, 10, "familiar"),
        ("proficient", 7, 10, "proficient"),
        ("proficient", 10, 10, "proficient"),
        ("mastered", 0, 10, "mastered"),
        ("mastered", 10, 10, "mastered"),
    ],
)
def test_a_quiz_gives_a_level_and_takes_none_away(level: str, right: int, asked: int, after: str) -> None:
    assert after_quiz(level, right, asked) == after


@pytest.mark.parametrize(
    ("level", "if_right", "if_wrong"),
    [
        ("none", "familiar", "attempted"),
        ("attempted", "familiar", "attempted"),
        ("familiar", "proficient", "attempted"),
        ("proficient", "mastered", "familiar"),
        ("mastered", "mastered", "proficient"),
    ],
)
def test_a_review_moves_a_level_up_or_down(level: str, if_right: str, if_wrong: str) -> None:
    assert after_review(level, True) == if_right
    assert after_review(level, False) == if_wrong


@pytest.mark.parametrize(("right", "asked"), [(0, 0), (2, 1), (-1, 3)])
def test_impossible_counts_are_errors(right: int, asked: int) -> None:
    for level in LEVELS:
        with pytest.raises(ValueError, match="can't be right"):
            after_quiz(level, right, asked)
