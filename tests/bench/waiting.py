"""How long a learner may wait at a question, and how long one did."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median

GOALS = {
    "next question, fetched beforehand": 100,
    "next question, fetched then": 400,
    "verdict": 350,
    "saved": 230,
}
"""Milliseconds, the median over the questions of a quiz."""
BYTES = 45_000
"""Of a question's first load."""


@dataclass
class Flow:
    """Milliseconds by what was waited for, and the bytes of a first load."""

    waited: dict[str, list[float]] = field(default_factory=lambda: {name: [] for name in GOALS})
    bytes: int = 0

    def median(self, name: str) -> float:
        return median(self.waited[name])
