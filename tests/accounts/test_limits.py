"""Limits on tries: what they stop, what they don't, and that forty at once are ten."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.accounts import actions, limits
from quizapp.accounts.models import LoginFailure
from quizapp.app import create_app
from quizapp.config import Settings, normalised
from quizapp.db import db
from tests.conftest import SECRET, user_of
from tests.person import Page, Person

HERE, ELSEWHERE = "10.0.0.1", "203.0.113.7"


def fail(times: int, address: str = HERE) -> None:
    for _ in range(times):
        with pytest.raises(actions.WrongPassword):
            actions.log_in("learner@example.com", "wrong", address, clock.now())


def right(address: str = HERE) -> bool:
    return actions.log_in("learner@example.com", "learner-demo", address, clock.now()).id == user_of("learner").id


def test_ten_wrong_ones_close_the_way_for_a_while(app: Flask) -> None:
    """The limit is a table: another worker, which is another process with the same database, sees it too."""
    fail(limits.TRIES)
    with pytest.raises(limits.TooManyTries):
        right()
    later = clock.now() + limits.WINDOW
    assert actions.log_in("learner@example.com", "learner-demo", HERE, later)


def test_nobody_is_locked_out_from_elsewhere(app: Flask) -> None:
    fail(limits.TRIES, ELSEWHERE)
    assert right(HERE)
    with pytest.raises(limits.TooManyTries):
        right(ELSEWHERE)


@pytest.mark.parametrize("email", ["learner@example.com", "nobody@example.com"])
def test_forty_at_once_are_ten_tries(app: Flask, email: str) -> None:
    """Counted before the password is looked at: none slips through while another is being looked at."""
    outcomes: Counter[str] = Counter()
    begin = threading.Barrier(40)

    def one() -> None:
        with app.app_context():
            begin.wait()
            try:
                actions.log_in(email, "wrong", HERE, clock.now())
            except (actions.WrongPassword, limits.TooManyTries) as error:
                outcomes[type(error).__name__] += 1
            finally:
                db.session.remove()

    threads = [threading.Thread(target=one) for _ in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes == {"WrongPassword": limits.TRIES, "TooManyTries": 40 - limits.TRIES}


def test_a_right_password_is_no_try_and_forgives_the_wrong_ones(app: Flask) -> None:
    fail(limits.TRIES - 1)
    assert right()
    fail(limits.TRIES - 1)
    assert right()
    (network,) = limits.of_network("password", HERE)
    left = db.session.scalar(select(func.count()).where(LoginFailure.key == network))
    assert left == 2 * (limits.TRIES - 1), "the network's own count forgives nothing"


@pytest.mark.parametrize(
    ("form", "fields", "status"),
    [
        ("settings/password", {"old": "wrong", "new": "another long one", "again": "another long one"}, 422),
        ("settings/deletion", {"password": "wrong"}, 422),
    ],
)
def test_guessing_by_the_settings_counts(app: Flask, learner: Person, form: str, fields: dict, status: int) -> None:
    """At a browser that was left open: each wrong password is a failed log-in, and the right one comes too late."""
    page: Page = learner.get("/settings")
    for _ in range(limits.TRIES):
        tried = page.send(form, **fields)
        assert tried.status == status
        assert "Too many" not in tried.text
    late = page.send(form, **fields | {"old": "learner-demo", "password": "learner-demo"})
    assert "Too many failed log-ins" in late.text
    with pytest.raises(limits.TooManyTries):
        right("127.0.0.1")
    assert right(ELSEWHERE)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("10.0.0.1", "10.0.0.2", False),
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:10.0.0.1", "10.0.0.1", True),
        ("", "", True),
    ],
)
def test_a_household_is_one_network(one: str, other: str, same: bool) -> None:
    assert (limits.network(one) == limits.network(other)) == same


def test_a_class_behind_one_address_logs_in(app: Flask) -> None:
    """Five hundred, half of whom mistype their passwords at first."""
    at = clock.now()
    for pupil in range(500):
        limits.take(limits.of_password(f"pupil{pupil}@example.com", HERE), at)
        if pupil % 2:
            rows = limits.take(limits.of_password(f"pupil{pupil}@example.com", HERE), at)
            limits.give_back(rows, limits.pair(f"pupil{pupil}@example.com", HERE))
    assert right()


def test_the_limit_of_a_network_is_a_setting(database_url: str) -> None:
    settings = Settings(database_url=normalised(database_url), secret_key=SECRET, tries_per_address=12)
    with create_app(settings, TESTING=True).app_context():
        for number in range(12):
            with pytest.raises(actions.WrongPassword):
                actions.log_in(f"{number}@example.com", "wrong", HERE, clock.now())
        with pytest.raises(limits.TooManyTries):
            right()
        assert right(ELSEWHERE)
        db.session.remove()
        db.engine.dispose()


def test_what_is_over_is_forgotten(app: Flask) -> None:
    fail(2)
    limits.sweep(clock.now() + limits.WINDOW - timedelta(minutes=1))
    assert db.session.scalar(select(func.count(LoginFailure.id))) == 4
    limits.sweep(clock.now() + limits.WINDOW)
    assert db.session.scalar(select(func.count(LoginFailure.id))) == 0
