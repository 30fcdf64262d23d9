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
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from quizapp.kinds.base import Listing

DIGITS = 12
USUAL = Listing()
OF = " of "


def token(seed: str, scope: str, name: str) -> str:
    """What a page calls the option `name` of the list `scope`: twelve hex digits that say nothing of it.

    The same id in two lists has two tokens, so that a page can't show that an author gave them in step.
    """
    return digest(seed, f"{scope}: {name}")[:DIGITS]


def digest(seed: str, message: str) -> str:
    """HMAC-SHA256 in hex: can't be predicted without the seed."""
    made = keyed(seed).copy()
    made.update(message.encode())
    return made.hexdigest()


@lru_cache(maxsize=64)
def keyed(seed: str) -> hmac.HMAC:
    """One for all options of a question: most of the work is with the key."""
    return hmac.new(seed.encode(), digestmod="sha256")


@dataclass(frozen=True)
class Arrangement:
    """A kind's public view as one attempt shows it; the view itself stays as it is. `lists` are the kind's LISTS.

    A list's scope is its name, such as `rows` or `choices of g1`. A list that the kind doesn't name is arranged as
    usual, so that no id leaves by oversight. Each part is made when it is asked for: a page of results has the order of
    many questions, and the tokens of none.
    """

    public: Mapping[str, Any]
    lists: Mapping[str, Listing]
    seed: str
    shuffle: bool

    @cached_property
    def order(self) -> dict[str, list[str]]:
        """By scope, the ids as they are shown."""
        found: dict[str, list[str]] = {}

        def look(part: Any, scope: str) -> None:
            if isinstance(part, dict):
                for key, value in part.items():
                    if isinstance(value, (dict, list)):
                        look(value, within(key, scope))
            elif is_listed(part):
                shown = mixed(part, self.seed, scope) if self.mixes(scope) else part
                found.setdefault(scope, []).extend(entry["id"] for entry in shown)
                for entry in part:
                    look(entry, entry_scope(entry, scope))
            elif isinstance(part, list):
                for one in part:
                    look(one, scope)

        look(self.public, "")
        return found

    def listing(self, scope: str) -> Listing:
        return self.lists.get(scope.partition(OF)[0], USUAL)

    def mixes(self, scope: str) -> bool:
        shuffled = self.listing(scope).shuffled
        return shuffled == "always" or (self.shuffle and shuffled == "asked")

    @cached_property
    def tokens(self) -> dict[tuple[str, str], str]:
        """By scope and id, the token of what can be chosen."""
        return {
            (scope, name): token(self.seed, scope, name)
            for scope, names in self.order.items()
            if self.listing(scope).choosable
            for name in names
        }

    @cached_property
    def ids(self) -> dict[str, str]:
        """Token -> id."""
        return {called: name for (_scope, name), called in self.tokens.items()}

    @cached_property
    def parts(self) -> dict[str, Any]:
        """The view in that order, with a `token` instead of its `id` for what can be chosen."""
        return self.follow(self.public, named=True)

    @cached_property
    def within_reach(self) -> set[str]:
        """The scopes of the view's lists, and of what holds them: nothing else is arranged."""
        found = {"", *self.order}
        for scope in self.order:
            while scope := scope.partition(OF)[2]:
                found.add(scope)
        return found

    def follow(self, part: Any, scope: str = "", *, named: bool = False) -> Any:
        """A body with its lists in the order in which the view shows them: what is said of it tells no other."""
        if scope not in self.within_reach:
            return part
        if isinstance(part, dict):
            return {key: self.follow(value, within(key, scope), named=named) for key, value in part.items()}
        if not is_listed(part):
            return [self.follow(one, scope, named=named) for one in part] if isinstance(part, list) else part
        places = {name: place for place, name in enumerate(self.order.get(scope, ()))}
        shown = sorted(part, key=lambda entry: places.get(entry["id"], len(places)))
        found = [self.follow(entry, entry_scope(entry, scope), named=named) for entry in shown]
        if not (named and self.listing(scope).choosable):
            return found
        return [
            {"token": self.tokens[scope, one["id"]]} | {key: one[key] for key in one if key != "id"} for one in found
        ]


def within(key: str, scope: str) -> str:
    return key + OF + scope if scope else key


def entry_scope(entry: Mapping[str, Any], scope: str) -> str:
    """The scope of what stands in an entry of a list: “choices of g1” are those of the entry g1 of “gaps”."""
    _list, _of, outer = scope.partition(OF)
    return within(entry["id"], outer)


def is_listed(value: Any) -> bool:
    """Whether it is a list of things with ids."""
    return isinstance(value, list) and bool(value) and all(isinstance(one, dict) and "id" in one for one in value)


def mixed(listed: Sequence[Mapping[str, Any]], seed: str, scope: str) -> list[Mapping[str, Any]]:
    """The entries in the order of the seed, but for those that are pinned."""

    def place(entry: Mapping[str, Any]) -> str:
        return digest(seed, f"place in {scope}: {entry['id']}")

    loose = iter(sorted((entry for entry in listed if not entry.get("pinned")), key=place))
    return [entry if entry.get("pinned") else next(loose) for entry in listed]
