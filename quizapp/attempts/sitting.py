"""What the pages of a sitting have in common: the clock that they show, and that nothing keeps them."""

from __future__ import annotations

from datetime import datetime

from flask import Response, make_response

from quizapp.attempts import ending
from quizapp.attempts.models import Attempt
from quizapp.web.pages import PART, wants_part


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
