"""After the due date a response earns a share of its points, by the times of the rows; its learner is told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from quizapp import clock, events
from quizapp.accounts.models import User
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.quizzes.models import Accommodation, Quiz
from tests.answers import give_answer
from tests.conftest import user_of
from tests.gradebook.test_results import choice
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

HOUR = timedelta(hours=1)
A, B = {"choice": "a"}, {"choice": "b"}


@pytest.fixture
def quiz(app: Flask, now: datetime) -> Quiz:
    """Four single choices, due in an hour, closing a day later, late answers at 40 percent."""
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(4)], now)
    times = {"due_at": (now + HOUR).isoformat(), "closes_at": (now + 25 * HOUR).isoformat()}
    return quiz_of({"bank": "made"}, feedback="deferred", shuffle_questions=False, late_credit=0.4, grace=10, **times)


def give(user: User, attempt: Attempt, position: int, response: dict[str, str], at: datetime) -> None:
    seq = queries.slot(attempt.public_id, position, user.id).seq
    give_answer(user, attempt.public_id, position, response, seq, at)


def fractions(attempt: Attempt) -> list[float | None]:
    db.session.expire_all()
    return [slot.fraction for slot in queries.slots(attempt.id)]


def test_each_response_by_its_own_time(app: Flask, quiz: Quiz, now: datetime) -> None:
    user, late = user_of("learner"), now + 2 * HOUR
    attempt = actions.start(user, quiz, now)
    give(user, attempt, 1, A, now)
    give(user, attempt, 2, A, now + HOUR + timedelta(seconds=10))  # on its way when it was due
    give(user, attempt, 3, A, late)
    give(user, attempt, 4, A, now)
    give(user, attempt, 4, B, late)
    give(user, attempt, 4, A, late)
    assert fractions(attempt) == [1, 1, 0.4, 0.4]
    assert actions.submit(user, attempt.public_id, late).mark == pytest.approx(2.8)
    assert list(queries.wrong_scores()) == []
    db.session.execute(text("UPDATE attempts SET late_from = NULL"))
    db.session.commit()
    assert len(list(queries.wrong_scores())) == 2, "scores without the due date behind them are found"


def test_a_due_date_that_moves_moves_the_scores_of_what_goes_on(app: Flask, quiz: Quiz, now: datetime) -> None:
    user, other = user_of("learner"), user_of("instructor")
    attempt, handed_in = actions.start(user, quiz, now), actions.start(other, quiz, now)
    for person, of in ((user, attempt), (other, handed_in)):
        give(person, of, 1, A, now + 2 * HOUR)
    actions.submit(other, handed_in.public_id, now + 2 * HOUR)
    for hours, share in ((3, 1), (1, 0.4)):
        with atomic():
            quiz.settings = quiz.settings | {"due_at": (now + hours * HOUR).isoformat()}
            events.rescheduled.send(quiz, now=now + 2 * HOUR)
        assert fractions(attempt)[0] == share
        assert fractions(handed_in)[0] == 0.4
        assert list(queries.wrong_scores()) == []


def test_who_is_given_more_hours_is_late_later(app: Flask, quiz: Quiz, now: datetime) -> None:
    user = user_of("learner")
    with atomic():
        db.session.add(Accommodation(owner_id=quiz.owner_id, user_id=user.id, extra_hours=3, changed_at=now))
    attempt = actions.start(user, quiz, now)
    give(user, attempt, 1, A, now + 3 * HOUR)
    give(user, attempt, 2, A, now + 5 * HOUR)
    assert fractions(attempt)[:2] == [1, 0.4]


def test_a_quiz_that_became_due_later_on_leaves_what_goes_on_alone(app: Flask, quiz: Quiz, now: datetime) -> None:
    """What scores was fixed at the start."""
    with atomic():
        quiz.settings = {name: value for name, value in quiz.settings.items() if name != "due_at"}
    user = user_of("learner")
    attempt = actions.start(user, quiz, now)
    with atomic():
        quiz.settings = quiz.settings | {"due_at": (now + HOUR).isoformat()}
        events.rescheduled.send(quiz, now=now)
    give(user, attempt, 1, A, now + 2 * HOUR)
    assert fractions(attempt)[0] == 1
    assert list(queries.wrong_scores()) == []


def test_its_learner_is_told(app: Flask, quiz: Quiz, learner: Person) -> None:
    user, at = user_of("learner"), clock.now()
    start = learner.get(f"/quizzes/{quiz.public_id}").text
    assert "what you answer or change after the due date earns 40% of its points" in start
    attempt = actions.start(user, quiz, at - 2 * HOUR)
    assert "The due date is over" not in learner.get(f"/attempts/{attempt.public_id}/questions/1").text
    with atomic():
        quiz = db.session.get_one(Quiz, quiz.id)
        quiz.settings = quiz.settings | {"due_at": (at - HOUR).isoformat()}
        events.rescheduled.send(quiz, now=at - 90 * HOUR / 60)
    assert "The due date is over" in learner.get(f"/attempts/{attempt.public_id}/questions/1").text
    give(user, attempt, 1, A, at)
    actions.submit(user, attempt.public_id, at)
    results = learner.get(f"/attempts/{attempt.public_id}/results").text
    assert "0.4 of 4 points" in results
    assert "late: 40% of the points" in results
    assert "Right" in results


@pytest.mark.parametrize(("name", "value"), [("opens_at", 2), ("closes_at", 0)])
def test_it_is_due_while_it_is_open(app: Flask, quiz: Quiz, now: datetime, name: str, value: int) -> None:
    """A due date that can't be is none."""
    with atomic():
        quiz.settings = quiz.settings | {name: (now + value * HOUR).isoformat()}
    assert quiz.rules.due_at is None


def test_its_grader_is_told(app: Flask, now: datetime, instructor: Person) -> None:
    """A grade counts as it is given, so that whoever grades has to know."""
    essay = Item(id="essay", kind="essay", stem={"en": "Why?"}, response={})
    banks.import_items(user_of("instructor"), "essays", {"en": "Essays"}, [essay], now)
    quiz = quiz_of({"bank": "essays"}, feedback="deferred", late_credit=0.4, due_at=(now + HOUR).isoformat())
    user = user_of("learner")
    for hours, told in ((0, False), (2, True)):
        attempt = actions.start(user, quiz, now)
        give(user, attempt, 1, {"text": f"Because of {hours}"}, now + hours * HOUR)
        actions.submit(user, attempt.public_id, now + hours * HOUR)
        slot = queries.slots(attempt.id)[0]
        assert ("It came after the due date" in instructor.get(f"/grading/{slot.id}").text) is told
        actions.grade(slot, 1.0, "", user_of("instructor"), now + 3 * HOUR)
    assert fractions(attempt) == [1.0]
    assert list(queries.wrong_scores()) == []
