"""What moves a level of mastery: what a graded attempt says of an objective, and each question of a mixed review."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select

from quizapp.attempts.disclosure import outcomes_released_rows
from quizapp.attempts.models import GRADED, REVIEW, Attempt, Slot
from quizapp.banks.models import Question, QuestionVersion
from quizapp.citations.queries import Library
from quizapp.db import db
from quizapp.kinds import KINDS
from quizapp.quizzes.held import held_beside
from quizapp.quizzes.models import Quiz
from quizapp.review.history import RatedResponse
from quizapp.rules.mastery import LEVELS, after_quiz, after_review

NEVER = datetime.min.replace(tzinfo=UTC)
Name = tuple[int, str]
"""A course's id and an objective of it."""
MANUAL = [name for name, kind in KINDS.items() if kind.MANUAL]


@dataclass(frozen=True)
class Evidence:
    """`right` of `total` questions about an objective of a course, in a graded attempt or, `mixed`, in a review.

    `order` is when, with the attempt and the place in it for what comes at once.
    """

    order: tuple[datetime, int, int]
    course_id: int
    objective: str
    right: int
    total: int
    mixed: bool = False


@dataclass(frozen=True)
class ObjectiveLevel:
    """The level of an objective, what was right of what was asked, and when it last moved."""

    level: str = LEVELS[0]
    right: int = 0
    total: int = 0
    at: datetime = NEVER

    def after(self, piece: Evidence) -> ObjectiveLevel:
        if piece.mixed:
            return replace(self, level=after_review(self.level, piece.right == piece.total), at=piece.order[0])
        level = after_quiz(self.level, piece.right, piece.total)
        return ObjectiveLevel(level, self.right + piece.right, self.total + piece.total, piece.order[0])


def levels_after(evidence: Iterable[Evidence], before: Mapping[Name, ObjectiveLevel]) -> dict[Name, ObjectiveLevel]:
    """The levels that the evidence moves from what they were before, taken in the order of time."""
    moved: dict[Name, ObjectiveLevel] = {}
    for piece in sorted(evidence, key=lambda one: one.order):
        name = piece.course_id, piece.objective
        moved[name] = moved.get(name, before.get(name, ObjectiveLevel())).after(piece)
    return moved


def evidence_of_quizzes(user_id: int, now: datetime, attempt_id: int | None = None) -> Iterator[Evidence]:
    """The evidence of one graded attempt, or of all, as far as what was right in them may be seen: else the level of
    an objective that one question asks for would tell. A person's grade moves no level."""
    wanted: Any = (
        select(Attempt.submitted_at, Attempt.id, Attempt.quiz_id, Quiz.course_id, Question.objective,
               QuestionVersion.question_id, Slot.fraction)
        .join(Attempt, Slot.attempt_id == Attempt.id)
        .join(Quiz, Quiz.id == Attempt.quiz_id)
        .join(QuestionVersion, QuestionVersion.id == Slot.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(
            Attempt.user_id == user_id, Attempt.purpose == GRADED, outcomes_released_rows(now),
            Quiz.course_id.is_not(None), Question.objective != "", Question.kind.not_in(MANUAL),
            Slot.fraction.is_not(None), Slot.dropped.is_(False),
        )
    )  # fmt: skip
    fractions: dict[tuple[datetime, int, int, str], list[float]] = defaultdict(list)
    rows: Sequence[Any] = db.session.execute(
        wanted if attempt_id is None else wanted.where(Attempt.id == attempt_id)
    ).all()
    back = held_beside({(row.quiz_id, row.question_id) for row in rows}, now)
    for at, attempt, quiz_id, course_id, objective, question_id, fraction in rows:
        if (quiz_id, question_id) not in back:
            fractions[at, attempt, course_id, objective].append(fraction)
    for (at, attempt, course_id, objective), earned in fractions.items():
        yield Evidence((at, attempt, 0), course_id, objective, sum(1 for one in earned if one >= 1), len(earned))


def evidence_of_reviews(ratings: Iterable[RatedResponse]) -> Iterator[Evidence]:
    """The evidence of mixed reviews: a question counts in every course that asks its bank and names its objective."""
    library = Library()
    for rated in ratings:
        one = rated.final
        if one.purpose != REVIEW or not one.objective:
            continue
        for course in library.courses.values():
            named = {objective["id"] for objective in course.content.get("objectives", ())}
            if one.objective in named and one.bank in library.banks[course.id]:
                yield Evidence(
                    (one.at, one.attempt_id, one.position), course.id, one.objective, rated.right, 1, mixed=True
                )
