"""How a typed number is read: the many ways in which people write the same one.

- Digits of any script and width; a plus or minus sign, also the typographic ones.
- A decimal point or comma. Thousands may be parted by comma, point, space or apostrophe, three digits each.
  `1,234` is 1234 and `1.234` is 1.234; where both signs stand, the last is the decimal one.
- A power of ten: `1.2e3`, `1.2×10^3`, `1.2 x 10³`, `10^3`.
- A unit behind the number, or the sign of a currency before it.

The reading is shown to the learner, so that a misunderstanding is seen.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

MAX_CHARACTERS = 200
MAX_EXPONENT = 300
"""Beyond it a number isn't read: exact arithmetic would need too many digits."""

SIGNS = str.maketrans("−－﹣–＋．，’＇×＊·", "----+.,''xxx")
SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
TYPED = re.compile(
    r"""(?P<sign>[+-]?)\s*(?P<currency>[$₩￦€£¥]?)\s*
    (?P<digits>[0-9](?:[0-9.,' ]*[0-9])?[.,]?|[.,][0-9]+)
    (?P<power>[eE][+-]?[0-9]+|\s*[xX*]\s*10(?:\^\s*[+-]?[0-9]+|[⁻⁺]?[⁰¹²³⁴-⁹]+)|(?<=10)\^[+-]?[0-9]+)?
    (?P<unit>\s*[^\s0-9.,+-].*)?""",
    re.VERBOSE,
)
GROUPS = re.compile(r"[1-9][0-9]{0,2}(?:(?P<mark>[,.' ])[0-9]{3})(?:(?P=mark)[0-9]{3})*")
PLAIN = re.compile(r"[0-9]*\.?[0-9]*")


@dataclass(frozen=True)
class Reading:
    """A typed number as it was understood. `unit` is without white space, "" if none was typed."""

    value: Decimal
    unit: str = ""

    def __str__(self) -> str:
        """The value in digits: `1234.5`, or with a power of ten where that is shorter."""
        plain = self.value if abs(self.value.adjusted()) > 15 else f"{self.value:f}"
        return f"{plain} {self.unit}".strip()


def read(typed: str) -> Reading | None:
    """The number in a typed text, None if there is none that can be read for sure."""
    if len(typed) > MAX_CHARACTERS:
        return None
    found = TYPED.fullmatch(plain_signs(typed).strip())
    if found is None or (found["currency"] and found["unit"]):
        return None
    digits = decimal_digits(found["digits"])
    if digits is None:
        return None
    unit = "".join((found["currency"] or found["unit"] or "").split())
    return reading_of(found["sign"] + digits, found["power"] or "", unit)


def plain_signs(typed: str) -> str:
    """The text with plain digits, signs and spaces for those of other scripts and widths."""
    plain = []
    for character in typed.translate(SIGNS):
        digit = unicodedata.decimal(character, None)
        plain.append(str(digit) if digit is not None else " " if character.isspace() else character)
    return "".join(plain)


def decimal_digits(written: str) -> str | None:
    """Digits with thousands and decimals parted in any way -> digits with a decimal point; None if they can't be."""
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


def reading_of(digits: str, power: str, unit: str) -> Reading | None:
    exponent = power_of_ten(power)
    if abs(exponent) > MAX_EXPONENT:
        return None
    if power.startswith("^"):
        digits = digits.removesuffix("10") + "1"
    value = Decimal(digits).scaleb(exponent)
    return Reading(value, unit)


def power_of_ten(power: str) -> int:
    """The exponent in `e3`, `x10^3`, `x 10³` or `^3`; 0 for ""."""
    exponent = re.sub(r"^\s*[xX*]\s*10|[eE^\s]", "", power.translate(SUPERSCRIPTS))
    return int(exponent or 0)
