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
LOOKED_UP, COMPARED = 1_000, 12
"""How often a text is looked up among others by a run of letters, and with how many of them it is then compared."""

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

    Goes through the others once. Of each only the rarest runs of letters are looked up, and only so many texts that
    have one: so it costs no more for many texts than for a few, and of thousands that are all alike, some are missed.
    """
    sets = {name: pairs(text) for name, text in texts.items()}
    holders: dict[str, list[Name]] = {}
    for name, text in texts.items():
        for run in runs(text):
            holders.setdefault(run, []).append(name)
    best: dict[Name, tuple[Other, float]] = {}
    for other, text in others:
        theirs = pairs(text)
        for name in sharing(runs(text), holders):
            likeness = dice(sets[name], theirs)
            if likeness >= least and likeness > best.get(name, (None, 0.0))[1]:
                best[name] = (other, likeness)
    return best


def runs(text: str) -> frozenset[str]:
    """The runs of three letters of a text; a shorter text is its own."""
    letters = IGNORED.sub("", unicodedata.normalize("NFC", text[:MAX_CHARACTERS]).casefold())
    return frozenset(letters[place : place + 3] for place in range(max(1, len(letters) - 2))) - {""}


def sharing(found: Iterable[str], holders: Mapping[str, list[Name]]) -> list[Name]:
    """Those that hold most of the runs, the rarest of which count first: the same in every process, which a set's order
    is not."""
    shared: Counter[Name] = Counter()
    room = LOOKED_UP
    for _, run in sorted((len(holders[run]), run) for run in found if run in holders):
        held = holders[run]
        shared.update(held[:room])
        room -= len(held)
        if room <= 0:
            break
    return [name for name, _ in shared.most_common(COMPARED)]
