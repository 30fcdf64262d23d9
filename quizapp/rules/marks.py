"""Fractions -> marks. Source: Moodle's question engine (mark = fraction x max mark, five decimals)."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum

PLACES = 5


def mark(fraction: float, max_mark: float) -> float:
    """The points that a fraction (-1 to 1) earns of `max_mark` (> 0), rounded to five decimals."""
    return round(fraction * max_mark, PLACES)


def total(marks: Iterable[float]) -> float:
    """The mark of an attempt: the sum of its questions' marks, never below 0. 0 for none."""
    return max(0.0, round(fsum(marks), PLACES))


def possible(points: Iterable[float]) -> float:
    """The points to be had: the sum of those of the questions that count. 0 for none."""
    return round(fsum(points), PLACES)
