"""What the pages of a sitting have in common: whose attempt it is, the clock that they show, and that nothing keeps
them."""

from __future__ import annotations

from datetime import datetime

from flask import Response, make_response

from quizapp.accounts.visitor import me
from quizapp.attempts import ending, queries
from quizapp.attempts.models import Attempt
from quizapp.attempts.overdue import as_of
from quizapp.web.pages import PART, wants_part

FLAGS = {"flag": True, "unflag": False}
"""The buttons that set the mark "look at it again", or take it away."""


def own(attempt_id: str, at: datetime) -> Attempt:
    """The learner's own attempt, as it stands: it reads as handed in if its time is up."""
    return as_of(queries.attempt(attempt_id, me.id), at)


def seconds_left(found: Attempt, at: datetime) -> float | None:
    """What the clock shows; None without one, or for somebody who is to see none."""
    if found.due_at is None or found.settings.get(ending.NO_CLOCK):
        return None
    return (found.due_at - at).total_seconds()


def live(page: str) -> Response:
    """A page with a live form, or the part of one. Nothing keeps it: "back" after handing in asks again."""
    response = make_response(page)
    response.headers["Cache-Control"] = "private, no-store"
    if wants_part():
        response.headers[PART] = "main"
    return response
