"""What items coming into a bank change in it: the one rule, for a preview as for the import. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from quizapp.formats.items import Item, cleaned

MAX_KEY = 200
KEY_OF_HASH = 24

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

    @property
    def is_nameless(self) -> bool:
        """Whether its file gives it no id that it could be known by again."""
        return self.key == self.hash[:KEY_OF_HASH]


@dataclass(frozen=True, slots=True)
class Comparison:
    """An incoming item beside the question that it is; None where the bank has none.

    `place` counts the incoming items from 0. `status`: ADDED; CHANGED, for an archived question too, which comes back;
    SAME; or REPEATED, for one with the key of an item before it, which is left out. `guessed`: nothing but likeness
    says that it is that question.
    """

    place: int
    incoming: IncomingItem
    held: HeldQuestion | None
    status: str
    guessed: bool = False


@dataclass(frozen=True)
class Diff:
    """Every incoming item in its order, compared; and the questions in use that aren't among them.

    `alike`: the keys of new ones that are much like a question of the bank, where that was looked for.
    """

    comparisons: list[Comparison]
    gone: list[HeldQuestion]
    alike: frozenset[str] = frozenset()

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
    return IncomingItem(item, item.id if 0 < len(item.id) <= MAX_KEY else content_hash[:KEY_OF_HASH], content_hash)


def diff(
    held: Mapping[str, HeldQuestion], incoming: Iterable[IncomingItem], guesses: Mapping[str, str] | None = None
) -> Diff:
    """Compare what comes in with what a bank holds: by key, archived questions too.

    An item without an id is also the question in use that holds its content now, and the one that `guesses` says: by
    the item's key that of the question. No question is taken by two of them.
    """
    incoming = list(incoming)
    taken = {one.key for one in incoming if one.key in held}
    by_hash = {question.hash: key for key, question in held.items() if not question.archived and key not in taken}
    found: dict[str, tuple[str, bool]] = {key: (key, False) for key in taken}
    nameless = [one for one in incoming if one.is_nameless and one.key not in taken]
    for said, guessed in ((by_hash, False), (guesses or {}, True)):
        for one in nameless:
            key = said.get(one.key if guessed else one.hash, "")
            if key in held and key not in taken and one.key not in found and not held[key].archived:
                found[one.key] = key, guessed
                taken.add(key)
    seen: set[str] = set()
    comparisons = []
    for place, one in enumerate(incoming):
        key, guessed = found.get(one.key, ("", False))
        question = held.get(key)
        status = REPEATED if one.key in seen else status_of(question, one)
        comparisons.append(Comparison(place, one, question, status, guessed))
        seen.add(one.key)
    return Diff(comparisons, [one for key, one in held.items() if key not in taken and not one.archived])


def status_of(held: HeldQuestion | None, incoming: IncomingItem) -> str:
    if held is None:
        return ADDED
    return SAME if held.hash == incoming.hash and not held.archived else CHANGED
