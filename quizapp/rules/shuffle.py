"""Arranging a question for one slot of one attempt: in what order, and under which names.

An author writes the items of an ordering in the right order and calls them a, b, c; a page that showed those
ids would show the key. So a page sees tokens, made from the id and the attempt's secret seed, and the order of
what is shuffled comes from them too: repeatable for the attempt, unlike for any other.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Any

LISTS = ("choices", "rows", "options", "items")
ALWAYS = {("match", "options"), ("order", "items")}
"""Shuffled even where the quiz doesn't shuffle: their own order is, or may be, the key."""


def token(seed: str, name: str) -> str:
    """What a page calls the option `name`: ten hex digits that say nothing of it."""
    return hmac.new(seed.encode(), name.encode(), hashlib.sha256).hexdigest()[:10]


def arrange(public: Mapping[str, Any], control: str, seed: str, shuffle: bool) -> dict[str, Any]:
    """A copy of a kind's public view with tokens for ids, and its lists in the order of this seed."""
    arranged = dict(public)
    for key in LISTS:
        if key in public:
            arranged[key] = entries(public[key], seed, shuffled(control, key, shuffle))
    if "gaps" in public:
        arranged["gaps"] = [
            gap | ({"choices": entries(gap["choices"], seed, shuffle)} if "choices" in gap else {})
            for gap in public["gaps"]
        ]
    return arranged


def shuffled(control: str, key: str, shuffle: bool) -> bool:
    return (control, key) in ALWAYS or (shuffle and not (control == "categorise" and key == "options"))


def entries(listed: Sequence[Mapping[str, Any]], seed: str, mix: bool) -> list[dict[str, Any]]:
    """The entries under their tokens; those with a label (true, false) and the pinned ones stay in place."""
    named = [
        {key: value for key, value in entry.items() if key != "id"} | {"token": token(seed, entry["id"])}
        for entry in listed
    ]
    if not mix:
        return named
    fixed = [bool(entry.get("pinned") or entry.get("label")) for entry in named]
    loose = iter(sorted((entry for entry, stays in zip(named, fixed, strict=True) if not stays), key=by_token))
    return [entry if stays else next(loose) for entry, stays in zip(named, fixed, strict=True)]


def by_token(entry: Mapping[str, Any]) -> str:
    return entry["token"]


def untoken(public: Mapping[str, Any], seed: str) -> dict[str, str]:
    """Token -> id, for reading what a page sends back."""
    listed = [entry for key in LISTS for entry in public.get(key, ())]
    listed += [choice for gap in public.get("gaps", ()) for choice in gap.get("choices", ())]
    return {token(seed, entry["id"]): entry["id"] for entry in listed}
