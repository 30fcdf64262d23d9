"""What may be shown when: the feedback modes of a quiz."""

from __future__ import annotations

from dataclasses import dataclass

from quizapp.rules.settings import Feedback


@dataclass(frozen=True)
class Reveal:
    """What a learner may see of a question at present."""

    correctness: bool
    marks: bool
    feedback: bool
    solution: bool


NOTHING = Reveal(False, False, False, False)
EVERYTHING = Reveal(True, True, True, True)


def reveal(feedback: Feedback, *, submitted: bool, checked: bool) -> Reveal:
    """Everything after handing in; before, only what was checked in a quiz with immediate feedback."""
    if submitted or (checked and feedback == "immediate"):
        return EVERYTHING
    return NOTHING
