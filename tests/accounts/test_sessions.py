"""Sessions are rows: a copied cookie is worth nothing after the log-out, and a list shows where one is logged in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.accounts import actions, queries, sessions, visitor
from quizapp.accounts.models import LoginSession
from quizapp.db import db
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of
from tests.person import Person

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0 Safari/537.36"
COOKIES = ("session", "remember_token")


def come(app: Flask, agent: str = WINDOWS) -> Person:
    """The learner logs in at a new browser."""
    person = Person(app)
    person.headers["User-Agent"] = agent
    person.get("/login").send("password", email="learner@example.com", password="learner-demo")
    return person


def with_cookies_of(app: Flask, person: Person, names: tuple[str, ...] = COOKIES) -> Person:
    """Somebody else who has copied the cookies."""
    thief = Person(app)
    for name in names:
        cookie = person.client.get_cookie(name)
        assert cookie is not None
        thief.client.set_cookie(name, cookie.value)
    return thief


def is_in(person: Person) -> bool:
    return person.send("GET", "/settings").status_code == 200


@pytest.mark.parametrize("names", [("session",), ("remember_token",), COOKIES])
def test_a_copied_cookie_ends_with_the_log_out(app: Flask, names: tuple[str, ...]) -> None:
    person, other = come(app), come(app)
    assert is_in(with_cookies_of(app, person, names))
    copy = with_cookies_of(app, person, names)
    person.get("/courses").send("logout")
    assert not is_in(copy)
    assert not is_in(person)
    assert is_in(other)


def test_the_log_out_of_a_remembered_browser_ends_its_session(app: Flask) -> None:
    """Opened anew: only the cookie that remembers is left, and the first request is the log-out."""
    person = come(app)
    copy = with_cookies_of(app, person)
    token = person.token()
    person.client.delete_cookie("session")
    person.get("/login")  # a page of the new browser session gives a token
    person.send("POST", "/logout", data={"csrf_token": person.token()})
    assert token
    assert not is_in(copy)


def test_a_guest_s_copied_cookie_ends_with_the_account(app: Flask, visitor: Person) -> None:
    """Whoever planted or copied a guest's cookie isn't in the account that the guest becomes."""
    quiz = quiz_with("immediate")
    visitor.get(f"/quizzes/{quiz.public_id}").send("attempts")
    copy = with_cookies_of(app, visitor, ("session",))
    assert copy.get("/home").url == "/home"
    visitor.get("/signup").send("password", name="New", email="new@example.com", password="four words in a row")
    assert is_in(visitor)
    assert copy.get("/home").url.startswith("/login")


def test_the_list_names_devices_and_ends_each(app: Flask) -> None:
    here, other, third = come(app), come(app, "Mozilla/5.0 (Android 14; Mobile) Firefox/121.0"), come(app, "")
    page = here.get("/settings")
    assert "Chrome · Windows This device" in page.text
    assert "Firefox · Android" in page.text
    assert "Unknown device" in page.text
    row = db.session.scalars(select(LoginSession).where(LoginSession.device == "Firefox · Android")).one()
    assert "That device is logged out" in page.send("settings/sessions", session=str(row.id)).text
    assert (is_in(here), is_in(other), is_in(third)) == (True, False, True)


def test_all_others_are_logged_out_at_once(app: Flask, instructor: Person) -> None:
    here, others = come(app), [come(app), come(app)]
    page = here.get("/settings").send("settings/sessions", session="others")
    assert "logged out on all other devices" in page.text
    assert is_in(here)
    assert not any(is_in(other) for other in others)
    assert is_in(instructor)


@pytest.mark.parametrize("chosen", ["", "0", "-1", "x", "²", "9" * 400, "\0"])
def test_nobody_else_s_session_is_ended(app: Flask, learner: Person, instructor: Person, chosen: str) -> None:
    theirs = queries.sessions_of(user_of("instructor").id)[0].id
    for session in (chosen, str(theirs)):
        reply = learner.send("POST", "/settings/sessions", data={"csrf_token": learner.token(), "session": session})
        assert reply.status_code == 302
    assert is_in(instructor)
    assert is_in(learner)


def test_a_password_changed_meanwhile_begins_no_session(app: Flask) -> None:
    """Proved with the old password, and then it was changed before the session began."""
    thief = actions.log_in("learner@example.com", "learner-demo", "203.0.113.7", clock.now())
    db.session.expunge(thief)
    owner = user_of("learner")
    actions.change_password(owner, "learner-demo", "another long one", "10.0.0.1", clock.now())
    with pytest.raises(sessions.PasswordChanged):
        sessions.begin(thief, "", clock.now())


def test_only_a_hash_is_stored(app: Flask, learner: Person) -> None:
    with learner.client.session_transaction() as session:
        token = session["_user_id"]
    stored = db.session.scalars(select(LoginSession)).one()
    assert stored.token_hash == sessions.digest(token)
    assert token not in repr(vars(stored))


def test_a_page_costs_no_write(app: Flask, learner: Person, statements: list[str]) -> None:
    """Seen is written down later, and once an hour at most."""
    row = db.session.scalars(select(LoginSession)).one()
    began = row.seen_at
    sessions.touch([row.id], began - timedelta(days=2))
    learner.get("/courses")
    statements.clear()
    learner.get("/home")
    assert not [one for one in statements if one.startswith(("UPDATE", "INSERT", "DELETE"))]
    assert sum("login_sessions" in one for one in statements) == 1
    visitor.write_seen(began)
    db.session.expire_all()
    assert db.session.scalars(select(LoginSession.seen_at)).one() == began
    learner.get("/home")
    statements.clear()
    visitor.write_seen(began)
    assert statements == []


def test_sessions_that_are_over_go_and_guests_stay(app: Flask, learner: Person, visitor: Person) -> None:
    quiz = quiz_with("immediate")
    visitor.get(f"/quizzes/{quiz.public_id}").send("attempts")
    sessions.sweep(clock.now() + sessions.KEPT_FOR - timedelta(hours=1))
    assert db.session.scalar(select(func.count(LoginSession.id))) == 2
    sessions.sweep(clock.now() + sessions.KEPT_FOR + timedelta(hours=1))
    assert not is_in(learner)
    assert visitor.get("/home").url == "/home"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (WINDOWS, "Chrome · Windows"),
        (WINDOWS + " Edg/120.0", "Edge · Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) Version/17.2 Safari/605.1", "Safari · macOS"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) CriOS/120.0 Mobile Safari/604.1", "Chrome · iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/23.0 Chrome/115", "Samsung Internet · Android"),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/120 Mobile Safari/537.36;KAKAOTALK 2410500", "KakaoTalk · Android"),
        ("curl/8.5.0", ""),
        ("<script>alert(1)</script>", ""),
    ],
)  # fmt: skip
def test_a_browser_is_named_in_a_few_words(agent: str, words: str) -> None:
    assert sessions.device(agent) == words


def test_own_data_holds_the_sessions(app: Flask) -> None:
    data: Any = come(app).send("GET", "/settings/data").json
    assert [one["device"] for one in data["sessions"]] == ["Chrome · Windows"]
