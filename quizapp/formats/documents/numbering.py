"""Numbers that a word processor counts itself: how each is written, and how far each list has come."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

SYLLABLES, CONSONANTS = "가나다라마바사아자차카타파하", "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
         (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip
BULLETS = ("bullet", "BULLET")
PLACE = re.compile(r"[%^](\d)")


def roman(number: int) -> str:
    written = ""
    for worth, sign in ROMAN:
        written += sign * (number // worth)
        number %= worth
    return written


def numeral(number: int, form: str) -> str:
    """A number in a form of Word or of Hangul; in digits where the form isn't known."""
    series = {
        "upperLetter": "ABCDEFGHIJKLMNOPQRSTUVWXYZ", "LATIN_CAPITAL": "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "lowerLetter": "abcdefghijklmnopqrstuvwxyz", "LATIN_SMALL": "abcdefghijklmnopqrstuvwxyz",
        "ganada": SYLLABLES, "HANGUL_SYLLABLE": SYLLABLES, "chosung": CONSONANTS, "HANGUL_JAMO": CONSONANTS,
        "decimalEnclosedCircle": [chr(0x2460 + place) for place in range(20)],
        "decimalEnclosedCircleChinese": [chr(0x2460 + place) for place in range(20)],
        "CIRCLED_DIGIT": [chr(0x2460 + place) for place in range(20)],
        "CIRCLED_HANGUL_SYLLABLE": [chr(0x326E + place) for place in range(14)],
        "CIRCLED_HANGUL_JAMO": [chr(0x3260 + place) for place in range(14)],
        "CIRCLED_LATIN_SMALL": [chr(0x24D0 + place) for place in range(26)],
        "CIRCLED_LATIN_CAPITAL": [chr(0x24B6 + place) for place in range(26)],
    }.get(form)  # fmt: skip
    if series is not None and 0 < number <= len(series):
        return series[number - 1]
    if form in ("upperRoman", "ROMAN_CAPITAL", "lowerRoman", "ROMAN_SMALL") and 0 < number < 4000:
        return roman(number).upper() if form in ("upperRoman", "ROMAN_CAPITAL") else roman(number)
    return f"{number:02d}" if form == "decimalZero" else str(number)


@dataclass(frozen=True)
class Level:
    """A level of a list: the form of its numbers, the text around them, and where it starts."""

    form: str
    text: str
    start: int = 1


@dataclass
class Lists:
    """The lists of a document: the levels of each by its id, and how far each has come."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    counts: dict[str, dict[int, int]] = field(default_factory=dict)

    def next(self, name: str, depth: int) -> str:
        """What stands before the next paragraph of a list; "" where nothing does."""
        level = self.levels.get(name, {}).get(depth)
        if level is None:
            return ""
        if level.form in BULLETS:
            return "• "
        counts = self.counts.setdefault(name, {})
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        if level.form in ("none", ""):
            return ""
        written = PLACE.sub(lambda found: self.written(name, int(found[1]) - 1), level.text)
        return f"{written} " if written.strip() else ""

    def written(self, name: str, depth: int) -> str:
        level = self.levels[name].get(depth)
        if level is None:
            return ""
        return numeral(self.counts.get(name, {}).get(depth, level.start), level.form)
