"""A learner objects in place; equal answers are answered together, by a regrade if they are accepted; all are told."""

# ruff: noqa: F811 -- fixtures of another module

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import Mail, User
from quizapp.attempts import actions as attempts
from quizapp.attempts import check_actions, checks, entrance, queries
from quizapp.attempts.models import Attempt, Regrade
from quizapp.banks import actions as banks
from quizapp.banks.queries import bank
from quizapp.courses.models import Course, Lesson
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.formats.items import Item
from quizapp.gradebook import challenges
from quizapp.gradebook.actions import challenges as actions
from quizapp.gradebook.actions import regrades
from quizapp.gradebook.models import Challenge, Notice
from quizapp.operation import tasks
from quizapp.quizzes import actions as quizzes
from quizapp.quizzes import people_actions, people_queries
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.roster import RosterEntry
from quizapp.review import actions as review
from quizapp.texts.lessons import lesson_page
from tests.answers import give_answer
from tests.conftest import user_of
from tests.gradebook.test_regrades import marks, previewed, question, quiz, regrade, rule, six  # noqa: F401 -- fixtures
from tests.person import Person


def learner_of(attempt: Attempt) -> User:
    return db.session.get_one(User, attempt.user_id)


def person(app: Flask, attempt: Attempt) -> Person:
    return Person(app, learner_of(attempt))


def object_to(app: Flask, attempt: Attempt, kind: str, text: str = "The lesson says b.") -> None:
    who = person(app, attempt)
    page = who.get(f"/attempts/{attempt.public_id}/results")
    page = who.get(page.tree.xpath("//a[contains(@href, 'questions/4/challenge')]/@href")[0])
    assert page.send("text", kind=kind, text=text).status == 200


def test_one_answer_is_accepted_for_all_who_gave_it(
    app: Flask,
    quiz: Quiz,
    six: list[Attempt],
    instructor: Person,
) -> None:
    """Two of five who chose b object; accepted once, all five have it, and the two read the reply."""
    for attempt in (six[0], six[2]):
        object_to(app, attempt, "answer")
    assert "2 objections are waiting" in instructor.get("/grading").text
    page = instructor.get("/challenges")
    assert "2 people say that it should count. 5 people gave it in all." in page.text
    preview = page.send("reply", ("decision", "accepted"), reply="The lesson says both.")
    assert "5 people's scores change." in preview.text
    done = preview.send("token")  # the reply is the reason
    assert done.status == 200
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]
    found = db.session.scalars(select(Challenge)).all()
    assert [(one.decision, one.reply) for one in found] == [("accepted", "The lesson says both.")] * 2
    assert challenges.waiting(user_of("instructor")) == []
    results = person(app, six[0]).get(f"/attempts/{six[0].public_id}/results")
    assert "0 → 1 points" in results.text
    assert "What is right now Right answer a3 Counts as right too b3" in results.text
    assert "Accepted" in results.text
    home = person(app, six[4]).get("/home")
    assert "0 → 1 points" in home.text
    assert "The lesson says both." in home.text
    assert "News about your scores" not in home.send("reading").text
    regrades.undo(db.session.scalars(select(Regrade)).one(), user_of("instructor"), clock.now())
    assert "1 → 0 points" in person(app, six[4]).get("/home").text
    assert "What is right now" not in person(app, six[0]).get(f"/attempts/{six[0].public_id}/results").text
    regrade(question(), rule(question(), "accept", accepted=({"choice": "b"},)), reason="After all.")
    assert [mark for mark, _ in marks()] == [4, 4, 3, 2, 2, 3]
    assert list(queries.wrong_scores()) == []


def test_another_s_regrade_answers_nobody_of_mine(app: Flask, quiz: Quiz, six: list[Attempt]) -> None:
    """An instructor with a quiz of the same question accepts an answer there: here it still waits, and for one quiz
    alone it waits in the other."""
    object_to(app, six[0], "answer")
    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    banks.share(bank("made"), "other@example.com", "reader", user_of("instructor"), clock.now())
    theirs = quizzes.create_quiz(other, bank("made"), 4, clock.now())
    one, accepted = question(), rule(question(), "accept", accepted=({"choice": "b"},))
    for by, of in ((other, None), (user_of("instructor"), theirs)):
        token = previewed(one, accepted).token
        regrades.make(one, accepted, of, "Not for you.", token, by, clock.now())
        assert [challenge.decision for challenge in db.session.scalars(select(Challenge))] == [""]
        assert "Not for you." not in person(app, six[0]).get("/home").text


def test_a_question_that_is_wrong_is_answered_with_words(
    app: Flask,
    quiz: Quiz,
    six: list[Attempt],
    instructor: Person,
) -> None:
    object_to(app, six[1], "question", "Two are right.")
    page = instructor.get("/challenges")
    assert "Two are right." in page.text
    assert "Write a reply" in page.send("reply", ("decision", "declined")).text
    page.send("reply", ("decision", "declined"), reply="Only a is.")
    results = person(app, six[1]).get(f"/attempts/{six[1].public_id}/results").text
    assert "Declined" in results
    assert "Only a is." in results
    assert "Your objection was answered." in person(app, six[1]).get("/home").text
    assert "No objections" in instructor.get("/challenges").text


def test_spaces_say_nothing(app: Flask, six: list[Attempt]) -> None:
    who = person(app, six[0])
    page = who.get(f"/attempts/{six[0].public_id}/results")
    page = who.get(page.tree.xpath("//a[contains(@href, 'questions/4/challenge')]/@href")[0])
    refused = page.send("text", kind="answer", text=" \n ")
    assert refused.status == 422
    assert "Say why" in refused.text


def test_the_same_twice_is_told(quiz: Quiz, six: list[Attempt]) -> None:
    slot = queries.slot(six[0].public_id, 4, six[0].user_id)
    actions.challenge(slot, "answer", "b", learner_of(six[0]), clock.now())
    with pytest.raises(Conflict, match="already"):
        actions.challenge(slot, "answer", "b", learner_of(six[0]), clock.now())
    actions.challenge(slot, "question", "b", learner_of(six[0]), clock.now())


def test_what_was_typed_a_second_time_is_still_there(app: Flask, six: list[Attempt]) -> None:
    object_to(app, six[0], "answer")
    who = person(app, six[0])
    page = who.get(f"/attempts/{six[0].public_id}/questions/4/challenge")
    again = page.send("text", kind="answer", text="My second reason.")
    assert again.status == 422
    assert "already objected" in again.text
    assert again.form("text").fields["text"].strip() == "My second reason."


def test_nobody_objects_to_what_isn_t_shown(
    app: Flask,
    quiz: Quiz,
    six: list[Attempt],
    stranger: Person,
    instructor: Person,
) -> None:
    address = f"/attempts/{six[0].public_id}/questions/4/challenge"
    assert stranger.send("GET", address).status_code == 404
    with atomic():
        db.session.execute(db.update(Quiz).values(settings=quiz.settings | {"feedback": "never"}))
    assert person(app, six[0]).send("GET", address).status_code == 404
    regrade(question(), rule(question(), "full"))
    assert "News" not in person(app, six[0]).get("/home").text


def test_those_who_have_an_address_get_a_mail(
    app: Flask,
    quiz: Quiz,
    six: list[Attempt],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from quizapp.config import from_environment

    for name, value in {
        "SMTP_URL": "smtp://127.0.0.1:2525",
        "MAIL_FROM": "q@example.org",
        "URL": "https://q.example.org",
    }.items():
        monkeypatch.setenv(f"QUIZAPP_{name}", value)
    app.config["SETTINGS"] = from_environment()
    regrade(question(), rule(question(), "full"))
    assert {mail.email for mail in db.session.scalars(select(Mail).where(Mail.kind == "rescored"))} == {
        f"p{n}@example.com" for n in (0, 2, 3, 4, 5)
    }


# --- where nothing counts: to the owner of the bank ---


def practising(six: list[Attempt]) -> str:
    """The address of a question that P0 has practised, and missed once more."""
    going_on = attempts.practise(learner_of(six[0]), six[0], clock.now())
    give_answer(learner_of(six[0]), going_on.public_id, 1, {"choice": "b"}, 0, clock.now(), check=True)
    return f"/attempts/{going_on.public_id}/questions/1"


def reviewing(six: list[Attempt]) -> str:
    later = clock.now() + timedelta(days=30)
    going_on = review.begin(learner_of(six[0]), later)
    give_answer(learner_of(six[0]), going_on.public_id, 1, {"choice": "b"}, 0, later, check=True)
    return f"/attempts/{going_on.public_id}/questions/1"


def checking(six: list[Attempt]) -> str:
    """A lesson that asks a question of the instructor's bank, answered by P0."""
    items = [Item(id="asked", kind="truefalse", use="check", stem={"en": "Wet?"}, response={"answer": True})]
    banks.import_items(user_of("instructor"), "checks", {"en": "Checks"}, items, clock.now())
    lesson = db.session.scalars(select(Lesson).join(Course).where(Course.position == 0, Lesson.position == 0)).one()
    with atomic():
        lesson.body = {"en": "::: check checks/asked\n:::\n"}
    user, address = learner_of(six[0]), f"/courses/{lesson.course.slug}/lessons/{lesson.slug}"
    found = checks.on_page(lesson.id, lesson_page(lesson.body["en"]).directives, user.id, clock.now())
    check_actions.answer(user, lesson, found["checks", "asked"], {"choice": "false"}, 0, clock.now())
    return address


@pytest.mark.parametrize("place", [practising, reviewing, checking], ids=lambda one: one.__name__)
def test_a_question_can_be_doubted_where_nothing_counts(
    app: Flask, quiz: Quiz, six: list[Attempt], instructor: Person, place: Callable[[list[Attempt]], str]
) -> None:
    user_id = six[0].user_id
    with atomic():  # the quiz is another's: the bank's owner is asked all the same
        db.session.execute(db.update(Quiz).where(Quiz.id == quiz.id).values(owner_id=six[5].user_id))
    address = place(six)
    who = Person(app, db.session.get_one(User, user_id))
    form = who.get(who.get(address).link("Something is wrong with this question"))
    assert "My answer should count too" not in form.text
    refused = who.post(form.url, {"csrf_token": who.token(), "kind": "answer", "text": "x"})
    assert refused.status == 422
    sent = form.send("text", text="It is unclear.")
    assert sent.status == 200
    assert sent.url.split("?")[0] == address
    other = accounts.create("else@example.com", "Else", "a long password", "instructor", clock.now())
    assert "It is unclear." not in Person(app, other).get("/challenges").text
    assert "1 objection is waiting" in instructor.get("/grading").text
    page = instructor.get("/challenges")
    assert "It is unclear." in page.text
    page.send("reply", ("decision", "accepted"), reply="Mended, thank you.")
    home = who.get("/home")
    assert "Mended, thank you." in home.text
    assert address in [link.split("#")[0] for link in home.links()] or "/results#" in "".join(home.links())
    assert "Mended" not in home.send("reading").text


def objected(user: User, attempt: Attempt) -> None:
    """An objection that waits, and one that was answered with a notice."""
    (slot, *_more) = queries.slots(attempt.id)
    for kind in (challenges.ANSWER, challenges.QUESTION):
        made = actions.challenge(slot, kind, "The lesson says b.", user, clock.now())
    actions.decide([made], actions.DECLINED, "It says a.", user_of("instructor"), clock.now())


def said_and_told() -> tuple[list[int], list[int]]:
    db.session.expire_all()
    by, to = (db.session.scalars(select(one.user_id).order_by(one.id)).all() for one in (Challenge, Notice))
    return list(by), list(to)


def test_what_a_guest_objects_to_becomes_the_account_s(quiz: Quiz) -> None:
    guest, user = accounts.start_guest("en", "auto", clock.now()), user_of("learner")
    attempt = attempts.start(guest, quiz, clock.now())
    attempts.submit(guest, attempt.public_id, clock.now())
    objected(guest, attempt)
    with atomic():
        guest.created_at = clock.now() - timedelta(days=3)
    tasks.sweep()
    assert said_and_told() == ([guest.id] * 2, [guest.id])
    assert len(challenges.waiting(user_of("instructor"))) == 1
    accounts.claim(guest, user)
    assert said_and_told() == ([user.id] * 2, [user.id])
    assert len(challenges.waiting(user_of("instructor"))) == 1
    assert [len(found) for found in challenges.of_attempt(attempt)] == [1, 2]


def test_an_objection_goes_along_to_another_device(quiz: Quiz) -> None:
    people_actions.add_to_roster(quiz, [RosterEntry(1, "Kim", "20261")], user_of("instructor"), clock.now())
    (sitter,) = people_queries.roster(quiz.id)
    phone, tablet = (accounts.start_guest("en", "auto", clock.now()) for _ in range(2))
    attempt = entrance.begin(phone, quiz, sitter, {}, clock.now())
    attempts.submit(phone, attempt.public_id, clock.now())
    objected(phone, attempt)
    other = attempts.start(phone, quiz, clock.now())
    attempts.submit(phone, other.public_id, clock.now())
    (slot, *_more) = queries.slots(other.id)
    actions.challenge(slot, challenges.QUESTION, "Mine alone.", phone, clock.now())
    entrance.begin(tablet, quiz, sitter, {}, clock.now())
    assert said_and_told() == ([tablet.id] * 2 + [phone.id], [tablet.id])
