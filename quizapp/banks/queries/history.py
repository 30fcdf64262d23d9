"""The versions of questions, and how a bank stands that something is compared with."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from threading import Lock
from typing import Any

from flask import current_app
from sqlalchemy import ColumnElement, Select, String, func, select
from sqlalchemy import cast as as_type
from sqlalchemy.orm import aliased

from quizapp.banks.diff import HeldQuestion
from quizapp.banks.matching import HeldText, titles_of
from quizapp.banks.models import EDITOR, FOLDER, MADE_HERE, Bank, Question, QuestionVersion
from quizapp.banks.queries.access import theirs
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.formats.items import Item, from_json


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


def held_questions(bank_id: int) -> dict[str, HeldQuestion]:
    """Every question of a bank by key, archived ones too."""
    return held_where(Bank.id == bank_id)


def held_in_named_bank(slug: str, user_id: int) -> dict[str, HeldQuestion]:
    """Every question of a bank that the user may change by key; nothing if there is no such bank yet."""
    return held_where(Bank.slug == slug, theirs(user_id, EDITOR))


def held_where(*which: ColumnElement[bool]) -> dict[str, HeldQuestion]:
    rows = db.session.execute(
        select(Question.key, Question.id, Question.public_id, QuestionVersion.number, QuestionVersion.hash,
               Question.archived_at)
        .join(Bank, Question.bank_id == Bank.id)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(*which)
    )  # fmt: skip
    return {key: HeldQuestion(id_, name, number, hash_, at is not None) for key, id_, name, number, hash_, at in rows}


def texts_in_use(slug: str) -> list[HeldText]:
    """What the questions in use of a bank are known by."""
    rows = db.session.execute(
        select(Question.key, Question.public_id, Question.search, Question.position, QuestionVersion.content["title"],
               QuestionVersion.provenance["number"].as_string())
        .join(Bank, Question.bank_id == Bank.id)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Bank.slug == slug, Question.archived_at.is_(None))
        .order_by(Question.id)
    )  # fmt: skip
    return [
        HeldText(key, name, words, titles_of(title or {}), number or "", position)
        for key, name, words, position, title, number in rows
    ]


def current_contents(question_ids: Iterable[int]) -> dict[int, dict]:
    """What the current versions of these questions hold, by question id."""
    rows = db.session.execute(
        select(Question.id, QuestionVersion.content)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.id.in_(list(question_ids)))
    )
    return dict(rows.all())


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


def before_bulk(bank_id: int, token: str) -> Sequence[tuple[int, QuestionVersion]]:
    """The id of each question that is still as that act left it, and its version before."""
    now, before = aliased(QuestionVersion), aliased(QuestionVersion)
    rows = db.session.execute(
        select(Question.id, before)
        .join(now, Question.current_id == now.id)
        .join(before, (before.question_id == Question.id) & (before.number == now.number - 1))
        .where(Question.id.in_(of_bulk(bank_id, token)))
    )
    return [(row[0], row[1]) for row in rows]


ITEMS_KEY = "quizapp.items"
"""Within this process, versions as items by id and hash."""
MOST_KEPT = 1024
keeping = Lock()
CONTENTS = select(QuestionVersion.id, as_type(QuestionVersion.content, String))


def items_of(asked: Iterable[tuple[int, str]]) -> dict[int, Item]:
    """The versions of these ids and hashes as items, by id.

    A version never changes, and a whole class looks at the same ones: each is read once, and shared by all who ask, so
    it is only to look at. It is a statement where one isn't known yet.
    """
    kept: dict[tuple[int, str], Item] = current_app.extensions.setdefault(ITEMS_KEY, {})
    wanted = set(asked)
    found = {one: item for one in wanted if (item := kept.get(one))}
    if missing := {one[0]: one for one in wanted.difference(found)}:
        rows = db.session.execute(CONTENTS.where(QuestionVersion.id.in_(missing)))
        read = {missing[version_id]: from_json(json.loads(content)) for version_id, content in rows}
        with keeping:
            kept.update(read)
            for oldest in list(kept)[:-MOST_KEPT]:
                del kept[oldest]
        found |= read
    return {version_id: item for (version_id, _hash), item in found.items()}
