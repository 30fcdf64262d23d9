"""How a quiz is taken: its settings, with defaults that suit most quizzes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from typing import Any, Literal

Feedback = Literal["immediate", "deferred"]

MAX_MINUTES = 525_600
"""A year."""
MAX_TRIES = 1_000
EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
"""Between these a quiz opens and closes: every zone has a name for them."""


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
        return moment(self.opens_at)

    @property
    def closing(self) -> datetime | None:
        return moment(self.closes_at)

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> QuizSettings:
        """From their written form; keys that are not settings are ignored (they are refused on loading).

        Numbers that were stored before they had bounds are taken as the nearest that may be.
        """
        known = {part.name for part in fields(cls)}
        found = {key: value for key, value in written.items() if key in known}
        for key, most in (("time_limit", MAX_MINUTES), ("attempts", MAX_TRIES)):
            if found.get(key) is not None:
                found[key] = min(found[key], most)
        return cls(**found)


def moment(written: str | None) -> datetime | None:
    """A written point in time; one that no calendar page shows is the nearest that one does."""
    return min(max(datetime.fromisoformat(written), EARLIEST), LATEST) if written else None
