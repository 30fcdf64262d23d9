"""What each question of a quiz tells, version by version, in words that a page can show: figures beside the question as
it was asked, the key by which it is counted, and what looks wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from quizapp.attempts.models import Regrade
from quizapp.banks.models import Question, QuestionVersion
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.gradebook.figures import Figures
from quizapp.gradebook.outcomes import visible_questions
from quizapp.gradebook.tallies import VersionFigures
from quizapp.kinds import KINDS
from quizapp.kinds.base import Text
from quizapp.quizzes.models import Quiz
from quizapp.rules.items import LEAST, Option, doubts

WITH_OPTIONS = ("choice", "multiple")
"""Controls of kinds that ask for one or several of a list."""
TYPED_KINDS = ("text", "number")
NEVER_CHOSEN = Option(0, None, 0, 0)


@dataclass(frozen=True)
class OptionOutcome:
    text: Text
    right: bool
    figures: Option


@dataclass(frozen=True)
class VersionOutcome:
    """A version as it was asked. `key` is the number of the version by whose key it counts; `rescored_at` is when it
    was scored again by that key."""

    number: int
    item: Item
    counted: VersionFigures
    key: int
    key_item: Item
    rescored_at: datetime | None

    @property
    def few(self) -> bool:
        """Whether there are too few responses to speak of discrimination."""
        return self.counted.figures.count < LEAST

    @property
    def options(self) -> list[OptionOutcome]:
        """The options of a question that asks for some of a list, and who chose them."""
        figures, right = self.counted.figures.options, right_options(self.key_item)
        return [
            OptionOutcome(one["text"], one["id"] in right, figures.get(one["id"], NEVER_CHOSEN))
            for one in choices_of(self.item)
        ]

    @property
    def unanswered(self) -> Option:
        return self.counted.figures.options.get("", NEVER_CHOSEN)

    @property
    def doubts(self) -> list[str]:
        return doubts(self.counted.figures, right_options(self.key_item))


def choices_of(item: Item) -> Sequence[Mapping[str, Any]]:
    kind = KINDS[item.kind]
    return kind.public(item.body)["choices"] if kind.CONTROL in WITH_OPTIONS else ()


def right_options(item: Item) -> set[str]:
    """The ids of the options of the key."""
    kind = KINDS[item.kind]
    if kind.CONTROL == "multiple":
        return set((kind.solution(item.body) or {}).get("choices", ()))
    return {one["id"] for one in choices_of(item) if kind.score(item.body, {"choice": one["id"]}).fraction == 1}


@dataclass(frozen=True)
class QuestionOutcome:
    """A question with its versions, the newest first. `regrade` is the newest that stands."""

    question: Question
    versions: list[VersionOutcome]
    regrade: Regrade | None

    @property
    def item(self) -> Item:
        return self.versions[0].item

    @property
    def is_written(self) -> bool:
        """Whether people wrote what they liked, and no person grades it."""
        kind = KINDS[self.item.kind]
        return kind.CONTROL in TYPED_KINDS and not kind.MANUAL

    @property
    def is_doubtful(self) -> bool:
        return any(one.doubts for one in self.versions)


def outcomes(quiz: Quiz, figures: Figures) -> list[QuestionOutcome]:
    """Every question that has figures, in the order of its bank; of those that whoever made the quiz may read."""
    counted = {one.version_id: one for one in figures.versions}
    versions = {
        one.id: one for one in db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(counted)))
    }
    of: dict[int, list[QuestionVersion]] = {}
    for version in sorted(versions.values(), key=lambda one: -one.number):
        of.setdefault(version.question_id, []).append(version)
    regrades = standing(quiz, list(of))
    keys = by_number([one.version_id for one in regrades.values() if one.policy == "again"])
    questions = db.session.scalars(
        visible_questions(quiz).where(Question.id.in_(of)).options(joinedload(Question.bank))
    )
    return [
        QuestionOutcome(
            question,
            [outcome(version, counted[version.id], regrades.get(question.id), keys) for version in of[question.id]],
            regrades.get(question.id),
        )
        for question in questions.unique()
    ]


def outcome(
    version: QuestionVersion, counted: VersionFigures, regrade: Regrade | None, keys: Mapping[int, QuestionVersion]
) -> VersionOutcome:
    """`keys`: the versions by whose keys responses were scored again; that says nothing of versions after them."""
    by = keys.get(regrade.version_id, version) if regrade else version
    key = max(version, by, key=lambda one: one.number)
    applied_at = regrade.applied_at if regrade and key is not version else None
    return VersionOutcome(version.number, version.item, counted, key.number, key.item, applied_at)


def standing(quiz: Quiz, question_ids: Sequence[int]) -> dict[int, Regrade]:
    """By question, the newest regrade that was applied here and not undone."""
    found = db.session.scalars(
        select(Regrade)
        .where(
            Regrade.question_id.in_(question_ids),
            or_(Regrade.quiz_id.is_(None), Regrade.quiz_id == quiz.id),
            Regrade.applied_at.is_not(None),
            Regrade.undone_at.is_(None),
        )
        .order_by(Regrade.id)
    )
    return {one.question_id: one for one in found}


def by_number(version_ids: Sequence[int]) -> dict[int, QuestionVersion]:
    found = db.session.scalars(select(QuestionVersion).where(QuestionVersion.id.in_(version_ids)))
    return {one.id: one for one in found}
