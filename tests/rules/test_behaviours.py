"""What tries, hints and certainty earn: vectors of the rules, and what holds of all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quizapp.rules.behaviours import adaptive, certain, interactive, may_try_again, tries_of
from quizapp.rules.scores import Row, Try, fold

FRACTIONS = st.floats(-1, 1, allow_nan=False)


def tries(*fractions: float | None) -> list[Try]:
    """Tries that were each another response."""
    return [Try({"choice": str(place)}, fraction) for place, fraction in enumerate(fractions)]


@pytest.mark.parametrize(
    ("fractions", "penalty", "earned"),
    [
        ([1], 0.1, 1),
        ([0, 1], 0.1, 0.9),
        ([0, 0, 1], 0.1, 0.8),
        ([0.5, 0, 1], 1 / 3, 0.5),  # 1 - 2/3 is less than what the first try has earned
        ([0, 0.5], 1 / 3, 0.5 - 1 / 3),
        ([0, 0, 0, 0, 1], 1 / 3, 0),  # never below what the first wrong try was worth
        ([-0.5, 1], 1 / 3, 2 / 3),
        ([-0.5, -0.5], 1 / 3, -0.5),
        ([None], 0.1, None),
        ([0, None], 0.1, None),
    ],
)
def test_adaptive(fractions: list[float | None], penalty: float, earned: float | None) -> None:
    assert adaptive(penalty)(tries(*fractions), 0) == (None if earned is None else pytest.approx(earned))


def test_the_same_response_again_is_no_try() -> None:
    first, second = tries(0, 1)
    assert interactive([first, first, first, second], 0) == interactive([first, second], 0) == pytest.approx(2 / 3)


@given(st.lists(FRACTIONS, min_size=1, max_size=8), FRACTIONS, st.floats(0, 1))
def test_points_never_drop_by_trying_again(before: list[float], after: float, penalty: float) -> None:
    earned, now = (adaptive(penalty)(tries(*some), 0) for some in (before, [*before, after]))
    assert earned is not None
    assert now is not None
    assert now >= earned


@pytest.mark.parametrize(
    ("fraction", "certainty", "earned"),
    [
        (1, None, 1), (1, 1, 1), (1, 2, 2), (1, 3, 3), (0.5, 3, 1.5), (0.5, 2, 1),
        (0, None, 0), (0, 1, 0), (0, 2, -2), (0, 3, -6), (0.0000001, 3, -6), (-0.5, 2, -2), (None, 3, None),
    ],
)  # fmt: skip
def test_certainty(fraction: float | None, certainty: int | None, earned: float | None) -> None:
    assert certain([Try({"choice": "a"}, fraction, certainty)], 0) == earned


@pytest.mark.parametrize(
    ("fraction", "tries", "hints", "may"),
    [(0, 1, 0, False), (0, 1, 1, True), (0.5, 1, 1, True), (1, 1, 2, False), (0, 2, 1, False), (0, 2, 2, True),
     (0, 0, 2, False), (None, 1, 2, False)],
)  # fmt: skip
def test_a_hint_leaves_a_try(fraction: float | None, tries: int, hints: int, may: bool) -> None:
    assert may_try_again(fraction, tries, hints) is may
    assert tries_of(hints) == hints + 1


def test_a_record_of_tries_and_hints_is_folded() -> None:
    wrong, right = {"choice": "a"}, {"choice": "b"}
    rows = [Row("learner", wrong, 0.0), Row("check", wrong, 0.0), Row("learner", wrong, 0.0), Row("hint", wrong, 0.0)]
    opened = fold(rows, interactive)
    assert (opened.fraction, opened.tries, opened.hints, opened.checked) == (0, 1, 1, False)
    done = fold([*rows, Row("check", right, 1.0)], interactive)
    assert (done.fraction, done.tries, done.checked) == (pytest.approx(2 / 3), 2, True)
