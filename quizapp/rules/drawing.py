"""Which questions may be asked together: two that answer one another, enemies, may not. Pure.

It is enough that one of the two names the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import NamedTuple


class Candidate(NamedTuple):
    """A question that might be asked. `key` is what others call it, `enemies` the keys that it names itself."""

    id: int
    version: int
    key: str
    enemies: frozenset[str] = frozenset()


def draw(order: Sequence[Candidate], count: int | None, drawn: Collection[Candidate]) -> list[Candidate]:
    """The first `count` of these (None: all), leaving out every one that doesn't suit those before it or `drawn`.

    Where too few are left that way, as many as can stand together.
    """
    found = list(islice(suiting(order, drawn, among_themselves=True), count))
    if len(found) in (count, len(order)):
        return found
    return max(found, most_together(list(suiting(order, drawn)))[:count], key=len)


def suiting(
    order: Iterable[Candidate], drawn: Collection[Candidate], *, among_themselves: bool = False
) -> Iterator[Candidate]:
    """Those that may be asked along with what is drawn; `among_themselves`: and with those before them."""
    keys = {one.key for one in drawn}
    barred = {key for one in drawn for key in one.enemies}
    for one in order:
        if one.key not in barred and keys.isdisjoint(one.enemies):
            yield one
            if among_themselves:
                keys.add(one.key)
                barred |= one.enemies


def most_together(order: Sequence[Candidate]) -> list[Candidate]:
    """A large set of candidates that suit one another, in their order: always the one with the fewest enemies first.

    The largest there is wherever enmities form no rings but small ones, as in any bank of people's making.
    """
    enemies = hostile(order)
    gone: set[Candidate] = set()
    places = {one: place for place, one in enumerate(enemies)}
    queue = [(len(others), places[one], one) for one, others in enemies.items()]
    heapify(queue)
    while queue:
        count, _, friendliest = heappop(queue)
        if friendliest in gone or count != len(enemies[friendliest]):
            continue  # out already, or in the queue again with the count that it has now
        for enemy in list(enemies[friendliest]):
            gone.add(enemy)
            for other in enemies[enemy] - gone:
                enemies[other].remove(enemy)
                heappush(queue, (len(enemies[other]), places[other], other))
    return [one for one in order if one not in gone]


def hostile(order: Sequence[Candidate]) -> dict[Candidate, set[Candidate]]:
    """Those that have an enemy among the others, in their order, with their enemies."""
    by_key: dict[str, list[Candidate]] = {}
    for one in order:
        by_key.setdefault(one.key, []).append(one)
    found: dict[Candidate, set[Candidate]] = {}
    for one in order:
        for other in (other for key in one.enemies for other in by_key.get(key, ()) if other != one):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {one: found[one] for one in order if one in found}
