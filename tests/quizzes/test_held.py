"""Whoever owns a bank sees which examinations hold its questions, and can end it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions, ending
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank, Question
from quizapp.db import atomic, db
from quizapp.quizzes.held import held
from quizapp.quizzes.models import Quiz
from tests.conftest import user_of
from tests.gradebook.test_results import choice
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

HOUR = timedelta(hours=1)


@pytest.fixture
def bank(app: Flask) -> Bank:
    """Three questions of the instructor's, shared with another one."""
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(3)], clock.now())
    bank = db.session.scalars(select(Bank).where(Bank.slug == "made")).one()
    accounts.create("other@example.com", "Other Owner", "a long password", "instructor", clock.now())
    banks.share(bank, "other@example.com", "reader", user_of("instructor"), clock.now())
    return bank


@pytest.fixture
def examination(bank: Bank) -> Quiz:
    """The other instructor's, of all questions, without an end."""
    quiz = quiz_of({"bank": "made"}, feedback="closed")
    with atomic():
        quiz.title = {"en": "Their examination"}
        quiz.owner_id = user_of("other").id
    return quiz


def held_of(bank: Bank) -> int:
    return len(held(db.session.scalars(select(Question.id).where(Question.bank_id == bank.id)).all(), clock.now()))


@pytest.mark.parametrize("frozen", [False, True])
def test_a_bank_that_is_no_longer_shared_is_no_longer_held(bank: Bank, examination: Quiz, frozen: bool) -> None:
    if frozen:
        actions.start(user_of("learner"), examination, clock.now())
        assert examination.frozen_at is not None
    assert held_of(bank) == 3
    banks.unshare(bank, user_of("other").public_id, user_of("instructor"), clock.now())
    assert held_of(bank) == 0


@pytest.mark.parametrize("closes", [False, True])
def test_whose_questions_are_held_sees_by_whom(bank: Bank, examination: Quiz, instructor: Person, closes: bool) -> None:
    own = quiz_of({"bank": "made", "count": 1}, feedback="immediate")
    if closes:
        with atomic():
            examination.ends_at = clock.now() + HOUR
    said = "holds its questions until " + ("" if closes else "its scores are released")
    settings, sharing = f"/banks/{bank.slug}/settings", f"/quizzes/{own.public_id}/share"
    for address in (settings, sharing):
        text = instructor.get(address).text
        assert "Their examination" in text
        assert "Other Owner" in text
        assert said in text
    assert "(3 questions; " in instructor.get(sharing).text
    ending.release(examination, user_of("other"), clock.now())
    assert "holds its questions" not in instructor.get(settings).text
    assert "Their examination" not in instructor.get(sharing).text


def test_any_number_of_examinations_breaks_no_page(bank: Bank, learner: Person, instructor: Person) -> None:
    """Whoever makes them, and of whatever: a statement doesn't grow with what has nothing to do with its questions."""
    for number in range(12):
        quiz_of(*[{"bank": bank.slug, "tags": [f"t{number} {one}"]} for one in range(50)], feedback="closed")
    page = learner.get(learner.get("/courses/openai-devday").link("board"))
    assert page.status == 200
    assert held_of(bank) == 0
    assert instructor.send("GET", "/quizzes").status_code == 200


@pytest.mark.parametrize("stored", [False, True])
def test_a_name_that_is_too_long_chooses_nothing(bank: Bank, instructor: Person, stored: bool) -> None:
    """A form refuses it; one that was stored before is like any other that no question has."""
    own = quiz_of({"bank": bank.slug, **({"tags": ["a" * 60_000]} if stored else {})}, feedback="closed")
    if stored:
        assert held_of(bank) == 0
        assert instructor.send("GET", "/quizzes").status_code == 200
        return
    for do in ("save", "pick:sources-0"):
        form = instructor.get(f"/quizzes/{own.public_id}/edit")
        assert form.send("seen", ("do", do), **{"sources-0-tags": ["a" * 60_000]}).status == 422
