"""How alike two texts are: by the pairs of letters that they share. Works for Korean, which has few letters a word.

Texts are compared in NFC, without case, white space and punctuation. Sørensen-Dice over the sets of bigrams:
2 |A ∩ B| / (|A| + |B|), 0 for nothing in common to 1 for the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TypeVar

IGNORED = re.compile(r"[\W_]+")
MAX_CHARACTERS = 1000
"""Only the opening of a longer text is compared, so that the cost of one comparison has a bound."""
ALIKE = 0.75
"""From here on two questions are worth a look."""

Name = TypeVar("Name")
Other = TypeVar("Other")


def letters(text: str) -> str:
    """What is compared of a text: nothing that two people write differently who mean the same words."""
    return IGNORED.sub("", unicodedata.normalize("NFC", text).casefold())


def pairs(text: str) -> frozenset[str]:
    """The bigrams of a text; a text of one letter is its own."""
    compared = letters(text[:MAX_CHARACTERS])
    return frozenset(compared[place : place + 2] for place in range(max(1, len(compared) - 1))) - {""}


def similarity(one: str, other: str) -> float:
    """From 0 to 1. Two texts without a letter have nothing in common."""
    return dice(pairs(one), pairs(other))


def dice(one: frozenset[str], other: frozenset[str]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one and other else 0.0


def nearest(
    texts: Mapping[Name, str], others: Iterable[tuple[Other, str]], least: float = ALIKE
) -> dict[Name, tuple[Other, float]]:
    """For each of the texts the other one that is most like it, if any is as like as `least`.

    Goes through the others once; each costs its own length plus the matches, however many texts there are.
    """
    sets = {name: pairs(text) for name, text in texts.items()}
    holders: dict[str, list[Name]] = {}
    for name, found in sets.items():
        for pair in found:
            holders.setdefault(pair, []).append(name)
    best: dict[Name, tuple[Other, float]] = {}
    for other, text in others:
        theirs = pairs(text)
        shared = Counter(name for pair in theirs for name in holders.get(pair, ()))
        for name, count in shared.items():
            likeness = 2 * count / (len(sets[name]) + len(theirs))
            if likeness >= least and likeness > best.get(name, (None, 0.0))[1]:
                best[name] = (other, likeness)
    return best
