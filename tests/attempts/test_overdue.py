"""An attempt that is out of time reads as handed in, wherever it is read; nothing but the task and a POST writes so."""

from __future__ import annotations

import io
import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, text

from quizapp import clock, events
from quizapp.accounts.models import User
from quizapp.attempts import actions, answering, overdue, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.db import atomic, db
from quizapp.operation import tasks
from quizapp.quizzes.models import Quiz
from quizapp.rules.settings import GRACES
from tests.answers import give_answer
from tests.conftest import user_of
from tests.gradebook.test_results import address, choice
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

MINUTE = timedelta(minutes=1)


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(4)], clock.now())
    return quiz_of({"bank": "made"}, feedback="deferred", shuffle_questions=False, time_limit=10)


def left(quiz: Quiz, user: User, *, ago: int = 12) -> Attempt:
    """Begun some minutes ago with two right answers of four, and left to itself."""
    at = clock.now() - ago * MINUTE
    attempt = actions.start(user, quiz, at)
    for position in (1, 2):
        give_answer(user, attempt.public_id, position, {"choice": "a"}, 0, at)
    return attempt


def stored(attempt: Attempt) -> tuple[object, object]:
    """What stands in the database."""
    row = db.session.execute(text("SELECT submitted_at, mark FROM attempts WHERE id = :id"), {"id": attempt.id}).one()
    return row[0], row[1]


def test_its_pages_show_results_and_write_nothing(
    app: Flask, quiz: Quiz, learner: Person, statements: list[str]
) -> None:
    attempt = left(quiz, user_of("learner"))
    statements.clear()
    for rest in ("", "/questions/1", "/summary", "/results"):
        page = learner.get(f"/attempts/{attempt.public_id}{rest}")
        assert page.url.endswith("/results")
        assert "2 of 4 points" in page.text
    learner.get(f"/quizzes/{quiz.public_id}")
    assert not [one for one in statements if one.startswith(("UPDATE", "INSERT", "DELETE"))]
    assert stored(attempt) == (None, None)
    tasks.run(app, tasks.close_overdue)
    assert stored(attempt)[1] == 2
    assert "2 of 4 points" in learner.get(f"/attempts/{attempt.public_id}/results").text
    assert queries.attempt(attempt.public_id, user_of("learner").id).submitted_at == attempt.due_at


def test_its_instructor_needs_no_visit_of_the_learner(app: Flask, quiz: Quiz, instructor: Person) -> None:
    attempt = left(quiz, user_of("learner"))
    for materialised in (False, True):
        if materialised:
            tasks.run(app, tasks.close_overdue)
        page = instructor.get(address(quiz))
        assert attempt.public_id in page.source
        assert "50%" in page.text
        assert "2 of 4 points" in instructor.get(address(quiz, f"/attempts/{attempt.public_id}")).text
        assert "Responses" in instructor.get(address(quiz, "/questions")).text
        book = load_workbook(io.BytesIO(instructor.send("GET", address(quiz, "/sheet.xlsx")).data))
        (row,) = book.active.iter_rows(min_row=2, values_only=True)
        assert (row[6], row[7], row[8], row[12:17]) == (10, 2, 4, (50, 1, 1, 0, 0))


def test_a_new_one_can_be_begun(app: Flask, quiz: Quiz, learner: Person) -> None:
    attempt = left(quiz, user_of("learner"))
    learner.get(f"/attempts/{attempt.public_id}/results")
    assert actions.start(user_of("learner"), quiz, clock.now()).id != attempt.id
    assert stored(attempt)[1] == 2


def test_the_state_is_in_healthz(app: Flask, quiz: Quiz, visitor: Person) -> None:
    left(quiz, user_of("learner"))
    waits = visitor.send("GET", "/healthz").json["overdue"]
    assert waits["attempts"] == 1
    assert 110 < waits["seconds"] < 180
    tasks.run(app, tasks.close_overdue)
    assert visitor.send("GET", "/healthz").json["overdue"] == {"attempts": 0, "seconds": 0}


def test_many_workers_hand_it_in_once(app: Flask, quiz: Quiz) -> None:
    left(quiz, user_of("learner"))
    sent: list[int] = []

    def count(attempt: Attempt, **_kwargs: object) -> None:
        sent.append(attempt.id)

    with events.submitted.connected_to(count):
        workers = [threading.Thread(target=tasks.run, args=(app, tasks.close_overdue)) for _ in range(4)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    assert len(sent) == 1


def test_one_that_fails_keeps_no_other_open(app: Flask, quiz: Quiz) -> None:
    first, second = left(quiz, user_of("learner"), ago=14), left(quiz, user_of("instructor"))

    def fail(attempt: Attempt, **_kwargs: object) -> None:
        if attempt.id == first.id:
            raise ValueError("as it happens")

    with events.submitted.connected_to(fail), pytest.raises(ExceptionGroup, match="1 failed, 1 were done"):
        actions.close_overdue(clock.now())
    assert stored(first) == (None, None)
    assert stored(second)[1] == 2


def test_a_clock_that_jumps(app: Flask, quiz: Quiz, now: datetime) -> None:
    """Ahead, it ends what it ends; back again, that stays ended. Where nothing was written, nothing has happened."""
    user = user_of("learner")
    attempt = actions.start(user, quiz, now)
    ahead = now + 60 * MINUTE
    assert overdue.as_of(queries.attempt(attempt.public_id, user.id), ahead).submitted_at == attempt.due_at
    db.session.expire_all()
    assert give_answer(user, attempt.public_id, 1, {"choice": "a"}, 0, now).seq == 1
    assert actions.close_overdue(now) == 0
    assert actions.close_overdue(ahead) == 1
    with pytest.raises(answering.Closed):
        give_answer(user, attempt.public_id, 2, {"choice": "a"}, 0, now)
    assert actions.close_overdue(ahead) == 0
    assert stored(attempt)[1] == 1


def test_what_is_extended_is_open_again(app: Flask, quiz: Quiz) -> None:
    """The end is read where it is asked for."""
    attempt = left(quiz, user_of("learner"))
    with atomic():
        db.session.execute(db.update(Attempt).values(due_at=clock.now() + MINUTE))
    assert db.session.scalars(select(Attempt.id).where(overdue.is_overdue(clock.now()))).all() == []
    db.session.expire_all()
    assert give_answer(user_of("learner"), attempt.public_id, 3, {"choice": "a"}, 0, clock.now()).seq == 1


@pytest.mark.parametrize("grace", GRACES)
def test_what_was_on_its_way_still_counts(app: Flask, quiz: Quiz, now: datetime, grace: int) -> None:
    """Within the grace an answer is taken and counts, wherever it is asked; after it, not. It was over when due."""
    with atomic():
        quiz.settings = quiz.settings | {"grace": grace}
    user = user_of("learner")
    attempt = actions.start(user, quiz, now)
    due, end = now + 10 * MINUTE, now + 10 * MINUTE + timedelta(seconds=grace)
    just = end - timedelta(milliseconds=1)
    give_answer(user, attempt.public_id, 1, {"choice": "a"}, 0, just)
    for at, over in ((due - timedelta(milliseconds=1), False), (just, False), (end, True)):
        assert attempt.is_over(at) is over
        asked = db.session.execute(select(overdue.is_overdue(at), overdue.is_over(at))).one()
        assert tuple(map(bool, asked)) == (over, over)
    with pytest.raises(answering.Closed):
        give_answer(user, attempt.public_id, 2, {"choice": "a"}, 0, end)
    assert actions.close_overdue(just) == 0
    assert actions.close_overdue(end) == 1
    db.session.expire_all()
    assert (attempt.submitted_at, attempt.mark) == (due, 1)


def test_who_hands_in_within_the_grace_was_in_time(app: Flask, quiz: Quiz, now: datetime) -> None:
    attempt = actions.start(user_of("learner"), quiz, now)
    done = actions.submit(user_of("learner"), attempt.public_id, now + 10 * MINUTE + timedelta(seconds=3))
    assert done.submitted_at == now + 10 * MINUTE


def test_the_start_page_says_so(app: Flask, quiz: Quiz, visitor: Person) -> None:
    assert "still counts if it comes within 10 seconds" in visitor.get(f"/quizzes/{quiz.public_id}").text
