"""What a learner sees of the way so far: home, course, lesson; and the levels in each objective."""

from __future__ import annotations

import re

from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import actions
from quizapp.courses.models import Course
from quizapp.db import db
from quizapp.progress.models import LessonProgress, Mastery
from tests.attempts.test_story import begin, quiz_with, solve
from tests.conftest import user_of
from tests.person import Person


def course() -> Course:
    return db.session.scalars(select(Course).where(Course.position == 0)).one()


def test_reading_a_lesson_leads_to_the_next(app: Flask, learner: Person) -> None:
    found = course()
    first, second = found.lessons[:2]
    url = f"/courses/{found.slug}/lessons"
    page = learner.get(f"{url}/{first.slug}").send("progress", ("done", "1"))
    assert page.url == f"{url}/{second.slug}"
    assert f"1 of {len(found.lessons)} lessons read" in learner.get(f"/courses/{found.slug}").text
    home = learner.get("/home")
    assert home.link("Next lesson") == f"{url}/{second.slug}"


def test_reading_never_goes_back(app: Flask, learner: Person) -> None:
    found = course()
    url = f"/courses/{found.slug}/lessons/{found.lessons[0].slug}/progress"
    for share in ("0.6", "0.2", "nan", "-5", "x"):
        assert learner.fetch(url, {"share": share}).status_code == 204
    stored = db.session.scalars(select(LessonProgress)).one()
    assert (stored.share, stored.done_at) == (0.6, None)


def test_levels_follow_the_answers(app: Flask) -> None:
    attempt = begin("immediate")
    for position in range(1, len(attempt.slots) + 1):
        solve(attempt, position)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    mastery = db.session.scalars(select(Mastery)).all()
    assert mastery
    assert {one.level for one in mastery} == {"proficient"}
    assert all(one.right == one.total for one in mastery)


def test_practice_moves_no_level(app: Flask) -> None:
    learner, attempt = user_of("learner"), begin("immediate")
    done = actions.submit(learner, attempt.public_id, clock.now())
    before = {one.objective: (one.level, one.right) for one in db.session.scalars(select(Mastery))}
    practice = actions.practise(learner, done, clock.now())
    for position in range(1, len(practice.slots) + 1):
        solve(practice, position, check=True)
    actions.submit(learner, practice.public_id, clock.now())
    db.session.expire_all()
    assert {one.objective: (one.level, one.right) for one in db.session.scalars(select(Mastery))} == before


def test_home_shows_what_to_go_on_with_and_the_best_score(app: Flask, learner: Person) -> None:
    assert "Nothing begun yet" in learner.get("/home").text
    attempt = begin("immediate")
    assert "Go on where you left off" in learner.get("/home").text
    for position in range(1, len(attempt.slots) + 1):
        solve(attempt, position)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    actions.submit(user_of("learner"), begin("immediate").public_id, clock.now())
    text = learner.get("/home").text
    assert "Go on where you left off" not in text
    assert re.search(r"Best scores .* 100%", text)


def test_a_place_is_taken_once_and_places_run_out(app: Flask, learner: Person, stranger: Person) -> None:
    found = course()
    found.places = 1
    db.session.commit()
    page = learner.get(f"/courses/{found.slug}").send("enrolment")
    assert "You have a place" in page.text
    other = stranger.get(f"/courses/{found.slug}")
    assert "This round is closed" in other.text
    refused = stranger.post(f"/courses/{found.slug}/enrolment", {"csrf_token": stranger.token()})
    assert refused.status == 409
    assert "All places" in refused.text
    again = learner.post(f"/courses/{found.slug}/enrolment", {"csrf_token": learner.token()})
    assert again.status == 200


def test_after_the_deadline_the_course_stays_open(app: Flask, visitor: Person) -> None:
    found = course()
    found.deadline = clock.now()
    db.session.commit()
    page = visitor.get(f"/courses/{found.slug}")
    assert "This round is closed" in page.text
    assert page.link("Start with the first lesson")
    assert quiz_with("immediate")
