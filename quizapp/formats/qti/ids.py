"""Ids of choices, rows and gaps, made from the identifiers of a file."""

from __future__ import annotations

import re

SAFE_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")


def ids_of(wanted: list[str], prefix: str = "") -> list[str]:
    """The file's own idents where they are sound and distinct, else a, b, c … by position."""
    if len(set(wanted)) == len(wanted) and all(SAFE_ID.fullmatch(ident) for ident in wanted):
        return [prefix + ident for ident in wanted]
    return [prefix + letters(place) for place in range(len(wanted))]


def letters(place: int) -> str:
    """a, b … z, aa, ab …"""
    name = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        name = chr(ord("a") + rest) + name
    return name


def option_ids(wanted: list[str], taken: list[str]) -> list[str]:
    """Ids for options, none of which is also that of a row."""
    names = ids_of(wanted)
    return [f"o-{name}" for name in names] if set(names) & set(taken) else names
