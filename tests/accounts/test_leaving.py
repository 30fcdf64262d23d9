"""Somebody leaves: what is theirs alone goes at once, examinations lose the name and go when their time is up."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text, update

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import AuditEntry, User
from quizapp.attempts import actions as attempts
from quizapp.attempts import conduct, queries, retention
from quizapp.attempts.models import Answer, Attempt, AttemptEvent
from quizapp.attempts.overdue import over
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.gradebook import figures
from quizapp.gradebook.figures import to_json
from quizapp.gradebook.models import Notice
from quizapp.operation import tasks
from quizapp.quizzes import people_actions
from quizapp.quizzes.models import Accommodation, Quiz, Sitter
from quizapp.quizzes.people_queries import Allowance
from quizapp.quizzes.roster import RosterEntry
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import items, quiz_of

__all__ = ["items"]

NAMES = (
    *("Minsu Kim", "20260001", "minsu@example.com"),
    *("Minsu of the account", "learner@example.com", "the phone of Minsu"),
)


@pytest.fixture
def quiz(app: Flask, items: list[Item]) -> Quiz:
    return quiz_of({"bank": "made"}, feedback="deferred")


def sit(quiz: Quiz, user: User, *, done: bool = True, **who: object) -> Attempt:
    attempt = attempts.start(user, quiz, clock.now(), **who)  # type: ignore[arg-type]
    for slot in queries.slots(attempt.id):
        give_answer(user, attempt.public_id, slot.position, {"choice": "true"}, slot.seq, clock.now())
    return attempts.submit(user, attempt.public_id, clock.now()) if done else attempt


def leave(learner: Person) -> None:
    page = learner.get("/settings").send("settings/deletion", password="learner-demo")
    assert "Your account is deleted." in page.source


def everything() -> str:
    """Every row of every table, in one text."""
    db.session.rollback()
    rows = [[*db.session.execute(table.select()).all()] for table in db.metadata.sorted_tables]
    return json.dumps(rows, default=str, ensure_ascii=False)


def figures_of(quiz: Quiz) -> object:
    found = figures.of_quiz(quiz, over(quiz.id, clock.now()), versions=True)
    assert found is not None
    return to_json(found)


def test_an_examination_stays_without_its_name(
    app: Flask, quiz: Quiz, learner: Person, stranger: Person, instructor: Person
) -> None:
    user, teacher, now = user_of("learner"), user_of("instructor"), clock.now()
    people_actions.add_to_roster(quiz, [RosterEntry(1, "Minsu Kim", "20260001", "minsu@example.com")], teacher, now)
    people_actions.accommodate(teacher, "", "20260001", Allowance(factor=1.5), now)
    accounts.give_role("learner@example.com", "learner", now)
    accounts.rename(user, "Minsu of the account")
    sitter = db.session.scalars(select(Sitter)).one()
    with atomic():
        sitter.user_id = user.id
    first = sit(quiz, user, sitter=sitter, given={"name": "Minsu Kim", "number": "20260001"})
    sit(quiz, db.session.scalars(select(User).where(User.email == "stranger@example.com")).one())
    second = sit(quiz, user, done=False, given={"name": "Minsu Kim"})
    conduct.act(quiz, "incident", [second.public_id], 0, "the phone of Minsu died", teacher, now)
    ids, mark = [first.id, second.id], first.mark
    before, answers = figures_of(quiz), db.session.scalar(select(func.count(Answer.id)))
    assert [name for name in NAMES if name not in everything()] == []

    page = learner.get("/settings")
    until = (clock.now() + timedelta(days=365)).year
    assert "2 attempts that count at other people's quizzes" in page.text
    assert str(until) in page.text
    leave(learner)

    db.session.expire_all()
    left = everything()
    assert [name for name in NAMES if name in left] == []
    kept = db.session.scalars(select(Attempt).where(Attempt.id.in_(ids)).order_by(Attempt.id)).all()
    assert [(one.mark, one.given, one.submitted_at is not None) for one in kept] == [(mark, {}, True)] * 2
    assert len({one.user_id for one in kept}) == 1
    assert db.session.scalar(select(func.count(Answer.id))) == answers
    assert db.session.scalars(select(Accommodation)).all() == []
    assert (
        db.session.scalars(select(AuditEntry.target).where(AuditEntry.verb == "accommodate")).one() == "deleted person"
    )
    assert db.session.scalars(select(AttemptEvent.reason).where(AttemptEvent.kind == "incident")).one() == ""
    after = figures_of(quiz)
    assert before != after  # the one that was open counts now
    assert list(queries.wrong_scores()) == []
    results = instructor.get(f"/quizzes/{quiz.public_id}/results")
    assert results.text.count("Deleted person") == 2
    assert "haven't started" not in results.text
    one = instructor.get(f"/quizzes/{quiz.public_id}/results/attempts/{first.public_id}")
    assert "Deleted person" in one.heading
    assert "Deleted person" in instructor.send("GET", f"/quizzes/{quiz.public_id}/results/sheet.csv").text

    last = max(one.keep_until for one in kept if one.keep_until)
    assert retention.sweep(last - timedelta(seconds=1)) == 0
    assert figures_of(quiz) == after
    assert retention.sweep(last) == 2
    assert db.session.scalars(select(User).where(User.role == "deleted")).all() == []
    assert db.session.scalar(select(func.count(Attempt.id))) == 1
    assert list(queries.wrong_scores()) == []


def test_the_figures_stay_what_they_were(app: Flask, quiz: Quiz, learner: Person) -> None:
    for _ in range(2):
        sit(quiz, user_of("learner"))
    before = figures_of(quiz)
    leave(learner)
    assert figures_of(quiz) == before


def test_what_is_one_s_own_goes_at_once(app: Flask, quiz: Quiz, learner: Person) -> None:
    """A learner who made a quiz is its holder: nobody else relies on what they did there. Neither is practice kept."""
    with atomic():
        db.session.execute(text("UPDATE quizzes SET owner_id = :id WHERE id = :quiz"),
                           {"id": user_of("learner").id, "quiz": quiz.id})  # fmt: skip
    sit(quiz, user_of("learner"))
    assert retention.retained_attempts(user_of("learner"), clock.now()) == []
    with atomic():
        db.session.execute(text("UPDATE quizzes SET owner_id = :id WHERE id = :quiz"),
                           {"id": user_of("instructor").id, "quiz": quiz.id})  # fmt: skip
        db.session.execute(text("UPDATE attempts SET purpose = 'practice'"))
    assert "part of the" not in learner.get("/settings").text
    leave(learner)
    assert db.session.scalars(select(Attempt)).all() == []
    assert db.session.scalars(select(User).where(User.role == "deleted")).all() == []


@pytest.mark.parametrize("days", [0, 30])
def test_the_site_says_how_long(app: Flask, quiz: Quiz, learner: Person, days: int) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], retention_days=days)
    attempt = sit(quiz, user_of("learner"))
    ends = clock.now() + timedelta(days=3)
    with atomic():
        db.session.execute(update(Quiz).where(Quiz.id == quiz.id).values(ends_at=ends))
    leave(learner)
    kept = db.session.execute(select(Attempt.id, Attempt.keep_until)).one()
    assert kept == (attempt.id, ends + timedelta(days=days))


def test_an_old_examination_goes_with_the_account(app: Flask, quiz: Quiz, learner: Person) -> None:
    sit(quiz, user_of("learner"))
    with atomic():
        db.session.execute(text("UPDATE attempts SET submitted_at = '2025-01-01 00:00:00.000000'"))
    assert "part of its results" not in learner.get("/settings").text
    leave(learner)
    assert db.session.scalars(select(Attempt)).all() == []


def test_the_task_ends_it_and_nobody_is_told_meanwhile(app: Flask, quiz: Quiz, learner: Person) -> None:
    attempt = sit(quiz, user_of("learner"))
    leave(learner)
    assert attempt.submitted_at is not None
    tasks.release()
    assert db.session.scalars(select(Notice)).all() == []
    with atomic():
        db.session.execute(text("UPDATE attempts SET keep_until = '2026-01-01 00:00:00.000000'"))
    tasks.sweep()
    assert db.session.scalars(select(Attempt)).all() == []


def test_a_number_that_another_roster_names_keeps_what_it_is_given(app: Flask, quiz: Quiz, learner: Person) -> None:
    teacher, now = user_of("instructor"), clock.now()
    other = quiz_of({"bank": "made"})
    for one in (quiz, other):
        people_actions.add_to_roster(one, [RosterEntry(1, "Minsu Kim", "7")], teacher, now)
    people_actions.accommodate(teacher, "", "7", Allowance(factor=2), now)
    with atomic():
        here = db.session.scalars(select(Sitter).where(Sitter.quiz_id == quiz.id)).one()
        here.user_id = user_of("learner").id
    leave(learner)
    assert db.session.scalars(select(Accommodation.factor)).all() == [2]
    assert db.session.scalars(select(Sitter.name).order_by(Sitter.id)).all() == ["", "Minsu Kim"]


@pytest.mark.parametrize("by", ["number", "account"])
@pytest.mark.parametrize("who", ["roster", "anyone"])
def test_what_was_given_keeps_no_quiz_open(app: Flask, learner: Person, items: list[Item], by: str, who: str) -> None:
    """The scores that wait for the closing show when nobody is left who may sit later."""
    teacher, user, now = user_of("instructor"), user_of("learner"), clock.now()
    quiz = quiz_of({"bank": "made"}, who=who, closes_at=(now + timedelta(hours=1)).isoformat())
    people_actions.add_to_roster(quiz, [RosterEntry(1, "Minsu Kim", "7")], teacher, now)
    with atomic():
        db.session.scalars(select(Sitter)).one().user_id = user.id
    whom = {"email": user.email or "", "number": ""} if by == "account" else {"email": "", "number": "7"}
    people_actions.accommodate(teacher, given=Allowance(extra_hours=240), now=now, **whom)
    assert db.session.get_one(Quiz, quiz.id).ends_at == now + timedelta(hours=241, seconds=quiz.rules.grace)
    leave(learner)
    db.session.expire_all()
    assert db.session.get_one(Quiz, quiz.id).ends_at == now + timedelta(hours=1, seconds=quiz.rules.grace)
