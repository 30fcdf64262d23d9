"""Marks, what is revealed when, and mastery."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from quizapp.rules.marks import mark, total
from quizapp.rules.mastery import LEVELS, after_quiz, after_review
from quizapp.rules.modes import EVERYTHING, NOTHING, reveal
from quizapp.rules.settings import PARTS, Feedback, QuizSettings


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
    ("feedback", "checked", "submitted", "closed"),
    [
        # Shown once: at a check, after handing in, after closing.
        ("immediate", True, True, True),
        ("deferred", False, True, True),
        ("closed", False, False, True),
        ("never", False, False, False),
    ],
)
def test_everything_is_shown_from_its_moment_on(
    feedback: Feedback, checked: bool, submitted: bool, closed: bool
) -> None:
    def shown(**moment: bool) -> set[bool]:
        found = reveal(
            QuizSettings(feedback=feedback), **(dict.fromkeys(("checked", "submitted", "closed"), False) | moment)
        )
        return {getattr(found, part) for part in PARTS}

    assert shown() == {False}
    assert shown(closed=True) == {False}
    assert shown(checked=True) == {checked}
    assert shown(submitted=True) == {submitted}
    assert shown(submitted=True, closed=True) == {closed}


@pytest.mark.parametrize("part", PARTS)
def test_a_part_has_a_moment_of_its_own(part: str) -> None:
    rules = QuizSettings.model_validate({"feedback": "deferred", "shows": {part: "closed"}})
    before = reveal(rules, submitted=True, checked=False, closed=False)
    assert {one for one in PARTS if not getattr(before, one)} == {part}
    assert reveal(rules, submitted=True, checked=False, closed=True) == EVERYTHING


def test_what_is_held_tells_nothing_but_the_response() -> None:
    found = reveal(QuizSettings(), submitted=True, checked=True, closed=True, held=True)
    assert found == replace(NOTHING, response=True, held=True)


@pytest.mark.parametrize(
    ("settings", "closed_keys"),
    [
        ({}, False),
        ({"feedback": "deferred"}, False),
        ({"feedback": "closed"}, True),
        ({"feedback": "deferred", "shows": {"solution": "closed"}}, True),
        ({"feedback": "deferred", "shows": {"solution": "never"}}, True),
        ({"feedback": "deferred", "shows": {"marks": "closed"}}, False),
        ({"feedback": "never"}, False),  # a survey
        ({"feedback": "never", "shows": {"marks": "after"}}, True),
    ],
)
def test_which_quizzes_keep_their_keys_closed(settings: dict[str, Any], closed_keys: bool) -> None:
    assert QuizSettings.model_validate(settings).closed_keys is closed_keys


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
