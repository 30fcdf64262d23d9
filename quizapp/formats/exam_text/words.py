"""Answers in words and numbers: the alternatives of one, and what can be read as a number."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizapp.errors import Problem
from quizapp.formats.base import HANGUL
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.messages import about
from quizapp.formats.wildcards import pattern_of
from quizapp.kinds import readings
from quizapp.kinds.readings import MAX_CHARACTERS

EITHER = re.compile(r"\s+(?:또는|혹은|or)\s+|\s+[/|]\s+", re.IGNORECASE)
OR_INSIDE = re.compile(r"(?P<outside>[^()]+)\((?:또는|혹은|or)\s+(?P<inside>[^()]+)\)", re.IGNORECASE)
COMMA = re.compile(r"\s*[,，、]\s*")
BRACKETS = re.compile(r"(?P<outside>[^()]+?)\s*\((?P<inside>[^()]+)\)")
LATIN = re.compile(r"[A-Za-z]")
UNITS = (
    "mm|cm|km|m|mg|kg|g|t|mL|ml|L|l|ms|s|min|h|Hz|N|J|W|V|A|Pa|K|mol|mol/L|°C|℃|℉|%|°|m/s|km/h|m/s²|cm²|m²|cm³|m³|㎝|㎞|㎡|㎏|"
    "초|분|시간|일|주|개월|년|세기|개|명|원|도|배|회|점|살|마리|권|장|쪽|층|달러"
)
TAIL = re.compile(rf"\s?(?:\(?\s?(?:±|\+/?-)\s?(?P<tolerance>\d+(?:\.\d+)?)\s?\)?)?\s?(?P<unit>{UNITS})?$")
"""What may stand behind a number: its tolerance and its unit."""
ZEROS = re.compile(r"[+-]?0\d")
"""How a number begins that is a name, such as 007."""
LONG = 60
"""Characters above which nobody types an answer as it stands."""


def alternatives(words: str) -> list[str]:
    """The answers of which any is right, where the line clearly holds several."""
    if found := OR_INSIDE.fullmatch(words):
        return list(dict.fromkeys([found["outside"].strip(), *alternatives(found["inside"].strip())]))
    parts = [part.strip() for part in EITHER.split(words) if part.strip()]
    if len(parts) == 1 and "/" in words and all(HANGUL.search(part) for part in words.split("/")):
        parts = [part.strip() for part in words.split("/")]
    if len(parts) == 1 and (named := two_scripts(COMMA.split(words))):
        parts = named
    return list(dict.fromkeys(parts))


def two_scripts(parts: list[str]) -> list[str]:
    """The parts, if they are the same in Korean and in Latin letters as far as that can be told."""
    if len(parts) != 2 or not all(parts):
        return []
    kinds = {(bool(HANGUL.search(part)), bool(LATIN.search(part))) for part in parts}
    return parts if kinds == {(True, False), (False, True)} else []


def number_of(words: str) -> dict[str, str] | None:
    """The number as it is written, its value, its tolerance and its unit."""
    if len(words) > MAX_CHARACTERS:
        return None
    for tail in TAIL.finditer(words):
        if value := value_of(words[: tail.start()]):
            parts = {key: part for key, part in tail.groupdict().items() if part}
            return {"written": words[: tail.start()], "value": value, **parts}
    return None


def value_of(written: str) -> str:
    """The decimal number that a learner's number of the same letters would be read as; "" where that isn't certain."""
    reading = readings.read(written)
    if reading is None or reading.unit or ZEROS.match(written) or " " in written:
        return ""
    if "," in written and "." in reading.shown and "." not in written:
        return ""  # `1,5` may be two numbers
    return decimal_of(reading)


def decimal_of(reading: readings.Reading) -> str:
    """The value of a reading in digits; "" for a fraction that has no end."""
    if "/" not in reading.shown:
        return reading.shown
    value = Decimal(reading.value.numerator) / reading.value.denominator
    return f"{value:f}" if Fraction(value) == reading.value else ""


def typed_answer(key: Line, number: int) -> tuple[str, dict[str, Any], list[Problem]]:
    """The kind and the response of a question whose answer is typed."""
    words = without_full_stop(key.text.strip())
    parts = alternatives(words)
    if numbers := numbers_in(parts):
        return "number", numeric(numbers), separators(numbers, key)
    problems = [about("long-key", key, number=number)] if any(len(part) > LONG for part in parts) else []
    if len(parts) == 1 and COMMA.search(words):
        problems.append(about("comma", key, number=number))
    if len(parts) == 1 and (found := BRACKETS.fullmatch(words)):
        parts = bracketed(found)
        problems.append(brackets_read(words, parts, key))
    return "text", {"answers": [{"text": pattern_of(part), "fraction": 1} for part in parts]}, problems


def without_full_stop(words: str) -> str:
    return words[:-1] if words.endswith(".") and "." not in words[:-1] else words


def numbers_in(parts: list[str]) -> list[dict[str, str]]:
    """The parts as numbers; none if one of them isn't any, or has another unit."""
    numbers = [one for part in parts if (one := number_of(Line(part, 0).plain))]
    units = {one.get("unit") for one in numbers}
    return numbers if len(numbers) == len(parts) and len(units) == 1 else []


def bracketed(found: re.Match[str]) -> list[str]:
    """`광합성(photosynthesis)` is either, or both."""
    inside, outside = found["inside"].strip(), found["outside"].strip()
    return [found[0], outside, inside] if two_scripts([outside, inside]) else [found[0]]


def brackets_read(words: str, parts: list[str], key: Line) -> Problem:
    if len(parts) == 1:
        return about("whole-brackets", key, written=words)
    return about("brackets", key, written=words, answers=", ".join(f"“{part}”" for part in parts))


def numeric(numbers: list[dict[str, str]]) -> dict[str, Any]:
    """The response of a question with these numbers, which share a unit."""
    answers = [
        {"value": one["value"]} | ({"tolerance": one["tolerance"]} if "tolerance" in one else {}) | {"fraction": 1}
        for one in numbers
    ]
    answers = [answer for at, answer in enumerate(answers) if answer not in answers[:at]]
    unit = numbers[0].get("unit")
    return {"answers": answers} | ({"units": [{"name": unit, "factor": "1"}]} if unit else {})


def separators(numbers: list[dict[str, str]], key: Line) -> list[Problem]:
    """A warning of every number in which a sign was taken for one between thousands, or for a division."""
    told = [one for one in numbers if "," in one["written"] or "/" in one["written"]]
    return [
        about("thousands" if "," in one["written"] else "quotient", key, written=one["written"], value=one["value"])
        for one in told
    ]
