"""How long a lesson takes: measured, not guessed. Pure.

Korean is counted in letters without spaces, 500 a minute; English in words, 220 a minute. Both are the pace of somebody
who reads to learn: silent reading of non-fiction is about 240 English words a minute (Brysbaert 2019, a mean over 190
studies). Each check asks for half a minute more.
"""

from __future__ import annotations

from collections.abc import Mapping

LETTERS_A_MINUTE = 500
WORDS_A_MINUTE = 220
MINUTES_A_CHECK = 0.5
TOLERATED = 1 / 3
"""The share of the measured minutes by which the stated ones may differ; a minute is always tolerated."""


def minutes_of(text: str, language: str, checks: int) -> float:
    """The minutes for a lesson's text in a language, and for so many checks."""
    words = text.split()
    if language == "ko":
        return sum(map(len, words)) / LETTERS_A_MINUTE + checks * MINUTES_A_CHECK
    return len(words) / WORDS_A_MINUTE + checks * MINUTES_A_CHECK


def measured(texts: Mapping[str, str], checks: int) -> int:
    """Whole minutes, a mean of the languages, and one at least."""
    minutes = [minutes_of(text, language, checks) for language, text in texts.items()]
    return max(1, round(sum(minutes) / len(minutes))) if minutes else 1


def is_off(stated: float, minutes: float) -> bool:
    return abs(stated - minutes) > max(1, TOLERATED * minutes)
