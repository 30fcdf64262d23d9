"""What a learner sees of the way so far: home, course, lesson; and the levels in each objective."""

from __future__ import annotations

import re
import threading
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Flask
from sqlalchemy import event, func, select

from quizapp import clock, config
from quizapp.accounts import actions as accounts
from quizapp.accounts import mails, recovery, sessions
from quizapp.accounts.models import User
from quizapp.attempts import actions
from quizapp.attempts.models import Attempt
from quizapp.courses import actions as courses
from quizapp.courses.models import Course, Enrolment
from quizapp.db import atomic, db
from quizapp.errors import QuizError
from quizapp.progress import actions as progress
from quizapp.progress.models import LessonProgress, Mastery
from tests.answers import give_answer
from tests.attempts.test_story import begin, quiz_with, right, solve
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
    assert "Nothing started yet" in learner.get("/home").text
    attempt = begin("immediate")
    assert "Continue where you left off" in learner.get("/home").text
    for position in range(1, len(attempt.slots) + 1):
        solve(attempt, position)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    actions.submit(user_of("learner"), begin("immediate").public_id, clock.now())
    text = learner.get("/home").text
    assert "Continue where you left off" not in text
    assert re.search(r"Scores .* Best 100%", text)


def test_a_place_is_taken_once_and_places_run_out(app: Flask, learner: Person, stranger: Person) -> None:
    found = course()
    found.places = 1
    db.session.commit()
    page = learner.get(f"/courses/{found.slug}").send("enrolment")
    assert "You are enrolled" in page.text
    other = stranger.get(f"/courses/{found.slug}")
    assert "This round is closed" in other.text
    refused = stranger.post(f"/courses/{found.slug}/enrolment", {"csrf_token": stranger.token()})
    assert refused.status == 409
    assert "All places" in refused.text
    again = learner.post(f"/courses/{found.slug}/enrolment", {"csrf_token": learner.token()})
    assert again.status == 200


def test_places_are_for_accounts(app: Flask, visitor: Person) -> None:
    """Neither nobody nor a guest takes one, however often; the button leads to the sign-up, and back to the course."""
    found = course()
    url = f"/courses/{found.slug}"
    assert visitor.send("POST", f"{url}/enrolment", data={"csrf_token": visitor.token()}).status_code == 401
    visitor.get(f"/quizzes/{quiz_with('immediate').public_id}").send("attempts")
    refused = visitor.post(f"{url}/enrolment", {"csrf_token": visitor.token()})
    assert refused.status == 403
    assert "needs an account" in refused.text
    assert db.session.scalar(select(func.count(Enrolment.id))) == 0
    sign_up = visitor.get(visitor.get(url).tree.xpath("//a[contains(@class, 'btn-lg')]/@href")[0])
    page = sign_up.send("password", name="New", email="new@example.com", password="four words in a row")
    assert page.url == url
    assert "You are enrolled" in page.send("enrolment").text


def test_where_mail_is_sent_places_are_for_confirmed_addresses(app: Flask) -> None:
    settings = app.config["SETTINGS"]
    user = accounts.sign_up(None, "new@example.com", "New", "four words in a row", "en", clock.now())
    person, url = Person(app, user), f"/courses/{course().slug}"
    mail = config.Mail("127.0.0.1", 25, "quiz@example.org", "https://quiz.example.org")
    app.config["SETTINGS"] = replace(settings, mail=mail)
    assert person.get(url).link("Confirm your address first") == "/settings"
    refused = person.post(f"{url}/enrolment", {"csrf_token": person.token()})
    assert refused.status == 403
    assert "Confirm yours in the settings" in refused.text
    recovery.ask_to_confirm(user, "en", clock.now())
    sent = mails.claim(clock.now())
    assert sent is not None
    recovery.confirm(mails.make_link(sent, clock.now()), clock.now())
    assert "You are enrolled" in person.get(url).send("enrolment").text


def test_a_class_of_500_takes_places_from_one_address(app: Flask) -> None:
    """And no limit by address stops any of them. Their accounts are made without passwords, whose hashes take long."""
    found = course()
    with atomic():
        found.places = 500
        db.session.add_all(
            User(role="learner", email=f"{number}@school.example", created_at=clock.now()) for number in range(500)
        )
    pupils = db.session.scalars(select(User).where(User.email.endswith("@school.example"))).all()
    for pupil in pupils:
        courses.enrol(found.id, pupil, clock.now())
    assert db.session.scalar(select(func.count(Enrolment.id))) == 500


def test_guests_who_left_nothing_are_swept(app: Flask) -> None:
    """Whoever has answered, read, signed up, or been here lately stays."""
    at = clock.now()
    quiz, lesson = quiz_with("immediate"), course().lessons[0]
    idle, answered, reader, here, new = (accounts.start_guest("en", "auto", at) for _ in range(5))
    for guest in (idle, answered):
        attempt = actions.start(guest, quiz, at)
    give_answer(answered, attempt.public_id, 1, right(attempt.slots[0]), 0, at)
    progress.read_lesson(reader, lesson, 0.1, False, at)
    sessions.begin(here, "", at + timedelta(hours=23))
    with atomic():
        new.created_at = at + timedelta(hours=23)
    kept = select(User.id).where(User.role == "guest").order_by(User.id)
    progress.sweep_guests(at + timedelta(hours=23))
    assert len(db.session.scalars(kept).all()) == 5
    assert progress.sweep_guests(at + progress.WAITED) == 1
    assert db.session.scalars(kept).all() == [answered.id, reader.id, here.id, new.id]
    assert db.session.scalar(select(func.count(Attempt.id))) == 1
    progress.sweep_guests(at + timedelta(days=400))
    assert db.session.scalars(kept).all() == [answered.id, reader.id]
    assert user_of("learner")


def test_an_answer_that_comes_while_guests_are_swept_keeps_its_guest(app: Flask) -> None:
    """Saved between the look and the deletion, where the database lets it in: the guest stays. Else it isn't saved."""
    at = clock.now() - 2 * progress.WAITED
    guest = accounts.start_guest("en", "auto", at)
    attempt = actions.start(guest, quiz_with("immediate"), at)
    attempt_id, response = attempt.public_id, right(attempt.slots[0])
    db.session.expunge_all()
    outcome: list[str] = []

    def answer() -> None:
        with app.app_context():
            try:
                give_answer(guest, attempt_id, 1, response, 0, clock.now())
                outcome.append("saved")
            except QuizError:
                outcome.append("gone")
            finally:
                db.session.remove()

    thread = threading.Thread(target=answer)

    def let_in(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("SELECT users.id") and not thread.ident:
            thread.start()
            thread.join(timeout=1)

    event.listen(db.engine, "after_cursor_execute", let_in)
    progress.sweep_guests(clock.now())
    event.remove(db.engine, "after_cursor_execute", let_in)
    thread.join()
    db.session.rollback()
    left = db.session.scalar(select(func.count(User.id)).where(User.role == "guest"))
    assert (outcome, left) == ((["saved"], 1) if db.engine.dialect.name == "postgresql" else (["gone"], 0))


def test_after_the_deadline_the_course_stays_open(app: Flask, visitor: Person) -> None:
    found = course()
    found.deadline = clock.now()
    db.session.commit()
    page = visitor.get(f"/courses/{found.slug}")
    assert "This round is closed" in page.text
    assert page.link("Start with the first lesson")
    assert quiz_with("immediate")


def test_a_newcomer_is_asked_at_once_and_goes_on(app: Flask, visitor: Person, learner: Person) -> None:
    """On the catalogue, by a form that needs no script; it leads to its lesson, and the catalogue knows the answer."""
    page = visitor.get("/courses")
    check = page.tree.xpath("//*[@data-check]//form")[0]
    assert not page.tree.xpath("//*[@data-check-said]")
    choice = check.xpath(".//input[@type='radio']")[0]
    token = check.xpath(".//input[@name='csrf_token']/@value")[0]
    told = visitor.send("POST", check.get("action"), data={
        "csrf_token": token, "seen": "0", choice.get("name"): choice.get("value"),
    })  # fmt: skip
    assert told.status_code == 303
    assert "/lessons/" in told.headers["Location"]
    page = visitor.get("/courses")
    assert page.tree.xpath("//*[@data-check-said]")
    onward = page.tree.xpath("//*[@class='first-onward']/a/@href")[0]
    assert visitor.get(onward).tree.xpath("//*[@data-check-said]")
    assert not learner.get("/courses").tree.xpath("//*[@data-check]"), "who has an account has a home"
