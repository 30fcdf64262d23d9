"""The numbers of files: what is plain stays as it is written, all else is read as a learner's would be, and said.

A comma before exactly three digits can part the thousands or the decimals: `1,000` is a thousand or one. No format
that we read settles it. Moodle's files know no comma (its importer refuses one), but its own reading of a typed
number takes this one for thousands in English and Korean; the tables of spreadsheets and the readings of what our
learners type do so too. So it is a thousand in every format, and never without a warning that names both numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal, localcontext
from fractions import Fraction

from quizapp.errors import N_, Problem
from quizapp.kinds import readings
from quizapp.kinds.checks import NUMBER

EITHER = re.compile(r"\s*+(?:[+-]\s*+)?[1-9][0-9]{0,2},[0-9]{3}(?![0-9]|[.,' ][0-9])")
EXACT = 400
"""Digits to calculate with, so that a fraction that has an end is written to it."""
MEND = N_("Write numbers with a decimal point and nothing between thousands.")


def number_in(written: str, units: Collection[str] = ()) -> tuple[str | None, list[Problem]]:
    """The number as our items hold it, with the warning of one that isn't plain. None if it is none.

    `units`: what may stand behind it without being part of it, such as a percent sign.
    """
    written = written.strip()
    if NUMBER.fullmatch(written):
        return written, []
    found = readings.read(written)
    if found is None or (found.unit and found.unit not in units):
        return None, []
    value = found.shown if "/" not in found.shown else decimals_of(found.value)
    return (value, [doubt(written, value)]) if value and NUMBER.fullmatch(value) else (None, [])


def decimals_of(quotient: Fraction) -> str | None:
    """A quotient in decimals; None if they have no end."""
    with localcontext(prec=EXACT):
        value = (Decimal(quotient.numerator) / Decimal(quotient.denominator)).normalize()
    return f"{value:f}" if Fraction(value) == quotient else None


def doubt(written: str, taken: str) -> Problem:
    """The warning of how a number was read, and of how else it could be."""
    plain = readings.plain_signs(written)
    if EITHER.match(plain) and (other := readings.read(plain.replace(",", ".", 1))):
        return Problem(
            N_(
                "“%(words)s” can be %(taken)s or %(other)s; it was read as %(taken)s. Check whether that is "
                "what is meant."
            ),
            {"words": written[:80], "taken": taken, "other": other.shown},
            code="thousands",
            severity="warning",
            text=written[:80],
            mend=MEND,
        )
    return Problem(
        N_("“%(words)s” was read as %(value)s."),
        {"words": written[:80], "value": taken},
        code="number-reading",
        severity="warning",
        text=written[:80],
        mend=MEND,
    )
