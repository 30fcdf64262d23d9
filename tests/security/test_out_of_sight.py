"""A question is seen where the player shows it, and where the results do: by no address, method or field before or
after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from quizapp import clock
from quizapp.attempts import actions
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.formats.items import Item
from quizapp.quizzes.models import Quiz
from tests.attempts.test_released import settle
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of
from tests.security.test_permissions import address, routes

HERE = 2
QUESTIONS = range(1, 4)
WAYS: tuple[dict[str, str], ...] = ({}, {"Accept": "application/json", "X-Part": "1"})
BUTTONS = {"stay": "90", "check": "0", "hint": "9", "hint-3": "9", "go-1": "9", "show": "", "again": ""}
"""Each with the numbers that a form was made with, out of date too: one request for each digit."""


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """What is sent doesn't depend on the database."""
    return sqlite_url


def mark(number: int, part: str) -> str:
    return f"secret {part} of {number}"


def item(number: int) -> Item:
    choices = [
        {"id": one, "text": {"en": f"{mark(number, 'option')} {one}"}, "fraction": int(one == "a")} for one in "ab"
    ]
    return Item(id=f"secret-key-of-{number}", kind="choice", stem={"en": mark(number, "stem")},
                response={"choices": choices}, hints=[{"en": mark(number, "hint")}])  # fmt: skip


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [item(one) for one in QUESTIONS], clock.now())
    return quiz_of({"bank": "made"}, feedback="immediate", shuffle_questions=False)


def begun(quiz: Quiz) -> Attempt:
    return actions.start(user_of("learner"), quiz, clock.now())


def everything(app: Flask, learner: Person, attempt: Attempt) -> Iterator[tuple[str, str]]:
    """What is said at every address of the attempt, however it is asked; and on all other pages."""
    token = learner.token()
    for method, rule in routes(app):
        if rule.endpoint in ("attempts.submission", "accounts.logout", "accounts.delete", "attempts.start"):
            continue
        for position in QUESTIONS if "position" in rule.arguments else (HERE,):
            url = address(rule, {"attempt_id": attempt.public_id, "position": position,
                                 "public_id": attempt.quiz.public_id})  # fmt: skip
            own = "attempt_id" in rule.arguments
            if not own and (method == "POST" or position != HERE):
                continue
            for headers in WAYS if own else WAYS[:1]:
                for fields in sent(token) if method == "POST" else ({},):
                    data = fields if method == "POST" else None
                    reply = learner.send(method, url, data=data, headers=learner.headers | headers)
                    yield f"{method} {url} {headers} {data}", reply.get_data(as_text=True)


def sent(token: str) -> Iterator[dict[str, Any]]:
    """Forms of the player and of the page of all questions: as they should be, out of date, incomplete."""
    for do, numbers in BUTTONS.items():
        for seq in numbers or " ":
            every = {f"seq-q{one}": seq for one in QUESTIONS} | {f"choice-q{one}": "x" for one in QUESTIONS}
            yield {"csrf_token": token, "do": do, "seq": seq, "choice": "x", "note": "n", "kind": "answer", **every}
    for one in QUESTIONS:
        yield {"csrf_token": token, "do": "save", f"seq-q{one}": "9", f"choice-q{one}": "x"}


def others(said: str, shown: set[int]) -> set[int]:
    text = said.replace("secret-", "secret ").replace("-of-", " of ").replace("-key", " key")
    return {
        one for one in QUESTIONS if any(mark(one, part) in text for part in ("stem", "option", "hint", "key"))
    } - shown


def test_without_a_way_back_one_question_is_seen(app: Flask, learner: Person, quiz: Quiz) -> None:
    settle(quiz, order="sequential")
    attempt = begun(quiz)
    actions.go_on(attempt, 1)
    seen = set()
    for told, said in everything(app, learner, attempt):
        assert not others(said, {HERE}), told
        seen |= others(said, set())
    assert seen == {HERE}


@pytest.mark.parametrize("on_page", ["one", "all"])
def test_after_handing_in_what_the_results_show_is_seen(app: Flask, learner: Person, quiz: Quiz, on_page: str) -> None:
    settle(quiz, page=on_page, feedback="closed")
    attempt = begun(quiz)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    for told, said in everything(app, learner, attempt):
        assert not others(said, set()), told
