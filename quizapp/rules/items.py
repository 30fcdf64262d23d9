"""Statistics of items: how hard a question is, whether it tells those who know from those who don't, and what its
options attract. Pure.

x is what an item earned in an attempt, T the attempt's mark, and the rest T - x; variances are those of samples, by
n - 1. Source of the definitions: Moodle, quiz statistics; by default of each learner's first attempt. Attempts come as
cells, each a pair of x and T and how many attempts have it: a hundred thousand cost no more than what differs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt

LEAST = 5
"""Fewer responses than this tell nothing of an item's discrimination."""
TINY = 1e-9
EXTREME = 0.27
"""The share of the best and of the weakest attempts that are set side by side."""


@dataclass(frozen=True, slots=True)
class Cell:
    """`count` attempts in which the item earned x, of a mark of `total`; `chosen` are the options that were."""

    x: float
    total: float
    count: int = 1
    chosen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Option:
    """How many chose an option, its point-biserial correlation with the rest, and how many of the best and of the
    weakest attempts chose it."""

    chosen: int
    point_biserial: float | None
    top: int
    bottom: int


@dataclass(frozen=True)
class ItemFigures:
    """What the attempts say of an item. None where it isn't defined: too few attempts, or all of them the same.

    facility: mean(x) / points. sd: of x, in points. discrimination: 100 cov(x, rest) / sqrt(var x var rest).
    efficiency: 100 cov(x, rest) / the largest that these x and rests could have. covariance: cov(x, T), of which the
    effective weight is made. top, bottom: how many are the best and the weakest attempts.
    """

    count: int
    facility: float | None = None
    sd: float | None = None
    discrimination: float | None = None
    efficiency: float | None = None
    covariance: float | None = None
    top: int = 0
    bottom: int = 0
    options: Mapping[str, Option] = field(default_factory=dict)

    @property
    def is_constant(self) -> bool:
        """Whether every attempt earned the same: such an item is left out of what compares."""
        return self.sd is not None and self.sd < TINY


def covariance(pairs: Sequence[tuple[float, float, int]]) -> float | None:
    """Of values with their counts; None for fewer than two."""
    n = sum(count for _, _, count in pairs)
    if n < 2:
        return None
    mean_a = sum(a * count for a, _, count in pairs) / n
    mean_b = sum(b * count for _, b, count in pairs) / n
    return sum((a - mean_a) * (b - mean_b) * count for a, b, count in pairs) / (n - 1)


def correlation(pairs: Sequence[tuple[float, float, int]]) -> float | None:
    together = covariance(pairs)
    spread_a = covariance([(a, a, count) for a, _, count in pairs])
    spread_b = covariance([(b, b, count) for _, b, count in pairs])
    if together is None or not spread_a or not spread_b or min(spread_a, spread_b) < TINY:
        return None
    return together / sqrt(spread_a * spread_b)


def largest_covariance(pairs: Sequence[tuple[float, float, int]]) -> float | None:
    """What it would be if the best on the one side were the best on the other: both sorted."""
    first = sorted((a, count) for a, _, count in pairs)
    second = sorted((b, count) for _, b, count in pairs)
    matched, place, left = [], 0, second[0][1] if second else 0
    for a, count in first:
        while count:
            taken = min(count, left)
            matched.append((a, second[place][0], taken))
            count, left = count - taken, left - taken
            if not left and place + 1 < len(second):
                place += 1
                left = second[place][1]
    return covariance(matched)


def item_figures(cells: Iterable[Cell], max_mark: float) -> ItemFigures:
    cells = list(cells)
    n = sum(cell.count for cell in cells)
    if not n or not max_mark:
        return ItemFigures(n)
    pairs = [(cell.x, cell.total - cell.x, cell.count) for cell in cells]
    variance = covariance([(x, x, count) for x, _, count in pairs])
    index, largest = correlation(pairs), largest_covariance(pairs)
    together = covariance(pairs)
    low, high = extremes(cells, n)
    return ItemFigures(
        count=n,
        facility=sum(x * count for x, _, count in pairs) / n / max_mark,
        sd=None if variance is None else sqrt(max(0.0, variance)),
        discrimination=None if index is None else 100 * index,
        efficiency=None if index is None or together is None or not largest else 100 * together / largest,
        covariance=covariance([(cell.x, cell.total, cell.count) for cell in cells]),
        top=sum(cell.count for cell in cells if cell.total >= high),
        bottom=sum(cell.count for cell in cells if cell.total <= low),
        options=options(cells, low, high),
    )


def extremes(cells: Sequence[Cell], n: int) -> tuple[float, float]:
    """The marks up to which an attempt is among the weakest 27 %, and from which among the best; who has as much as
    the last of a group belongs to it."""
    size = max(1, round(EXTREME * n))
    return mark_reached_by(sorted((cell.total, cell.count) for cell in cells), size), mark_reached_by(
        sorted(((cell.total, cell.count) for cell in cells), reverse=True), size
    )


def mark_reached_by(totals: Sequence[tuple[float, int]], size: int) -> float:
    """The mark at which so many attempts have been counted."""
    for total, count in totals:
        size -= count
        if size <= 0:
            return total
    return totals[-1][0]


def options(cells: Sequence[Cell], low: float, high: float) -> dict[str, Option]:
    found: dict[str, Option] = {}
    for name in dict.fromkeys(one for cell in cells for one in cell.chosen):
        with_it = [cell for cell in cells if name in cell.chosen]
        found[name] = Option(
            chosen=sum(cell.count for cell in with_it),
            point_biserial=correlation(
                [(float(name in cell.chosen), cell.total - cell.x, cell.count) for cell in cells]
            ),
            top=sum(cell.count for cell in with_it if cell.total >= high),
            bottom=sum(cell.count for cell in with_it if cell.total <= low),
        )
    return found


def effective_weights(items: Sequence[ItemFigures]) -> list[float | None]:
    """The share of each item in the spread of the marks, 100 for all: 100 sqrt(cov(x, T)) / sum of these roots. None
    for an item whose covariance is negative or that is the same in every attempt."""
    roots = [
        None if one.covariance is None or one.covariance < 0 or one.is_constant else sqrt(one.covariance)
        for one in items
    ]
    whole = sum(root for root in roots if root is not None)
    return [None if root is None or whole < TINY else 100 * root / whole for root in roots]


def doubts(figures: ItemFigures, right: Iterable[str]) -> list[str]:
    """Why an item looks wrong, as words: "all", "none" (everybody or nobody earned its points), "negative" (who knows
    more gets it wrong), "distractor" (one goes with the rest of the score better than the key). `right` names the
    options of the key."""
    if figures.count < LEAST or figures.facility is None:
        return []
    found = []
    if figures.facility >= 1 - TINY:
        found.append("all")
    if figures.facility <= TINY and figures.is_constant:  # else points that were lost make up for those that were won
        found.append("none")
    if figures.discrimination is not None and figures.discrimination < -TINY:
        found.append("negative")
    of = {name: one.point_biserial for name, one in figures.options.items() if one.point_biserial is not None}
    key, wrong = set(right), [value for name, value in of.items() if name and name not in set(right)]
    best = max((of[name] for name in key if name in of), default=None)
    if best is not None and wrong and max(wrong) > best + TINY:
        found.append("distractor")
    return found
