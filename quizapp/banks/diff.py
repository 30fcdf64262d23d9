"""What items coming into a bank change in it: the one rule, for a preview as for the import. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.formats.items import Item, cleaned

MAX_KEY = 200

ADDED, CHANGED, SAME, REPEATED = "added", "changed", "same", "repeated"


@dataclass(frozen=True, slots=True)
class HeldQuestion:
    """A question that the bank holds: `number` and `hash` are those of its current version."""

    id: int
    public_id: str
    number: int
    hash: str
    archived: bool


@dataclass(frozen=True, slots=True)
class IncomingItem:
    """An item on its way into a bank: `key` is what it is called there, `hash` that of its content."""

    item: Item
    key: str
    hash: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """An incoming item beside the question of its key; None where the bank has none.

    `place` counts the incoming items from 0. `status`: ADDED; CHANGED, for an archived question too, which comes back;
    SAME; or REPEATED, for one with the key of an item before it, which is left out.
    """

    place: int
    incoming: IncomingItem
    held: HeldQuestion | None
    status: str


@dataclass(frozen=True)
class Diff:
    """Every incoming item in its order, compared; and the questions in use that aren't among them."""

    comparisons: list[Comparison]
    gone: list[HeldQuestion]

    def __bool__(self) -> bool:
        """Whether anything would be added or changed."""
        return any(one.status in (ADDED, CHANGED) for one in self.comparisons)

    @property
    def added(self) -> list[Comparison]:
        return self.of(ADDED)

    @property
    def changed(self) -> list[Comparison]:
        return self.of(CHANGED)

    @property
    def same(self) -> list[Comparison]:
        return self.of(SAME)

    @property
    def repeated(self) -> list[Comparison]:
        return self.of(REPEATED)

    def of(self, status: str) -> list[Comparison]:
        return [one for one in self.comparisons if one.status == status]


def incoming_item(item: Item) -> IncomingItem:
    """The item by its own id, else by the hash of its content."""
    content_hash = cleaned(item).content_hash()
    return IncomingItem(item, item.id if 0 < len(item.id) <= MAX_KEY else content_hash[:24], content_hash)


def diff(held: Mapping[str, HeldQuestion], incoming: Iterable[IncomingItem]) -> Diff:
    """Compare what comes in with what a bank holds by key, archived questions too."""
    seen: set[str] = set()
    comparisons = []
    for place, one in enumerate(incoming):
        question = held.get(one.key)
        status = REPEATED if one.key in seen else status_of(question, one)
        comparisons.append(Comparison(place, one, question, status))
        seen.add(one.key)
    return Diff(comparisons, [one for key, one in held.items() if key not in seen and not one.archived])


def status_of(held: HeldQuestion | None, incoming: IncomingItem) -> str:
    if held is None:
        return ADDED
    return SAME if held.hash == incoming.hash and not held.archived else CHANGED
