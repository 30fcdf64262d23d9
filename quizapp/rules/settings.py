"""How a quiz is taken: its settings, with defaults that suit most quizzes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Literal

Feedback = Literal["immediate", "deferred"]


@dataclass(frozen=True)
class QuizSettings:
    """Settings of one quiz; an attempt keeps the copy that it started with.

    feedback: "immediate" shows right or wrong after each question's check; "deferred" after handing in.
    time_limit: minutes, or None for no limit.  attempts: how many count towards a grade, or None for any number.
    pass_mark: share of the points, 0 to 1.
    opens_at, closes_at: when the quiz can be begun and when its answers end, ISO 8601 with a zone; None for always.
    """

    feedback: Feedback = "immediate"
    time_limit: float | None = None
    attempts: int | None = None
    shuffle_questions: bool = True
    shuffle_choices: bool = True
    pass_mark: float = 0.7
    opens_at: str | None = None
    closes_at: str | None = None

    @property
    def opening(self) -> datetime | None:
        return datetime.fromisoformat(self.opens_at) if self.opens_at else None

    @property
    def closing(self) -> datetime | None:
        return datetime.fromisoformat(self.closes_at) if self.closes_at else None

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> QuizSettings:
        """From their written form; keys that are not settings are ignored (they are refused on loading)."""
        known = {part.name for part in fields(cls)}
        return cls(**{key: value for key, value in written.items() if key in known})
