"""Which questions may be asked together: two that answer one another, enemies, may not. Pure.

It is enough that one of the two names the other.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from heapq import heapify, heappop, heappush
from itertools import islice
from typing import NamedTuple


class DrawableQuestion(NamedTuple):
    """A question that an attempt may draw. Others name it by `key`; `enemies` are the keys that it names itself."""

    id: int
    version: int
    key: str
    enemies: frozenset[str] = frozenset()


def draw(
    order: Sequence[DrawableQuestion], count: int | None, drawn: Collection[DrawableQuestion]
) -> list[DrawableQuestion]:
    """The first `count` of these (None: all), leaving out every one that is an enemy of one before it or of `drawn`.

    Where too few are left that way, as many as can stand together.
    """
    found = list(islice(compatible(order, drawn, among_themselves=True), count))
    if len(found) in (count, len(order)):
        return found
    return max(found, most_together(list(compatible(order, drawn)))[:count], key=len)


def compatible(
    order: Iterable[DrawableQuestion], drawn: Collection[DrawableQuestion], *, among_themselves: bool = False
) -> Iterator[DrawableQuestion]:
    """Those that may be asked together with `drawn` and, with `among_themselves`, with those before them."""
    keys = {one.key for one in drawn}
    barred = {key for one in drawn for key in one.enemies}
    for one in order:
        if one.key not in barred and keys.isdisjoint(one.enemies):
            yield one
            if among_themselves:
                keys.add(one.key)
                barred |= one.enemies


def most_together(order: Sequence[DrawableQuestion]) -> list[DrawableQuestion]:
    """A large set of questions without enemies among them, in their order: the one with the fewest enemies goes first.

    The largest there is wherever enmities form no rings but small ones, as in any bank of people's making.
    """
    enemies = enemies_among(order)
    gone: set[DrawableQuestion] = set()
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


def enemies_among(order: Sequence[DrawableQuestion]) -> dict[DrawableQuestion, set[DrawableQuestion]]:
    """Those that have an enemy among the others, in their order, with their enemies."""
    by_key: dict[str, list[DrawableQuestion]] = {}
    for one in order:
        by_key.setdefault(one.key, []).append(one)
    found: dict[DrawableQuestion, set[DrawableQuestion]] = {}
    for one in order:
        for other in (other for key in one.enemies for other in by_key.get(key, ()) if other != one):
            found.setdefault(one, set()).add(other)
            found.setdefault(other, set()).add(one)
    return {one: found[one] for one in order if one in found}
