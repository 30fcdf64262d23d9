"""A wrong key, as it is put right: mended, previewed, applied, told, objected to, accepted, undone and done again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
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
from quizapp.banks.models import Question
from quizapp.db import db
from quizapp.formats.items import Item
from tests.answers import give_answer
from tests.conftest import make_app, user_of
from tests.quizzes.test_quizzes import quiz_of
from tests.site import Site

pytestmark = pytest.mark.xdist_group("browser")

GIVEN = "b" * 10 + "a" * 6 + "c" * 4
"""What twenty learners chose: the key says a, b is right, and c may be argued for."""
ITEM = Item(
    id="key", kind="choice", stem={"en": "Which one?"},
    response={"choices": [{"id": name, "text": {"en": f"option {name}"}, "fraction": int(name == "a")}
                          for name in "abc"]},
    feedback={"solution": {"en": "It is what the lesson says."}},
)  # fmt: skip


@pytest.fixture
def app(site: Site) -> Flask:
    return make_app(f"sqlite:///{site.database}")


def prepared(app: Flask) -> tuple[str, str]:
    """A quiz that twenty have taken; its public id, and that of its question."""
    with app.app_context():
        banks.import_items(user_of("instructor"), "mended", {"en": "Mended"}, [ITEM], clock.now())
        quiz = quiz_of({"bank": "mended"}, feedback="deferred")
        for n, letter in enumerate(GIVEN):
            user = accounts.create(f"key{n}@example.com", f"Key {n}", "a long password", "learner", clock.now())
            attempt = actions.start(user, quiz, clock.now())
            give_answer(user, attempt.public_id, 1, {"choice": letter}, 0, clock.now())
            actions.submit(user, attempt.public_id, clock.now())
        found = db.session.scalars(select(Question).where(Question.key == "key")).one()
        ids = quiz.public_id, found.public_id
        db.session.remove()
        db.engine.dispose()
    return ids


def stand(app: Flask, quiz: str) -> dict[str, float]:
    """The mark of those who chose each letter, the same for all of them; and what is stored is what is computed."""
    with app.app_context():
        assert list(queries.wrong_scores()) == []
        marks = db.session.scalars(
            select(Attempt.mark).join(Attempt.quiz).where(Attempt.quiz.has(public_id=quiz)).order_by(Attempt.id)
        ).all()
        db.session.remove()
        db.engine.dispose()
    by_letter = {letter: {mark for mark, one in zip(marks, GIVEN, strict=True) if one == letter} for letter in "abc"}
    assert all(len(found) == 1 for found in by_letter.values()), by_letter
    return {letter: found.pop() or 0 for letter, found in by_letter.items()}


def enter(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", password)
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/home")


def regrade(page: Page, question: str, policy: str, said: str, reason: str) -> str:
    """Preview and apply; the address of what was done."""
    page.goto(f"/regrades/questions/{question}")
    page.check(f"[name=policy][value={policy}]")
    page.check("[name=keep]")
    if policy == "accept":
        page.locator("select[name=answer]").select_option(index=1)
    page.locator("main form[method=get] button").click()
    return apply(page, said, reason)


def apply(page: Page, said: str, reason: str) -> str:
    expect(page.locator("main")).to_contain_text(said)
    page.fill("[name=reason]", reason)
    page.locator("button", has_text="Change the scores").click()
    expect(page.locator("main")).to_contain_text(reason)
    return page.url


def test_a_wrong_key_is_put_right(people: Any, site: Site, app: Flask) -> None:
    quiz, question = prepared(app)
    assert stand(app, quiz) == {"a": 1, "b": 0, "c": 0}
    teacher, learner, other = people(), people(), people()
    enter(teacher, "instructor@example.com", "instructor-demo")
    enter(learner, "key0@example.com", "a long password")
    enter(other, "key19@example.com", "a long password")

    teacher.goto(f"/banks/mended/questions/{question}/edit")
    for place, share in (("0", "0"), ("1", "1")):
        teacher.select_option(f"select[name='response-choices-{place}-fraction']", share)
    teacher.locator("button[name=do][value=save]").last.click()
    teacher.wait_for_url(f"**/questions/{question}")
    regrade(teacher, question, "again", "10 people's scores change.", "The key was wrong.")
    assert stand(app, quiz) == {"a": 1, "b": 1, "c": 0}, "nobody loses, as the higher is kept"

    learner.goto("/home")
    told = learner.locator("main")
    expect(told).to_contain_text("The key was wrong.")
    expect(told).to_contain_text("0 → 1 points")
    learner.locator("section[aria-labelledby=told] a").first.click()
    expect(learner.locator("main")).to_contain_text("It is what the lesson says.")

    with closing(sqlite3.connect(site.database)) as database:
        (mine,) = database.execute(
            "SELECT a.public_id FROM attempts a JOIN users u ON u.id = a.user_id WHERE u.email = 'key19@example.com'"
        ).fetchone()
    other.goto(f"/attempts/{mine}/results")
    other.locator("a[href$='/challenge']").click()
    other.locator("[name=kind][value=answer]").check()
    other.fill("[name=text]", "The lesson says c, too.")
    other.locator("main form button").click()
    teacher.goto("/challenges")
    expect(teacher.locator("main")).to_contain_text("4 people gave it in all.")
    teacher.locator("button[value=accepted]").click()
    done = apply(teacher, "4 people's scores change.", "Both are right.")
    assert stand(app, quiz) == {"a": 1, "b": 1, "c": 1}
    other.goto(f"/attempts/{mine}/results")
    expect(other.locator("main")).to_contain_text("Accepted")

    teacher.goto(done)
    teacher.locator("form[action$='/undoing'] button").click()
    expect(teacher.locator("main")).to_contain_text("Undone")
    assert stand(app, quiz) == {"a": 1, "b": 1, "c": 0}
    regrade(teacher, question, "accept", "4 people's scores change.", "After all.")
    assert stand(app, quiz) == {"a": 1, "b": 1, "c": 1}
