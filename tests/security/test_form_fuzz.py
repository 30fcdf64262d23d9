"""No form of any page, however wrong, is answered with a failure of ours, and none leaves one behind."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from lxml import html

from quizapp import clock
from quizapp.banks import actions
from quizapp.banks import queries as banks
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.operation import tasks
from quizapp.web import bodies
from quizapp.web.fields import MAX_ROWS
from tests.conftest import user_of
from tests.draws import exploring, time_is_over
from tests.person import Page, Person
from tests.quizzes.test_quizzes import items, newest, page, quiz_of  # noqa: F401 -- fixtures
from tests.security.fuzz import EXTREMES, World, encoded, post

GATE, EACH, WORLDS = 200, 2_000, 5
"""Requests until everything is looked at again, in the gate and in an exploration, and how often it is made anew. To
make and look at it costs as much as some 500 requests; of one that lives longer too much would be closed by then."""
SAVE = ("do", "save")


@pytest.mark.parametrize("part", [0, *(pytest.param(part, marks=pytest.mark.explore) for part in range(1, 10))])
def test_no_form_is_answered_with_a_failure(
    app: Flask, chance: random.Random, part: int, pytestconfig: pytest.Config
) -> None:
    """A few hundred in the gate; a hundred thousand on each database in an exploration."""
    for _ in range(WORLDS if exploring() else 1):
        world = World(app)
        for _ in range(EACH if exploring() else GATE):
            if time_is_over(pytestconfig):
                return
            sheet, reply = world.attack(chance)
            reply.close()
            assert reply.status_code < 500, f"{reply.status_code} {sheet}"[:2000]
        world.look()


ENDS = [
    pytest.param("sqlite", "lowest"),
    pytest.param("postgresql", "highest"),
    pytest.param("sqlite", "highest", marks=pytest.mark.explore),
    pytest.param("postgresql", "lowest", marks=pytest.mark.explore),
]


@pytest.mark.parametrize(("database_url", "end"), ENDS, indirect=["database_url"])
def test_no_date_and_no_number_of_any_form_fails_or_leaves_a_failure_behind(app: Flask, end: str) -> None:
    """One field of a form that is otherwise right, one after the other. What was taken, pages and tasks live with."""
    world, chance = World(app), random.Random(1)
    figures = [(sheet, name) for sheet in world.sheets if sheet.method == "POST" for name in sheet.figures]
    assert {"exam_on", "extra_hours", "settings-closes_at"} <= {name for _, name in figures}
    for sheet, name in figures:
        for value in EXTREMES[end]:
            fields = tuple((one, value if one == name else kept) for one, kept in sheet.fields)
            reply = post(world.people[sheet.who], replace(sheet, fields=fields), world.tokens[sheet.who], chance)
            reply.close()
            assert reply.status_code < 500, f"{reply.status_code} {name} {sheet}"[:2000]
    world.look()
    for task, _every in tasks.TASKS:
        task()


# --- what was found first ---


def texts_of(value: str) -> dict[str, Any]:
    """A question's form in which everything that can be typed is this."""
    names = ("stem-ko", "title-en", "tags", "objectives", "category", "licence", "difficulty", "points", "version",
             "response-choices-0-text-ko", "response-choices-0-fraction", "response-choices-0-id", "stem-rest",
             "citations-0-lesson", "media-0-name", "media-0-hash", "media-0-type", "do")  # fmt: skip
    return dict.fromkeys(names, value) | {"kind": "choice"}


@pytest.mark.parametrize(
    "value",
    ["²", "9" * 5000, "[" * 100_000, '{"x":' * 20_000, '{"ja": "\\ud800"}', '{"ja": "\\u0000"}',
     '{"\\ud800": "x"}', "\0", "nan", "1e999", "99999999999", "add:response-choices-²", "drop:response-choices-²",
     "up:response-choices-" + "9" * 5000],
)  # fmt: skip
def test_a_question_s_form(instructor: Person, items: Any, value: str) -> None:  # noqa: F811
    token = instructor.token()
    for url in ("/banks/made/questions/new", "/banks/made/questions/preview"):
        reply = instructor.send("POST", url, data={"csrf_token": token, **texts_of(value)}, follow_redirects=True)
        assert reply.status_code < 500


@pytest.mark.parametrize("place", ["²", "٣", "9" * 5000, "99999999999", "-1"])
def test_a_row_of_no_number_is_no_row(instructor: Person, items: Any, place: str) -> None:  # noqa: F811
    fields = {"csrf_token": instructor.token(), "kind": "choice", f"response-choices-{place}-text-ko": "없는 줄",
              "do": "refresh"}  # fmt: skip
    reply = instructor.send("POST", "/banks/made/questions/new", data=fields)
    assert reply.status_code == 200
    assert "없는 줄" not in reply.text


SETTINGS = {
    "settings-time_limit": ("1e15", "1e308", "525601", "inf", "nan", "-1", "0", "9" * 5000),
    "settings-attempts": ("1001", "1e15", "99999999999", "1.5", "²"),
    "settings-pass_mark": ("101", "1e308", "nan", "-1"),
    "settings-opens_at": ("0001-01-01T00:00", "9999-12-31T23:59", "1999-01-01T00:00", "T", "²"),
    "settings-closes_at": ("0001-01-01T00:00", "9999-12-31T23:59", "2201-01-01T00:00"),
    "sources-0-count": ("1e15", "10001", "99999999999", "²"),
    "sources-0-difficulty": ("99999999999", "9223372036854775808", "nan", "²", "4"),
}


@pytest.mark.parametrize("name", SETTINGS)
def test_a_number_of_a_quiz_that_can_t_be_is_refused(
    page: Page,  # noqa: F811
    instructor: Person,
    visitor: Person,
    name: str,
) -> None:
    before = quiz_content()
    for value in SETTINGS[name]:
        refused = page.send("seen", SAVE, **{name: value})
        assert refused.status == 422, value
        assert quiz_content() == before, value
    assert visitor.get(f"/quizzes/{newest().public_id}").heading


def quiz_content() -> tuple[Any, Any]:
    db.session.expire_all()
    return newest().sources, newest().settings


@pytest.mark.parametrize(
    "settings",
    [{"time_limit": 1e15}, {"time_limit": 1e300, "attempts": 10**30}, {"opens_at": "0001-01-01T00:00:00+00:00"},
     {"closes_at": "9999-12-31T23:59:59+00:00"}, {"closes_at": "9999-12-31T23:59:59-12:00"}],
)  # fmt: skip
def test_a_quiz_that_was_stored_with_such_opens(
    items: Any,  # noqa: F811
    instructor: Person,
    learner: Person,
    settings: dict[str, Any],
) -> None:
    quiz = quiz_of({"bank": "made", "difficulty": [1, 2, 99999999999]}, **settings)
    start = learner.get(f"/quizzes/{quiz.public_id}")
    question = start.send("attempts")
    assert question.status == 200
    assert question.heading.startswith("Question")
    for url in ("edit", "share", "results"):
        instructor.get(f"/quizzes/{quiz.public_id}/{url}")
    instructor.get("/quizzes")
    learner.get("/home")


@pytest.mark.parametrize("name", ["q", "tag", "objective", "kind", "difficulty"])
def test_a_search_for_what_no_database_holds(instructor: Person, items: Any, name: str) -> None:  # noqa: F811
    for value in ("\0", "a\0b", "\ud800", "99999999999", "x" * 3000):
        for url in ("/banks/made", "/banks/public", "/passages", "/quizzes"):
            reply = instructor.send("GET", f"{url}?{encoded([(name, value)])}")
            assert reply.status_code == 200


# --- bounds before anything is parsed ---


@pytest.mark.parametrize("body", [b"a&", b"a=&", b"&", b"a=1&", b"%61&"])
def test_a_bomb_of_fields_is_refused_at_once(visitor: Person, learner: Person, body: bytes) -> None:
    data = body * (2_000_000 // len(body))
    for person in (visitor, learner):
        began = time.process_time()
        reply = person.send("POST", "/preferences", data=data, content_type=bodies.URLENCODED)
        assert reply.status_code == 413
        assert time.process_time() - began < 1
        assert len(reply.data) < 100_000
        assert "2000" in Page(person, reply).text


def test_as_many_fields_as_a_form_may_have(visitor: Person) -> None:
    for count, status in ((bodies.MAX_FIELDS, 400), (bodies.MAX_FIELDS + 1, 413)):
        for kind in (bodies.URLENCODED, "multipart/form-data"):
            data = {f"f{number}": "x" for number in range(count)}
            reply = visitor.send("POST", "/preferences", data=data, content_type=kind)
            assert reply.status_code == status, (count, kind)


@pytest.mark.parametrize("character", ["a", "&", '"', "가", " "])
def test_a_form_that_is_held_is_bounded_in_what_it_echoes(visitor: Person, learner: Person, character: str) -> None:
    """Whatever was sent: what fits is held whole, what doesn't is refused in words, and no reply is much larger."""
    for count in (150, 50_000, 600_000):
        fields = {"text": character * count, **{f"f{number}": "x y" for number in range(1900)}}
        body = encoded(list(fields.items()))
        if len(body) > 2 * bodies.MEGABYTE:
            continue
        for person, url in ((visitor, "/quizzes"), (learner, "/preferences")):
            reply = person.send("POST", url, data=body, content_type=bodies.URLENCODED)
            assert reply.status_code in (400, 401)
            assert len(reply.data) < 3 * bodies.MEGABYTE
            held = html.fromstring(reply.text).xpath("//input[@name='text']/@value")
            assert held == [character * count] or (not held and count == 600_000)


def test_an_essay_as_long_as_may_be_is_held(visitor: Person) -> None:
    text = "글자 " * 16_666
    reply = visitor.send("POST", "/quizzes", data={"csrf_token": visitor.token(), "text": text})
    assert reply.status_code == 401
    assert html.fromstring(reply.text).xpath("//input[@name='text']/@value") == [text]


# --- the editor's large forms ---


def choices(count: int) -> dict[str, str]:
    return {f"response-choices-{place}-text-ko": f"보기 {place}" for place in range(count)}


def test_a_question_of_many_choices_is_made(instructor: Person, items: Any) -> None:  # noqa: F811
    fields = {"csrf_token": instructor.token(), "kind": "choice", "stem-ko": "많은 보기", **choices(MAX_ROWS - 10),
              "response-choices-0-fraction": "1"}  # fmt: skip
    began = time.process_time()
    reply = instructor.send("POST", "/banks/made/questions/new", data=fields)
    assert reply.status_code == 303
    assert time.process_time() - began < 5
    made = banks.questions(banks.bank("made").id)[-1]
    assert made.current is not None
    assert len(made.current.content["response"]["choices"]) == MAX_ROWS - 10


def test_more_rows_than_a_form_holds_are_refused_in_words(instructor: Person, items: Any) -> None:  # noqa: F811
    fields = {"csrf_token": instructor.token(), "kind": "choice", "stem-ko": "많은 보기"}
    for count in (MAX_ROWS + 1, 5_000):
        began = time.process_time()
        reply = instructor.send("POST", "/banks/made/questions/new", data=fields | choices(count))
        assert reply.status_code == 413
        assert str(MAX_ROWS) in Page(instructor, reply).text
        assert time.process_time() - began < 2
    last = instructor.send("POST", "/banks/made/questions/new",
                           data=fields | choices(MAX_ROWS) | {"do": "add:response-choices"})  # fmt: skip
    assert last.status_code == 413


def test_a_stored_question_of_more_rows_is_not_edited_here(instructor: Person, items: Any) -> None:  # noqa: F811
    bank = banks.bank("made")
    question = banks.questions(bank.id)[0]
    rows = [{"id": f"c{place}", "text": {"en": "x"}, "fraction": 0 if place else 1} for place in range(5_000)]
    item = Item(id=question.key, kind="choice", stem={"en": "Many"}, response={"choices": rows})
    actions.import_items(user_of("instructor"), "made", {}, [item], clock.now())
    refused = instructor.get(f"/banks/made/questions/{question.public_id}/edit", status=413)
    assert str(MAX_ROWS) in refused.text
