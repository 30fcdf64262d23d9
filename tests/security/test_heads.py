"""Tokens of forms, as a script sends them, and what else of a request's head is read: nothing in it is a failure."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

import pytest
from flask import Flask
from itsdangerous import URLSafeTimedSerializer

from quizapp.app import create_app
from quizapp.config import Settings, normalised
from quizapp.db import db
from tests.conftest import SECRET, user_of
from tests.person import Person

HTTP, HTTPS = "http://localhost", "https://localhost"


def sent(person: Person, token: str, theme: str = "dark", base: str = HTTP, **headers: str) -> int:
    """The status of a request of a script with this token."""
    data = {"theme": theme, "next": "/"}
    return person.send(
        "POST", "/preferences", data=data, base_url=base, headers={"X-CSRFToken": token, **headers}
    ).status_code


def test_a_token_of_one_session_opens_no_other(app: Flask, learner: Person, instructor: Person) -> None:
    token = learner.token()
    assert sent(learner, token) == 302
    assert sent(instructor, token) == 400
    assert sent(Person(app), token) == 400
    assert sent(Person(app, user_of("learner")), token) == 400, "the same person's other device"
    assert sent(learner, token) == 302


def test_a_token_that_isn_t_signed_by_us_is_refused(app: Flask, learner: Person) -> None:
    token = learner.token()
    assert sent(learner, token) == 302
    kept = URLSafeTimedSerializer(SECRET, salt="wtf-csrf-token").loads(token)
    other = URLSafeTimedSerializer("another secret", salt="wtf-csrf-token").dumps(kept)
    for made_up in ("", " ", kept, other, token[:-1], token + "A", token.upper(), "\u00e9", "a" * 5000):
        assert [sent(learner, made_up) for _ in range(2)] == [400, 400], made_up


def test_a_token_is_of_no_use_after_logging_out(app: Flask, learner: Person) -> None:
    token = learner.token()
    assert sent(learner, token) == 302
    learner.send("POST", "/logout", data={"csrf_token": token})
    assert sent(learner, token) == 400


@pytest.fixture
def secure(database_url: str) -> Iterator[Flask]:
    app = create_app(
        Settings(database_url=normalised(database_url), secret_key=SECRET, secure_cookies=True), TESTING=True
    )
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def test_under_https_another_site_s_page_is_refused_with_a_token(secure: Flask) -> None:
    visitor = Person(secure)
    page = visitor.send("GET", "/login", base_url=HTTPS).text
    token = page.split('csrf_token" type="hidden" value="')[1].split('"')[0]
    for _ in range(2):
        assert sent(visitor, token, base=HTTPS, Referer=f"{HTTPS}/login") == 302
        for referrer in (
            "",
            "https://elsewhere.example/",
            f"{HTTP}/login",
            f"{HTTPS}:444/",
            f"{HTTPS}:99999999/",
            "https://[/",
        ):
            assert sent(visitor, token, base=HTTPS, Referer=referrer) == 400, referrer
        assert sent(visitor, token, base=HTTPS) == 400


READ = (
    "Accept", "Accept-Encoding", "Accept-Language", "Authorization", "Content-Type", "Cookie", "Host",
    "If-Modified-Since", "If-None-Match", "If-Range", "Origin", "Range", "Referer", "Sec-Fetch-Site", "User-Agent",
    "X-CSRFToken", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Part", "X-Request-ID",
)  # fmt: skip
ODD = (
    "", ",", ";", "=", '"', "*", "%00", "\\", "://", "//", "https://[/", "http://a:99999999/", "http://a:b/", "[",
    "a:b", "bytes=9-1", "bytes=a-b,", "ko;q=nan", "ko;q=1e999", "\u00ff\u00fe", "Basic !!", "Bearer", "session==;=;",
    'W/"', "multipart/form-data; boundary=", "text/html; charset=x", "Mon, 99 Foo 9999 99:99:99 GMT", "a" * 7000,
    "a," * 500,
)  # fmt: skip


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("base", [HTTP, HTTPS])
def test_odd_headers_are_no_failure(app: Flask, visitor: Person, base: str) -> None:
    """Whatever stands in a head that is read: with a file, and with forms that are taken, refused and out of date."""
    token = visitor.token()
    for name, value in product(READ, ODD):
        assert visitor.send("GET", "/static/outbox.js", headers={name: value}).status_code < 500, (name, value)
        for sent_token in (token, "made up"):
            data = {"csrf_token": sent_token, "theme": "dark", "next": "/"}
            reply = visitor.send("POST", "/preferences", base_url=base, data=data, headers={name: value})
            assert reply.status_code < 500, (name, value)
