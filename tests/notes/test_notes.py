"""Bookmarks and notes: on passages and questions, private, and true to what has become of their places."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, func, select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions as attempts
from quizapp.attempts import queries as attempt_queries
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.banks.models import Question
from quizapp.banks.versions import NewVersion, add_versions, wording_of
from quizapp.courses import queries as courses
from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.formats.items import Item
from quizapp.notes import actions, queries
from quizapp.notes.models import MAX_NOTE, Bookmark
from quizapp.progress import actions as progress
from quizapp.quizzes.models import Quiz
from quizapp.web.pages import csrf
from tests.conftest import user_of
from tests.gradebook.test_results import choice, take
from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of

BODY = """## The head

{#one}
The first passage says what a **board** is.

{#two}
The second passage is about money.

{#list}
- a point
- another

{#table}
| | x |
|---|---|
| y | z |
"""
HOUR = timedelta(hours=1)


def lesson_of() -> Lesson:
    course = db.session.scalars(select(Course).where(Course.position == 0)).one()
    return courses.lesson(course, course.lessons[0].slug)


def rewrite(body: str) -> None:
    """The lesson as somebody loads it anew."""
    found = lesson_of()
    with atomic():
        found.body = {"ko": body, "en": body}
        db.session.add(LessonVersion(course_id=found.course_id, slug=found.slug, body=found.body, at=clock.now()))


@pytest.fixture
def lesson(app: Flask) -> str:
    rewrite(BODY)
    found = lesson_of()
    return f"/courses/{found.course.slug}/lessons/{found.slug}"


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(4)], clock.now())
    return quiz_of({"bank": "made"}, feedback="deferred", shuffle_questions=False)


def mark(page: Page, anchor: str) -> Any:
    (found,) = page.tree.xpath("//a[@data-mark=$anchor]", anchor=anchor)
    return found


def note_on(person: Person, lesson: str, anchor: str, words: str) -> Page:
    form = person.get(mark(person.get(lesson), anchor).get("href"))
    return form.send("note", ("do", "keep"), note=words)


def stored() -> list[Bookmark]:
    db.session.expire_all()
    return list(db.session.scalars(select(Bookmark).order_by(Bookmark.id)))


# --- passages ---


def test_each_passage_has_a_quiet_link(lesson: str, learner: Person, visitor: Person) -> None:
    page = learner.get(lesson)
    assert [one.get("data-mark") for one in page.tree.xpath("//a[@data-mark]")] == [
        "section-1", "one", "two", "list", "table"
    ]  # fmt: skip
    assert all(one.get("aria-label") and not one.text_content().strip() for one in page.tree.xpath("//a[@data-mark]"))
    assert mark(page, "one").getparent().get("id") == "one"
    assert not visitor.get(lesson).tree.xpath("//a[@data-mark]"), "somebody unknown can keep nothing"


def test_a_note_is_kept_found_changed_and_removed(lesson: str, learner: Person) -> None:
    back = note_on(learner, lesson, "one", "Boards <b>fire</b>\r\n\x00\x1b[31m people")
    assert back.url.startswith(lesson)
    assert "passage-marked" in mark(back, "one").get("class")
    assert "passage-marked" not in mark(back, "two").get("class")
    assert stored()[0].note == "Boards <b>fire</b>\n[31m people"
    page = learner.get("/notes")
    assert "Boards <b>fire</b>" in page.text
    assert "The first passage says what a board is." in page.text
    assert page.link("Go there") == f"{lesson}#one"
    for words, found in (("FIRE boards", 1), ("passage first", 1), ("money", 0), ("%", 0)):
        assert len(learner.get(f"/notes?q={words}").tree.xpath("//ul[@class='note-list']/li")) == found, words
    page = learner.get(page.link("Edit")).send("note", ("do", "keep"), note="Otherwise")
    assert "Otherwise" in page.text
    assert len(learner.get("/notes?q=fire").tree.xpath("//ul[@class='note-list']/li")) == 0
    assert len(learner.get("/notes?q=board otherwise").tree.xpath("//ul[@class='note-list']/li")) == 1
    note_on(learner, lesson, "one", "Third")
    assert [one.note for one in stored()] == ["Third"], "one place has one bookmark"
    page = learner.get("/notes").send(stored()[0].public_id, ("do", "remove"))
    assert "No notes yet" in page.text
    assert stored() == []


def test_a_script_writes_it_in_the_lesson(lesson: str, learner: Person) -> None:
    address = mark(learner.get(lesson), "two").get("href")
    asked = learner.send("GET", address, headers=learner.headers | {"Accept": "application/json"}).get_json()
    assert "<form" in asked["html"]
    assert "<html" not in asked["html"]
    kept = learner.fetch(address, {"note": "Money", "do": "keep"}).get_json()
    assert "passage-marked" in kept["mark"]
    too_long = learner.fetch(address, {"note": "x" * (MAX_NOTE + 1), "do": "keep"})
    assert too_long.status_code == 422
    assert "at most 5000 characters" in too_long.get_json()["html"]
    gone = learner.fetch(address, {"do": "remove"}).get_json()
    assert "passage-marked" not in gone["mark"]
    assert stored() == []


def test_what_is_too_much_is_said(lesson: str, learner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    page = note_on(learner, lesson, "one", "가" * (MAX_NOTE + 1))
    assert page.status == 422
    assert "가" * 100 in page.source, "what was typed is there to be shortened"
    assert note_on(learner, lesson, "one", "가" * MAX_NOTE).status == 200
    monkeypatch.setattr(actions, "MOST_BOOKMARKS", 1)
    page = note_on(learner, lesson, "two", "One more")
    assert page.status == 409
    assert "You have 1 bookmarks" in page.text
    assert "One more" in page.source
    assert note_on(learner, lesson, "one", "Another").status == 200
    with pytest.raises(Conflict):
        actions.keep_passage(user_of("learner"), lesson_of(), "two", "", clock.now())


@pytest.mark.parametrize("anchor", ["nothing", "", "\0", "one\0", "x" * 500, "'"])
def test_strange_anchors(lesson: str, learner: Person, anchor: str) -> None:
    address = lesson.replace("/courses/", "/notes/lessons/", 1).replace("/lessons/", "/", 1)
    address = f"/notes/lessons/{'/'.join(lesson.split('/')[2::2])}"
    reply = learner.send("GET", address, query_string={"anchor": anchor})
    assert reply.status_code == (200 if anchor in ("", "one\0", "\0") else 404)


def test_a_form_without_its_token_is_refused(lesson: str, learner: Person) -> None:
    assert csrf
    address = mark(learner.get(lesson), "one").get("href")
    assert learner.send("POST", address, data={"note": "x"}).status_code == 400
    assert stored() == []


def test_nobody_sees_anothers(lesson: str, learner: Person, stranger: Person, instructor: Person) -> None:
    note_on(learner, lesson, "one", "Secret thought")
    name = stored()[0].public_id
    for other in (stranger, instructor):
        assert other.send("GET", f"/notes/{name}").status_code == 404
        for do in ("keep", "remove"):
            data = {"csrf_token": other.token(), "note": "x", "do": do}
            assert other.send("POST", f"/notes/{name}", data=data).status_code == 404
        assert "Secret" not in other.get("/notes").source
        assert "Secret" not in other.get("/search?q=secret").text.replace("secret", "")
        assert "passage-marked" not in other.get(lesson).source
        assert "Secret" not in other.send("GET", "/settings/data").text
    assert [one.note for one in stored()] == ["Secret thought"]


def test_what_becomes_of_a_passage_is_said(lesson: str, learner: Person) -> None:
    note_on(learner, lesson, "one", "On boards")
    note_on(learner, lesson, "two", "On money")
    rewrite(BODY.replace("{#two}", "{#elsewhere}").replace("says what a **board** is", "says what a board may do"))
    page = learner.get("/notes")
    assert "This is how it read then" in page.text
    assert "The first passage says what a board is." in page.text
    assert "is in another place now" in page.text
    assert f"{lesson}#elsewhere" in page.links()
    found = lesson_of()
    with atomic():
        db.session.delete(found)
    page = learner.get("/notes")
    assert page.text.count("isn't in the course any more") == 2
    assert "The first passage says what a board is." in page.text
    assert "On boards" in page.text
    assert not [link for link in page.links() if link.startswith(lesson)]
    page = learner.get(page.link("Edit")).send("note", ("do", "keep"), note="Still mine")
    assert "Still mine" in page.text


# --- questions ---


def note_of(person: Person, attempt: Attempt, position: int, words: str) -> Page:
    return person.get(f"/attempts/{attempt.public_id}/questions/{position}/note").send(
        "note", ("do", "keep"), note=words
    )


def settle(quiz: Quiz, **settings: Any) -> None:
    with atomic():
        db.session.execute(db.update(Quiz).where(Quiz.id == quiz.id).values(**settings))


def test_a_question_is_marked_from_its_result(quiz: Quiz, learner: Person) -> None:
    done = take(quiz, user_of("learner"), "1010")
    results = learner.get(f"/attempts/{done.public_id}/results")
    form = learner.get(results.link("Bookmark or note"))
    assert "=Question 0" in form.text
    back = form.send("note", ("do", "keep"), note="Because")
    assert "/results" in back.url
    page = learner.get("/notes")
    assert "=Question 0" in page.text
    assert page.link("Go there").endswith("/results#question-1")
    assert "a0" not in page.text, "no option, and no key"


def test_a_note_leads_back_to_where_it_was_written(quiz: Quiz, learner: Person) -> None:
    """Also where the same question was met again since, as in a practice after the results."""
    done = take(quiz, user_of("learner"), "0000")
    going_on = attempts.practise(user_of("learner"), done, clock.now())
    for attempt, where in ((done, f"/attempts/{done.public_id}/results"), (going_on, "/questions/1")):
        form = learner.get(f"/attempts/{attempt.public_id}/questions/1/note")
        assert where in form.tree.xpath("//a[@data-note-close]/@href")[0]
        assert where in form.send("note", ("do", "keep"), note="Because").url


def test_one_s_own_practice_and_player(quiz: Quiz, learner: Person) -> None:
    done = take(quiz, user_of("learner"), "0000")
    going_on = attempts.practise(user_of("learner"), done, clock.now())
    address = f"/attempts/{going_on.public_id}/questions/1"
    assert "Bookmark or note" not in learner.get(address).text, "it isn't answered: leaving would lose the answer"
    page = learner.get(address)
    name, value = page.tree.xpath("//form[@id='answer']//input[@type='radio']")[0].attrib["name"], "x"
    value = page.tree.xpath("//form[@id='answer']//input[@type='radio']/@value")[0]
    checked = page.send("answer" if False else "seq", ("do", "check"), **{name: value})
    learner.get(checked.link("Bookmark or note")).send("note", ("do", "keep"), note="")
    assert len(stored()) == 1
    assert learner.get("/notes").link("Go there") == address


def test_a_held_question_shows_no_more_than_may_be_seen(quiz: Quiz, learner: Person, instructor: Person) -> None:
    """A closed examination shows nothing before it is over; nor does the note on it, nor the search."""
    later = clock.now() + HOUR
    settle(quiz, settings={**quiz.settings, "feedback": "closed"}, ends_at=later)
    done = take(quiz, user_of("learner"), "1111")
    form = learner.get(f"/attempts/{done.public_id}/questions/1/note")
    assert "An exam may ask this question" in form.text
    assert "=Question" not in form.text
    form.send("note", ("do", "keep"), note="My memory of it")
    for url in ("/notes", "/notes?q=memory", "/search?q=memory", f"/notes/{stored()[0].public_id}"):
        page = learner.get(url)
        assert "My memory of it" in page.text or page.tree.xpath("//textarea[contains(., 'My memory of it')]"), url
        assert "=Question" not in page.source, url
    assert not learner.get("/notes?q=question").tree.xpath("//ul[@class='note-list']/li"), "the stem isn't searched"
    settle(quiz, ends_at=clock.now() - HOUR)
    page = learner.get("/notes")
    assert "=Question 0" in page.text
    assert "examination" not in page.text


def test_a_held_question_that_one_has_practised_shows_its_stem_alone(quiz: Quiz, learner: Person) -> None:
    done = take(quiz, user_of("learner"), "1111")
    note_of(learner, done, 2, "Known")
    exam = quiz_of({"bank": "made"}, feedback="closed")
    assert exam.rules.closed_keys
    page = learner.get("/notes")
    assert "=Question 1" in page.text, "the earlier result shows what was asked and answered, too"
    assert "a1" not in page.text


def test_what_is_beyond_the_tries_is_seen_in_its_player_only(quiz: Quiz, learner: Person) -> None:
    """A guest's attempt that became practice when it was claimed still goes one way through its examination."""
    settle(quiz, settings={**quiz.settings, "feedback": "closed", "attempts": 1, "order": "sequential"})
    me, guest = user_of("learner"), accounts.start_guest("en", "auto", clock.now())
    attempts.start(me, quiz, clock.now())
    surplus = attempts.start(guest, quiz, clock.now())
    accounts.claim(guest, me)
    page = learner.get(f"/attempts/{surplus.public_id}/questions/3/note")
    assert "=Question" not in page.text
    page.send("note", ("do", "keep"), note="Mine")
    assert "=Question" not in learner.get("/notes").text


def test_a_sitting_that_goes_on_is_seen_in_its_player_only(quiz: Quiz, learner: Person) -> None:
    begun = attempts.start(user_of("learner"), quiz, clock.now())
    note_of(learner, begun, 1, "During")
    page = learner.get("/notes")
    assert "During" in page.text
    assert "You can't see this question at present" in page.text
    attempts.submit(user_of("learner"), begun.public_id, clock.now())
    assert "=Question 0" in learner.get("/notes").text


def test_changed_and_archived_questions_say_so(quiz: Quiz, learner: Person) -> None:
    done = take(quiz, user_of("learner"), "1111")
    note_of(learner, done, 1, "First")
    note_of(learner, done, 2, "Second")
    with atomic():
        one = db.session.scalars(select(Question).where(Question.key == "q0")).one()
        item = Item(id="q0", kind="choice", stem={"en": "Mended"}, response=choice(0).response)
        add_versions([NewVersion(one.id, wording_of(item))], None, clock.now())
        banks.archive([db.session.scalars(select(Question.id).where(Question.key == "q1")).one()], clock.now())
    page = learner.get("/notes")
    assert "The question has changed since you marked it." in page.text
    assert "=Question 0" in page.text, "the wording that was asked"
    assert "This question isn't asked any more." in page.text


def test_only_what_one_has_met_can_be_marked(quiz: Quiz, learner: Person, stranger: Person, instructor: Person) -> None:
    done = take(quiz, user_of("learner"), "1111")
    for person in (stranger, instructor):
        assert person.send("GET", f"/attempts/{done.public_id}/questions/1/note").status_code == 404
    preview = attempts.preview(user_of("instructor"), quiz, clock.now())
    assert instructor.send("GET", f"/attempts/{preview.public_id}/questions/1/note").status_code == 404


# --- whose they are ---


def test_they_are_exported_and_go_with_the_account(quiz: Quiz, lesson: str, learner: Person) -> None:
    done = take(quiz, user_of("learner"), "1111")
    note_of(learner, done, 1, "On a question")
    note_on(learner, lesson, "one", "On a passage")
    exported = learner.send("GET", "/settings/data").get_json()["notes"]
    assert [(one["question"], one["passage"], one["note"]) for one in exported] == [
        ("q0", "", "On a question"), ("", "one", "On a passage"),
    ]  # fmt: skip
    accounts.delete_account(user_of("learner"), "learner-demo", "", clock.now())
    assert stored() == []


def test_a_guest_s_become_the_account_s(lesson: str, learner: Person) -> None:
    guest, user, now = accounts.start_guest("en", "auto", clock.now()), user_of("learner"), clock.now()
    actions.keep_passage(user, lesson_of(), "one", "Mine", now)
    actions.keep_passage(guest, lesson_of(), "one", "The guest's", now)
    actions.keep_passage(guest, lesson_of(), "two", "Only the guest's", now)
    accounts.claim(guest, user)
    assert sorted((one.user_id, one.note) for one in stored()) == [
        (user.id, "Mine\n\nThe guest's"), (user.id, "Only the guest's"),
    ]  # fmt: skip
    assert len(queries.bookmarks_with(user.id, "guest", 0, 9)) == 2


def test_a_question_stays_to_be_seen_however_often_others_are_practised(
    app: Flask, quiz: Quiz, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "LOOKED_AT", 2)
    user = user_of("learner")
    rare, often = (slot.question_id for slot in attempt_queries.slots(take(quiz, user, "1111").id)[:2])
    for _ in range(3):
        again = take(quiz, user, "1111")
        with atomic():
            db.session.execute(delete(Slot).where(Slot.id == attempt_queries.slots(again.id)[0].id))
    found = queries.slots_of_questions(user.id, [rare, often])
    assert {name: len(slots) for name, slots in found.items()} == {rare: 1, often: 2}


def test_nothing_of_a_guest_s_note_is_cut(lesson: str) -> None:
    guest, user, now = accounts.start_guest("en", "auto", clock.now()), user_of("learner"), clock.now()
    actions.keep_passage(user, lesson_of(), "one", "m" * 4000, now)
    actions.keep_passage(guest, lesson_of(), "one", "g" * 4000, now)
    accounts.claim(guest, user)
    assert [one.note for one in stored()] == ["m" * 4000 + "\n\n" + "g" * 4000]


def test_a_guest_with_a_note_is_not_swept_away(lesson: str) -> None:
    guest = accounts.start_guest("en", "auto", clock.now())
    actions.keep_passage(guest, lesson_of(), "one", "", clock.now())
    assert progress.sweep_guests(clock.now() + timedelta(days=3)) == 0
    actions.remove(guest, stored()[0].public_id)
    assert progress.sweep_guests(clock.now() + timedelta(days=3)) == 1


def test_two_at_once_make_one(lesson: str) -> None:
    for _ in range(2):
        actions.keep_passage(user_of("learner"), lesson_of(), "one", "", clock.now())
    assert db.session.scalar(select(func.count(Bookmark.id))) == 1


def test_a_page_of_them_is_cheap(quiz: Quiz, lesson: str, learner: Person, statements: list[str]) -> None:
    done, user = take(quiz, user_of("learner"), "1111"), user_of("learner")
    for slot in attempt_queries.slots(done.id):
        actions.keep_question(user, slot, "word", clock.now())

    def cost(url: str) -> int:
        learner.get(url)
        statements.clear()
        learner.get(url)
        return len(statements)

    few = cost("/notes")
    for anchor in ("one", "two", "list", "table", "section-1", ""):
        actions.keep_passage(user, lesson_of(), anchor, "word", clock.now())
    assert few <= 8, statements
    assert cost("/notes") <= 9, statements
    assert cost(lesson) <= 12, statements
    assert learner.get("/notes").text.count("word") == 10
