"""Beside one attempt: the row before it and the row after it in the list that it was opened from."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from quizapp.attempts.models import Attempt
from quizapp.attempts.overdue import Over
from quizapp.db import db
from quizapp.gradebook.listing import PAGE, Listing, ids_from

REACH = PAGE
"""How many rows a row may have moved since the list was shown, and is found again."""


@dataclass(frozen=True)
class RowsBeside:
    """The rows on both sides, each with its place, counted from 1; `place` is that of the attempt itself."""

    place: int
    before: tuple[Attempt, int] | None = None
    after: tuple[Attempt, int] | None = None

    @property
    def page(self) -> int:
        """The page of the list that it is on."""
        return (self.place - 1) // PAGE + 1


def beside(over: Over, asked: Listing, attempt: Attempt, place: int) -> RowsBeside:
    """What stands beside an attempt that had this place in the list. One that has left it since, as what it waited for
    is decided, leaves its place to the next one."""
    skipped = max(0, place - 1 - REACH)
    ids = [row[0] for row in db.session.execute(ids_from(over, asked, skipped, 2 * REACH + 1))]
    stays = attempt.id in ids
    here = ids.index(attempt.id) if stays else min(place - 1 - skipped, len(ids))
    place = skipped + here + 1
    before, after = ids[max(0, here - 1) : here], ids[here + stays : here + stays + 1]
    found = {one.id: one for one in db.session.scalars(PEOPLE.where(Attempt.id.in_([*before, *after])))}
    return RowsBeside(
        place,
        next(((found[one], place - 1) for one in before), None),
        next(((found[one], place + stays) for one in after), None),
    )


PEOPLE = select(Attempt).options(joinedload(Attempt.user, innerjoin=True))
