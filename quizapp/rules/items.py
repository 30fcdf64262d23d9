"""Statistics of items: how hard a question is, and whether it tells those who know from those who don't. Pure.

x is what an item earned in an attempt, T the attempt's mark, and the rest T - x. Source of the definitions: Moodle,
quiz statistics; by default of each learner's first attempt.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

LEAST = 5
"""Fewer responses than this tell nothing of an item's discrimination."""
TINY = 1e-9


@dataclass(frozen=True)
class Sums:
    """Sums over the attempts that asked an item: of x, of the rest, of their squares and of their product."""

    count: int = 0
    x: float = 0.0
    xx: float = 0.0
    rest: float = 0.0
    rest_rest: float = 0.0
    x_rest: float = 0.0

    @classmethod
    def of(cls, pairs: Iterable[tuple[float, float]]) -> Sums:
        """From pairs of x and T."""
        found = [(x, total - x) for x, total in pairs]
        return cls(
            len(found),
            sum(x for x, _ in found),
            sum(x * x for x, _ in found),
            sum(rest for _, rest in found),
            sum(rest * rest for _, rest in found),
            sum(x * rest for x, rest in found),
        )


def facility(sums: Sums, max_mark: float) -> float | None:
    """Mean of x as a share of the points, mostly 0 to 1 (below 0 where wrong answers cost); None without attempts."""
    return sums.x / sums.count / max_mark if sums.count and max_mark else None


def discrimination(sums: Sums) -> float | None:
    """The discrimination index, `100 cov(x, rest) / sqrt(var x var rest)`: -100 to 100.

    None where it isn't defined: fewer than two attempts, or an item or a rest that is the same in all of them.
    """
    n = sums.count
    if n < 2:
        return None
    covariance = sums.x_rest - sums.x * sums.rest / n
    spread = (sums.xx - sums.x**2 / n, sums.rest_rest - sums.rest**2 / n)
    if min(spread) < TINY:
        return None
    return 100 * covariance / sqrt(spread[0] * spread[1])
