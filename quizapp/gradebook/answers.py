"""What people wrote where a question has no options to count: the most frequent answers, those alike taken together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from quizapp.attempts.models import Slot
from quizapp.attempts.overdue import Over
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.gradebook.tallies import firsts
from quizapp.rules.scores import sameness

MOST_ANSWERS = 10
"""Answers that are listed to a question."""


@dataclass(slots=True)
class FrequentAnswer:
    """An answer, as most wrote it, with how many gave one that means the same, and the share of the points that it
    earned."""

    response: dict[str, Any] | None
    people: int
    fraction: float


def frequent_answers(over: Over, question_ids: Collection[int]) -> dict[int, list[FrequentAnswer]]:
    """The most frequent answers in first attempts, by question; one statement for all."""
    if not question_ids:
        return {}
    first = firsts(over)
    rows = db.session.execute(
        select(QuestionVersion.question_id, Slot.response, func.count(), func.avg(func.coalesce(Slot.fraction, 0)))
        .join(first, first.c.id == Slot.attempt_id)
        .join(QuestionVersion, QuestionVersion.id == Slot.version_id)
        .where(Slot.answered, QuestionVersion.question_id.in_(question_ids))
        .group_by(QuestionVersion.question_id, Slot.response)
        .order_by(func.count().desc(), func.max(Slot.id))
    )
    found: dict[int, dict[Any, FrequentAnswer]] = defaultdict(dict)
    for question_id, response, people, fraction in rows:
        same = sameness(response)
        if known := found[question_id].get(same):
            known.people += people
        else:
            found[question_id][same] = FrequentAnswer(response, people, fraction)
    return {name: sorted(all.values(), key=lambda one: -one.people)[:MOST_ANSWERS] for name, all in found.items()}
