"""Answers as tests give them: by the place of a question in an attempt."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from quizapp.accounts.models import User
from quizapp.attempts import answering, queries
from quizapp.attempts.models import Slot
from quizapp.kinds.base import Response


def give_answer(
    user: User, attempt_id: str, position: int, response: Response | None, seq: int, now: datetime, **more: Any
) -> Slot:
    """The user's answer to one question; `more` as in `answering.give_answer`."""
    return answering.give_answer(queries.slot(attempt_id, position, user.id), response, seq, now, **more)
