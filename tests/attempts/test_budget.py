"""What the hot pages may cost: statements, whatever the size of the quiz and of the history."""

from __future__ import annotations

from flask import Flask

from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of
from tests.person import Person


def begun() -> Attempt:
    return actions.start(user_of("learner"), quiz_with("deferred"), clock.now())


def test_saving_an_answer(app: Flask, learner: Person, statements: list[str]) -> None:
    attempt = begun()
    url = f"/attempts/{attempt.public_id}/questions/1"
    page = learner.get(url)
    fields = dict(page.form("questions/1").form_values())
    for field in page.form("questions/1").inputs:
        if field.name and field.name not in fields and field.get("value"):
            fields[field.name] = field.get("value")
    statements.clear()
    reply = learner.send("POST", url, data=fields, headers={"Accept": "application/json"})
    assert reply.status_code in (200, 422), reply.text
    assert len(statements) <= 5, statements


def test_a_question(app: Flask, learner: Person, statements: list[str]) -> None:
    attempt = begun()
    statements.clear()
    learner.get(f"/attempts/{attempt.public_id}/questions/2")
    assert len(statements) <= 4, statements


def test_results_and_home_cost_the_same_with_more_history(app: Flask, learner: Person, statements: list[str]) -> None:
    def cost(url: str) -> int:
        statements.clear()
        learner.get(url)
        return len(statements)

    first = begun()
    actions.submit(user_of("learner"), first.public_id, clock.now())
    results, home = cost(f"/attempts/{first.public_id}/results"), cost("/home")
    for _ in range(5):
        done = actions.submit(user_of("learner"), begun().public_id, clock.now())
    assert cost(f"/attempts/{done.public_id}/results") == results
    assert cost("/home") == home
    assert results <= 4
    assert home <= 12
    assert len(queries.history(user_of("learner").id, first.quiz_id)) == 6


def test_the_catalogue(app: Flask, visitor: Person, statements: list[str]) -> None:
    """Courses, lessons, quizzes and rounds cost a statement each, however many there are."""
    assert visitor.get("/courses").text.count("lessons") >= 2
    assert len(statements) == 4, statements
