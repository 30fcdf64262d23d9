"""Fractions -> marks. Source: Moodle's question engine (mark = fraction x max mark, five decimals)."""

from __future__ import annotations

PLACES = 5


def mark(fraction: float, max_mark: float) -> float:
    """The points that a fraction (-1 to 1) earns of `max_mark` (> 0), rounded to five decimals."""
    return round(fraction * max_mark, PLACES)


def tidy(fraction: float) -> float:
    """A summed fraction without the dust of thirds and of binary arithmetic: 0.99999 and 1.00001 are 1."""
    nearest = round(fraction)
    return float(nearest) if abs(fraction - nearest) < 2e-5 else fraction
