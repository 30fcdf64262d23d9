"""Behaviours: what several tries at a question, the hints between them, or the certainty of an answer do to its score.

Each is an `Earn` of the fold (`rules.scores`): the tries, the oldest first, and how many hints were taken -> the
fraction. The plain one, where the newest response alone counts, is `scores.last`.
Source of the rules: Moodle's question engine, behaviours "adaptive", "interactive" and "certainty-based marking".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from quizapp.rules.scores import Earn, Try

PENALTY = 1 / 3
"""What an earlier try costs: a share of the question's points, where the question says no other."""
RIGHT = (1, 2, 3)
WRONG = (0, -2, -6)
"""By how much a right answer counts, and what a wrong one earns, where its certainty is 1, 2 or 3."""
NEGLIGIBLE = 0.000_000_5
"""A fraction up to this is none."""


def adaptive(penalty: float = PENALTY) -> Earn:
    """The best that any try has earned, each less the penalty for every try before it. A response given again right
    after itself is no try, and points never drop by trying again."""

    def earn(tries: Sequence[Try], hints: int) -> float | None:
        fractions = [one.fraction for one in without_repeats(tries)]
        known = [value - penalty * before for before, value in enumerate(fractions) if value is not None]
        return max(known) if len(known) == len(fractions) else None

    return earn


interactive = adaptive()
"""Tries with a hint between them, `tries_of` in number. They earn as adaptive ones do."""


def credited(earn: Earn, credit: float) -> Earn:
    """The same where a response that was given after the due date earns but this share. What it loses, it loses
    whole."""

    def reduced(one: Try) -> Try:
        late = one.after_due and one.fraction is not None and one.fraction > 0
        return replace(one, fraction=(one.fraction or 0) * credit) if late else one

    return lambda tries, hints: earn([reduced(one) for one in tries], hints)


def tries_of(hints: int) -> int:
    """How many tries a question with so many hints allows: one before each hint, and one after the last."""
    return hints + 1


def may_try_again(fraction: float | None, tries: int, hints: int) -> bool:
    """Whether a checked response leaves another try: it wasn't all right, and a hint is left to be seen first."""
    return fraction is not None and fraction < 1 and 0 < tries < tries_of(hints)


def without_repeats(tries: Sequence[Try]) -> list[Try]:
    return [one for place, one in enumerate(tries) if not place or one.response != tries[place - 1].response]


def certain(tries: Sequence[Try], hints: int) -> float | None:
    """By how sure the learner was: who is sure and right earns three times the fraction, who is sure and wrong loses
    six. Certainty that nobody gave is 1."""
    newest = tries[-1]
    if newest.fraction is None:
        return None
    place = (newest.certainty or 1) - 1
    return newest.fraction * RIGHT[place] if newest.fraction > NEGLIGIBLE else float(WRONG[place])
