"""Sign up, log in and out, settings, the data, and the end of an account: by form, as people do it."""

from __future__ import annotations

import io
import json
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import Engine, event, func, select

from quizapp import clock
from quizapp.accounts import actions as account_actions
from quizapp.accounts import queries
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts.models import Attempt
from quizapp.db import db
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of
from tests.person import Page, Person

PASSWORD = "four words in a row"


def sign_up(person: Person, password: str = PASSWORD) -> None:
    page = person.get("/signup").send("password", name="새 사람", email="new@example.com", password=password)
    assert page.status == 200, page.text


def test_sign_up_log_out_log_in(visitor: Person) -> None:
    sign_up(visitor)
    assert "새 사람" in visitor.get("/home").heading
    visitor.get("/home").send("logout")
    page = visitor.get("/home")
    assert page.url.startswith("/login")
    home = page.send("password", email="NEW@example.com ", password="four words in a row")
    assert "새 사람" in home.heading


def test_an_operator_makes_an_account_in_one_transaction(app: Flask) -> None:
    """Nobody meets it as a learner's on its way to another role."""
    with watching(db.engine) as commits:
        made = account_actions.create("new@example.com", "New", "a long password", "admin", clock.now())
    assert made.role == "admin"
    assert len(commits) == 1


@contextmanager
def watching(engine: Engine) -> Iterator[list[object]]:
    """The commits while the block runs."""
    commits: list[object] = []
    note = commits.append
    event.listen(engine, "commit", note)
    yield commits
    event.remove(engine, "commit", note)


def test_a_password_is_the_same_in_every_normal_form(visitor: Person) -> None:
    sign_up(visitor, password="비밀번호는 길게")
    visitor.get("/home").send("logout")
    decomposed = unicodedata.normalize("NFD", "비밀번호는 길게")
    page = visitor.get("/login").send("password", email="new@example.com", password=decomposed)
    assert "새 사람" in page.heading


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"email": "not an address"}, "This isn't an email address"),
        ({"password": "short"}, "At least 8 characters"),
        ({"name": "  "}, "Enter the name"),
        ({"email": "learner@example.com"}, "There is an account with this email already"),
    ],
)
def test_a_wrong_sign_up_says_what_to_mend_and_keeps_the_rest(visitor: Person, fields: dict, said: str) -> None:
    good = {"name": "Somebody", "email": "some@example.com", "password": "four words in a row"}
    page = visitor.get("/signup").send("password", **good | fields)
    assert page.status == 422
    assert said in page.text
    assert page.tree.xpath("//*[@aria-invalid='true']")
    if "name" not in fields:
        assert page.tree.xpath("//input[@name='name']/@value") == ["Somebody"]


def test_unknown_account_and_wrong_password_look_the_same(visitor: Person) -> None:
    texts = {
        visitor.get("/login").send("password", email=email, password="wrong password").text.replace(email, "")
        for email in ("learner@example.com", "nobody@example.com")
    }
    assert len(texts) == 1


def test_a_new_password_ends_the_other_sessions(app: Flask, learner: Person) -> None:
    other = Person(app, user_of("learner"))
    page = learner.get("/settings").send(
        "settings/password", old="learner-demo", new="another long one", again="another long one"
    )
    assert "changed" in page.text
    assert learner.get("/home").url == "/home"
    assert other.get("/home").url.startswith("/login")


def test_the_session_is_a_new_one_after_the_log_in(app: Flask, visitor: Person) -> None:
    visitor.get("/login")
    with visitor.client.session_transaction() as session:
        session["planted"] = "by somebody else"
    visitor.get("/login").send("password", email="learner@example.com", password="learner-demo")
    with visitor.client.session_transaction() as session:
        assert "planted" not in session


def test_a_guest_keeps_everything_by_signing_up(visitor: Person) -> None:
    quiz = quiz_with("immediate")
    visitor.get(f"/quizzes/{quiz.public_id}").send("attempts")
    sign_up(visitor)
    assert db.session.scalar(select(func.count(Attempt.id))) == 1
    assert "Continue where you left off" in visitor.get("/home").text


def test_a_guest_who_logs_in_brings_everything_along(visitor: Person) -> None:
    quiz = quiz_with("immediate")
    visitor.get(f"/quizzes/{quiz.public_id}").send("attempts")
    visitor.get("/login").send("password", email="learner@example.com", password="learner-demo")
    owner = db.session.scalars(select(Attempt)).one().user_id
    assert owner == user_of("learner").id
    assert db.session.scalar(select(func.count(User.id)).where(User.role == "guest")) == 0


def test_a_log_in_by_the_header_leads_back(visitor: Person) -> None:
    """A guest to the results, which are the account's then; a visitor to where they were, by way of the other form."""
    visitor.get(f"/quizzes/{quiz_with('immediate').public_id}").send("attempts")
    user = db.session.scalars(select(User).where(User.role == "guest")).one()
    attempt = db.session.scalars(select(Attempt)).one()
    attempts.submit(user, attempt.public_id, clock.now())
    results = visitor.get(f"/attempts/{attempt.public_id}/results")
    page = visitor.get(results.link("Log in")).send("password", email="learner@example.com", password="learner-demo")
    assert page.url == results.url
    stranger = Person(visitor.client.application)
    form = stranger.get(stranger.get("/courses?tag=x").link("Sign up"))
    form = stranger.get(form.tree.xpath("//header//a[starts-with(@href, '/login')]/@href")[0])
    assert form.send("password", email="learner@example.com", password="learner-demo").url == "/courses?tag=x"


def test_language_and_theme_are_remembered(visitor: Person, learner: Person) -> None:
    for person in (visitor, learner):
        page = person.get("/courses").send("preferences", button=("locale", "ko"))
        assert page.tree.get("lang") == "ko"
        page = page.send("preferences", button=("theme", "dark"))
        assert page.tree.get("data-bs-theme") == "dark"
        assert person.get("/courses").tree.get("lang") == "ko"
    assert user_of("learner").locale == "ko"


def test_own_data_as_a_file(learner: Person) -> None:
    user = user_of("learner")
    attempt = attempts.start(user, quiz_with("deferred"), clock.now())
    attempts.submit(user, attempt.public_id, clock.now())
    reply = learner.send("GET", "/settings/data")
    data = json.loads(reply.text)
    assert data["account"]["email"] == "learner@example.com"
    assert len(data["attempts"]) == 1
    assert "attachment" in reply.headers["Content-Disposition"]


def test_deleting_the_account_takes_everything_along(app: Flask, learner: Person) -> None:
    """But for attempts that count: see test_leaving."""
    attempts.preview(user_of("learner"), quiz_with("deferred"), clock.now())
    wrong = learner.get("/settings").send("settings/deletion", password="wrong")
    assert wrong.status == 422
    learner.get("/settings").send("settings/deletion", password="learner-demo")
    assert queries.by_email("learner@example.com") is None
    assert db.session.scalar(select(func.count(Attempt.id))) == 0


def test_an_owner_of_banks_is_told_what_to_do_first(instructor: Person) -> None:
    page = instructor.get("/settings").send("settings/deletion", password="instructor-demo")
    assert "Hand them over first" in page.text
    assert queries.by_email("instructor@example.com") is not None


@pytest.mark.parametrize("target", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_no_open_redirect(visitor: Person, target: str) -> None:
    reply = visitor.send(
        "POST",
        "/preferences",
        data={"csrf_token": visitor.token(), "locale": "ko", "next": target},
        follow_redirects=False,
    )
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith("/")
    assert "evil" not in reply.headers["Location"]


def test_a_form_for_files_outlives_it_too(app: Flask, instructor: Person) -> None:
    """As a browser sends it: a field for files that is left empty comes as a file without a name."""
    page = instructor.get("/banks/board/questions/new?kind=essay")
    instructor.client.delete_cookie("session")
    fields = {"stem-en": "Words that took an hour", "do": "save", "files": (io.BytesIO(), "")}
    form = {name: value for name, value in page.form("stem-en").form_values() if name not in fields}
    held = Page(instructor, instructor.send("POST", page.url, data=form | fields, content_type="multipart/form-data"))
    assert held.status in (400, 401)
    assert "Words that took an hour" in held.text
    assert held.form("stem-en").fields["stem-en"] == "Words that took an hour"


def test_a_form_outlives_the_log_in(app: Flask, learner: Person) -> None:
    """Logged out meanwhile, without scripts: the form is held until there is a log-in again, and stores its words."""
    settings = learner.get("/settings")
    learner.client.delete_cookie("session")
    expired = settings.send("/settings/name", name="하나")
    assert (expired.status, expired.heading) == (400, "Send it again")
    held = expired.send("/settings/name")
    assert held.status == 401
    assert "Log in in another tab" in held.text
    learner.get(held.link("Log in in another tab")).send(
        "password", email="learner@example.com", password="learner-demo"
    )
    again = held.send("/settings/name")
    again.send("/settings/name")
    db.session.rollback()
    assert user_of("learner").name == "하나"


def test_a_large_form_without_a_log_in_is_only_told(visitor: Person) -> None:
    """It is as large as somebody with a log-in may send; nobody's isn't read to its end."""
    data = {"pasted": "x" * 5_000_000, "csrf_token": visitor.token()}
    assert visitor.send("POST", "/banks/upload", data=data).status_code == 401
