"""The values of QTI 2 and 3: None, a bool, a number, a text, or a list of these; a tuple where order matters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.formats.qti.numbers import parsed_number

Value = Any
"""None, a bool, a number, a text, or a list of these."""


def as_number(value: Value) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    return float(value) if isinstance(value, (int, float)) else parsed_number(value) if isinstance(value, str) else None


def matches(one: Value, other: Value) -> bool | None:
    if one is None or other is None:
        return None
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return same_values(list(one), list(other), isinstance(one, tuple) or isinstance(other, tuple))
    numbers = as_number(one), as_number(other)
    return numbers[0] == numbers[1] if None not in numbers else one == other


def folded(values: list[Value], fold: Callable[[list[float]], float]) -> float | None:
    """A sum or product of numbers and of lists of them; None if one is missing."""
    numbers = [as_number(one) for value in values for one in (value if isinstance(value, (list, tuple)) else [value])]
    return None if None in numbers else fold([one for one in numbers if one is not None])


def product(numbers: list[float]) -> float:
    total = 1.0
    for one in numbers:
        total *= one
    return total


def same_values(one: list[Value], other: list[Value], ordered: bool) -> bool:
    return one == other if ordered else sorted(one, key=str) == sorted(other, key=str)
