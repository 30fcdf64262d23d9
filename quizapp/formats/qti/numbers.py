"""The numbers of QTI: scores as shares, and decimals with their tolerances."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from fractions import Fraction

from quizapp.kinds.base import Body

MOST_PARTS, CLOSE = 1000, 1e-10
"""A share so close to a fraction with at most so many parts is meant to be that fraction."""


def parsed_number(written: str | None) -> float | None:
    try:
        value = float((written or "").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None


def share_of(score: float, whole: float) -> float:
    """A score as a share of the whole, from -1 to 1: a third where it is written as one, a whole number as an int."""
    share = max(-1.0, min(1.0, score / whole))
    near = Fraction(share).limit_denominator(MOST_PARTS)
    share = float(near) if abs(near - share) < CLOSE else round(share, 10)
    return int(share) if share == int(share) else share


def is_decimal(written: str) -> bool:
    try:
        return Decimal(written).is_finite()
    except InvalidOperation:
        return False


def in_digits(value: Decimal) -> str:
    """A number without trailing zeros and, where that is readable, without an exponent."""
    plain = value.normalize()
    return f"{plain:f}" if abs(plain.adjusted()) < 30 else str(plain)


def bounds_of(answer: Body) -> tuple[Decimal, Decimal]:
    value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    if answer.get("type") == "geometric":
        low, high = sorted((value / (1 + tolerance), value * (1 + tolerance)))
        return low, high
    half = abs(value) * tolerance if answer.get("type") == "relative" else tolerance
    return value - half, value + half
