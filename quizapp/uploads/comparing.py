"""An upload beside what its bank holds: what is sure, and what somebody has to decide. Nothing is written."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from quizapp.banks import queries as bank_queries
from quizapp.banks.diff import ADDED, CHANGED, SAME, Comparison, Diff, HeldQuestion, diff
from quizapp.banks.matching import Guesses, guesses
from quizapp.uploads.content import Content
from quizapp.uploads.models import Upload

AS_NEW, TICKED = "as_new", "ticked"
"""Where the outcome of an upload keeps the places of questions that are to be added though they are like another one,
and of those that somebody ticked. Only the second matters for what waits for a decision, which isn't ticked before."""
MOST_REMEMBERED = 4
"""How many comparisons are remembered: each takes a few bytes a question, and a second or so for thousands."""

guesses_cache: OrderedDict[tuple[object, ...], Guesses] = OrderedDict()
one_at_a_time = Lock()


@dataclass(frozen=True)
class ComparedContent:
    """Every question of an upload beside its bank. `as_new`: places of those that are added though they were guessed to
    be another one; `ticked` and `left_out`: places that somebody ticked or unticked."""

    comparisons: list[Comparison]
    guesses: Guesses
    as_new: frozenset[int]
    ticked: frozenset[int]
    left_out: frozenset[int]

    def waits(self, one: Comparison) -> bool:
        """Whether nothing but a person can tell if it is to come in: it has no id, and is much like one there."""
        if not one.incoming.is_nameless or one.status not in (ADDED, CHANGED):
            return False
        key = one.incoming.key
        return one.guessed or (one.status == ADDED and (key in self.guesses.alike or key in self.guesses.changes))

    def is_out(self, one: Comparison) -> bool:
        return one.place in self.left_out or (self.waits(one) and one.place not in self.ticked)

    @property
    def out(self) -> set[int]:
        """The places of the questions that don't come in though they are new or changed."""
        return {one.place for one in self.comparisons if one.status != SAME and self.is_out(one)}

    @property
    def decided(self) -> dict[str, str]:
        """By an item's key that of the question which it changes, where that was guessed."""
        as_new = {one.incoming.key for one in self.comparisons if one.place in self.as_new}
        return self.guesses.decided(as_new)


def compared_content(upload: Upload, content: Content) -> ComparedContent:
    """Each question of the file beside what its bank holds now."""
    held = bank_queries.held_in_named_bank(upload.bank_slug, upload.user_id)
    found = diff(held, content.incoming)
    guessed = guesses_of(upload, content, found, held) if held and found.added else Guesses()
    outcome = upload.outcome or {}
    said = ComparedContent(
        found.comparisons,
        guessed,
        frozenset(outcome.get(AS_NEW, ())),
        frozenset(outcome.get(TICKED, ())),
        frozenset(upload.left_out or ()),
    )
    if not said.decided:
        return said
    again = diff(held, content.incoming, said.decided).comparisons
    return ComparedContent(again, guessed, said.as_new, said.ticked, said.left_out)


def guesses_of(upload: Upload, content: Content, found: Diff, held: dict[str, HeldQuestion]) -> Guesses:
    """What the new questions may be. Remembered as long as neither the file nor the bank changes."""
    state = hash(tuple((one.id, one.number, one.archived) for one in held.values()))
    items = hash(tuple(one.key for one in content.incoming))
    name = (upload.public_id, upload.bank_slug, state, items)
    with one_at_a_time:
        if name not in guesses_cache:
            guesses_cache[name] = guesses(found, bank_queries.texts_in_use(upload.bank_slug))
        guesses_cache.move_to_end(name)
        while len(guesses_cache) > MOST_REMEMBERED:
            guesses_cache.popitem(last=False)
        return guesses_cache[name]
