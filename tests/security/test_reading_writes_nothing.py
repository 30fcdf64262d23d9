"""No page that is fetched changes what is stored: every address, for everybody, byte for byte, now and days later.

What a link, an image elsewhere, a crawler or a browser that reads ahead can cause is only ever a GET.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from lxml import html
from sqlalchemy import event, select

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.db import atomic, db
from quizapp.review import actions as review
from tests.conftest import user_of
from tests.draws import exploring
from tests.person import Person
from tests.security.test_permissions import PEOPLE, come, routes
from tests.security.things import addresses, things

LATER = (timedelta(0), timedelta(days=3))
"""When everything is fetched: with what goes on, and when that is out of time, and reviews are due."""
MOST = 300
"""Addresses until no more links are followed."""
DML = re.compile(r"\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+\"?(\w+)", re.IGNORECASE)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, sqlite_url: str) -> str:
    """Pages read by the same statements on both: the gate has SQLite, an exploration PostgreSQL."""
    return request.getfixturevalue("postgres_url") if exploring() else sqlite_url


def stored() -> dict[str, list[Any]]:
    """Every row of every table."""
    db.session.rollback()
    return {
        table.name: sorted(map(repr, db.session.execute(select(table)).all())) for table in db.metadata.sorted_tables
    }


class Writes:
    """What was written to which table, by which address."""

    def __init__(self) -> None:
        self.at, self.found = "", set[tuple[str, str]]()

    def __call__(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        written = DML.match(statement)
        if written:
            self.found.add((re.sub(r"[a-z0-9]{12}", "…", self.at), written[1]))


@pytest.fixture
def writes(app: Flask) -> Any:
    found = Writes()
    event.listen(db.engine, "before_cursor_execute", found)
    yield found
    event.remove(db.engine, "before_cursor_execute", found)


def followed(page: str) -> set[str]:
    """The addresses of the page's links, one of each shape."""
    links = [link.partition("#")[0] for link in html.fromstring(page).xpath("//a/@href") if link.startswith("/")]
    return set({re.sub(r"\d+|[a-z0-9]{12}", "", link): link for link in links}.values())


def fetch_all(app: Flask, person: Person, values: dict[str, Any], writes: Writes) -> None:
    """Every address with a GET; in an exploration every link on the pages there too, as far as they are few."""
    waiting = [url for method, rule in routes(app) if method == "GET" for url in addresses(rule, values)]
    seen = set(waiting)
    while waiting:
        writes.at = url = waiting.pop()
        reply = person.send("GET", url)
        assert reply.status_code < 500, url
        if exploring() and reply.mimetype == "text/html" and len(seen) < MOST:
            new = followed(reply.text) - seen
            waiting += new
            seen |= new
        reply.close()


@pytest.fixture
def moved(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Move every clock of the application on."""
    real, began = clock.now, clock.now()
    clocks = [module for name, module in sys.modules.items() if name.startswith("quizapp.") and
              getattr(module, "now", None) is real]  # fmt: skip

    def move(by: timedelta) -> None:
        for module in clocks:
            monkeypatch.setattr(module, "now", lambda: began + by)

    return move


def reviewed(user: User, at: datetime) -> str:
    """A review that is over."""
    begun = review.begin(user, at)
    attempts.submit(user, begun.public_id, at)
    return begun.public_id


@pytest.mark.explore(gate=True)
@pytest.mark.parametrize("who", PEOPLE)
def test_no_page_that_is_fetched_writes(
    app: Flask, writes: Writes, moved: Callable[[timedelta], None], who: str
) -> None:
    user = user_of("learner")
    values = things(user)
    values["routes"]["review.finish"] = {"attempt_id": reviewed(user, clock.now() + LATER[1])}
    with atomic():
        review.on_rescored([user.id], clock.now())
    person = come(app, who)
    writes.found.clear()
    before = stored()
    for later in LATER:
        moved(later)
        fetch_all(app, person, values, writes)
    assert writes.found == set()
    after = stored()
    assert [name for name, rows in before.items() if after[name] != rows] == []


def test_a_write_would_be_seen(app: Flask, writes: Writes, learner: Person) -> None:
    token, before = learner.token(), stored()
    writes.found.clear()
    learner.send("POST", "/settings/name", data={"csrf_token": token, "name": "Renamed"})
    assert {table for _url, table in writes.found} == {"users"}
    assert stored() != before
