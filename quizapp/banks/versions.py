"""The one writer of versions: nothing else inserts one, or writes what a question repeats of its current one.

Everything is written in a few statements, however many questions there are, within the caller's transaction. What a
`Wording` holds costs time and needs no database: with many, it is made before the transaction begins, so that others
who write wait for little more than the inserts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.banks.media_types import kept_type
from quizapp.banks.models import MediaFile, Question, QuestionVersion
from quizapp.banks.summary import summary_of
from quizapp.db import db
from quizapp.formats.items import Item, Media, cleaned, hash_of
from quizapp.ids import public_id

BATCH = 500
"""Rows for one statement: few round trips, and far below the number of parameters that a database takes."""

BULK = "bulk"
"""What provenance names the act by that changed many questions at once."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Wording:
    """What a version says, and `summary`, what its question repeats of it."""

    content: dict[str, Any]
    hash: str
    provenance: dict[str, Any]
    summary: dict[str, Any]
    media: Sequence[Media] = ()


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question that a bank hasn't yet, with its first wording."""

    key: str
    position: int
    wording: Wording
    public_id: str = field(default_factory=public_id)


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A further wording of a question."""

    question_id: int
    wording: Wording


def wording_of(item: Item, known_hash: str = "") -> Wording:
    """The wording of an item. `known_hash`: the hash of its content, where it was computed already."""
    content = cleaned(item).content()
    return Wording(content, known_hash or hash_of(content), item.provenance, summary_of(item), item.media)


def wording_again(version: QuestionVersion, **origin: Any) -> Wording:
    """The wording of a stored version, for another one that says the same. `origin`: what its provenance says too."""
    return Wording(version.content, version.hash, provenance_after(version, **origin), summary_of(version.item))


def provenance_after(version: QuestionVersion | None, **origin: Any) -> dict[str, Any]:
    """The provenance of a version made from another one: what that one says, without the act on many that made it."""
    before = version.provenance if version else {}
    return {**{key: value for key, value in before.items() if key != BULK}, **origin}


def add_questions(bank_id: int, new: Sequence[NewQuestion], author_id: int | None, now: datetime) -> list[int]:
    """Add questions with their first versions; their ids, in the same order."""
    if not new:
        return []
    db.session.flush()
    rows = [
        {"public_id": one.public_id, "bank_id": bank_id, "key": one.key, "position": one.position,
         **one.wording.summary}
        for one in new
    ]  # fmt: skip
    ids = list(db.session.scalars(insert(Question).returning(Question.id, sort_by_parameter_order=True), rows))
    first = [NewVersion(id_, one.wording) for id_, one in zip(ids, new, strict=True)]
    insert_versions(first, dict.fromkeys(ids, 1), author_id, now)
    return ids


def add_versions(new: Sequence[NewVersion], author_id: int | None, now: datetime) -> dict[int, int]:
    """Add a version to each of these questions, and make it the current one; by question id, its number: one more than
    the highest there is, which isn't always the current one's, as an import may be undone."""
    if not new:
        return {}
    db.session.flush()
    hold([one.question_id for one in new])
    numbers: dict[int, int] = {}
    for ids in batches([one.question_id for one in new]):
        last = select(QuestionVersion.question_id, func.max(QuestionVersion.number) + 1)
        of_these = QuestionVersion.question_id.in_(ids)
        numbers |= dict(db.session.execute(last.where(of_these).group_by(QuestionVersion.question_id)).all())
    db.session.execute(update(Question), [{"id": one.question_id, **one.wording.summary} for one in new])
    insert_versions(new, numbers, author_id, now)
    return numbers


def hold(ids: Iterable[int]) -> dict[int, int | None]:
    """Keep these questions as they are until the commit; by their ids, those of their current versions.

    They are locked in the order of their ids, whoever writes many.
    """
    found: dict[int, int | None] = {}
    for some in batches(sorted(ids)):
        chosen = select(Question.id, Question.current_id).where(Question.id.in_(some)).order_by(Question.id)
        found |= dict(db.session.execute(chosen.with_for_update()).all())
    return found


def insert_versions(
    new: Sequence[NewVersion], numbers: Mapping[int, int], author_id: int | None, now: datetime
) -> None:
    store_media([media for one in new for media in one.wording.media], now)
    db.session.execute(
        insert(QuestionVersion),
        [
            {"question_id": one.question_id, "number": numbers[one.question_id],
             "content": one.wording.content, "hash": one.wording.hash, "provenance": one.wording.provenance,
             "author_id": author_id, "created_at": now}
            for one in new
        ],
    )  # fmt: skip
    newest = (
        select(func.max(QuestionVersion.id))
        .where(QuestionVersion.question_id == Question.id)
        .correlate(Question)
        .scalar_subquery()
    )
    for ids in batches([one.question_id for one in new]):
        db.session.execute(
            update(Question).where(Question.id.in_(ids)).values(current_id=newest),
            execution_options={"synchronize_session": False},
        )
    db.session.expire_all()


def show_again(numbers: Mapping[int, int]) -> None:
    """Make earlier versions the current ones again. `numbers`: the version's number by question id."""
    db.session.flush()
    for ids in batches(list(numbers)):
        versions = db.session.scalars(select(QuestionVersion).where(QuestionVersion.question_id.in_(ids)))
        db.session.execute(
            update(Question),
            [
                {"id": one.question_id, "current_id": one.id, **summary_of(one.item)}
                for one in versions
                if one.number == numbers[one.question_id]
            ],
        )
    db.session.expire_all()


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


def batches(rows: Sequence[Row]) -> Iterator[Sequence[Row]]:
    for start in range(0, len(rows), BATCH):
        yield rows[start : start + BATCH]
