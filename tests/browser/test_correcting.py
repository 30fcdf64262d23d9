"""A wrong key in a real browser: found in the results, mended, applied, objected to, undone and done again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.browser.conftest import log_in
from tests.conftest import inside, user_of
from tests.quizzes.test_quizzes import quiz_of
from tests.site import Site

PASSWORD = "a long password"
LETTERS = "b" * 12 + "a" * 6 + "c" * 2
"""What twenty people answered. The key says a, b is right, and c can be argued for."""
CHOICES = [
    {"id": name, "text": {"en": words}, "fraction": int(name == "a")}
    for name, words in (("a", "Busan"), ("b", "Seoul"), ("c", "Hanyang"))
]  # fmt: skip
ITEMS = [
    Item(id="capital", kind="choice", stem={"en": "Which is the capital?"}, response={"choices": CHOICES},
         feedback={"solution": {"en": "It has been since 1394."}}),
    Item(id="sure", kind="truefalse", stem={"en": "Hangul is an alphabet."}, response={"answer": True}),
]  # fmt: skip


@pytest.fixture
def app(site: Site) -> Iterator[Flask]:
    """The application on the database of the server, to make what was there before and to count again."""
    with inside(f"sqlite:///{site.database}") as app:
        yield app


def sit() -> Quiz:
    banks.import_items(user_of("instructor"), "wrong-key", {"en": "Capitals"}, ITEMS, clock.now())
    quiz = quiz_of({"bank": "wrong-key"}, feedback="deferred", shuffle_questions=False)
    for number, letter in enumerate(LETTERS):
        email = f"told{number}@example.com"
        user = accounts.create(email, f"Learner {number}", PASSWORD, "learner", clock.now())
        attempt = actions.start(user, quiz, clock.now())
        give_answer(user, attempt.public_id, 1, {"choice": letter}, 0, clock.now())
        give_answer(user, attempt.public_id, 2, {"choice": "true"}, 0, clock.now())
        actions.submit(user, attempt.public_id, clock.now())
    return quiz


def marks(quiz: Quiz) -> dict[str, float]:
    """By letter, the points of whoever answered so; as they are stored, which is what their record amounts to."""
    db.session.rollback()
    assert list(queries.wrong_scores()) == []
    stored = db.session.scalars(select(Attempt.mark).where(Attempt.quiz_id == quiz.id).order_by(Attempt.id)).all()
    found = {letter: {mark for mark, own in zip(stored, LETTERS, strict=True) if own == letter} for letter in "abc"}
    assert all(len(each) == 1 for each in found.values()), found
    return {letter: each.pop() or 0 for letter, each in found.items()}


def apply(page: Page, people: int, reason: str) -> None:
    """Read what would change, change it, and wait for the last of it."""
    expect(page.locator("main")).to_contain_text(f"{people} people's scores change.")
    page.locator("textarea[name=reason]").fill(reason)
    page.get_by_role("button", name="Change the scores").click()
    expect(page.locator("dl.facts div", has_text="Learners notified")).to_contain_text(str(people))


def test_a_wrong_key_is_put_right(people: Any, site: Site, app: Flask) -> None:
    quiz = sit()
    assert marks(quiz) == {"a": 2, "b": 1, "c": 1}

    teacher = people()
    log_in(teacher, "instructor")
    teacher.goto(f"/quizzes/{quiz.public_id}/results/questions")
    teacher.get_by_role("link", name="Edit the question").first.click()
    teacher.wait_for_url("**/edit")
    question = teacher.url.removesuffix("/edit")
    rows = teacher.locator("[name^='response-choices-'][name$='-fraction']")
    rows.nth(0).select_option(label="0%: wrong")
    rows.nth(1).select_option(label="100%: right")
    teacher.locator(".editor-actions .btn-primary").click()
    teacher.wait_for_url(question)
    expect(teacher.locator("main")).to_contain_text("20 people answered this")
    assert marks(quiz) == {"a": 2, "b": 1, "c": 1}, "nothing changes by itself"

    teacher.get_by_role("link", name="Put scores right").click()
    teacher.get_by_label("Score again by the current key").check()
    teacher.get_by_label("Keep the higher score").check()
    teacher.get_by_role("button", name="Show what that does").click()
    apply(teacher, 12, "The key was wrong: it is Seoul.")
    assert marks(quiz) == {"a": 2, "b": 2, "c": 1}, "nobody's score goes down"

    told = people()
    log_in_as(told, 0)
    expect(told.locator("main")).to_contain_text("0 → 1 points")
    expect(told.locator("main")).to_contain_text("The key was wrong: it is Seoul.")
    told.locator("section[aria-labelledby=told] a").first.click()
    told.get_by_text("What is right now").click()
    expect(told.locator("#changed + ul")).to_contain_text("Seoul")
    expect(told.locator("#changed + ul")).to_contain_text("It has been since 1394.")

    objecting = people()
    log_in_as(objecting, 18)
    attempt = db.session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id).order_by(Attempt.id)).all()[18]
    objecting.goto(f"/attempts/{attempt.public_id}/results")
    objecting.locator("#question-1").get_by_role("link", name="I don't agree").click()
    objecting.get_by_label("Why?").fill("Hanyang is its old name.")
    objecting.get_by_role("button", name="Send to the instructor").click()

    teacher.goto("/challenges")
    group = teacher.locator("section.panel", has_text="Hanyang is its old name.")
    group.get_by_role("button", name="Accept it for everybody").click()
    apply(teacher, 2, "The old name counts.")
    assert marks(quiz) == {"a": 2, "b": 2, "c": 2}
    objecting.goto("/home")
    expect(objecting.locator("main")).to_contain_text("The old name counts.")

    teacher.get_by_role("button", name="Undo this regrade").click()
    expect(teacher.locator("main")).to_contain_text("Undone")
    expect(teacher.locator("dl.facts div", has_text="Answers undone")).to_contain_text("2")
    assert marks(quiz) == {"a": 2, "b": 2, "c": 1}
    objecting.goto("/home")
    expect(objecting.locator("main")).to_contain_text("1 → 0 points")

    teacher.goto(question)
    teacher.get_by_role("link", name="Put scores right").click()
    teacher.get_by_label("Full marks to all").check()
    teacher.get_by_role("button", name="Show what that does").click()
    apply(teacher, 2, "After all.")
    assert marks(quiz) == {"a": 2, "b": 2, "c": 2}


def log_in_as(page: Page, number: int) -> None:
    page.goto("/login")
    page.locator("input[name=email]").fill(f"told{number}@example.com")
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/home")
