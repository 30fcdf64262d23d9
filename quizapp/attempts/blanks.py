"""Before a response is checked: what is left blank in it."""

from __future__ import annotations

from quizapp.errors import N_, ResponseError
from quizapp.formats.items import Item
from quizapp.kinds.base import Response, is_blank, parts_left


def refuse_blank(response: Response | None) -> None:
    """Nothing can be checked before something is chosen or written."""
    if is_blank(response):
        raise ResponseError("answer", N_("Nothing is chosen or written yet: answer first, then check."))


class Unfinished(ResponseError):
    """A response that leaves parts empty: it is checked only when that is said once more."""


def refuse_unfinished(item: Item, response: Response | None, *, anyway: bool) -> None:
    """What is checked is final, so that a slip must not leave rows or gaps empty."""
    refuse_blank(response)
    left, parts = parts_left(item.body, response)
    if left and not anyway:
        message = N_("Still empty: %(num)s of %(all)s. Fill in the rest, or check once more to leave it so.")
        raise Unfinished("unfinished", message, num=left, all=parts)
