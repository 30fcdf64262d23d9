"""A clock that jumps back, as after a wrong setting is put right: order is kept by numbers, not by times."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask

from quizapp.accounts import actions as accounts
from quizapp.accounts import limits
from quizapp.attempts import actions, answering, queries
from quizapp.attempts.models import Attempt
from quizapp.db import db
from quizapp.kinds import KINDS
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of
from tests.person import Person

HOUR = timedelta(hours=1)


def right(attempt: Attempt, position: int) -> dict:
    item = queries.slot(attempt.public_id, position, user_of("learner").id).version.item
    return KINDS[item.kind].solution(item.body) or {"text": "Because the lesson says so."}


def test_answers_are_in_the_order_of_their_numbers(app: Flask, now: datetime, learner: Person) -> None:
    user = user_of("learner")
    attempt = actions.start(user, quiz_with("immediate"), now)
    for seq, at in enumerate((now, now - HOUR, now - 2 * HOUR)):
        given = right(attempt, 1) if seq % 2 == 0 else None
        give_answer(user, attempt.public_id, 1, given, seq, at)
    slot = queries.slot(attempt.public_id, 1, user.id)
    assert (slot.seq, slot.response) == (3, right(attempt, 1))
    assert [answer.seq for answer in slot.answers] == [1, 2, 3]
    assert list(queries.wrong_scores()) == []


def test_handing_in_before_the_start_is_handing_in(app: Flask, now: datetime, learner: Person) -> None:
    """The pages can be shown, and the mark counts."""
    user = user_of("learner")
    attempt = actions.start(user, quiz_with("immediate"), now)
    give_answer(user, attempt.public_id, 1, right(attempt, 1), 0, now)
    done = actions.submit(user, attempt.public_id, now - HOUR)
    assert done.mark is not None
    assert done.mark > 0
    again = actions.submit(user, attempt.public_id, now + HOUR)
    assert again.submitted_at == done.submitted_at
    for url in (f"/attempts/{attempt.public_id}/results", "/home", f"/quizzes/{attempt.quiz.public_id}"):
        learner.get(url)
    assert actions.start(user, attempt.quiz, now - 2 * HOUR).id != attempt.id


def test_a_closed_attempt_stays_closed(app: Flask, now: datetime) -> None:
    """A jump forward ends a timed attempt for good: what comes after the jump back is too late."""
    user = user_of("learner")
    attempt = actions.start(user, timed(), now)
    give_answer(user, attempt.public_id, 1, right(attempt, 1), 0, now)
    assert actions.close_overdue(now + HOUR) == 1
    closed = queries.attempt(attempt.public_id, user.id)
    assert closed.submitted_at == attempt.due_at
    with pytest.raises(answering.Closed):
        give_answer(user, attempt.public_id, 2, right(attempt, 2), 0, now + timedelta(minutes=1))


def timed() -> Quiz:
    return next(quiz for quiz in db.session.scalars(db.select(Quiz)) if quiz.rules.time_limit)


def test_a_limit_of_log_ins_doesn_t_outlast_a_jump_back(app: Flask, now: datetime) -> None:
    """Failures from a future that was none still count: too strict for a while, but never open."""
    for _ in range(limits.TRIES):
        with pytest.raises(accounts.WrongPassword):
            accounts.log_in("learner@example.com", "wrong", "10.0.0.1", now)
    with pytest.raises(limits.TooManyTries):
        accounts.log_in("learner@example.com", "learner-demo", "10.0.0.1", now - HOUR)
    assert accounts.log_in("learner@example.com", "learner-demo", "10.0.0.1", now + HOUR)
