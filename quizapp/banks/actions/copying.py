"""Copying questions from one bank into another."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from quizapp.accounts.models import User
from quizapp.banks import queries, versions
from quizapp.banks.models import Bank, Question
from quizapp.banks.versions import NewQuestion, wording_again
from quizapp.db import db


def copy_into(bank: Bank, questions: Sequence[Question], user: User, now: datetime) -> int:
    """Copy what isn't in the bank yet, by its key; says how many there were. In the caller's transaction."""
    known = set(db.session.scalars(select(Question.key).where(Question.bank_id == bank.id)))
    current = [(one, one.current) for one in questions if one.current is not None and one.key not in known]
    start = queries.last_position(bank.id) + 1
    new = [
        NewQuestion(one.key, place, wording_again(version, copied_from=f"{one.public_id} v{version.number}"))
        for place, (one, version) in enumerate(current, start)
    ]
    return len(versions.add_questions(bank.id, new, user.id, now))
