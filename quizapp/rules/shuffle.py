"""Arranging a question for one slot of one attempt: in what order, and under which names.

An author writes the items of an ordering in the right order and calls them a, b, c; a page that showed those
ids would show the key. So a page sees tokens, made from the id and the attempt's secret seed, and the order of
what is shuffled comes from the seed too: repeatable for the attempt, unlike for any other. Ids are unique within
a question, and each list is shuffled by itself, so that neither a token nor a place in one list tells of another.

What has ids is found by looking: a list of things with ids is arranged wherever it stands in a public view, and a
kind says only what is unusual about one (`Listing`).
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.kinds.base import Listing

DIGITS = 12
USUAL = Listing()


def token(seed: str, scope: str, name: str) -> str:
    """What a page calls the option `name` of the list `scope`: twelve hex digits that say nothing of it.

    The same id in two lists has two tokens, so that a page can't show that an author gave them in step.
    """
    return digest(seed, f"{scope}: {name}")[:DIGITS]


def digest(seed: str, message: str) -> str:
    """HMAC-SHA256 in hex: can't be predicted without the seed."""
    return hmac.digest(seed.encode(), message.encode(), "sha256").hex()


@dataclass
class Arrangement:
    """A public view as one attempt shows it. A list's scope is its name, such as `rows` or `choices of g1`.

    parts: the view with tokens for ids.  ids: token -> id.  order: scope -> ids, as they are shown.
    """

    parts: dict[str, Any] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    order: dict[str, list[str]] = field(default_factory=dict)

    def follow(self, part: Any, scope: str = "") -> Any:
        """A body with its lists in the order in which the view shows them: what is said of it tells no other."""
        if isinstance(part, Mapping):
            return {key: self.follow(value, within(key, scope)) for key, value in part.items()}
        if not is_listed(part):
            return part
        found = [{**entry, **self.follow(entry, entry_scope(entry, scope))} for entry in part]
        places = {name: place for place, name in enumerate(self.order.get(scope, ()))}
        return sorted(found, key=lambda entry: places.get(entry["id"], len(places)))


def within(key: str, scope: str) -> str:
    return f"{key} of {scope}" if scope else key


def entry_scope(entry: Mapping[str, Any], scope: str) -> str:
    """The scope of what stands in an entry of a list: “choices of g1” are those of the entry g1 of “gaps”."""
    _list, _of, outer = scope.partition(" of ")
    return within(entry["id"], outer)


def is_listed(value: Any) -> bool:
    """Whether it is a list of things with ids."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, Mapping) and "id" in one for one in value)


def arrange(public: Mapping[str, Any], lists: Mapping[str, Listing], seed: str, shuffle: bool) -> Arrangement:
    """A kind's public view in the order of this seed; the view itself stays as it is. `lists` are the kind's LISTS.

    What can be chosen has a `token` instead of its `id`. A list that the kind doesn't name is arranged as usual, so
    that no id leaves by oversight.
    """
    made = Arrangement()

    def arranged(part: Any, key: str, scope: str) -> Any:
        if isinstance(part, Mapping):
            return {name: arranged(value, name, within(name, scope)) for name, value in part.items()}
        if not is_listed(part):
            return [arranged(one, key, scope) for one in part] if isinstance(part, list) else part
        listing = lists.get(key, USUAL)
        mix = listing.shuffled == "always" or (shuffle and listing.shuffled == "asked")
        shown = mixed(part, seed, scope) if mix else part
        made.order[scope] = [entry["id"] for entry in shown]
        return [
            named(arranged(entry, key, entry_scope(entry, scope)), scope) if listing.choosable
            else arranged(entry, key, entry_scope(entry, scope))
            for entry in shown
        ]  # fmt: skip

    def named(entry: dict[str, Any], scope: str) -> dict[str, Any]:
        name = entry.pop("id")
        called = token(seed, scope, name)
        made.ids[called] = name
        return {"token": called, **entry}

    made.parts = arranged(public, "", "")
    return made


def mixed(listed: Sequence[Mapping[str, Any]], seed: str, scope: str) -> list[Mapping[str, Any]]:
    """The entries in the order of the seed, but for those that are pinned."""

    def place(entry: Mapping[str, Any]) -> str:
        return digest(seed, f"place in {scope}: {entry['id']}")

    loose = iter(sorted((entry for entry in listed if not entry.get("pinned")), key=place))
    return [entry if entry.get("pinned") else next(loose) for entry in listed]
