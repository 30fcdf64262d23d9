"""Whoever sits there by a code of the roster is called by name and number on every page and in the sheets."""

from __future__ import annotations

import csv
import io

import pytest
from flask import Flask

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts import conduct
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.quizzes import people_actions, people_queries
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.roster import RosterEntry
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

WHO = "김민수 20260001"


@pytest.fixture
def sat(app: Flask) -> tuple[Quiz, Attempt]:
    """Namesakes on a roster, one of whom has answered an essay and a choice, wrongly."""
    items = [
        Item(id="e", kind="essay", stem={"en": "Why?"}, points=4, feedback={"general": {"en": "Two reasons."}}),
        Item(id="c", kind="choice", stem={"en": "Which?"},
             response={"choices": [{"id": name, "text": {"en": name}, "fraction": int(name == "a")} for name in "ab"]}),
    ]  # fmt: skip
    by = user_of("instructor")
    banks.import_items(by, "made", {"en": "Made"}, items, clock.now())
    quiz = quiz_of({"bank": "made"}, feedback="deferred", shuffle_questions=False, who="roster")
    entries = [RosterEntry(n, "김민수", f"2026000{n}", f"kim{n}@example.com") for n in (1, 2)]
    people_actions.add_to_roster(quiz, entries, by, clock.now())
    guest = Person(app)
    code = people_queries.roster(quiz.id)[0].code
    page = guest.get(f"/quizzes/{quiz.public_id}").send("attempts", code=code)
    attempt = db.session.query(Attempt).filter_by(public_id=page.url.split("/attempts/")[1].split("/")[0]).one()
    who = db.session.get_one(User, attempt.user_id)
    give_answer(who, attempt.public_id, 1, {"text": "Because."}, 0, clock.now())
    give_answer(who, attempt.public_id, 2, {"choice": "b"}, 0, clock.now())
    conduct.act(quiz, "incident", [attempt.public_id], 0, "A phone rang", by, clock.now())
    attempts.submit(who, attempt.public_id, clock.now())
    return quiz, attempt


def test_every_page_says_name_and_number(sat: tuple[Quiz, Attempt], instructor: Person, app: Flask) -> None:
    quiz, attempt = sat
    slots = db.session.query(Slot).filter_by(attempt_id=attempt.id).order_by(Slot.position).all()
    of_essay, of_choice = (one.version.question.public_id for one in slots)
    essay = slots[0].id
    learner = Person(app, db.session.get_one(User, attempt.user_id))
    graded = instructor.get(f"/grading/{essay}")
    assert WHO in graded.text
    assert "Two reasons." in graded.text
    graded.send("mark", ("do", "save"), mark="1")
    for position in (1, 2):
        objection = learner.get(f"/attempts/{attempt.public_id}/questions/{position}/challenge")
        assert objection.send("text", kind="answer", text="It should count.").status == 200
    of_quiz = f"/quizzes/{quiz.public_id}"
    for address in (
        f"{of_quiz}/results",
        f"{of_quiz}/results?sort=number",
        f"{of_quiz}/results/attempts/{attempt.public_id}",
        f"{of_quiz}/results/attempts/{attempt.public_id}/questions/2/score",
        f"{of_quiz}/live",
        f"/grading/{quiz.public_id}/{of_essay}?graded=1",
        f"/grading/{essay}",
        f"/regrades/questions/{of_choice}?policy=full&quiz={quiz.public_id}",
        "/challenges",
    ):
        text = instructor.get(address).text
        assert WHO in text, address
        assert "Guest" not in text, address
    assert "A phone rang" in instructor.get(f"{of_quiz}/results/attempts/{attempt.public_id}").text


def test_the_sheet_has_the_rosters_number_and_address(sat: tuple[Quiz, Attempt], instructor: Person) -> None:
    quiz, _attempt = sat
    reply = instructor.send("GET", f"/quizzes/{quiz.public_id}/results/sheet.csv", headers={"Accept-Language": "ko"})
    heading, *rows = csv.reader(io.StringIO(reply.data.decode("utf-8-sig")))
    assert [row[:3] for row in rows] == [["김민수", f"2026000{n}", f"kim{n}@example.com"] for n in (1, 2)]
    assert heading[1] in ("Student number", "학번")


def test_an_essay_that_counts_for_too_little_is_graded_again(
    sat: tuple[Quiz, Attempt], instructor: Person, app: Flask
) -> None:
    """No regrade changes what a person has graded."""
    _quiz, attempt = sat
    essay = db.session.query(Slot).filter_by(attempt_id=attempt.id, position=1).one().id
    instructor.get(f"/grading/{essay}").send("mark", ("do", "save"), mark="1")
    learner = Person(app, db.session.get_one(User, attempt.user_id))
    objection = learner.get(f"/attempts/{attempt.public_id}/questions/1/challenge")
    objection.send("text", kind="answer", text="It should count.")
    page = instructor.get("/challenges")
    assert page.link("Grade it again") == f"/grading/{essay}"
    assert "1 of 4 points" in page.text
    replied = page.send("reply", ("decision", "accepted"), reply="You are right: 3 points now.")
    assert replied.url.endswith("/challenges")
    assert "You are right: 3 points now." in learner.get(f"/attempts/{attempt.public_id}/results").text
