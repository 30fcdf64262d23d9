"""What may be shown when, by the settings of a quiz."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

from quizapp.rules.settings import PARTS, QuizSettings, When


@dataclass(frozen=True)
class Reveal:
    """What a learner may see of a question at present. `held`: an examination keeps it back, whatever else is said."""

    response: bool
    correctness: bool
    marks: bool
    feedback: bool
    solution: bool
    passage: bool
    held: bool = False


NOTHING = Reveal(*[False] * len(PARTS))
EVERYTHING = Reveal(*[True] * len(PARTS))


def reveal(rules: QuizSettings, *, submitted: bool, checked: bool, closed: bool, held: bool = False) -> Reveal:
    """What may be seen of a question now.

    `closed`: the last permitted sitting is over, or the instructor has released the scores. Of a question that is
    `held` only the response is shown: an examination that isn't over can ask it.
    """
    return revealed(tuple(rules.moments.values()), submitted, checked, closed, held)


@lru_cache(maxsize=1024)
def revealed(moments: tuple[When, ...], submitted: bool, checked: bool, closed: bool, held: bool) -> Reveal:
    """The same by the moments of all parts: a page of results asks for each question, and hears one or two things."""
    seen = Reveal(*[moment_reached(when, submitted=submitted, checked=checked, closed=closed) for when in moments])
    return replace(NOTHING, response=seen.response, held=True) if held else seen


def moment_reached(when: When, *, submitted: bool, closed: bool, checked: bool = False) -> bool:
    """Whether that moment has come."""
    return {
        "during": checked or submitted,
        "after": submitted,
        "closed": submitted and closed,
        "never": False,
    }[when]
