"""A bank's questions as lists show them: searched, filtered, a page at a time, or chosen to be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from quizapp.banks.models import Question
from quizapp.db import db
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


def chosen_questions(bank_id: int, names: Sequence[str] | None, filters: Filters, limit: int) -> Sequence[Question]:
    """The bank's questions of these public ids, or, for None, all that suit the filters; with current versions."""
    statement = select(Question).options(joinedload(Question.current)).order_by(Question.position, Question.id)
    if names is None:
        statement = statement.where(Question.id.in_(filtered(bank_id, filters)))
    else:
        statement = statement.where(Question.bank_id == bank_id, Question.public_id.in_(names))
    return db.session.scalars(statement.limit(limit)).all()


def saying(words: str) -> list[ColumnElement[bool]]:
    """That a question says every word somewhere; case and composition don't matter."""
    return [Question.search.contains(word, autoescape=True) for word in nfc(words).casefold().split()]


def filtered(bank_id: int, filters: Filters) -> Select[Any]:
    """The ids of the questions that suit. Every word must occur somewhere; case and composition don't matter."""
    statement = select(Question.id).where(
        Question.bank_id == bank_id,
        Question.archived_at.is_not(None) if filters.archived else Question.archived_at.is_(None),
    )
    statement = statement.where(*saying(filters.words))
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
