"""An essay's way: handed in, waiting, graded by a person, seen by the learner; and who may grade."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.db import db
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Person


@pytest.fixture
def essay(app: Flask) -> Slot:
    """An essay that the learner has handed in."""
    learner = user_of("learner")
    quiz = db.session.scalars(select(Quiz).where(Quiz.slug == "writing-task")).first() or next(
        one for one in db.session.scalars(select(Quiz)) if {source["bank"] for source in one.sources} == {"writing"}
    )
    attempt = actions.start(learner, quiz, clock.now())
    give_answer(learner, attempt.public_id, 1, {"text": "근거는 두 가지입니다."}, 0, clock.now())
    actions.submit(learner, attempt.public_id, clock.now())
    return queries.slot(attempt.public_id, 1, learner.id)


def test_an_essay_waits_and_is_graded(essay: Slot, instructor: Person, learner: Person) -> None:
    results = f"/attempts/{essay.attempt.public_id}/results"
    assert "Waiting for a grade" in learner.get(results).text
    queue = instructor.get("/grading")
    assert "1 answer waits" in queue.text
    assert "김하늘" in queue.text
    stem = essay.version.item.stem
    form = instructor.get(queue.link((stem["en"] if isinstance(stem, dict) else stem)[:40]))
    assert "근거는 두 가지입니다." in form.text
    done = form.send("mark", mark=str(essay.max_mark / 2), comment="둘째 근거를 더 풀어 쓰세요.")
    assert "Nothing to grade" in done.text
    page = learner.get(results)
    assert "Waiting for a grade" not in page.text
    assert "둘째 근거를 더 풀어 쓰세요." in page.text
    attempt = db.session.get_one(Attempt, essay.attempt_id, populate_existing=True)
    assert (attempt.mark, attempt.waiting) == (essay.max_mark / 2, 0)


def test_a_second_grade_is_added_and_the_first_stays(essay: Slot, instructor: Person) -> None:
    for mark in ("0", str(essay.max_mark)):
        instructor.get(f"/grading/{essay.id}").send("mark", mark=mark, comment="")
    rows = db.session.scalars(select(Answer).where(Answer.slot_id == essay.id).order_by(Answer.seq)).all()
    assert [(row.source, row.fraction) for row in rows] == [("learner", None), ("grader", 0), ("grader", 1)]
    assert {row.by_id for row in rows} == {None, user_of("instructor").id}


@pytest.mark.parametrize("mark", ["-1", "1000", "", "many", "NaN", "Infinity"])
def test_a_mark_out_of_range_says_what_to_give(essay: Slot, instructor: Person, mark: str) -> None:
    page = instructor.get(f"/grading/{essay.id}").send("mark", mark=mark, comment="kept")
    assert page.status == 422
    assert "kept" in page.tree.xpath("string(//textarea)")
    assert db.session.get_one(Slot, essay.id, populate_existing=True).fraction is None


def test_learners_don_t_grade(essay: Slot, learner: Person) -> None:
    learner.get(f"/grading/{essay.id}", status=403)
    learner.get("/grading", status=403)


def test_somebody_else_s_quiz_is_not_there(essay: Slot, app: Flask) -> None:
    from quizapp.accounts import actions as accounts

    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    person = Person(app, other)
    person.get(f"/grading/{essay.id}", status=404)
    assert "Nothing to grade" in person.get("/grading").text
