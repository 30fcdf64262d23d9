"""Mail: signing up, a forgotten password and a confirmation by link, and how the outbox comes to be sent."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock, config
from quizapp.accounts import actions, letters, limits, mails, queries, recovery, sessions
from quizapp.accounts.models import LoginFailure, Mail, MailLink, User
from quizapp.db import atomic, db
from quizapp.operation import tasks
from tests import smtp as post_office
from tests.accounts.test_sessions import is_in
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of
from tests.person import Page, Person
from tests.smtp import Post

PASSWORD = "four words in a row"


@pytest.fixture(scope="module")
def office() -> Iterator[Post]:
    with post_office.server() as post:
        yield post


@pytest.fixture
def post(app: Flask, office: Post) -> Iterator[Post]:
    """The site sends mail, to a server that keeps it."""
    office.mails.clear()
    office.answers.clear()
    settings = app.config["SETTINGS"]
    mail = config.Mail("127.0.0.1", office.port, "Quizzes <quiz@example.org>", "https://quiz.example.org")
    app.config["SETTINGS"] = replace(settings, mail=mail)
    yield office
    app.config["SETTINGS"] = settings


def deliver() -> None:
    tasks.send_mail()
    db.session.rollback()


def ask(person: Person, email: str, page: str = "/forgot") -> Page:
    return person.get(page).send("email", email=email)


def outbox() -> list[Mail]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mail).order_by(Mail.id)))


# --- signing up ---


def test_signing_up_by_mail(app: Flask, post: Post, visitor: Person) -> None:
    """The link leads to name and password, confirms the address, works once, and a guest keeps everything."""
    visitor.get(f"/quizzes/{quiz_with('immediate').public_id}").send("attempts")
    assert ask(visitor, "New@example.com", "/signup").heading == "Check your email"
    assert queries.by_email("new@example.com") is None
    deliver()
    assert post.mails[0]["To"] == "new@example.com"
    assert post.mails[0]["From"] == "Quizzes <quiz@example.org>"
    assert post.mails[0]["Auto-Submitted"] == "auto-generated"
    link = post.link()
    home = visitor.get(link).send("password", name="새 사람", password=PASSWORD)
    assert "새 사람" in home.text
    assert "Continue where you left off" in home.text
    assert user_of("new").confirmed_at is not None
    assert visitor.get(link, 410).heading
    assert db.session.scalar(select(func.count(MailLink.id))) == 0


def test_the_sign_up_says_nothing_of_accounts(app: Flask, post: Post) -> None:
    """The same page and the same headers; what the mail says only its reader knows."""
    looks = []
    for email in ("learner@example.com", "nobody@example.com"):
        page = ask(Person(app), email, "/signup")
        text = re.sub(r'value="[^"]*"', "", page.source.replace(email, ""))
        looks.append((page.status, text, sorted(name for name, _ in page.response.headers)))
    assert looks[0] == looks[1]
    deliver()
    assert ["token=" in text for text in post.texts] == [False, True]


def test_nobody_chooses_the_password_of_another_s_address(app: Flask, post: Post, visitor: Person) -> None:
    """Whoever typed the address first, only the mailbox leads to an account, and no earlier session is in it."""
    visitor.get(f"/quizzes/{quiz_with('immediate').public_id}").send("attempts")
    ask(visitor, "victim@example.com", "/signup")
    deliver()
    victim = Person(app)
    victim.get(post.link()).send("password", name="Victim", password=PASSWORD)
    assert is_in(victim)
    assert not is_in(visitor)


def test_without_mail_known_addresses_are_told_but_not_many(app: Flask) -> None:
    """A site without a mailbox to answer to can't keep it secret, so it counts how often it says so."""
    most = app.config["SETTINGS"].tries_per_address // 10
    fields = ("learner@example.com", "Somebody", PASSWORD, "en", "10.0.0.1")
    limits.take(limits.of_network("signup", "10.0.0.1", 10), clock.now())
    with pytest.raises(actions.Conflict):
        recovery.sign_up_at_once(None, *fields, clock.now())
    assert recovery.sign_up_at_once(None, "new@example.com", *fields[1:], clock.now()).name == "Somebody"
    for _ in range(most - 2):
        limits.take(limits.of_network("signup", "10.0.0.1", 10), clock.now())
    with pytest.raises(recovery.TooManySignUps):
        recovery.sign_up_at_once(None, *fields, clock.now())
    assert recovery.sign_up_at_once(None, "two@example.com", *fields[1:4], "10.0.0.2", clock.now())


def test_a_network_makes_only_so_many_accounts_in_a_while(app: Flask) -> None:
    """Each has tries of its own at codes, and what it may store."""
    most, now = app.config["SETTINGS"].tries_per_address, clock.now()

    def make(name: str) -> User:
        return recovery.sign_up_at_once(None, f"{name}@example.com", name, PASSWORD, "en", "10.0.0.1", now)

    make("one")
    with atomic():
        for key in limits.of_network("account", "10.0.0.1"):
            db.session.add_all(LoginFailure(key=key, at=now) for _ in range(most - 1))
    with pytest.raises(recovery.TooManyAccounts):
        make("two")


# --- a new password ---


def test_a_forgotten_password_is_replaced(app: Flask, post: Post, visitor: Person) -> None:
    elsewhere = Person(app, user_of("learner"))
    visitor.get(visitor.get("/login").link("Forgot your password?"))
    ask(visitor, "learner@example.com")
    deliver()
    link = post.link()
    home = visitor.get(link).send("new", new=PASSWORD, again=PASSWORD)
    assert "Your password is changed" in home.text
    assert is_in(visitor)
    assert not is_in(elsewhere)
    assert actions.log_in("learner@example.com", PASSWORD, "10.0.0.1", clock.now())
    assert Person(app).get(link, 410)
    deliver()
    assert len(post.mails) == 2
    assert "changed" in post.mails[1]["Subject"] or "바뀌었어요" in post.mails[1]["Subject"]


def test_whoever_tried_too_often_is_let_in_after_a_new_password(app: Flask, post: Post, visitor: Person) -> None:
    limits_of = limits.of_password("learner@example.com", "127.0.0.1")
    for _ in range(limits.TRIES):
        limits.take(limits_of, clock.now())
    ask(visitor, "learner@example.com")
    deliver()
    visitor.get(post.link()).send("new", new=PASSWORD, again=PASSWORD).send("logout")
    page = visitor.get("/login").send("password", email="learner@example.com", password=PASSWORD)
    assert page.url == "/home"


def test_a_link_works_for_an_hour(app: Flask, post: Post, visitor: Person) -> None:
    ask(visitor, "learner@example.com")
    deliver()
    token = post.link().partition("token=")[2]
    row = db.session.scalars(select(MailLink)).one()
    assert row.token_hash == sessions.digest(token)
    with pytest.raises(mails.LinkOver):
        recovery.reset(token, PASSWORD, "10.0.0.1", clock.now() + timedelta(hours=1, seconds=1))
    for wrong in (("confirm", token), ("signup", token), ("reset", ""), ("reset", token + "x")):
        with pytest.raises(mails.LinkOver):
            mails.usable_link(*wrong, clock.now())
    assert recovery.reset(token, PASSWORD, "10.0.0.1", clock.now() + timedelta(minutes=59))


def test_a_link_that_is_only_fetched_stays_good(app: Flask, post: Post, visitor: Person) -> None:
    """Mail programs look at links by themselves."""
    ask(visitor, "learner@example.com")
    deliver()
    for _ in range(3):
        assert Person(app).get(post.link()).heading == "Choose a new password"
    assert visitor.get(post.link()).send("new", new=PASSWORD, again=PASSWORD).status == 200


def test_a_link_used_twice_at_once_works_once(app: Flask, post: Post, visitor: Person) -> None:
    ask(visitor, "learner@example.com")
    deliver()
    token, outcomes = post.link().partition("token=")[2], []

    def use(password: str) -> None:
        with app.app_context():
            try:
                recovery.reset(token, password, "10.0.0.1", clock.now())
                outcomes.append("reset")
            except mails.LinkOver:
                outcomes.append("over")
            finally:
                db.session.remove()

    threads = [threading.Thread(target=use, args=(f"{PASSWORD} {number}",)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["over", "over", "over", "reset"]


@pytest.mark.parametrize("page", ["/forgot", "/signup"])
def test_nobody_s_mailbox_is_flooded(app: Flask, post: Post, page: str) -> None:
    texts = {ask(Person(app), "learner@example.com", page).text for _ in range(mails.MAX_MAILS + 3)}
    assert len(texts) == 1
    deliver()
    assert len(post.mails) == mails.MAX_MAILS


def test_one_network_can_t_make_the_site_send_for_ever(app: Flask, post: Post, visitor: Person) -> None:
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], tries_per_address=10)
    for number in range(10):
        assert ask(visitor, f"{number}@example.com", "/signup").status == 200
    late = ask(visitor, "10@example.com", "/signup")
    assert late.status == 422
    assert "Too many emails" in late.text


def test_the_forgotten_page_says_nothing_of_accounts(app: Flask) -> None:
    """Without mail too."""
    pages = [ask(Person(app), email) for email in ("learner@example.com", "nobody@example.com")]
    words = [page.text.replace("learner@", "").replace("nobody@", "") for page in pages]
    assert words[0] == words[1]
    assert [mail.email for mail in outbox()] == ["learner@example.com"]


# --- confirmation ---


def test_an_address_is_confirmed_by_link(app: Flask, post: Post) -> None:
    user = actions.sign_up(None, "old@example.com", "Old", PASSWORD, "en", clock.now())
    person = Person(app, user)
    page = person.get("/settings")
    assert "isn't confirmed yet" in page.text
    assert "Check your email" in page.send("confirmation").text
    deliver()
    assert post.mails[0]["Subject"] == "Confirm your address for quiz.example.org"
    anybody = Person(app).get(post.link())
    assert "old@example.com" in anybody.text
    db.session.expire_all()
    assert user_of("old").confirmed_at is None
    anybody.send("confirm")
    db.session.expire_all()
    assert user_of("old").confirmed_at is not None
    assert "isn't confirmed yet" not in person.get("/settings").text


def test_nobody_is_asked_to_confirm_where_no_mail_is_sent(app: Flask) -> None:
    user = actions.sign_up(None, "old@example.com", "Old", PASSWORD, "en", clock.now())
    assert "confirmed" not in Person(app, user).get("/settings").text


# --- the outbox ---


@pytest.mark.parametrize(
    ("locale", "said"), [("ko", "비밀번호를 다시 정하겠다는 요청"), ("en", "asked for a new password")]
)
def test_a_mail_speaks_the_language_of_its_reader(app: Flask, post: Post, locale: str, said: str) -> None:
    actions.prefer(user_of("learner"), locale, None)
    ask(Person(app, language="ko" if locale == "en" else "en"), "learner@example.com")
    deliver()
    assert said in post.texts[0]
    assert post.mails[0].get_content_type() == "text/plain"


@pytest.mark.parametrize("locale", ["ko", "en"])
@pytest.mark.parametrize("kind", ["signup", "known", "confirm", "reset", "changed", "test"])
def test_every_mail_is_whole(app: Flask, kind: str, locale: str) -> None:
    letter = letters.words(kind, locale, "https://quiz.example.org", "abc" if kind in mails.LASTING else "")
    assert "quiz.example.org" in letter.subject
    assert "%(" not in letter.subject + letter.body
    assert len(re.findall(r"^https://quiz\.example\.org/\S*$", letter.body, re.M)) == 1
    assert ("token=abc" in letter.body) == (kind in mails.LASTING)


def test_a_mail_stands_in_the_transaction_of_its_cause(app: Flask, post: Post) -> None:
    """Undone together: no notice of a change that didn't happen."""

    def change_and_fail() -> None:
        with atomic():
            actions.store_password(user_of("learner"), "hash", clock.now())
            raise KeyError

    with pytest.raises(KeyError):
        change_and_fail()
    assert outbox() == []


def test_several_processes_send_once(app: Flask, post: Post) -> None:
    at = clock.now()
    for number in range(12):
        mails.queue_mail("changed", f"{number}@example.com", "en", at)

    def work() -> None:
        tasks.run(app, tasks.send_mail)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(mail["To"] for mail in post.mails) == sorted(f"{number}@example.com" for number in range(12))
    assert {mail.state for mail in outbox()} == {"sent"}


def test_a_mail_is_tried_again_and_then_given_up(app: Flask, post: Post) -> None:
    """At growing intervals, a bounded number of times; a process that died in the middle is a failed try too."""
    at = clock.now()
    mails.queue_mail("changed", "learner@example.com", "en", at)
    waits = []
    while (mail := mails.claim(at)) is not None:
        assert mails.claim(at) is None
        waits.append(((mail.due_at or at) - at).total_seconds() / 60)
        at = mail.due_at or at
    assert waits == [2, 4, 8, 16, 32, 64, 128, 0]
    assert outbox()[0].state == "failed"


def test_what_waited_for_a_server_too_long_is_not_sent(app: Flask, post: Post) -> None:
    """Asked for on a site without mail; a month later it has a server."""
    mails.queue_mail("reset", "learner@example.com", "en", clock.now() - mails.STALE, user_of("learner"))
    mails.queue_mail("reset", "instructor@example.com", "en", clock.now(), user_of("instructor"))
    deliver()
    assert [mail["To"] for mail in post.mails] == ["instructor@example.com"]


def test_what_the_server_says_is_kept(app: Flask, post: Post) -> None:
    """A refusal for now is tried again, one for good isn't; the rest waits until the server takes mails again."""
    for name in ("busy", "unknown", "third"):
        mails.queue_mail("changed", f"{name}@example.com", "en", clock.now())
    post.answers[:] = ["451 too busy"]
    deliver()
    assert [mail.state for mail in outbox()] == ["waiting"] * 3
    assert "too busy" in outbox()[0].error
    post.answers[:] = ["550 no such user"]
    deliver()
    assert [mail.state for mail in outbox()] == ["waiting", "failed", "sent"]
    assert "no such user" in outbox()[1].error


def test_a_server_that_is_away_is_told(app: Flask, post: Post) -> None:
    settings = app.config["SETTINGS"]
    app.config["SETTINGS"] = replace(settings, mail=replace(settings.mail, port=post_office.free_port()))
    mails.queue_mail("changed", "learner@example.com", "en", clock.now())
    deliver()
    assert "ConnectionRefusedError" in outbox()[0].error


def test_no_request_waits_for_the_server(app: Flask, post: Post, visitor: Person) -> None:
    ask(visitor, "learner@example.com")
    assert post.mails == []
    assert [mail.state for mail in outbox()] == ["waiting"]


def sends(app: Flask, mail: config.Mail) -> str:
    """Send one mail by this server; what went wrong."""
    app.config["SETTINGS"] = replace(app.config["SETTINGS"], mail=mail)
    mails.queue_mail("changed", "learner@example.com", "en", clock.now())
    deliver()
    return outbox()[-1].error


def by(host: str, port: int, **more: Any) -> config.Mail:
    return config.Mail(host, port, "quiz@example.org", "https://quiz.example.org", **more)


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
@pytest.mark.parametrize(("password", "taken"), [("p@ss:word/1", True), ("wrong", False)])
def test_the_server_s_password(app: Flask, password: str, taken: bool) -> None:
    with post_office.server(**post_office.only("quiz", "p@ss:word/1")) as post:
        error = sends(app, by("127.0.0.1", post.port, user="quiz", password=password))
    assert len(post.mails) == taken
    assert ("SMTPAuthenticationError" in error) != taken


FAR = "127.1"
"""A name of this machine that isn't known as one, so that it is treated as another machine."""


@pytest.mark.filterwarnings("ignore:Requiring AUTH")
def test_a_password_is_never_sent_in_clear(app: Flask) -> None:
    with post_office.server(**post_office.only("quiz", "secret")) as post:
        assert "NoEncryption" in sends(app, by(FAR, post.port, user="quiz", password="secret"))
    assert post.mails == []


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("tls", [True, False])
def test_encryption_is_used_and_proved(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tls: bool, known: bool
) -> None:
    """From the start, or by STARTTLS; never with a server whose certificate nobody vouches for."""
    certificate, context = post_office.certificate(tmp_path, FAR)
    if known:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    options = {"ssl_context": context} if tls else {"tls_context": context, "require_starttls": True}
    with post_office.server(**options) as post:
        error = sends(app, by(FAR, post.port, tls=tls))
    assert ("SSLCertVerificationError" in error) != known
    assert len(post.mails) == known


def test_old_mails_and_links_are_swept(app: Flask, post: Post, visitor: Person) -> None:
    ask(visitor, "learner@example.com")
    deliver()
    mails.queue_mail("changed", "learner@example.com", "en", clock.now())
    mails.sweep(clock.now() + timedelta(minutes=59))
    assert db.session.scalar(select(func.count(MailLink.id))) == 1
    mails.sweep(clock.now() + mails.KEPT_FOR + timedelta(hours=1))
    assert db.session.scalar(select(func.count(MailLink.id))) == 0
    assert outbox() == []


# --- without a server ---


@pytest.fixture
def admin(app: Flask) -> Person:
    return Person(app, actions.create("admin@example.com", "Admin", PASSWORD, "admin", clock.now()))


def test_an_admin_hands_a_mail_over(app: Flask, admin: Person, visitor: Person) -> None:
    assert "the people who run" in ask(visitor, "learner@example.com").text
    page = admin.get("/outbox")
    assert "learner@example.com" in page.text
    assert "token=" not in page.source
    handed = page.send(f"outbox/{outbox()[0].id}")
    link = re.search(r"http://localhost(/reset\?token=\S+)", handed.text)
    assert link, handed.text
    assert visitor.get(link[1]).send("new", new=PASSWORD, again=PASSWORD).status == 200
    assert outbox()[0].state == "handed"
    again = admin.send("POST", f"/outbox/{outbox()[0].id}", data={"csrf_token": admin.token()})
    assert again.status_code == 409


def test_only_an_admin_sees_the_outbox(learner: Person, instructor: Person) -> None:
    for person in (learner, instructor):
        assert person.send("GET", "/outbox").status_code == 403


def test_the_outbox_shows_failures(app: Flask, post: Post, admin: Person) -> None:
    mails.queue_mail("changed", "learner@example.com", "en", clock.now())
    post.answers[:] = ["550 no such user"]
    deliver()
    text = admin.get("/outbox").text
    assert "given up" in text
    assert "no such user" in text


def test_an_account_that_goes_takes_its_mails_along(app: Flask, post: Post) -> None:
    user = actions.sign_up(None, "old@example.com", "Old", PASSWORD, "en", clock.now())
    recovery.ask_to_confirm(user, "en", clock.now())
    deliver()
    assert db.session.scalar(select(func.count(MailLink.id))) == 1
    actions.delete_account(user, PASSWORD, "10.0.0.1", clock.now())
    assert outbox() == []
    assert db.session.scalar(select(func.count(MailLink.id))) == 0
    assert db.session.scalar(select(func.count(User.id)).where(User.email == "old@example.com")) == 0


# --- settings ---

GOOD = {
    "QUIZAPP_SMTP_URL": "smtp://quiz:p%40ss@mail.example.org",
    "QUIZAPP_MAIL_FROM": "Quizzes <quiz@example.org>",
    "QUIZAPP_URL": "https://quiz.example.org/",
}


def test_the_settings_of_mail() -> None:
    mail = config.mail(GOOD)
    assert mail == config.Mail(
        "mail.example.org", 587, "Quizzes <quiz@example.org>", "https://quiz.example.org", user="quiz", password="p@ss"
    )
    assert "p@ss" not in repr(mail)
    secure: Any = config.mail(GOOD | {"QUIZAPP_SMTP_URL": "smtps://mail.example.org"})
    assert (secure.port, secure.tls, secure.user) == (465, True, "")
    assert config.mail({}) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("QUIZAPP_SMTP_URL", "mail.example.org"),
        ("QUIZAPP_SMTP_URL", "http://mail.example.org:25"),
        ("QUIZAPP_SMTP_URL", "smtp://u:secret@:25"),
        ("QUIZAPP_SMTP_URL", "smtp://u:secret@h:port"),
        ("QUIZAPP_SMTP_URL", "smtp://u:sec/ret@h:25"),
        ("QUIZAPP_MAIL_FROM", ""),
        ("QUIZAPP_MAIL_FROM", "quiz"),
        ("QUIZAPP_MAIL_FROM", "quiz@example.org\nBcc: a@b.c"),
        ("QUIZAPP_URL", ""),
        ("QUIZAPP_URL", "quiz.example.org"),
        ("QUIZAPP_URL", "https://quiz.example.org/?a=b"),
    ],
)
def test_a_wrong_setting_of_mail_is_named(name: str, value: str) -> None:
    with pytest.raises(config.ConfigError, match=name) as raised:
        config.mail(GOOD | {name: value})
    assert "sec" not in str(raised.value)
