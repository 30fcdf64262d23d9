"""Who may put scores right: each route of a regrade and of the objections, for each verb that a quiz is shared for."""

# ruff: noqa: F811 -- fixtures of another module

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import queries
from quizapp.attempts.models import Attempt, Regrade, Slot
from quizapp.db import atomic, db
from quizapp.gradebook.models import Challenge
from quizapp.quizzes.models import Quiz, QuizMember
from tests.conftest import user_of
from tests.gradebook.test_challenges import object_to
from tests.gradebook.test_regrades import BEFORE, marks, mend, question, quiz, regrade, rule, six  # noqa: F401
from tests.gradebook.test_results import with_essay, write  # noqa: F401
from tests.person import Person

VERBS = ("", "see", "grade", "edit")
WORDS = "shared with you, but not for this"


def helper(app: Flask, quiz: Quiz, verb: str) -> Person:
    """Another instructor, with whom the quiz is shared for this; for nothing, if it is ""."""
    user = accounts.create("helper@example.com", "Helper", "a long password", "instructor", clock.now())
    if verb:
        with atomic():
            db.session.add(QuizMember(quiz_id=quiz.id, user_id=user.id, verb=verb, created_at=clock.now()))
    return Person(app, user)


@pytest.mark.parametrize("verb", VERBS)
def test_each_route_by_verb(app: Flask, quiz: Quiz, six: list[Attempt], verb: str) -> None:
    person, status = helper(app, quiz, verb), {"": 404, "see": 403}.get(verb, 200)
    object_to(app, six[1], "question")
    one, here = question(), db.session.scalars(select(Quiz).order_by(Quiz.id.desc())).first()
    asked, made = one.public_id, regrade(one, rule(one, "full"), quiz=here).public_id
    token = {"csrf_token": person.token()}
    for method, address in (
        ("GET", f"/regrades/questions/{asked}?policy=full"),
        ("POST", f"/regrades/questions/{asked}"),
        ("GET", f"/regrades/{made}"),
        ("POST", f"/regrades/{made}/undoing"),
    ):
        reply = person.send(method, address, data=token if method == "POST" else None, follow_redirects=True)
        assert reply.status_code == status, (method, address)
        assert (WORDS in reply.text) == (status == 403)
    assert (db.session.scalars(select(Regrade.undone_by_id)).one() is not None) == (status == 200)
    waits = db.session.scalars(select(Challenge.public_id)).one()
    assert ("The lesson says b." in person.get("/challenges").text) == (status == 200)
    answered = person.send("POST", f"/challenges/{waits}/reply",
                           data={**token, "decision": "declined", "reply": "No."})  # fmt: skip
    assert answered.status_code == (303 if status == 200 else status)
    assert (WORDS in answered.text) == (status == 403)
    db.session.expire_all()
    assert db.session.scalars(select(Challenge.decision)).one() == ("declined" if status == 200 else "")


@pytest.mark.parametrize("verb", VERBS)
def test_each_route_of_grading_by_verb(app: Flask, with_essay: Quiz, verb: str) -> None:
    """Whoever may only see a quiz is told so; whoever may grade finds the pages of the quiz above each of them."""
    attempt = write(with_essay, user_of("learner"), right=True)
    slot = next(one for one in queries.slots(attempt.id) if one.fraction is None)
    here, asked = with_essay.public_id, slot.version.question.public_id
    person, status = helper(app, with_essay, verb), {"": 404, "see": 403}.get(verb, 200)
    for address in (f"/grading/{slot.id}", f"/grading/{here}/{asked}", f"/grading?quiz={here}"):
        page = person.get(address, status)
        assert (WORDS in page.text) == (status == 403)
        tabs = page.tree.xpath(f"//nav//a[@href='/quizzes/{here}/results']/@aria-current")
        assert tabs == (["true"] if status == 200 else []), address
    reply = person.send("POST", f"/grading/{slot.id}", data={"csrf_token": person.token(), "mark": "1", "seq": "1"})
    assert reply.status_code == (303 if status == 200 else status)
    db.session.expire_all()
    assert (db.session.get_one(Slot, slot.id).fraction is not None) == (status == 200)


def test_a_grader_puts_scores_right_in_the_shared_quiz_alone(app: Flask, quiz: Quiz, six: list[Attempt]) -> None:
    """Previewed, applied and undone; the page offers no “all my quizzes”, as none is theirs."""
    mend(question())
    here, asked = quiz.public_id, question().public_id
    person = helper(app, quiz, "grade")
    page = person.get(f"/regrades/questions/{asked}?policy=again")
    assert "6 people's scores change." in page.text
    tabs = f"//nav//a[@href='/quizzes/{here}/results']/@aria-current"
    assert page.tree.xpath(tabs) == ["true"]
    assert [option.get("value") for option in page.tree.xpath("//select[@name='quiz']/option")] == [here]
    done = page.send("token", reason="A slip.")
    assert done.tree.xpath(tabs) == ["true"]
    assert marks()[0] == (4, 4)
    assert db.session.scalars(select(Regrade.quiz_id)).one() is not None
    done.send("undoing")
    assert marks() == BEFORE
    assert list(queries.wrong_scores()) == []


def test_a_grader_accepts_an_answer(app: Flask, quiz: Quiz, six: list[Attempt]) -> None:
    person = helper(app, quiz, "grade")
    for attempt in (six[0], six[2]):
        object_to(app, attempt, "answer")
    preview = person.get("/challenges").send("reply", ("decision", "accepted"))
    assert "5 people's scores change." in preview.text
    preview.send("token", reason="Both.")
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]
    assert db.session.scalars(select(Challenge.decision)).all() == ["accepted"] * 2
    assert db.session.scalars(select(Regrade)).one().by_id != user_of("instructor").id
    assert list(queries.wrong_scores()) == []
