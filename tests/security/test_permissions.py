"""Every route for every role: the table of permissions is what the application does, and strange ids break nothing.

The routes come from the address map, so a new one is tested without a word here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import select
from werkzeug.routing import Rule

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt, Slot
from quizapp.courses.models import Course
from quizapp.db import db
from quizapp.permissions import ROLES, can
from quizapp.progress.models import LessonProgress
from quizapp.web.pages import csrf
from tests.attempts.test_story import quiz_with, solve
from tests.conftest import user_of
from tests.person import Person

STATIC = ("static", "bootstrap.static")
PEOPLE = ("anonymous", *ROLES, "stranger")
LARGE = {
    "quizapp.uploads.views.sending.upload",
    "quizapp.uploads.views.deciding.mend",
    "quizapp.banks.editor.create",
    "quizapp.banks.editor.revise",
}
"""Views that take large bodies, and so ask for the token themselves, after the role and the size."""
STRANGE = {
    "str": ["nothing-here", "0", "가나다", "' OR '1'='1", "1; DROP TABLE users", "../../etc/passwd", "\0", "a\0b",
            "\r\nSet-Cookie: a=b", "\u202e", "\U0001f600", "<script>alert(1)</script>", "{{7*7}}", "%s%n", "x" * 3000],
    "int": ["0", "999999", "2147483647", "2147483648", "9223372036854775808", "9" * 400, "-1", "1.5", "1e3", "٣",
            "abc", "\0"],
}  # fmt: skip


@pytest.fixture
def attempt(app: Flask) -> Attempt:
    """The learner's own attempt, still going on, with one answer."""
    begun = actions.start(user_of("learner"), quiz_with("deferred"), clock.now())
    solve(begun, 1)
    return begun


@pytest.fixture
def values(attempt: Attempt) -> dict[str, Any]:
    """Something that is there for each argument of an address; the learner's, where it is somebody's."""
    course = db.session.scalars(select(Course)).first()
    assert course is not None
    return {
        "attempt_id": attempt.public_id,
        "position": 1,
        "public_id": attempt.quiz.public_id,
        "slug": course.slug,
        "lesson_slug": course.lessons[0].slug,
        "slot_id": db.session.scalars(select(Slot.id)).first(),
    }


def come(app: Flask, who: str) -> Person:
    """A new browser of somebody of this role; "stranger" is a learner who owns nothing."""
    if who == "anonymous":
        return Person(app)
    if who in ("learner", "instructor"):
        return Person(app, user_of(who))
    if who == "guest":
        return Person(app, accounts.start_guest("en", "auto", clock.now()))
    role = "learner" if who == "stranger" else who
    email = f"{who}@example.com"
    return Person(
        app, accounts.queries.by_email(email) or accounts.create(email, who, "a long password", role, clock.now())
    )


def routes(app: Flask) -> Iterator[tuple[str, Rule]]:
    """Every method of every route that isn't a file."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint not in STATIC:
            yield from ((method, rule) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}))


def address(rule: Rule, values: dict[str, Any]) -> str:
    """The rule's address; what the values don't have is nothing that is there."""

    def fill(found: re.Match[str]) -> str:
        kind, name = found["kind"], found["name"]
        return quote(str(values.get(name, 999_999 if (kind or "").startswith("int") else "nothing-here")), safe="")

    return re.sub(r"<(?:(?P<kind>[^:>]*):)?(?P<name>\w+)>", fill, rule.rule)


def ask(person: Person, method: str, url: str, **fields: Any) -> Any:
    """One request as our own pages send it: a form has its token."""
    data = {"csrf_token": fields.get("csrf_token") or person.token()} | fields if method != "GET" else None
    return person.send(method, url, data=data)


@pytest.mark.parametrize("who", PEOPLE)
def test_the_table_is_what_happens(app: Flask, values: dict[str, Any], who: str) -> None:
    role = {"stranger": "learner"}.get(who, who)
    for method, rule in routes(app):
        verb = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
        reply = ask(come(app, who), method, address(rule, values))
        told = f"{who}: {method} {rule.rule} ({verb}) -> {reply.status_code}"
        if verb == "public":
            assert reply.status_code not in (401, 403), told
            assert "/login" not in reply.headers.get("Location", ""), told
        elif role == "anonymous" and method == "GET":
            assert reply.status_code == 302, told
            assert reply.headers["Location"].startswith("/login?next="), told
        elif role == "anonymous":
            assert reply.status_code == 401, told
        elif not can(role, verb):
            assert reply.status_code == 403, told
        else:
            assert reply.status_code not in (401, 403), told
        assert reply.status_code < 500, told


@pytest.mark.parametrize("who", ["anonymous", "learner", "admin"])
def test_nothing_is_written_without_a_token(app: Flask, values: dict[str, Any], who: str) -> None:
    assert csrf._exempt_views <= LARGE
    assert not csrf._exempt_blueprints
    for method, rule in routes(app):
        if method != "GET":
            for token in ({}, {"csrf_token": "made up"}):
                reply = come(app, who).send(method, address(rule, values), data=token)
                view = app.view_functions[rule.endpoint]
                refused = {400, 401, 403} if f"{view.__module__}.{view.__name__}" in LARGE else {400}
                assert reply.status_code in refused, f"{who}: {method} {rule.rule} -> {reply.status_code}"


@pytest.mark.parametrize("usual", ["instructor", pytest.param("admin", marks=pytest.mark.explore)])
def test_strange_ids_are_not_found(app: Flask, values: dict[str, Any], usual: str) -> None:
    """Whatever stands in an address, for whom the route is open: nothing is there, and nothing breaks. Of an instructor
    and an admin who may both use a route the gate takes one, an exploration both."""
    asked = 0
    people = {role: (person, person.token()) for role in ("instructor", "admin") for person in (come(app, role),)}
    for method, rule in routes(app):
        verb = app.view_functions[rule.endpoint].permission  # type: ignore[attr-defined]
        person, token = people[usual if verb == "public" or can(usual, verb) else "admin"]
        for argument in rule.arguments:
            kind = "int" if f"int:{argument}>" in rule.rule else "str"
            for strange in STRANGE[kind]:
                reply = ask(person, method, address(rule, values | {argument: strange}), csrf_token=token)
                told = f"{method} {rule.rule} with {argument}={strange[:30]!r} -> {reply.status_code}"
                assert reply.status_code in (404, 405), told
                assert strange.strip() not in reply.headers.get("Location", ""), told
                asked += 1
    assert asked > 100


@pytest.mark.parametrize(
    "file", ["nothing.css", "..%2fapp.py", "%00", "%2e%2e%2f%2e%2e%2fconfig.py", "%2fetc%2fpasswd", "x" * 3000]
)
def test_files_are_only_those_for_everybody(app: Flask, visitor: Person, file: str) -> None:
    assert visitor.send("GET", f"/static/{file}").status_code in (404, 308)  # 308: to the address without //


@pytest.mark.parametrize(
    "query", ["page=0", "page=-1", "page=٣", "page=9999999", "page=x", "page=%00", "next=%00", "page[]=1"]
)
def test_strange_queries_are_taken_or_refused(app: Flask, instructor: Person, query: str) -> None:
    for url in ("/grading", "/courses", "/login"):
        assert instructor.send("GET", f"{url}?{query}").status_code in (200, 302), url


def test_others_attempts_look_like_none(app: Flask, attempt: Attempt, values: dict[str, Any], stranger: Person) -> None:
    """Word for word the same page, so that not even the existence of an attempt is told."""
    nothing = "zzzzzzzzzzzz"
    for method, rule in routes(app):
        if "attempt_id" not in rule.arguments or app.view_functions[rule.endpoint].permission != "learn":  # type: ignore[attr-defined]
            continue
        for accept in ("text/html", "application/json"):
            stranger.headers["Accept"] = accept
            there, nowhere = (
                ask(stranger, method, address(rule, values | {"attempt_id": name}), seq="0", choice="a")
                for name in (attempt.public_id, nothing)
            )
            assert there.status_code == nowhere.status_code == 404, f"{method} {rule.rule}"
            assert plain(there.text, attempt.public_id) == plain(nowhere.text, nothing), f"{method} {rule.rule}"
    assert queries.slot(attempt.public_id, 1, user_of("learner").id).seq == 1


def plain(page: str, name: str) -> str:
    """A page without what every request has of its own."""
    page = re.sub(r'"?csrf_token"?(: | value=)"[^"]*"', "", page)
    return re.sub(rf"(?<=[/F]){name}(?=[/%\"])", "", page)


def test_others_essays_look_like_none(app: Flask, attempt: Attempt, values: dict[str, Any]) -> None:
    """An instructor grades at quizzes of his own; what he can't grade isn't there."""
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    other = Person(app, user_of("other"))
    for method in ("GET", "POST"):
        pages = [ask(other, method, f"/grading/{slot}", mark="1", comment="") for slot in (values["slot_id"], 999_999)]
        assert [page.status_code for page in pages] == [404, 404]
        mains = [html.fromstring(page.text).xpath("string(//main)") for page in pages]
        assert mains[0] == mains[1]


def test_progress_is_written_for_oneself_only(app: Flask, values: dict[str, Any], stranger: Person) -> None:
    url = f"/courses/{values['slug']}/lessons/{values['lesson_slug']}/progress"
    for share in ("0.5", "nan", "inf", "-1", "1e400", "x", ""):
        assert ask(stranger, "POST", url, share=share).status_code == 204
    rows = db.session.scalars(select(LessonProgress)).all()
    assert [row.user_id for row in rows] == [user_of("stranger").id]
    assert 0 <= rows[0].share <= 1


def test_a_role_that_is_taken_away_is_gone_at_once(app: Flask) -> None:
    instructor = Person(app, user_of("instructor"))
    assert instructor.send("GET", "/grading").status_code == 200
    accounts.give_role("instructor@example.com", "learner", clock.now())
    assert instructor.send("GET", "/grading").status_code == 403


def test_a_form_gives_no_role(app: Flask, visitor: Person) -> None:
    """Fields that a form doesn't have are passed over."""
    extra = {"role": "admin", "is_admin": "1", "epoch": "9", "public_id": "mine", "id": "1"}
    fields = {"name": "New", "email": "new@example.com", "password": "four words in a row"}
    assert ask(visitor, "POST", "/signup", **fields, **extra).status_code == 302
    made = user_of("new")
    assert (made.role, made.epoch) == ("learner", 1)
    ask(visitor, "POST", "/settings/name", name="Renamed", **extra)
    assert (user_of("new").role, user_of("new").name) == ("learner", "Renamed")
