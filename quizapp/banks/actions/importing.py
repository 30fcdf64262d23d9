"""Items come into a bank as a diff against what it holds, in a few statements, however many they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, update

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import queries, versions
from quizapp.banks.actions.banks import create_bank
from quizapp.banks.diff import Comparison, Diff, HeldQuestion, IncomingItem, diff, incoming_item
from quizapp.banks.import_progress import COMPARING, STORING, Listener, no_listener
from quizapp.banks.matching import Guesses, guesses
from quizapp.banks.models import Bank, Question
from quizapp.banks.versions import BATCH, NewQuestion, NewVersion, Wording, batches, wording_of
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, NotFound
from quizapp.formats.items import Item


@dataclass(frozen=True)
class ImportOutcome:
    """What an import has done. `ids` of the questions that it added; `numbers` of the versions, by question id, that it
    gave to those that it changed."""

    diff: Diff
    ids: list[int]
    numbers: dict[int, int]


def import_items(
    owner: User,
    slug: str,
    title: dict[str, str],
    items: list[Item],
    now: datetime,
    *,
    dry_run: bool = False,
    match: bool = True,
    progress: Listener = no_listener,
) -> Diff:
    """Store items in a bank of that name that the owner may change, made if it isn't there; one transaction.

    With `match`, an item without an id changes the question that it seems to be a newer wording of. Raises NotFound if
    the bank is somebody else's. With `dry_run`, only says what would change.
    """
    incoming = [incoming_item(item) for item in items]
    if dry_run:
        bank = bank_to_change(owner, slug)
        held = queries.held_questions(bank.id) if bank else {}
        guessed = guesses_of(slug, held, incoming) if match else Guesses()
        return replace(diff(held, incoming, guessed.decided()), alike=frozenset(guessed.alike))
    wordings = wordings_of(incoming, progress)
    with atomic():
        bank = bank_to_change(owner, slug) or create_bank(owner, slug, title, "", now)
        guessed = guesses_of(slug, queries.held_questions(bank.id), incoming) if match else Guesses()
        done = store_items(bank, incoming, wordings, owner, now, progress, guessed.decided()).diff
        found = replace(done, alike=frozenset(guessed.alike))
        note(owner, "import", f"{slug}: {len(found.added)} added, {len(found.changed)} changed", now)
    return found


def guesses_of(slug: str, held: Mapping[str, HeldQuestion], incoming: Sequence[IncomingItem]) -> Guesses:
    """What the items without an id that a bank doesn't hold may be of its questions."""
    found = diff(held, incoming)
    return guesses(found, queries.texts_in_use(slug)) if held and found.added else Guesses()


def bank_to_change(user: User, slug: str) -> Bank | None:
    """The bank of that name, kept from other imports until the commit; None if there is none.

    Raises NotFound if the user may not change it.
    """
    bank = db.session.scalar(locked(select(Bank).where(Bank.slug == slug)))
    if bank is not None and not queries.may_change(bank, user.id):
        raise NotFound(N_("The bank “%(slug)s” belongs to somebody else. Choose another name."), slug=slug)
    return bank


def wordings_of(incoming: Sequence[IncomingItem], progress: Listener = no_listener) -> list[Wording]:
    """The wording of each item: what can be done for an import before its transaction begins."""
    wordings = []
    for one in incoming:
        wordings.append(wording_of(one.item, one.hash))
        if len(wordings) % BATCH == 0:
            progress(COMPARING, len(wordings), len(incoming))
    return wordings


def store_items(
    bank: Bank,
    incoming: Sequence[IncomingItem],
    wordings: Sequence[Wording],
    author: User,
    now: datetime,
    progress: Listener = no_listener,
    guesses: Mapping[str, str] | None = None,
) -> ImportOutcome:
    """Add what is new and a version of what has changed, in one transaction; the same again changes nothing.

    `guesses`: which questions items without an id were said to be, as in `diff`.
    """
    with atomic():
        db.session.flush()
        bank_id, author_id = bank.id, author.id
        found = diff(queries.held_questions(bank_id), incoming, guesses)
        added, changed = found.added, found.changed
        total, ids = len(added) + len(changed), []
        for batch in batches(added):
            new = [NewQuestion(one.incoming.key, one.place, wordings[one.place]) for one in batch]
            ids += versions.add_questions(bank_id, new, author_id, now)
            progress(STORING, len(ids), total)
        versions.hold(id_ for id_, _place in places_of(changed))
        numbers: dict[int, int] = {}
        for batch in batches(changed):
            new = [NewVersion(id_, wordings[place]) for id_, place in places_of(batch)]
            bring_back(batch)
            numbers |= versions.add_versions(new, author_id, now)
            progress(STORING, len(ids) + len(numbers), total)
    return ImportOutcome(found, ids, numbers)


def places_of(changed: Sequence[Comparison]) -> list[tuple[int, int]]:
    """The id of each changed question, and the place of its item."""
    return [(one.held.id, one.place) for one in changed if one.held is not None]


def bring_back(changed: Sequence[Comparison]) -> None:
    """Put questions where the items stand, the archived ones in use again."""
    rows = [{"id": id_, "position": place, "archived_at": None} for id_, place in places_of(changed)]
    db.session.execute(update(Question), rows)
