"""Lessons that are done: checks answered where they stand, by form and by script, by guests and by learners."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import check_actions, queries
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank, Question
from quizapp.courses.checks import all_flaws
from quizapp.courses.models import Course, Lesson
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.quizzes import queries as quizzes
from tests.conftest import user_of
from tests.person import Page, Person

BODY = """## What is asked

{#first}
::: check made/water
:::

{#between}
A paragraph between.

::: check made/colours
:::

::: check made/graded
:::

::: steps
1. Look | then think
2. Write
:::

::: reveal
The answer.
:::

::: compare Two sides
| | One | Other |
|---|---|---|
| Wants | speed | care |
:::

::: note 2025-10-28
Later news.
:::

::: figure What it is
![a cat](/static/cat.png)
:::

::: chart Control
Inc -> LP: owns
:::

::: timeline
- 2019 | founded
:::

::: unheard of
Shown all the same.
:::
"""
SHORT = {"feedback": {"true": {"en": "Water wets."}, "false": {"en": "Touch it."}}}


def said(text: str) -> dict[str, str]:
    return {"en": text, "ko": f"{text}."}


def choices(*texts: str) -> list[dict[str, Any]]:
    return [{"id": str(n), "text": said(text), "fraction": float(n < 2)} for n, text in enumerate(texts)]


@pytest.fixture
def lesson(app: Flask) -> str:
    """The address of one with all directives in it."""
    items = [
        Item(id="water", kind="truefalse", use="check", stem=said("Is water wet?"), response={"answer": True, **SHORT},
             citations=[{"lesson": "structure", "anchor": "between"}]),
        Item(id="colours", kind="multiple", use="check", stem=said("Which are colours?"),
             response={"choices": choices("red", "blue", "loud")}),
        Item(id="graded", kind="truefalse", stem=said("Is fire cold?"), response={"answer": False}),
    ]  # fmt: skip
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, items, clock.now())
    found = db.session.scalars(select(Lesson).join(Course).where(Course.position == 0, Lesson.position == 0)).one()
    found.body = {"ko": BODY, "en": BODY}
    db.session.commit()
    return f"/courses/{found.course.slug}/lessons/{found.slug}"


def question(key: str) -> Question:
    return db.session.scalars(select(Question).join(Bank).where(Bank.slug == "made", Question.key == key)).one()


def check_of(page: Page, key: str) -> Any:
    return page.tree.get_element_by_id(f"check-{question(key).public_id}")


def form_of(key: str) -> str:
    """How the address of a check's form ends."""
    return f"#check-{question(key).public_id}"


def token(page: Page, key: str, words: str) -> tuple[str, str]:
    """The field and the value of an option by its words."""
    option = next(one for one in check_of(page, key).xpath(".//label") if words in one.text_content())
    return option.xpath(".//input/@name")[0], option.xpath(".//input/@value")[0]


def give(page: Page, key: str, *words: str) -> Page:
    fields: dict[str, list[str]] = {}
    for one in words:
        name, value = token(page, key, one)
        fields.setdefault(name, []).append(value)
    return page.send(form_of(key), **fields)


def slots() -> list[Slot]:
    db.session.expire_all()
    return list(db.session.scalars(select(Slot).join(Attempt).where(Attempt.purpose == "check").order_by(Slot.id)))


def test_every_directive_is_shown(lesson: str, visitor: Person) -> None:
    page = visitor.get(lesson)
    for words in ("Is water wet?", "then think", "The answer.", "Two sides", "Later news.", "What it is", "founded",
                  "Shown all the same.", "From above: Inc — owns"):  # fmt: skip
        assert words in page.text
    assert page.tree.xpath("//*[@id='first']//*[@data-check]")
    assert "Is fire cold?" not in page.text, "a quiz may draw it, and a check would show its key"
    assert page.text.count("isn't asked any more") == 1
    assert "Water wets." not in page.source


def test_a_newcomer_answers_and_is_a_guest(lesson: str, visitor: Person) -> None:
    page = give(visitor.get(lesson), "water", "False")
    assert "Wrong" in check_of(page, "water").text_content()
    assert "Touch it." in page.text
    assert page.link("Review this in the lesson").endswith("#between")
    page = give(page, "colours", "red", "loud")
    first, second = slots()
    assert first.attempt_id == second.attempt_id, "one attempt a learner and lesson"
    attempt = first.attempt
    assert (attempt.quiz_id, attempt.submitted_at, attempt.max_mark) == (None, None, 2)
    assert attempt.lesson_id == db.session.scalar(select(Lesson.id).where(Lesson.slug == "structure"))
    assert (first.position, first.fraction, second.position) == (1, 0, 2)
    assert first.checked_at is not None
    assert first.answers[0].source == "check"
    assert attempt.user.is_guest
    assert not list(queries.wrong_scores())


def test_an_answer_stays_and_can_be_given_once_more(lesson: str, learner: Person) -> None:
    page = give(learner.get(lesson), "water", "False")
    name = question("water").public_id
    assert page.status == 200
    again = learner.get(f"{lesson}?again={name}")
    assert "Touch it." not in check_of(again, "water").text_content()
    right = give(again, "water", "True")
    assert "Water wets." in right.text
    assert [one.fraction for one in slots()] == [0, 1]
    assert "Water wets." in learner.get(lesson).text


def test_a_form_that_is_sent_twice_counts_once(lesson: str, learner: Person) -> None:
    page = learner.get(lesson)
    give(page, "water", "True")
    give(page, "water", "False")
    assert [one.fraction for one in slots()] == [1]


def test_nothing_chosen_is_said_at_the_check(lesson: str, visitor: Person) -> None:
    page = visitor.get(lesson)
    refused = page.send(form_of("water"))
    assert refused.status == 422
    assert "answer first, then check" in check_of(refused, "water").text_content()
    assert "answer first, then check" not in check_of(refused, "colours").text_content()
    assert slots() == []
    name, _ = token(page, "water", "True")
    odd = page.send(form_of("water"), **{name: "made up"})
    assert odd.status == 422
    assert slots() == []


def test_scripts_get_the_check_and_a_token_for_the_others(lesson: str, visitor: Person) -> None:
    page = visitor.get(lesson)
    name, value = token(page, "water", "True")
    url = f"{lesson}/checks/{question('water').public_id}"
    sent = {"csrf_token": page.tree.xpath("//input[@name='csrf_token']/@value")[0], "seen": "0"}
    headers = visitor.headers | {"Accept": "application/json"}
    empty = visitor.send("POST", url, data=sent, headers=headers)
    assert (empty.status_code, empty.json) == (
        422,
        {"message": "Nothing is chosen or written yet: answer first, then check."},
    )
    told = visitor.send("POST", url, data=sent | {name: value}, headers=headers)
    assert told.status_code == 200
    assert "Water wets." in told.json["html"]
    assert told.json["csrf"]
    assert [one.fraction for one in slots()] == [1]


def test_what_is_no_check_of_the_lesson_is_not_found(lesson: str, learner: Person) -> None:
    for name in (question("graded").public_id, "nothing-here"):
        page = learner.get(lesson)
        sent = {"csrf_token": page.tree.xpath("//input[@name='csrf_token']/@value")[0], "seen": "0"}
        assert learner.send("POST", f"{lesson}/checks/{name}", data=sent).status_code == 404


def test_a_guests_answers_become_the_accounts(lesson: str, visitor: Person) -> None:
    give(visitor.get(lesson), "water", "True")
    visitor.get("/login").send("login", email="learner@example.com", password="learner-demo")
    assert {one.attempt.user.email for one in slots()} == {"learner@example.com"}
    page = visitor.get(lesson)
    assert "Water wets." in page.text
    give(page, "colours", "red", "blue")
    assert len({one.attempt_id for one in slots()}) == 1


def test_a_changed_question_shows_the_version_that_was_answered(lesson: str, learner: Person) -> None:
    give(learner.get(lesson), "water", "True")
    fresh = question("water").current.item
    fresh.id, fresh.stem = "water", said("Is it really wet?")
    banks.import_items(user_of("instructor"), "made", {}, [fresh], clock.now())
    page = learner.get(lesson)
    assert "Is water wet?" in page.text
    assert "Is it really wet?" in learner.get(f"{lesson}?again={question('water').public_id}").text


def test_an_archived_question_is_not_asked(lesson: str, visitor: Person) -> None:
    banks.archive([question("water").id], clock.now())
    db.session.commit()
    page = visitor.get(lesson)
    assert "Is water wet?" not in page.text
    assert page.text.count("isn't asked any more") == 2


def test_no_quiz_draws_what_a_lesson_shows(lesson: str) -> None:
    keys = {one.key for one in quizzes.drawable_questions({"bank": "made"}, None)}
    assert keys == {"graded"}
    by_hand = {"bank": "made", "questions": [question("water").public_id]}
    assert quizzes.drawable_questions(by_hand, None) == []
    assert quizzes.sizes_of([({"bank": "made"}, None), (by_hand, None)]) == [1, 0]


def test_too_many_answers_are_refused(lesson: str, learner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check_actions, "MOST_ANSWERS", 1)
    page = give(learner.get(lesson), "water", "True")
    again = learner.get(f"{lesson}?again={question('water').public_id}")
    refused = give(again, "water", "False")
    assert page.status == 200
    assert refused.status == 409
    assert "often enough" in refused.text
    assert len(slots()) == 1


def test_instructors_are_told_what_is_wrong(lesson: str, instructor: Person) -> None:
    course, slug = lesson.split("/")[2], lesson.split("/")[4]
    for url in (f"/courses/{course}/coverage", f"/courses/{course}/coverage/{slug}"):
        text = instructor.get(url).text
        line = BODY.splitlines().index("::: check made/graded") + 1
        assert f"{slug}.en, line {line}: “graded” may be drawn by quizzes" in text
        assert "There is no directive “unheard”." in text
        assert "“water” has changed since" in text, "it came after the lesson was written"
    told = list(all_flaws())
    assert f"{course}/{slug}.en:{line}: “graded” may be drawn by quizzes, and a check shows its answer." in told
