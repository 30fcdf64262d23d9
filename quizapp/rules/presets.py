"""Presets: the usual ways to hold a quiz, as settings. Everything that one sets can be changed afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from quizapp.errors import N_


@dataclass(frozen=True)
class Preset:
    """`sees` says what a learner will see; `needs` the settings that have to be given with it."""

    name: str
    sees: str
    settings: Mapping[str, Any]
    needs: tuple[str, ...] = ()


PRESETS: Mapping[str, Preset] = {
    "exam": Preset(
        N_("Examination"),
        N_(
            "One try within a time limit, back and forth among the questions. Score and right answers are shown after "
            "closing, or when you release them."
        ),
        {"feedback": "closed", "attempts": 1, "who": "named"},
        needs=("time_limit",),
    ),
    "homework": Preset(
        N_("Homework"),
        N_(
            "Three tries, of which the best counts; with a due date, half the points for what comes later. Score and "
            "right answers are shown after handing in."
        ),
        {"feedback": "deferred", "attempts": 3, "who": "named", "grade_by": "highest", "late_credit": 0.5},
    ),
    "practice": Preset(
        N_("Practice"),
        N_("Any number of tries. Each answer is checked at once, with feedback and the right answer."),
        {},
    ),
    "survey": Preset(
        N_("Survey"),
        N_("One try, all questions on one page. No score and no right answers; learners see what they answered."),
        {"feedback": "never", "shows": {"response": "after"}, "attempts": 1, "pass_mark": 0, "page": "all"},
    ),
}
