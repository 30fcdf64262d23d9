"""Statistics of items and of a test, against a worked example."""

from __future__ import annotations

from dataclasses import replace

import pytest

from quizapp.rules.items import Cell, ItemFigures, doubts, effective_weights, item_figures
from quizapp.rules.reliability import reliability

LEARNERS = ("1110", "1111", "1010", "1000", "0100", "1100")
NEAR = {"abs": 0.005}


def cells_of(item: int, scale: float = 1) -> list[Cell]:
    return [
        Cell(scale * float(row[item]), scale * row.count("1"), 1, ("key" if row[item] == "1" else "wrong",))
        for row in LEARNERS
    ]


FIGURES = [item_figures(cells_of(item), 1) for item in range(4)]
TOTALS = {1.0: 2, 2.0: 2, 3.0: 1, 4.0: 1}


@pytest.mark.parametrize(
    ("item", "index", "efficiency", "share"),
    [(0, 15.81, 25, 5 / 6), (1, 0, 0, 4 / 6), (2, 44.72, 50, 3 / 6), (3, 54.77, 100, 1 / 6)],
)
def test_six_learners_and_four_items(item: int, index: float, efficiency: float, share: float) -> None:
    found = FIGURES[item]
    assert found.discrimination == pytest.approx(index, **NEAR)
    assert found.efficiency == pytest.approx(efficiency, **NEAR)
    assert found.facility == pytest.approx(share)
    assert found.sd == pytest.approx((6 * share * (1 - share) / 5) ** 0.5)


def test_the_effective_weights() -> None:
    assert effective_weights(FIGURES) == [pytest.approx(value, **NEAR) for value in (20.89, 22.33, 30.58, 26.19)]


def test_the_whole_test() -> None:
    found = reliability(TOTALS, FIGURES)
    assert found.count == 6
    assert found.mean == pytest.approx(13 / 6)
    assert found.sd == pytest.approx(1.1690, abs=5e-5)
    assert found.skewness == pytest.approx(0.6676, abs=5e-5)
    assert found.kurtosis == pytest.approx(-0.4462, abs=5e-5)
    assert found.consistency == pytest.approx(45.53, **NEAR)
    assert found.error_ratio == pytest.approx(73.80, **NEAR)
    assert found.standard_error == pytest.approx(0.8628, abs=5e-5)


def test_cells_are_as_good_as_attempts() -> None:
    """Attempts that are the same come together in one cell, and change no figure."""
    many = item_figures([replace(one, count=3) for one in cells_of(3)], 1)
    apart = item_figures([one for one in cells_of(3) for _ in range(3)], 1)
    assert many.discrimination == pytest.approx(apart.discrimination)
    assert many.efficiency == pytest.approx(apart.efficiency)
    assert (many.count, many.top, many.bottom) == (18, apart.top, apart.bottom)
    assert many.options["key"].point_biserial == pytest.approx(apart.options["key"].point_biserial)


def test_the_scale_of_the_marks_does_not_matter() -> None:
    tenfold = item_figures(cells_of(3, 10), 10)
    assert tenfold.discrimination == pytest.approx(54.77, **NEAR)
    assert tenfold.efficiency == pytest.approx(100)
    assert tenfold.facility == pytest.approx(1 / 6)


def test_an_item_that_is_always_the_same_is_left_out() -> None:
    same = item_figures([Cell(1, 1 + float(row.count("1"))) for row in LEARNERS], 1)
    assert same.is_constant
    assert (same.discrimination, same.efficiency) == (None, None)
    assert effective_weights([*FIGURES, same])[-1] is None
    assert effective_weights([*FIGURES, same])[0] == pytest.approx(20.89, **NEAR)
    assert reliability(TOTALS, [*FIGURES, same]).consistency == pytest.approx(45.53, **NEAR)


@pytest.mark.parametrize("pairs", [[], [(1.0, 3.0)], [(1.0, 3.0), (1.0, 2.0)], [(0.0, 1.0), (1.0, 2.0)]])
def test_where_nothing_can_be_said(pairs: list[tuple[float, float]]) -> None:
    assert item_figures([Cell(*pair) for pair in pairs], 1).discrimination is None


@pytest.mark.parametrize(("totals", "known"), [({}, ()), ({3.0: 1}, ("mean",)), ({3.0: 5}, ("mean", "sd"))])
def test_a_test_of_which_little_can_be_said(totals: dict[float, int], known: tuple[str, ...]) -> None:
    found = reliability(totals, FIGURES)
    figures = ("mean", "sd", "skewness", "kurtosis", "consistency", "error_ratio", "standard_error")
    assert [name for name in figures if getattr(found, name) is not None] == list(known)


def test_options_and_the_extremes() -> None:
    """Of ten attempts the best three and the weakest three are 27 %; who has as much as the last belongs to them."""
    marks = (9, 8, 7, 7, 5, 4, 3, 2, 1, 0)
    chosen = "aaaabbabbc"
    found = item_figures([Cell(float(one == "a"), mark, 1, (one,)) for mark, one in zip(marks, chosen, strict=True)], 1)
    assert (found.top, found.bottom) == (4, 3)
    assert [(name, one.chosen, one.top, one.bottom) for name, one in found.options.items()] == [
        ("a", 5, 4, 0), ("b", 4, 0, 2), ("c", 1, 0, 1),
    ]  # fmt: skip
    assert (found.options["a"].point_biserial or 0) > 0 > (found.options["b"].point_biserial or 0)
    assert found.options["a"].point_biserial == pytest.approx((found.discrimination or 0) / 100)


def test_what_looks_wrong() -> None:
    def of(pattern: str) -> ItemFigures:
        """Ten people, the best first, and what each chose; a is the key."""
        return item_figures(
            [Cell(float(one == "a"), 20 - place + float(one == "a"), 1, (one,)) for place, one in enumerate(pattern)], 1
        )

    assert doubts(of("aaaaaabbbb"), ["a"]) == []
    assert doubts(of("bbbbbbaaaa"), ["a"]) == ["negative", "distractor"]
    assert doubts(of("bbbaaaaccc"), ["a"]) == ["distractor"]
    assert doubts(of("aaaaaaaaaa"), ["a"]) == ["all"]
    assert doubts(of("bbbbbccccc"), ["a"]) == ["none"]
    assert doubts(of("bbaa"), ["a"]) == [], "too few to say"
    half = [Cell(float(x), 20 - place, 1, ("ab"[x < 0],)) for place, x in enumerate([1] * 5 + [-1] * 5)]
    assert item_figures(half, 1).facility == 0
    assert "none" not in doubts(item_figures(half, 1), ["a"]), "half of them were right"
