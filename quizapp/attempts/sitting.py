"""What the pages of a sitting have in common: whose attempt it is, the clock that they show, and that nothing keeps
them."""

from __future__ import annotations

from datetime import datetime

from flask import Response, make_response

from quizapp.accounts.visitor import me
from quizapp.attempts import ending, queries
from quizapp.attempts.models import Attempt
from quizapp.attempts.overdue import as_of
from quizapp.errors import N_, ResponseError
from quizapp.formats.items import Item
from quizapp.kinds.base import Response as Given
from quizapp.kinds.base import is_blank, parts_left
from quizapp.web.pages import PART, wants_part

FLAGS = {"flag": True, "unflag": False}
"""The buttons that set the mark "look at it again", or take it away."""


def own(attempt_id: str, at: datetime) -> Attempt:
    """The learner's own attempt, as it stands: it reads as handed in if its time is up."""
    return as_of(queries.attempt(attempt_id, me.id), at)


def refuse_blank(response: Given | None) -> None:
    """Nothing can be checked before something is chosen or written."""
    if is_blank(response):
        raise ResponseError("answer", N_("Nothing is chosen or written yet: answer first, then check."))


class Unfinished(ResponseError):
    """A response that leaves parts empty: it is checked only when that is said once more."""


def refuse_unfinished(item: Item, response: Given | None, *, anyway: bool) -> None:
    """What is checked is final, so that a slip must not leave rows or gaps empty."""
    refuse_blank(response)
    left, parts = parts_left(item.body, response)
    if left and not anyway:
        message = N_("Still empty: %(num)s of %(all)s. Fill in the rest, or check once more to leave it so.")
        raise Unfinished("unfinished", message, num=left, all=parts)


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
