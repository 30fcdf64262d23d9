"""The figures of a quiz: of its marks, and of every version of a question that was asked.

A small quiz is counted when somebody looks. A large one is counted now and then by `gradebook.counting`, and pages say
when.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from typing import Any

from quizapp.attempts.overdue import Over
from quizapp.db import db
from quizapp.gradebook import tallies
from quizapp.gradebook.models import QuizFigures
from quizapp.gradebook.summaries import Summary, is_large, summaries
from quizapp.gradebook.tallies import VersionFigures
from quizapp.quizzes.models import Quiz
from quizapp.rules.items import ItemFigures, Option, effective_weights
from quizapp.rules.reliability import Reliability, reliability

LIVE = 3000
"""Up to so many attempts, a quiz is counted when somebody looks."""


@dataclass(frozen=True)
class Figures:
    """`best`: of what counts for each person, which is the best try where the quiz says no other.

    `left_out`: first attempts without a mark yet. `counted_at` is None where they were counted just now."""

    every: Summary
    best: Summary
    test: Reliability = field(default_factory=lambda: Reliability(0))
    versions: tuple[VersionFigures, ...] = ()
    left_out: int = 0
    same_questions: bool = True
    counted_at: datetime | None = None


def of_quiz(quiz: Quiz, over: Over, *, versions: bool, live: int = LIVE) -> Figures | None:
    """The figures of a quiz, with those of its questions where `versions` are wanted. None where a large quiz wasn't
    counted yet."""
    if not is_large(over, live):
        return count(quiz, over) if versions else Figures(*summaries(quiz, over))
    kept = db.session.get(QuizFigures, quiz.id)
    return from_json(kept.figures, kept.counted_at) if kept and kept.counted_at else None


def count(quiz: Quiz, over: Over) -> Figures:
    by_version = tallies.of_quiz(over)
    found = [tally.figures(version_id) for version_id, tally in sorted(by_version.items())]
    marks = tallies.first_marks(over)
    people = sum(marks.values())
    questions = tallies.by_question(by_version)
    same = bool(found) and all(one.asked == people for one in questions)
    weights = effective_weights([one.figures for one in found])
    return Figures(
        *summaries(quiz, over),
        test=reliability(
            {mark: n for (mark, waits), n in marks.items() if not waits},
            [one.figures(0).figures for one in questions] if same else (),
        ),
        versions=tuple(replace(one, weight=weight) for one, weight in zip(found, weights, strict=True)),
        left_out=sum(n for (_, waits), n in marks.items() if waits),
        same_questions=same,
    )


def to_json(figures: Figures) -> dict[str, Any]:
    return asdict(replace(figures, counted_at=None))


def from_json(stored: Mapping[str, Any], counted_at: datetime | None) -> Figures:
    def version(one: Mapping[str, Any]) -> VersionFigures:
        of = one["figures"]
        options = {name: Option(**option) for name, option in of["options"].items()}
        return VersionFigures(**{**one, "figures": ItemFigures(**{**of, "options": options})})

    return Figures(
        Summary(**stored["every"]),
        Summary(**stored["best"]),
        Reliability(**stored["test"]),
        tuple(version(one) for one in stored["versions"]),
        stored["left_out"],
        stored["same_questions"],
        counted_at,
    )
