"""The numbers of a Markdown quiz: `5`, `1.41 +- 0.01`, `100 +- 5%`, `[1.2, 1.3]`, to and from an accepted answer."""

from __future__ import annotations

import re
from decimal import Decimal, localcontext
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.numbers import number_in

MAX_CHARACTERS = 200
MAX_EXPONENT = 45
"""No measurement has more digits before or behind the point."""
EXACT = 400
"""Digits to calculate with, so that nothing that is read or written gets rounded."""

SMALLEST = Decimal("0.0001")
"""text2qti takes no answer nearer to zero."""

INTEGER = re.compile(r"[+-]?[0-9]+(?:_[0-9]+)*")
UNDERSCORED = re.compile(r"[+-]?[0-9._eE+-]+")
"""A number as Python writes it, with `_` between digits."""
MEND = N_("Write “= 5”, “= 1.41 +- 0.01”, “= 100 +- 5%%” or “= [1.2, 1.3]”.")

Answer = dict[str, Any]


def number_answer(written: str) -> tuple[Answer, list[Problem]]:
    """The accepted answer that is written behind `=`, with errors and warnings."""
    if len(written) > MAX_CHARACTERS:
        return {}, [unreadable(written)]
    problems: list[Problem] = []
    with localcontext(prec=EXACT):
        if written.startswith("["):
            answer = range_answer(written, problems)
        elif "+-" in written:
            answer = tolerance_answer(written, problems)
        else:
            answer = exact_answer(written, problems)
    return answer, problems


def range_answer(written: str, problems: list[Problem]) -> Answer:
    least, mark, most = written[1:-1].partition(",")
    ends = [decimal(part, problems) for part in (least, most)]
    low, high = ends
    if not written.endswith("]") or not mark or low is None or high is None or low > high:
        problems[:] = [unreadable(written)]
        return {}
    middle = (low + high) / 2
    return {"value": plain(middle), "fraction": 1} | tolerance_of(high - middle)


def tolerance_answer(written: str, problems: list[Problem]) -> Answer:
    number, _, margin = written.partition("+-")
    percent = margin.rstrip().endswith("%")
    value = decimal(number, problems)
    tolerance = decimal(margin.rstrip().removesuffix("%"), problems)
    if value is None or tolerance is None or tolerance < 0:
        problems[:] = [unreadable(written)]
        return {}
    if percent and tolerance:
        return {"value": plain(value), "tolerance": plain(tolerance / 100), "type": "relative", "fraction": 1}
    return {"value": plain(value), "fraction": 1} | tolerance_of(tolerance)


def exact_answer(written: str, problems: list[Problem]) -> Answer:
    value = decimal(written, problems)
    if value is None:
        problems[:] = [unreadable(written)]
        return {}
    if not INTEGER.fullmatch(written) and not problems:
        problems.append(
            Problem(
                N_("“%(number)s” has no tolerance: only exactly this number will be right."),
                {"number": written},
                code="no-tolerance",
                severity="warning",
                text=written,
                mend=N_("If that is meant, write “+- 0” after it; otherwise the tolerance."),
            )
        )
    return {"value": plain(value), "fraction": 1}


def tolerance_of(width: Decimal) -> Answer:
    return {"tolerance": plain(width)} if width else {}


def unreadable(written: str) -> Problem:
    return Problem(N_("“%(number)s” is not a number with a tolerance."), {"number": written[:80]}, code="number",
                   text=written[:80], mend=MEND)  # fmt: skip


def decimal(written: str, problems: list[Problem]) -> Decimal | None:
    """The number; one written as in `3,14` comes with a warning of how it was read."""
    value, said = number_in(written.replace("_", "") if UNDERSCORED.fullmatch(written.strip()) else written)
    if value is None or not is_sane(Decimal(value)):
        return None
    problems += said
    return Decimal(value)


def is_sane(value: Decimal) -> bool:
    if not value.is_finite() or abs(value.adjusted()) > MAX_EXPONENT:
        return False
    exponent = value.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -MAX_EXPONENT


def plain(value: Decimal) -> str:
    """Digits without a power of ten and without zeros that say nothing."""
    return f"{value.normalize():f}" if value else "0"


def written_number(answer: Answer) -> str:
    """What stands behind `=` for an accepted answer with a value other than `*`."""
    with localcontext(prec=EXACT):
        return written_exactly(answer)


def written_exactly(answer: Answer) -> str:
    value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    match answer.get("type", "nominal"):
        case "relative" if tolerance:
            return f"{plain(value)} +- {plain(tolerance * 100)}%"
        case "geometric" if tolerance:
            low, high = sorted((value / (1 + tolerance), value * (1 + tolerance)))
            return f"[{rounded(low)}, {rounded(high)}]"
    number = plain(value)
    return number if not tolerance and INTEGER.fullmatch(number) else f"{number} +- {plain(tolerance)}"


def rounded(value: Decimal) -> str:
    """A quotient, which may have no end, in as many digits as are ever needed."""
    return plain(Decimal(f"{value:.12e}"))


def too_small(answer: Answer) -> bool:
    """Whether text2qti would refuse the answer for coming too near to zero."""
    value, tolerance = Decimal(answer["value"]), Decimal(answer.get("tolerance", "0"))
    width = abs(value) * tolerance if answer.get("type") == "relative" else tolerance
    return min(abs(value - width), abs(value + width)) < SMALLEST
