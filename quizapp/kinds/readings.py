"""How a typed number is read: the many ways in which people write the same one.

- Digits of any script and width; a plus or minus sign, also the typographic ones.
- A decimal point or comma. Thousands separators may be commas, points, spaces or apostrophes, three digits each.
  `1,234` is 1234 and `1.234` is 1.234; where both signs stand, the last is the decimal one.
- A power of ten: `1.2e3`, `1.2×10^3`, `1.2 x 10³`, `10^3`. A fraction of whole numbers: `3/4`, `½`, `3½`.
- Nothing else is reckoned with: `2^3`, `3²` and `3π` aren't read.
- A unit behind the number, or the sign of a currency before it.

The reading is shown to the learner, so that a misunderstanding is seen.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

MAX_CHARACTERS = 200
MAX_EXPONENT = 300
"""Beyond it a number isn't read: exact arithmetic would need too many digits."""

SIGNS = str.maketrans("−－﹣–＋．，’＇", "----+.,''")
BARE_POWER = "^⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
"""What follows a 10 that stands alone, as in `10^5`."""
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
TYPED = re.compile(
    r"""(?P<sign>[+-]?)\s*(?P<currency>[$₩￦€£¥]?)\s*
    (?P<digits>[0-9](?:[0-9.,' ]*[0-9])?[.,]?|[.,][0-9]+)
    (?P<power>
        \s*[eE][+-]?[0-9]+
        |(?:\s*[xX×*·]\s*10|(?<=10))(?:\^[+-]?[0-9]+|[⁻⁺]?[⁰¹²³⁴-⁹]+)
    )?
    (?P<unit>\s*[^\s0-9.,+\-/~:=<>](?:[^0-9]|(?<=[^\W0-9]|[\^-])[0-9](?![0-9]))*)?""",
    re.VERBOSE,
)
POWER_MARKS = re.compile(r"\s*[xX×*·]\s*10|[eE^\s]")
GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[,.' ])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
QUOTIENT = re.compile(r"([+-]?[0-9]{1,30}) ?[/⁄] ?([0-9]{1,30})")
MIXED = re.compile(r"([+-]?)([0-9]{0,6}) ?([¼½¾⅐-⅞])")
NO_UNIT = "^!*·√∞π|&"
"""Of no unit the first character, nor are superscripts and the signs of mathematics: they would change the number. Only
one that a question declares may begin so."""
PLAIN = re.compile(r"[0-9]*\.?[0-9]*")


@dataclass(frozen=True)
class Reading:
    """A typed number as it was understood: its exact value, and the value as the learner is shown it.

    `unit` is without white space, "" if none was typed.
    """

    value: Fraction
    shown: str
    unit: str = ""

    def __str__(self) -> str:
        return f"{self.shown} {self.unit}".strip()


@lru_cache(maxsize=4096)
def read(typed: str, declared: frozenset[str] = frozenset()) -> Reading | None:
    """The number in a typed text, None if there is none that can be read for sure. A class types mostly the same.

    `declared`: the units of the question, as `plain_unit` has them, which may begin with any sign.
    """
    if len(typed) > MAX_CHARACTERS:
        return None
    written = plain_signs(typed).strip()
    quotient = QUOTIENT.fullmatch(written)
    if quotient and int(quotient[2]):
        return Reading(Fraction(int(quotient[1]), int(quotient[2])), f"{quotient[1]}/{quotient[2]}")
    if mixed := MIXED.fullmatch(written):
        top, bottom = map(int, unicodedata.normalize("NFKC", mixed[3]).split("⁄"))
        top += int(mixed[2] or 0) * bottom
        return Reading(Fraction(int(f"{mixed[1]}{top}"), bottom), f"{mixed[1]}{top}/{bottom}")
    found = TYPED.fullmatch(written)
    if found is None or (found["currency"] and found["unit"]):
        return None
    unit = plain_unit(found["currency"] or found["unit"] or "")
    if is_operation(unit) and unit not in declared:
        return None
    digits, exponent = decimal_digits(found["digits"]), power_of_ten(found["power"] or "")
    if digits is None or abs(exponent) > MAX_EXPONENT:
        return None
    if found["power"] and found["power"][0] in BARE_POWER:
        if digits != "10":
            return None
        digits = "1"
    value = Decimal(f"{found['sign']}{digits}e{exponent}")
    return Reading(Fraction(value), digits_of(value), unit)


def is_operation(unit: str) -> bool:
    """Whether what stands behind a number goes on with it: a power, a factor, a fraction."""
    return bool(unit) and (unit[0] in NO_UNIT or unicodedata.category(unit[0]) in ("No", "Sm"))


def digits_of(value: Decimal) -> str:
    """The value in digits: `1234.5`, or with a power of ten where that is shorter."""
    return str(value) if abs(value.adjusted()) > 15 else f"{value:f}"


def plain_unit(written: str) -> str:
    """A unit in the form in which units are compared."""
    return "".join(plain_signs(written).split())


def plain_signs(typed: str) -> str:
    """The text with plain digits, signs and spaces for those of other scripts and widths."""
    plain = []
    for character in typed.translate(SIGNS):
        digit = unicodedata.decimal(character, None)
        plain.append(str(digit) if digit is not None else " " if character.isspace() else character)
    return "".join(plain)


def decimal_digits(written: str) -> str | None:
    """Digits with thousands and decimals separated in any way -> digits with a decimal point; None if they can't be."""
    whole, mark, decimals = written, "", ""
    last = max(written.rfind("."), written.rfind(","))
    if last >= 0 and is_decimal_mark(written, last):
        whole, mark, decimals = written[:last], ".", written[last + 1 :]
    if GROUPS.fullmatch(whole):
        whole = re.sub("[,.' ]", "", whole)
    plain = whole + mark + decimals
    return plain if PLAIN.fullmatch(plain) else None


def is_decimal_mark(written: str, place: int) -> bool:
    """Whether the last comma or point parts the decimals, and not the thousands."""
    if written.count(written[place]) > 1:
        return False
    grouped = any(mark in written for mark in ".,' " if mark != written[place])
    return written[place] == "." or grouped or GROUPS.fullmatch(written) is None


def power_of_ten(power: str) -> int:
    """The exponent in `e3`, `x10^3`, `× 10³` or `^3`; 0 for ""."""
    return int(POWER_MARKS.sub("", power.translate(SUPERSCRIPTS)) or 0)
