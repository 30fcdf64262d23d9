"""Reads of banks and questions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, cast, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from quizapp.banks.models import (
    EDITOR,
    FOLDER,
    MADE_HERE,
    PUBLIC,
    READER,
    Bank,
    BankMember,
    MediaFile,
    Question,
    QuestionVersion,
)
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item
from quizapp.kinds.base import nfc
from quizapp.texts.clean import line

PAGE = 25
MAX_WORDS = 200
"""Characters of what is searched or filtered by."""


@dataclass(frozen=True)
class Filters:
    """What a bank's page shows of its questions; "" and None mean all."""

    words: str = ""
    kind: str = ""
    difficulty: int | None = None
    objective: str = ""
    tag: str = ""
    archived: bool = False


@dataclass(frozen=True)
class Facets:
    """What the questions of a bank can be filtered by."""

    kinds: list[str]
    difficulties: list[int]
    objectives: list[str]
    tags: list[str]


@dataclass(frozen=True, slots=True)
class Standing:
    """How a question of a bank stands, as far as a diff needs it: `number` and `hash` are its current version's."""

    id: int
    public_id: str
    number: int
    hash: str
    archived: bool


def bank(slug: str) -> Bank:
    """The bank of that name. Raises NotFound."""
    found = db.session.scalar(select(Bank).where(Bank.slug == slug))
    if found is None:
        raise NotFound
    return found


def own_bank(slug: str, user_id: int) -> Bank:
    """The user's own bank. Raises NotFound, for somebody else's too."""
    found = db.session.scalar(select(Bank).where(Bank.slug == slug, Bank.owner_id == user_id))
    if found is None:
        raise NotFound
    return found


def readable_bank(slug: str, user_id: int) -> Bank:
    """A bank that the user may read: one's own, one shared with them, or a public one. Raises NotFound."""
    return permitted(slug, readable_by(user_id))


def readable_by(user_id: int) -> ColumnElement[bool]:
    """Whether the user may read a bank now."""
    return or_(Bank.owner_id == user_id, Bank.visibility == PUBLIC, shared_with(user_id))


def unreadable(slugs: Iterable[str], user_id: int) -> Sequence[Bank]:
    """Those of the banks that the user may not read now."""
    return db.session.scalars(select(Bank).where(Bank.slug.in_(list(slugs)), ~readable_by(user_id))).all()


def editable_bank(slug: str, user_id: int) -> Bank:
    """A bank that the user may change: one's own, or one shared with them as an editor. Raises NotFound."""
    return permitted(slug, Bank.owner_id == user_id, shared_with(user_id, EDITOR))


def permitted(slug: str, *ways: ColumnElement[bool]) -> Bank:
    found = db.session.scalar(select(Bank).where(Bank.slug == slug, or_(*ways)))
    if found is None:
        raise NotFound
    return found


def shared_with(user_id: int, *roles: str) -> ColumnElement[bool]:
    """Whether a bank is shared with the user, in one of the roles (in any, where none is named)."""
    members = select(BankMember.bank_id).where(BankMember.user_id == user_id)
    return Bank.id.in_(members.where(BankMember.role.in_(roles)) if roles else members)


def editable(user_id: int) -> Sequence[Bank]:
    """The banks that the user may change, newest first."""
    mine = or_(Bank.owner_id == user_id, shared_with(user_id, EDITOR))
    return db.session.scalars(select(Bank).where(mine).order_by(Bank.id.desc())).all()


def readable(user_id: int) -> Sequence[Bank]:
    """The banks that the user owns or that are shared with them, newest first."""
    mine = or_(Bank.owner_id == user_id, shared_with(user_id))
    return db.session.scalars(select(Bank).where(mine).order_by(Bank.id.desc())).all()


def public_of(sent: Mapping[str, Any]) -> Sequence[Bank]:
    """Which of the banks that a quiz draws from are public."""
    slugs = [source.get("bank", "") for source in sent.get("sources", [])]
    return db.session.scalars(select(Bank).where(Bank.slug.in_(slugs), Bank.visibility == PUBLIC)).all()


def public_ids(bank_id: int, names: Sequence[str]) -> Sequence[str]:
    """Those of the names that are public ids of the bank's questions."""
    return db.session.scalars(
        select(Question.public_id).where(Question.bank_id == bank_id, Question.public_id.in_(names))
    ).all()


def member(bank_id: int, user_id: int) -> BankMember | None:
    return db.session.scalar(select(BankMember).where(BankMember.bank_id == bank_id, BankMember.user_id == user_id))


def members(bank_id: int) -> Sequence[BankMember]:
    """The people with whom a bank is shared."""
    return db.session.scalars(
        select(BankMember)
        .where(BankMember.bank_id == bank_id)
        .options(joinedload(BankMember.user))
        .order_by(BankMember.id)
    ).all()


def role_in(bank: Bank, user_id: int) -> str:
    """What the user is to a bank that they may read: owner, editor or reader."""
    if bank.owner_id == user_id:
        return "owner"
    found = member(bank.id, user_id)
    return found.role if found else READER


def public_banks(words: str, page: int) -> tuple[Sequence[Bank], int]:
    """One page of the public banks whose titles have all the words, the newest first, and how many there are."""
    statement = select(Bank).where(Bank.visibility == PUBLIC).options(joinedload(Bank.owner))
    for word in nfc(words).split():
        title = func.lower(cast(Bank.title, Text))
        statement = statement.where(title.contains(word.lower(), autoescape=True))
    count = db.session.scalar(select(func.count()).select_from(statement.with_only_columns(Bank.id).subquery())) or 0
    return db.session.scalars(statement.order_by(Bank.id.desc()).offset((page - 1) * PAGE).limit(PAGE)).all(), count


def sizes_of(bank_ids: Sequence[int]) -> dict[int, int]:
    """How many questions in use each of the banks has."""
    rows = db.session.execute(
        select(Question.bank_id, func.count())
        .where(Question.bank_id.in_(bank_ids), Question.archived_at.is_(None))
        .group_by(Question.bank_id)
    )
    return dict(rows.all())


def last_position(bank_id: int) -> int:
    """The place of the bank's last question; -1 for an empty bank."""
    last = db.session.scalar(select(func.max(Question.position)).where(Question.bank_id == bank_id))
    return -1 if last is None else last


def chosen(bank_id: int, names: Sequence[str] | None, filters: Filters, limit: int) -> Sequence[Question]:
    """The bank's questions of these public ids, or, for None, all that suit the filters; with current versions."""
    statement = select(Question).options(joinedload(Question.current)).order_by(Question.position, Question.id)
    if names is None:
        statement = statement.where(Question.id.in_(filtered(bank_id, filters)))
    else:
        statement = statement.where(Question.bank_id == bank_id, Question.public_id.in_(names))
    return db.session.scalars(statement.limit(limit)).all()


def of_bulk(bank_id: int, token: str) -> Select[Any]:
    """The questions whose current version comes from that act on many."""
    return (
        select(Question.id)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.bank_id == bank_id, QuestionVersion.provenance["bulk"].as_string() == token)
    )


def count_of_bulk(bank_id: int, token: str) -> int:
    """How many questions are still as that act left them. Raises NotFound for none."""
    count = db.session.scalar(select(func.count()).select_from(of_bulk(bank_id, token).subquery())) or 0
    if not count:
        raise NotFound
    return count


def before_bulk(bank_id: int, token: str) -> Sequence[tuple[int, int, dict[str, Any], dict[str, Any]]]:
    """Of each question still as that act left it: its id, its number now, and content and provenance before."""
    now, before = aliased(QuestionVersion), aliased(QuestionVersion)
    rows = db.session.execute(
        select(Question.id, now.number, before.content, before.provenance)
        .join(now, Question.current_id == now.id)
        .join(before, (before.question_id == Question.id) & (before.number == now.number - 1))
        .where(Question.id.in_(of_bulk(bank_id, token)))
    )
    return [(row[0], row[1], row[2], row[3]) for row in rows]


def filters_of(sent: Mapping[str, str]) -> Filters:
    """The filters in an address or a form; what makes no sense there filters nothing."""
    difficulty = sent.get("difficulty", "")
    return Filters(
        words=line(sent.get("q"), MAX_WORDS),
        kind=line(sent.get("kind"), MAX_WORDS),
        difficulty=int(difficulty) if difficulty in ("1", "2", "3") else None,
        objective=line(sent.get("objective"), MAX_WORDS),
        tag=line(sent.get("tag"), MAX_WORDS),
        archived=sent.get("archived") == "1",
    )


def questions(bank_id: int) -> Sequence[Question]:
    """The bank's questions in order with their current versions, without the archived ones."""
    return db.session.scalars(
        select(Question)
        .where(Question.bank_id == bank_id, Question.archived_at.is_(None))
        .options(joinedload(Question.current))
        .order_by(Question.position, Question.id)
    ).all()


def items(bank_id: int) -> list[Item]:
    """The bank's questions as items, ready for any format."""
    found = []
    for question in questions(bank_id):
        if question.current is not None:
            item = question.current.item
            item.id = question.key
            item.provenance = dict(question.current.provenance)
            found.append(item)
    load_media(found)
    return found


def load_media(found: Iterable[Item]) -> None:
    """Give the items' media their bytes; a stored version only names them."""
    media = [one for item in found for one in item.media]
    if not media:
        return
    stored = db.session.scalars(select(MediaFile).where(MediaFile.hash.in_({one.hash for one in media})))
    data = {one.hash: one.data for one in stored}
    for one in media:
        one.data, one.known_hash = data.get(one.hash, b""), ""


def by_key(bank_id: int) -> dict[str, Question]:
    """Every question of the bank by its stable key, archived ones too."""
    found = db.session.scalars(
        select(Question).where(Question.bank_id == bank_id).options(joinedload(Question.current))
    )
    return {question.key: question for question in found}


def sizes() -> dict[str, int]:
    """How many questions each bank has, by slug."""
    rows = db.session.execute(
        select(Bank.slug, func.count(Question.id))
        .join(Question, Question.bank_id == Bank.id)
        .where(Question.archived_at.is_(None))
        .group_by(Bank.slug)
    )
    return dict(rows.all())


def facts(bank_ids: Sequence[int]) -> dict[int, tuple[int, datetime | None]]:
    """For each of the banks: how many questions, and when the last of them was written."""
    rows = db.session.execute(
        select(Question.bank_id, func.count(Question.id), func.max(QuestionVersion.created_at))
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.bank_id.in_(bank_ids), Question.archived_at.is_(None))
        .group_by(Question.bank_id)
    )
    return {bank_id: (count, latest) for bank_id, count, latest in rows}


def page(bank_id: int, filters: Filters, number: int) -> tuple[Sequence[Question], int]:
    """One page of a bank's questions with their current versions, and how many suit the filters."""
    statement = filtered(bank_id, filters)
    count = db.session.scalar(select(func.count()).select_from(statement.subquery())) or 0
    found = db.session.scalars(
        select(Question)
        .where(Question.id.in_(statement))
        .options(joinedload(Question.current))
        .order_by(Question.position, Question.id)
        .offset((number - 1) * PAGE)
        .limit(PAGE)
    ).all()
    return found, count


def filtered(bank_id: int, filters: Filters) -> Select[Any]:
    """The ids of the questions that suit. Every word must occur somewhere; case and composition don't matter."""
    statement = select(Question.id).where(
        Question.bank_id == bank_id,
        Question.archived_at.is_not(None) if filters.archived else Question.archived_at.is_(None),
    )
    for word in nfc(filters.words).casefold().split():
        statement = statement.where(Question.search.contains(word, autoescape=True))
    if filters.kind:
        statement = statement.where(Question.kind == filters.kind)
    if filters.difficulty is not None:
        statement = statement.where(Question.difficulty == filters.difficulty)
    if filters.objective:
        statement = statement.where(Question.objective == filters.objective)
    if filters.tag:
        statement = statement.where(Question.tags.contains(f"\n{nfc(filters.tag)}\n", autoescape=True))
    return statement


def facets(bank_id: int) -> Facets:
    rows = db.session.execute(
        select(Question.kind, Question.difficulty, Question.objective, Question.tags)
        .where(Question.bank_id == bank_id)
        .distinct()
    ).all()
    return Facets(
        kinds=sorted({row.kind for row in rows}),
        difficulties=sorted({row.difficulty for row in rows} - {None}),
        objectives=sorted({row.objective for row in rows} - {""}),
        tags=sorted({tag for row in rows for tag in row.tags.split("\n")} - {""}),
    )


def question(bank_id: int, public_id: str) -> Question:
    """A question of the bank with its current version, archived or not. Raises NotFound."""
    found = db.session.scalar(
        select(Question)
        .where(Question.bank_id == bank_id, Question.public_id == public_id)
        .options(joinedload(Question.current))
    )
    if found is None:
        raise NotFound
    return found


def versions(question_id: int) -> Sequence[QuestionVersion]:
    """Every version of a question, the newest first."""
    return db.session.scalars(
        select(QuestionVersion)
        .where(QuestionVersion.question_id == question_id)
        .order_by(QuestionVersion.number.desc())
    ).all()


def version(question_id: int, number: int) -> QuestionVersion:
    """One version of a question. Raises NotFound."""
    found = db.session.scalar(
        select(QuestionVersion).where(QuestionVersion.question_id == question_id, QuestionVersion.number == number)
    )
    if found is None:
        raise NotFound
    return found


# --- uploads ---


def may_change(bank: Bank, user_id: int) -> bool:
    """Whether the bank is the user's own, or shared with them as an editor."""
    return role_in(bank, user_id) in ("owner", EDITOR)


def standings(slug: str, user_id: int) -> dict[str, Standing]:
    """How every question of a bank that the user may change stands, by key; nothing if there is no such bank yet."""
    return standings_of(Bank.slug == slug, or_(Bank.owner_id == user_id, shared_with(user_id, EDITOR)))


def standings_in(bank_id: int) -> dict[str, Standing]:
    """How every question of a bank stands, by key."""
    return standings_of(Bank.id == bank_id)


def standings_of(*which: ColumnElement[bool]) -> dict[str, Standing]:
    rows = db.session.execute(
        select(Question.key, Question.id, Question.public_id, QuestionVersion.number, QuestionVersion.hash,
               Question.archived_at)
        .join(Bank, Question.bank_id == Bank.id)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(*which)
    )  # fmt: skip
    return {key: Standing(id_, name, number, hash_, at is not None) for key, id_, name, number, hash_, at in rows}


def last_loaded(bank_id: int) -> dict[int, str]:
    """The hash of each question's last version that came from a course's folder, by question id."""
    rows = db.session.execute(
        select(QuestionVersion.question_id, QuestionVersion.hash, QuestionVersion.provenance)
        .join(Question, QuestionVersion.question_id == Question.id)
        .where(Question.bank_id == bank_id)
        .order_by(QuestionVersion.number)
    )
    return {id_: hash_ for id_, hash_, provenance in rows
            if provenance.get("from") == FOLDER and not MADE_HERE & provenance.keys()}  # fmt: skip


def current_contents(question_ids: Iterable[int]) -> dict[int, dict]:
    """What the current versions of these questions hold, by question id."""
    rows = db.session.execute(
        select(Question.id, QuestionVersion.content)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.id.in_(list(question_ids)))
    )
    return dict(rows.all())
