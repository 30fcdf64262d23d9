"""Statistics of a whole test: how its marks spread, and how far they can be relied upon. Pure.

Source of the definitions: Moodle, quiz statistics, after the k-statistics.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from quizapp.rules.items import TINY, ItemFigures


@dataclass(frozen=True)
class Reliability:
    """What a test's marks say. None where it isn't defined.

    skewness: k3 / k2^1.5. kurtosis: k4 / k2^2. consistency: the coefficient of internal consistency (Cronbach's alpha),
    in percent. error_ratio: in percent of the deviation. standard_error: in points.
    """

    count: int
    mean: float | None = None
    sd: float | None = None
    skewness: float | None = None
    kurtosis: float | None = None
    consistency: float | None = None
    error_ratio: float | None = None
    standard_error: float | None = None


def reliability(totals: Mapping[float, int], items: Sequence[ItemFigures]) -> Reliability:
    """From how many attempts have which mark. `items` are those that every attempt was asked; where each drew others,
    give none, and what stands on them isn't defined."""
    n = sum(totals.values())
    if not n:
        return Reliability(0)
    mean = sum(mark * count for mark, count in totals.items()) / n
    m2, m3, m4 = (sum((mark - mean) ** power * count for mark, count in totals.items()) / n for power in (2, 3, 4))
    k2 = n * m2 / (n - 1) if n > 1 else None
    if k2 is None or k2 < TINY:
        return Reliability(n, mean, None if k2 is None else 0.0)
    k3 = n**2 * m3 / ((n - 1) * (n - 2)) if n > 2 else None
    k4 = n**2 * ((n + 1) * m4 - 3 * (n - 1) * m2**2) / ((n - 1) * (n - 2) * (n - 3)) if n > 3 else None
    alpha = consistency(k2, items)
    ratio = None if alpha is None else 100 * sqrt(max(0.0, 1 - alpha / 100))
    return Reliability(
        count=n,
        mean=mean,
        sd=sqrt(k2),
        skewness=None if k3 is None else k3 / k2**1.5,
        kurtosis=None if k4 is None else k4 / k2**2,
        consistency=alpha,
        error_ratio=ratio,
        standard_error=None if ratio is None else ratio * sqrt(k2) / 100,
    )


def consistency(k2: float, items: Sequence[ItemFigures]) -> float | None:
    """100 p / (p - 1) (1 - sum of var(x) / k2) over the p items that aren't the same in every attempt."""
    spreads = [one.sd**2 for one in items if one.sd is not None and not one.is_constant]
    p = len(spreads)
    return 100 * p / (p - 1) * (1 - sum(spreads) / k2) if p > 1 else None
