"""Item statistics, against a worked example."""

from __future__ import annotations

import pytest

from quizapp.rules.items import Sums, discrimination, facility

LEARNERS = ("1110", "1111", "1010", "1000", "0100", "1100")


def sums_of(item: int) -> Sums:
    return Sums.of((float(row[item]), float(row.count("1"))) for row in LEARNERS)


@pytest.mark.parametrize(
    ("item", "index", "share"), [(0, 15.81, 5 / 6), (1, 0, 4 / 6), (2, 44.72, 3 / 6), (3, 54.77, 1 / 6)]
)
def test_six_learners_and_four_items(item: int, index: float, share: float) -> None:
    assert discrimination(sums_of(item)) == pytest.approx(index, abs=0.005)
    assert facility(sums_of(item), 1) == pytest.approx(share)


def test_the_scale_of_the_marks_does_not_matter() -> None:
    tenfold = Sums.of((10 * float(row[3]), 10.0 * row.count("1")) for row in LEARNERS)
    assert discrimination(tenfold) == pytest.approx(54.77, abs=0.005)
    assert facility(tenfold, 10) == pytest.approx(1 / 6)


@pytest.mark.parametrize("pairs", [[], [(1.0, 3.0)], [(1.0, 3.0), (1.0, 2.0)], [(0.0, 1.0), (1.0, 2.0)]])
def test_where_nothing_can_be_said(pairs: list[tuple[float, float]]) -> None:
    assert discrimination(Sums.of(pairs)) is None


def test_nobody_has_tried() -> None:
    assert facility(Sums(), 1) is None
