"""A quiz that opens at a time asks what its banks had then, whoever starts when."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts.models import AuditEntry
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.banks.models import Question, QuestionVersion
from quizapp.banks.versions import NewVersion, add_versions, wording_of
from quizapp.db import atomic, db
from quizapp.operation import tasks
from quizapp.quizzes import freezing
from quizapp.quizzes import queries as queries_of_quizzes
from quizapp.quizzes.held import held
from quizapp.quizzes.models import FrozenVersion, Quiz
from tests.conftest import user_of
from tests.gradebook.test_results import choice
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

HOUR = timedelta(hours=1)


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    """Three questions, open for an hour."""
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(3)], clock.now())
    opened = (clock.now() - HOUR).isoformat()
    return quiz_of({"bank": "made"}, feedback="closed", shuffle_questions=False, opens_at=opened)


def edit(number: int) -> int:
    """A new version of a question; its id."""
    question = db.session.scalars(
        select(Question).where(Question.key == f"q{number}").order_by(Question.id.desc())
    ).first()
    assert question is not None
    assert question.current is not None
    with atomic():
        version = NewVersion(question.id, wording_of(choice(number + 10)))
        add_versions([version], None, clock.now())
    db.session.expire_all()
    return question.id


def asked(role: str, quiz: Quiz) -> list[int]:
    """The versions that somebody who starts now gets."""
    attempt = actions.start(user_of(role), quiz, clock.now())
    return [slot.version_id for slot in queries.slots(attempt.id)]


def test_later_starters_get_what_the_first_got(app: Flask, quiz: Quiz) -> None:
    first = asked("learner", quiz)
    edited = edit(1)
    with atomic():
        db.session.get_one(Question, edit(2)).archived_at = clock.now()
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(7)], clock.now())
    assert asked("instructor", quiz) == first
    assert freezing.changed_since(quiz) == 3
    assert held({edited}, clock.now()) == {edited}
    archived = db.session.scalars(select(Question.id).where(Question.archived_at.is_not(None))).all()
    assert held(archived, clock.now()) == set(archived), "what can still be asked is held"


def test_a_task_freezes_what_has_opened_once(app: Flask, quiz: Quiz) -> None:
    before = list(db.session.scalars(select(Question.current_id).where(Question.key.in_(("q0", "q1", "q2")))))
    tasks.run(app, tasks.freeze)
    edit(0)
    db.session.expire_all()
    at = quiz.frozen_at
    assert at is not None
    assert freezing.freeze_due(clock.now()) == 0
    assert set(asked("learner", quiz)) <= set(before)
    db.session.expire_all()
    assert quiz.frozen_at == at


def test_looking_writes_nothing(
    app: Flask, quiz: Quiz, learner: Person, instructor: Person, statements: list[str]
) -> None:
    statements.clear()
    learner.get(f"/quizzes/{quiz.public_id}")
    instructor.get(f"/quizzes/{quiz.public_id}/share")
    assert not [one for one in statements if one.startswith(("UPDATE quizzes", "INSERT INTO frozen"))]
    assert db.session.scalars(select(FrozenVersion)).all() == []


def settings(quiz: Quiz, **changed: object) -> Quiz:
    """The quiz, read anew, with some of its settings changed."""
    with atomic():
        newest = db.session.get_one(Quiz, quiz.id, populate_existing=True)
        newest.settings = newest.settings | changed
    return newest


def again(quiz: Quiz) -> Quiz:
    """The quiz as it is stored now, whatever a request has done to it."""
    return db.session.get_one(Quiz, quiz.id, populate_existing=True)


def test_an_examination_without_an_opening_is_frozen_by_its_first_start(
    app: Flask, quiz: Quiz, instructor: Person
) -> None:
    quiz = settings(quiz, opens_at=None)
    assert freezing.freeze_due(clock.now()) == 0
    actions.preview(user_of("instructor"), quiz, clock.now())
    assert quiz.frozen_at is None, "a rehearsal opens nothing"
    first = asked("learner", quiz)
    edit(1)
    assert quiz.frozen_at is not None
    page = instructor.get(f"/quizzes/{quiz.public_id}/edit")
    page.send("seen", ("do", "save"), **{"title-en": "Another title"})
    assert asked("instructor", again(quiz)) == first, "a new title opens nothing anew"
    settings(quiz, feedback="deferred")
    page = instructor.get(f"/quizzes/{quiz.public_id}/edit")
    page.send("seen", ("do", "save"), **{"title-en": "A practice"})
    assert again(quiz).frozen_at is None, "it is no examination any more"


@pytest.mark.parametrize("changed", [{"opens_at": None, "feedback": "deferred"}, {"opens_at": "later"}])
def test_nothing_is_frozen_before_it_opens_nor_of_a_practice_that_is_always_open(
    app: Flask, quiz: Quiz, changed: dict[str, object]
) -> None:
    if changed["opens_at"]:
        settings(quiz, opens_at=(clock.now() + HOUR).isoformat())
    else:
        asked("learner", settings(quiz, **changed))
    assert freezing.freeze_due(clock.now()) == 0
    assert again(quiz).frozen_at is None


def test_its_instructor_takes_the_new_versions(app: Flask, quiz: Quiz, instructor: Person) -> None:
    begun = asked("learner", quiz)
    page = instructor.get(f"/quizzes/{quiz.public_id}/share")
    assert "Nothing was changed since." in page.text
    edit(1)
    page = instructor.get(f"/quizzes/{quiz.public_id}/share")
    assert "1 question was changed since." in page.text
    assert "Whoever begins from now on" in page.send("/versions").text
    fresh = db.session.get_one(Quiz, quiz.id)
    got = asked("instructor", fresh)
    assert got != begun
    assert got[1] == db.session.scalar(select(QuestionVersion.id).order_by(QuestionVersion.id.desc()).limit(1))
    attempt = db.session.scalars(select(Attempt).where(Attempt.user_id == user_of("learner").id)).one()
    assert [slot.version_id for slot in queries.slots(attempt.id)] == begun
    entry = db.session.scalars(select(AuditEntry).where(AuditEntry.verb == "take new versions")).one()
    assert "1 question" in entry.target


def test_other_sources_thaw_it(app: Flask, quiz: Quiz, instructor: Person, now: datetime) -> None:
    asked("learner", quiz)
    page = instructor.get(f"/quizzes/{quiz.public_id}/edit")
    page.send("seen", ("do", "save"), **{"title-en": "Another title"})
    db.session.expire_all()
    assert db.session.get_one(Quiz, quiz.id).frozen_at is not None
    page = instructor.get(f"/quizzes/{quiz.public_id}/edit")
    page.send("seen", ("do", "save"), **{"sources-0-count": "2"})
    db.session.expire_all()
    assert db.session.get_one(Quiz, quiz.id).frozen_at is None
    assert len(asked("instructor", db.session.get_one(Quiz, quiz.id))) == 2


def test_what_was_asked_before_stays_held(app: Flask, quiz: Quiz, instructor: Person) -> None:
    """Whoever has begun goes on with it: with a question that was archived since, and with other sources."""
    asked("learner", quiz)
    ids = set(db.session.scalars(select(Question.id).where(Question.bank.has(slug="made"))))
    with atomic():
        db.session.get_one(Question, min(ids)).archived_at = clock.now()
    for _ in range(2):
        freezing.freeze_again(quiz, user_of("instructor"), clock.now())
        assert held(ids, clock.now()) == ids
    assert len(queries_of_quizzes.frozen_questions(quiz)[0]) == 2
    assert freezing.changed_since(quiz) == 0
    with atomic():
        quiz.sources = [{"bank": "devday"}]
        freezing.thaw(quiz)
    assert held(ids, clock.now()) == ids
    assert held(ids, clock.now() + 2 * HOUR, but=quiz.id) == set()
