"""Writing citations: a question cites its passage anew."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks import actions as banks
from quizapp.banks.models import Question
from quizapp.courses.shelf import Citation
from quizapp.db import atomic
from quizapp.errors import Conflict

Renewal = tuple[Question, Mapping[int, Citation], int]
"""A question, its new citations by place, and the number of the version that they are made from."""


def recite_all(renewals: Iterable[Renewal], author: User, now: datetime) -> None:
    """Make a version with other citations of each question; of all or of none."""
    with atomic():
        for question, renewed, seen in renewals:
            recite(question, renewed, seen, author, now)


def recite(question: Question, renewed: Mapping[int, Citation], seen: int, author: User, now: datetime) -> None:
    """Make a version of the question with other citations at these places; one that it has already isn't repeated.

    Raises Conflict if the question's current version isn't number `seen` any more.
    """
    with atomic():
        current = question.current
        if current is None or current.number != seen:
            raise Conflict
        item = current.item
        changed = [dict(renewed.get(place, one)) for place, one in enumerate(item.citations)]
        item.citations = [one for place, one in enumerate(changed) if one not in changed[:place]]
        try:
            banks.write_question(question.bank, question, item, seen, author, now)
        except banks.Edited as error:
            raise Conflict from error
        note(author, "cite again", f"question {question.public_id}", now)
