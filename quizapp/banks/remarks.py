"""What the authors of a bank had better look at: of all its questions together, and of each. Worked out once for each
wording of the bank, and of no more questions than a page can wait for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from sqlalchemy import func, select

from quizapp.banks.models import Question, QuestionVersion
from quizapp.db import db
from quizapp.errors import Problem
from quizapp.formats.items import Item, from_json
from quizapp.rules import authoring
from quizapp.rules.giveaways import giveaways, gives_away

LOOKED_AT = 500
"""Questions of a bank, its first ones; they take a tenth of a second."""
MOST_BANKS_REMEMBERED = 8
"""Banks whose remarks a process keeps."""


@dataclass(frozen=True)
class Remarks:
    """The bank's questions in use, by their keys (`items` have them as ids), and what is said of them.

    In what is said, other questions are named by their keys.
    """

    items: Mapping[str, Item]
    public_ids: Mapping[str, str]
    of_all: Sequence[Problem]
    of_each: Mapping[str, Sequence[Problem]]


def remarks(bank_id: int) -> tuple[Remarks, int]:
    """The remarks on a bank, and how many of its questions they leave out."""
    rows = db.session.execute(
        select(Question.public_id, QuestionVersion.hash, func.count().over())
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.bank_id == bank_id, Question.archived_at.is_(None))
        .order_by(Question.position, Question.id)
        .limit(LOOKED_AT)
    ).all()
    count = rows[0][2] if rows else 0
    return remarks_on(tuple((public_id, wording) for public_id, wording, _count in rows)), count - len(rows)


@lru_cache(MOST_BANKS_REMEMBERED)
def remarks_on(wordings: tuple[tuple[str, str], ...]) -> Remarks:
    """The remarks on questions, named by their public ids and the hashes of what they say now."""
    rows = db.session.execute(
        select(Question.key, Question.public_id, QuestionVersion.content)
        .join(QuestionVersion, Question.current_id == QuestionVersion.id)
        .where(Question.public_id.in_([public_id for public_id, _hash in wordings]))
        .order_by(Question.position, Question.id)
    ).all()
    items = {key: named(from_json(content), key) for key, _public_id, content in rows}
    found: dict[str, list[Problem]] = {key: list(authoring.remarks(item)) for key, item in items.items()}
    for item, problem in giveaways(list(items.values())):
        found[item.id].append(problem)
        found[problem.values["other"]].append(gives_away(item.id))
    return Remarks(
        items,
        {key: public_id for key, public_id, _content in rows},
        list(authoring.telling_lengths(items.values())),
        {key: said for key, said in found.items() if said},
    )


def named(item: Item, key: str) -> Item:
    item.id = key
    return item
