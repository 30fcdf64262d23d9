"""What waits for an instructor, as home says it, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions
from quizapp.attempts.models import Attempt
from quizapp.db import atomic
from quizapp.gradebook import at_work
from quizapp.gradebook.actions import challenges
from quizapp.quizzes import people_actions
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.attempts.test_released import settle
from tests.conftest import user_of
from tests.gradebook.test_grading import class_of_four as class_of_four
from tests.gradebook.test_grading import open_first, slot_of
from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of


def waits(page: Page) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath("//section[@aria-labelledby='waits']//li")]


def closing(hours: float, **settings: object) -> Quiz:
    """A quiz that closes in so many hours."""
    at = clock.now()
    quiz = quiz_of({"bank": "essays"}, closes_at=(at + timedelta(hours=hours)).isoformat(), **settings)
    with atomic():
        quiz.ends_at = at + timedelta(hours=hours)
    return quiz


def test_home_says_what_waits_to_whom_it_may_concern(
    app: Flask, class_of_four: list[Attempt], instructor: Person, learner: Person
) -> None:
    quiz = class_of_four[0].quiz
    assert quiz is not None
    assert waits(instructor.get("/home")) == ["8 answers to grade"]
    assert instructor.get("/home").link("8 answers to grade") == "/grading"
    assert waits(learner.get("/home")) == []
    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    assert waits(Person(app, other).get("/home")) == []
    people_actions.share_with(quiz, "other@example.com", "see", user_of("instructor"), clock.now())
    assert waits(Person(app, other).get("/home")) == [], "who may only see grades nothing"
    people_actions.share_with(quiz, "other@example.com", "grade", user_of("instructor"), clock.now())
    assert waits(Person(app, other).get("/home")) == ["8 answers to grade"]
    open_first(instructor, class_of_four[0]).send("mark", mark="1")
    challenges.challenge(
        slot_of(class_of_four[0]), "answer", "I said it.", slot_of(class_of_four[0]).attempt.user, clock.now()
    )
    assert waits(instructor.get("/home")) == ["7 answers to grade", "1 objection to answer"]


@pytest.mark.parametrize("hours", [-30, 0.01, 200])
def test_home_names_the_quizzes_of_today(
    app: Flask, class_of_four: list[Attempt], instructor: Person, hours: float
) -> None:
    """One that is over since yesterday isn't among them, nor one that opens later."""
    quiz = closing(hours)
    closing(300, opens_at=(clock.now() + timedelta(hours=100)).isoformat())
    if hours > 0:
        actions.start(user_of("learner"), quiz, clock.now())
    home = instructor.get("/home")
    today = [line for line in waits(home) if "sitting" in line]
    assert len(today) == (hours > 0)
    if today:
        assert "Open until" in today[0]
        assert "1 sitting now, 0 handed in" in today[0]
        assert home.link("Own") == f"/quizzes/{quiz.public_id}/live"


def test_it_costs_two_statements_more_and_a_learner_none(
    app: Flask, class_of_four: list[Attempt], instructor: Person, statements: list[str]
) -> None:
    for hours in range(1, 9):
        closing(hours)
    with app.test_request_context():
        from flask_login import login_user

        from quizapp.gradebook.at_work_views import waiting_at_home

        for role, most in (("learner", 0), ("instructor", 2)):
            login_user(user_of(role))
            statements.clear()
            waiting_at_home()
            assert len(statements) <= most, (role, statements)


def test_what_waits_is_said_before_scores_are_released(
    app: Flask, class_of_four: list[Attempt], instructor: Person
) -> None:
    """The answers to grade and the objections of this quiz, and nothing of another one."""
    quiz = settle(quiz_of({"bank": "essays"}), feedback="closed")
    user = user_of("learner")
    attempt = actions.start(user, quiz, clock.now())
    give_answer(user, attempt.public_id, 1, {"text": "So."}, 0, clock.now())
    actions.submit(user, attempt.public_id, clock.now())
    for one in (class_of_four[0], attempt):
        slot = slot_of(one)
        challenges.challenge(slot, "answer", "I said it.", slot.attempt.user, clock.now())
    asked = instructor.get(f"/quizzes/{quiz.public_id}/live").send("release")
    assert asked.heading == "Release scores and right answers?"
    assert "still taking it" not in asked.text
    assert "1 answer is waiting for a grade" in asked.text
    assert "1 objection is waiting for your reply" in asked.text
    assert instructor.get(asked.link("1 answer is waiting")).text.count("1 answer is waiting") == 1
    assert "Release them now" in instructor.get(asked.link("Not yet")).text
    assert "Hold them back again" in asked.send("release").text
    assert at_work.before_release(quiz, user_of("instructor")) == at_work.Counts(waiting=1, objections=1)
