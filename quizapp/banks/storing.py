"""Items come into a bank as a diff against what is there, in a few statements, however many they are.

What costs time and needs no database (`prepare`) is done before the transaction, so that others who write wait for
little more than the inserts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.accounts.models import User
from quizapp.banks import queries
from quizapp.banks.media import kept_type
from quizapp.banks.models import Bank, MediaFile, Question, QuestionVersion, key_of, labels_of, objective_of, words_of
from quizapp.banks.queries import Standing
from quizapp.banks.steps import COMPARING, STORING, Tell, nobody
from quizapp.db import atomic, db
from quizapp.formats.items import Item, Media, cleaned, hash_of
from quizapp.ids import public_id

BATCH = 500
"""Rows for one statement: few round trips, and far below the number of parameters that a database takes."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Entry:
    """An item, ready to be stored. `shown` is what its question repeats of it for the pages to filter by."""

    item: Item
    key: str
    content: dict[str, Any]
    hash: str
    shown: dict[str, Any]


@dataclass
class Diff:
    """What storing items does to a bank.

    `gone`: ids of the questions that are there, in use, and not among the items. `repeated` have the key of an
    earlier item and are left out. Once stored: `ids`, the question's id by key, of what was added; `numbers`, the new
    version's number by question id, of what has changed.
    """

    added: list[Entry] = field(default_factory=list)
    changed: list[tuple[Standing, Entry]] = field(default_factory=list)
    same: list[Standing] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    repeated: list[Entry] = field(default_factory=list)
    ids: dict[str, int] = field(default_factory=dict)
    numbers: dict[int, int] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed)


def shown_of(item: Item) -> dict[str, Any]:
    """What a question repeats of its current version."""
    return {
        "kind": item.kind,
        "difficulty": item.difficulty,
        "objective": objective_of(item),
        "search": words_of(item),
        "tags": labels_of(item),
    }


def prepare(items: Sequence[Item], tell: Tell = nobody) -> list[Entry]:
    """What an import needs to know of every item; pure."""
    entries = []
    for item in items:
        content = cleaned(item).content()
        hash_ = hash_of(content)
        entries.append(Entry(item, key_of(item, hash_), content, hash_, shown_of(item)))
        if len(entries) % BATCH == 0:
            tell(COMPARING, len(entries), len(items))
    return entries


def diff(bank: Bank | None, entries: Iterable[Entry]) -> Diff:
    """Compare with what the bank holds now, writing nothing; no bank holds nothing."""
    known = queries.standings_in(bank.id) if bank else {}
    found, seen = Diff(), set()
    for entry in entries:
        standing = known.get(entry.key)
        if entry.key in seen:
            found.repeated.append(entry)
        elif standing is None:
            found.added.append(entry)
        elif standing.archived or standing.hash != entry.hash:
            found.changed.append((standing, entry))
        else:
            found.same.append(standing)
        seen.add(entry.key)
    found.gone = [standing.id for key, standing in known.items() if key not in seen and not standing.archived]
    return found


def store_entries(bank: Bank, entries: Sequence[Entry], author: User, now: datetime, tell: Tell = nobody) -> Diff:
    """Add what is new and a version of what has changed, in one transaction; the same again changes nothing."""
    with atomic():
        db.session.flush()
        bank_id, author_id = bank.id, author.id
        found = diff(bank, entries)
        places: dict[str, int] = {}
        for place, entry in enumerate(entries):
            places.setdefault(entry.key, place)
        total, done = len(found.added) + len(found.changed), 0
        for added in batches(found.added):
            found.ids |= add_questions(bank_id, added, places, author_id, now)
            tell(STORING, done := done + len(added), total)
        numbers = last_numbers(bank_id) if found.changed else {}
        found.numbers = {standing.id: numbers[standing.id] + 1 for standing, _ in found.changed}
        for changed in batches(found.changed):
            change_questions(changed, found.numbers, places, author_id, now)
            tell(STORING, done := done + len(changed), total)
        db.session.expire_all()
    return found


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]


def add_questions(
    bank_id: int, entries: Sequence[Entry], places: dict[str, int], author_id: int, now: datetime
) -> dict[str, int]:
    """New questions with their first versions; their ids by key."""
    rows = [
        {"public_id": public_id(), "bank_id": bank_id, "key": one.key, "position": places[one.key], **one.shown}
        for one in entries
    ]
    ids = db.session.scalars(insert(Question).returning(Question.id, sort_by_parameter_order=True), rows).all()
    add_versions([(id_, 1, one) for id_, one in zip(ids, entries, strict=True)], author_id, now)
    return {one.key: id_ for id_, one in zip(ids, entries, strict=True)}


def change_questions(
    changed: Sequence[tuple[Standing, Entry]],
    numbers: dict[int, int],
    places: dict[str, int],
    author_id: int,
    now: datetime,
) -> None:
    """A further version of each question; the archived ones come back."""
    db.session.execute(
        update(Question),
        [
            {"id": standing.id, "position": places[entry.key], "archived_at": None, **entry.shown}
            for standing, entry in changed
        ],
    )
    add_versions([(standing.id, numbers[standing.id], entry) for standing, entry in changed], author_id, now)


def add_versions(rows: Sequence[tuple[int, int, Entry]], author_id: int, now: datetime) -> None:
    """Question id, number and entry become the questions' current versions, with their media."""
    store_media([media for _, _, entry in rows for media in entry.item.media], now)
    db.session.execute(
        insert(QuestionVersion),
        [
            {"question_id": id_, "number": number, "content": entry.content, "hash": entry.hash,
             "provenance": entry.item.provenance, "author_id": author_id, "created_at": now}
            for id_, number, entry in rows
        ],
    )  # fmt: skip
    point_to_newest([id_ for id_, _, _ in rows])


def store_media(media: Iterable[Media], now: datetime) -> None:
    """Keep the bytes of media, each content once; what another transaction is storing at the same moment, too."""
    sent = {one.hash: one for one in media if not one.known_hash}
    if not sent:
        return
    there = set(db.session.scalars(select(MediaFile.hash).where(MediaFile.hash.in_(sent))))
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    for hash_, one in sent.items():
        if hash_ not in there:
            row = dialect.insert(MediaFile).values(hash=hash_, type=kept_type(one.data), data=one.data, created_at=now)
            db.session.execute(row.on_conflict_do_nothing())


def last_numbers(bank_id: int) -> dict[int, int]:
    """The highest version number of each question. It isn't always the current one's: an import may be undone."""
    rows = db.session.execute(
        select(QuestionVersion.question_id, func.max(QuestionVersion.number))
        .join(Question, QuestionVersion.question_id == Question.id)
        .where(Question.bank_id == bank_id)
        .group_by(QuestionVersion.question_id)
    )
    return dict(rows.all())


def point_to_newest(question_ids: Sequence[int]) -> None:
    """Make each question's highest version its current one."""
    newest_id = (
        select(func.max(QuestionVersion.id))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    for ids in batches(question_ids):
        db.session.execute(
            update(Question).where(Question.id.in_(ids)).values(current_id=newest_id),
            execution_options={"synchronize_session": False},
        )
