"""Which format a file has: by its content, and by its suffix where several are equally likely."""

from __future__ import annotations

from pathlib import PurePath

SAYS_NOTHING = frozenset({".txt"})
"""Suffixes of any text whatever: they decide between formats that the content hints at, and never alone."""


TABLES = frozenset({".csv", ".tsv"})
"""Suffixes of what is a table, whatever its cells may look like."""
WEAK = 0.5
"""A chance below this is a guess, which the suffix of a table outweighs."""


def detect(data: bytes, name: str = "") -> str | None:
    """The name of the likeliest format; the suffix decides between equals, and alone where the content gives no hint.

    None if nothing fits.
    """
    from quizapp.formats import FORMATS  # the formats' package imports its modules first

    suffix = PurePath(name).suffix.lower()
    chances = {key: (form.sniff(data), suffix in form.SUFFIXES) for key, form in FORMATS.items()}
    best = max(chances, key=lambda key: chances[key], default=None)
    if best is None:
        return None
    chance, named = chances[best]
    if suffix in TABLES and not named and chance < WEAK:
        return max((key for key in chances if chances[key][1]), key=lambda key: chances[key][0])
    return best if chance or (named and suffix not in SAYS_NOTHING) else None
