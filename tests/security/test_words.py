"""No page shows a word of the code: no id, slug or hash, and none of the names of our fields, in either language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions
from quizapp.banks.models import Bank, Question
from quizapp.courses.models import Course, Lesson
from quizapp.db import db
from quizapp.quizzes import actions as quizzes
from quizapp.quizzes.models import Quiz
from tests.attempts.test_story import quiz_with, solve
from tests.conftest import user_of
from tests.person import Person

CODE = r"ids?|slugs?|hash(es)?|fractions?|citations?|seq|mapping"
"""The kind of a question is a word of both languages' pages in English, and of none in Korean."""
HASH = r"[0-9a-f]{12,}"
SAID = ("placeholder", "aria-label", "title", "alt")


def visible(page: str) -> str:
    """What a page says to people: its texts, and those of attributes that are read out. Addresses typed by hand, code
    and what authors wrote as labels of their own are theirs."""
    tree = html.fromstring(page)
    for part in tree.xpath("//script | //style | //template | //code | //textarea | //input[@readonly]"):
        part.drop_tree()
    words = [*tree.xpath("//body//text()"), *tree.xpath("//title/text()")]
    words += [value for name in SAID for value in tree.xpath(f"//@{name}")]
    return "\n".join(" ".join(word.split()) for word in words if word.strip())


@pytest.fixture
def addresses(app: Flask) -> dict[str, list[str]]:
    """What each of them looks at: everything with a page of its own, for learners and for instructors."""
    learner, course = user_of("learner"), db.session.scalars(select(Course)).first()
    assert course is not None
    quiz = quiz_with("deferred")
    done = actions.start(learner, quiz, clock.now())
    solve(done, 1)
    actions.submit(learner, done.public_id, clock.now())
    begun = actions.start(learner, quiz, clock.now())
    question = db.session.scalars(select(Question)).first()
    assert question is not None
    bank, lesson = question.bank.slug, course.lessons[0].slug
    made = quizzes.create_quiz(user_of("instructor"), question.bank, 3, clock.now())
    one, own = f"/banks/{bank}/questions/{question.public_id}", f"/quizzes/{quiz.public_id}"
    attempt = f"/attempts/{begun.public_id}"
    return {
        "learner": ["/", "/home", "/courses", f"/courses/{course.slug}", f"/courses/{course.slug}/lessons/{lesson}",
                    "/settings", own, f"{attempt}/questions/1", f"{attempt}/summary",
                    f"/attempts/{done.public_id}/results", "/login", "/nothing-here"],
        "instructor": ["/home", "/banks", f"/banks/{bank}", one, f"{one}/edit", f"/banks/{bank}/questions/new",
                       f"/banks/{bank}/questions/new?kind=categorise", f"/banks/{bank}/settings", "/banks/upload",
                       f"/banks/{bank}/export?format=csv", f"/banks/{bank}/export?format=gift", "/banks/public",
                       "/quizzes", "/quizzes/new", f"/quizzes/{made.public_id}/edit",
                       "/grading", f"{own}/results", f"{own}/results/questions", "/passages/picker",
                       f"/courses/{course.slug}/citations", f"/courses/{course.slug}/coverage",
                       f"/courses/{course.slug}/coverage/{lesson}"],
    }  # fmt: skip


def names(app: Flask) -> set[str]:
    """Everything that names a thing in addresses and in files, as far as it can't be a word."""
    found: set[Any] = set()
    for column in (Bank.slug, Course.slug, Quiz.slug, Lesson.slug, Question.key, Question.public_id, Quiz.public_id):
        found.update(db.session.scalars(select(column)))
    found.update(one["id"] for content in db.session.scalars(select(Course.content)) for one in content["objectives"])
    return {name for name in found if re.search(r"[-_.0-9]", name)}


def told(page: str, language: str, known: set[str]) -> Iterator[str]:
    """The lines that have such a word."""
    code = re.compile(
        rf"(?<![\w-])({CODE if language == 'en' else CODE + '|kinds?'}|{HASH})(?![A-Za-z0-9_-])", re.IGNORECASE
    )
    for line in visible(page).split("\n"):
        if code.search(line) or known & set(re.findall(r"[\w-]+(?:\.[\w-]+)*", line)):
            yield line[:160]


@pytest.mark.parametrize("language", ["ko", "en"])
@pytest.mark.parametrize("who", ["learner", "instructor"])
def test_pages_speak_no_code(app: Flask, addresses: dict[str, list[str]], who: str, language: str) -> None:
    known, person = names(app), Person(app, user_of(who), language)
    found = {}
    for address in addresses[who]:
        reply = person.send("GET", address, follow_redirects=True)
        assert reply.status_code == (404 if "nothing" in address else 200), address
        found[address] = list(told(reply.text, language, known))
    assert {address: lines for address, lines in found.items() if lines} == {}


def test_a_newcomer_is_welcome_and_is_not_back(app: Flask) -> None:
    guest = Person(app, accounts.start_guest("en", "auto", clock.now()))
    assert guest.get("/home").heading == "Welcome"
    actions.start(user_of("learner"), quiz_with("deferred"), clock.now())
    assert Person(app, user_of("learner")).get("/home").heading.startswith("Welcome back")


def test_the_promise_stands_where_it_is_kept(instructor: Person) -> None:
    """A course's questions cite passages; a bank of anybody's need not."""
    promise = "Every question is based on a passage you can read."
    assert promise in html.fromstring(instructor.get("/courses").source).text_content()
    assert promise not in html.fromstring(instructor.get("/banks").source).text_content()


def test_what_is_planted_is_found(app: Flask) -> None:
    known = {"funding-donor", "funding.shift"}
    page = "<html><body><p>{}</p><code>slug</code></body></html>"
    for words in (
        "문제 funding-donor 고치기",
        "목표: funding.shift.",
        "선택지의 id를 적어 주세요",
        "배점 비율 fraction",
        "d41d8cd98f00b204",
    ):
        assert list(told(page.format(words), "ko", known)) == [words]
    assert not list(told(page.format("문제 고치기"), "ko", known))
