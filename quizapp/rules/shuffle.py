"""Arranging a question for one slot of one attempt: in what order, and under which names.

An author writes the items of an ordering in the right order and calls them a, b, c; a page that showed those
ids would show the key. So a page sees tokens, made from the id and the attempt's secret seed, and the order of
what is shuffled comes from the seed too: repeatable for the attempt, unlike for any other. Ids are unique within
a question, and each list is shuffled by itself, so that neither a token nor a place in one list tells of another.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from typing import Any

LISTS = ("choices", "rows", "options", "items")
ALWAYS = {("match", "options"), ("order", "items")}
"""Shuffled even where the quiz doesn't shuffle: their own order is, or may be, the key."""
NEVER = {("categorise", "options")}
"""In the author's order even where the quiz shuffles."""
DIGITS = 12


def token(seed: str, scope: str, name: str) -> str:
    """What a page calls the option `name` of the list `scope`: twelve hex digits that say nothing of it.

    The same id in two lists has two tokens, so that a page can't show that an author gave them in step.
    """
    return digest(seed, f"{scope}: {name}")[:DIGITS]


def digest(seed: str, message: str) -> str:
    """HMAC-SHA256 in hex: can't be foretold without the seed."""
    return hmac.digest(seed.encode(), message.encode(), "sha256").hex()


def arrange(public: Mapping[str, Any], control: str, seed: str, shuffle: bool) -> dict[str, Any]:
    """A kind's public view with tokens for ids, its lists in the order of this seed; the view itself stays as it is.

    An entry has a `token` instead of its `id`; one without a text of its own (true, false) also has the id as
    its `label`. Gaps keep their ids, which the text's markers name; their choices are arranged like any others.
    """
    arranged = dict(public)
    for key in LISTS:
        if key in arranged:
            mix = (control, key) in ALWAYS or (shuffle and (control, key) not in NEVER)
            arranged[key] = entries(arranged[key], seed, key, mix)
    if "gaps" in arranged:
        arranged["gaps"] = [
            gap | {"choices": entries(gap["choices"], seed, scope_of_gap(gap["id"]), shuffle)}
            if "choices" in gap
            else gap
            for gap in arranged["gaps"]
        ]
    return arranged


def scope_of_gap(name: str) -> str:
    return f"choices of {name}"


def entries(listed: Sequence[dict[str, Any]], seed: str, scope: str, mix: bool) -> list[dict[str, Any]]:
    """The entries under their tokens; mixed, unless they are pinned or bear a label. `scope` names the list."""

    def place(entry: Mapping[str, Any]) -> str:
        return digest(seed, f"place in {scope}: {entry['id']}")

    loose = iter(sorted(filter(is_loose, listed), key=place))
    return [renamed(next(loose) if mix and is_loose(entry) else entry, seed, scope) for entry in listed]


def is_loose(entry: Mapping[str, Any]) -> bool:
    return "text" in entry and not entry.get("pinned")


def renamed(entry: Mapping[str, Any], seed: str, scope: str) -> dict[str, Any]:
    shown = {"token": token(seed, scope, entry["id"])} | {key: value for key, value in entry.items() if key != "id"}
    return shown if "text" in entry else shown | {"label": entry["id"]}


def untoken(public: Mapping[str, Any], seed: str) -> dict[str, str]:
    """Token -> id, for reading what a page sends back."""
    listed = [(key, public[key]) for key in LISTS if key in public]
    listed += [(scope_of_gap(gap["id"]), gap.get("choices", ())) for gap in public.get("gaps", ())]
    return {token(seed, scope, entry["id"]): entry["id"] for scope, found in listed for entry in found}
