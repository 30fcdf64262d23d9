"""What comes after the end is kept, counts for nothing, and waits for the instructor."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import actions, answering, queries, tries
from quizapp.attempts.models import Answer, Attempt
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.attempts.test_overdue import left, quiz  # noqa: F401 -- a fixture
from tests.attempts.test_record import folds, sources
from tests.conftest import user_of
from tests.gradebook.test_results import address
from tests.person import Person

A, B = {"choice": "a"}, {"choice": "b"}


def handed_in(of: Quiz) -> Attempt:
    left(of, user_of("learner"), ago=5)
    attempt = tries.unfinished(user_of("learner").id, of.id)
    assert attempt is not None
    return actions.submit(user_of("learner"), attempt.public_id, clock.now())


def too_late(attempt: Attempt, position: int, response: dict | None) -> answering.Closed:
    slot = queries.slot(attempt.public_id, position, user_of("learner").id)
    with pytest.raises(answering.Closed) as refused:
        give_answer(user_of("learner"), attempt.public_id, position, response, slot.seq, clock.now())
    db.session.expire_all()
    return refused.value


@pytest.mark.parametrize("over", ["handed in", "out of time"])
def test_it_is_kept_once_and_counts_for_nothing(app: Flask, quiz: Quiz, over: str) -> None:  # noqa: F811
    attempt = handed_in(quiz) if over == "handed in" else left(quiz, user_of("learner"))
    assert [too_late(attempt, 3, A).kept for _ in range(3)] == [True, True, True]
    assert too_late(attempt, 1, A).kept is None  # what stands there already
    assert too_late(attempt, 4, None).kept is None
    actions.close_overdue(clock.now())
    slot = queries.slot(attempt.public_id, 3, user_of("learner").id)
    assert (sources(slot), slot.answered, slot.attempt.mark) == (["late"], False, 2)
    assert folds(slot)
    assert list(queries.wrong_scores()) == []


def test_there_is_an_end_to_it(app: Flask, quiz: Quiz) -> None:  # noqa: F811
    attempt = handed_in(quiz)
    for turn in range(answering.LATE_AT_MOST):
        assert too_late(attempt, 3, (A, B)[turn % 2]).kept
    assert too_late(attempt, 3, A).kept is False
    assert db.session.scalar(select(db.func.count()).select_from(Answer)) == answering.LATE_AT_MOST + 2


def test_a_script_is_told_that_it_is_kept(app: Flask, quiz: Quiz, learner: Person) -> None:  # noqa: F811
    attempt = actions.start(user_of("learner"), quiz, clock.now())
    page = learner.get(f"/attempts/{attempt.public_id}/questions/3")
    fields = dict(page.form("questions/3").form_values()) | {
        "choice": page.tree.xpath("//input[@name='choice']/@value")[0]
    }
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    reply = learner.send("POST", page.url, data=fields, headers=learner.headers | {"Accept": "application/json"})
    assert (reply.status_code, reply.json["kept"]) == (410, True)
    assert "the instructor sees it" in reply.json["message"]
    assert len(queries.late_responses(attempt.id)) == 1


def test_the_instructor_lets_it_count(app: Flask, quiz: Quiz, instructor: Person) -> None:  # noqa: F811
    attempt = handed_in(quiz)
    too_late(attempt, 3, B)
    too_late(attempt, 3, A)
    page = instructor.get(address(quiz, f"/attempts/{attempt.public_id}"))
    assert "2 late answers" in page.text
    action = page.tree.xpath("//form[contains(@action, '/late/')]/@action")[1]
    token = page.tree.xpath("//input[@name='csrf_token']/@value")[0]

    def decide(what: str) -> str:
        instructor.send("POST", action, data={"csrf_token": token, "do": what})
        db.session.expire_all()
        assert list(queries.wrong_scores()) == []
        return instructor.get(address(quiz, f"/attempts/{attempt.public_id}")).text

    assert "3 of 4 points" in decide("admit")
    slot = queries.slot(attempt.public_id, 3, user_of("learner").id)
    assert sources(slot) == ["late", "late", "admit"]
    actions.decide(slot, 2, "admit", user_of("instructor"), clock.now())
    assert sources(slot) == ["late", "late", "admit"]
    assert "2 of 4 points" in decide("")
    assert not queries.slot(attempt.public_id, 3, user_of("learner").id).answered
    assert "declined" in decide("decline")
    assert "3 of 4 points" in decide("admit"), "a decision that changes takes the one before back"
    assert sources(slot) == ["late", "late", "admit", "undo", "decline", "undo", "admit"]
    assert instructor.send("POST", action, data={"csrf_token": token, "do": "grader"}).status_code == 404
    for seq in (3, 8):
        with pytest.raises(NotFound):
            actions.decide(slot, seq, "admit", user_of("instructor"), clock.now())


def test_the_list_says_where_something_is_to_be_decided(app: Flask, quiz: Quiz, instructor: Person) -> None:  # noqa: F811
    attempt = handed_in(quiz)
    assert "late answers" not in instructor.get(address(quiz)).tree.xpath("string(//ul[@class='to-do no-print'])")
    too_late(attempt, 3, B)
    too_late(attempt, 4, B)
    said = "1 attempt has late answers that don't count yet"
    assert said in instructor.get(address(quiz)).text
    assert attempt.public_id in instructor.get(address(quiz, "?state=late")).source
    for position, what in ((3, "admit"), (4, "decline")):
        assert said in instructor.get(address(quiz)).text
        slot = queries.slot(attempt.public_id, position, user_of("learner").id)
        actions.decide(slot, 1, what, user_of("instructor"), clock.now())
    assert said not in instructor.get(address(quiz)).text
    assert "Nobody here" in instructor.get(address(quiz, "?state=late")).text
    slot = queries.slot(attempt.public_id, 4, user_of("learner").id)
    actions.decide(slot, 1, "", user_of("instructor"), clock.now())
    assert said in instructor.get(address(quiz)).text
