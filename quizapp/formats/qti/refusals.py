"""Why a question of QTI is left out (Unusable), or kept but not played (Unsupported)."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem, QuizError
from quizapp.formats.qti.documents import MAX_ITEM_NODES

NO_RIGHT_GAP = N_("The gap “%(name)s” has no right answer.")

NO_RIGHT = N_("No answer of this question is marked as right.")
MARK_RIGHT = N_("Mark the right answer where the file was made, and export it again.")

NO_KEY = N_("No answer is marked as right in it, as in a survey.")
NOT_PLAYED = N_("Questions of the type “%(type)s” can't be played here.")

MOST_TESTS = 400_000
"""How many elements of rules are evaluated for one question, so that a file can't keep the server busy for long."""


class Unsupported(QuizError):
    """The question is sound, but we can't play it: it is kept unchanged."""

    template = N_("This question can't be played here.")


class Unusable(Exception):
    """The item can't be used; `problem` says why."""

    def __init__(self, template: str, code: str, mend: str = "", **values: Any) -> None:
        self.problem = Problem(template, values, code=code, mend=mend)
        super().__init__(template)


def too_many_elements() -> Problem:
    return Problem(
        N_("The question has more than %(limit)s elements; no question needs that."),
        {"limit": MAX_ITEM_NODES},
        code="huge",
        mend=N_("Leave it out, or make it shorter."),
    )


def kept_as_it_is(reason: Unsupported) -> Problem:
    return Problem(
        reason.template,
        reason.values,
        code="opaque",
        severity="warning",
        mend=N_("It is kept and exported as it is; to make it playable, write it again."),
    )
