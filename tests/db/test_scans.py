"""A page reads what it shows by indexes: no table that grows with other people's work is gone through for it.

Every address is fetched as a learner and as an instructor, and SQLite asked how it goes about each statement; the pages
of an admin are of the whole site.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select, update

from quizapp.db import atomic, db
from quizapp.quizzes.models import Quiz
from tests.conftest import user_of
from tests.security.test_permissions import come, routes
from tests.security.things import addresses, things

FEW = {"courses", "lessons", "lesson_versions", "quiz_figures"}
"""Tables as long as the catalogue is."""
WITHOUT = {("quizzes", "banks.sharing.settings")}
"""What instructors' pages ask of a column's JSON: which quizzes draw from a bank. By the first view that asks."""
UNSEEN = {
    "accounts.mail.confirm", "accounts.mail.finish", "accounts.mail.reset", "attempts.attempt", "attempts.sheet.sheet",
    "banks.media", "progress.start", "review.finish", "site.static_page", "styles.script", "styles.sheet",
    "uploads.media",
}  # fmt: skip
"""Addresses that show a page to nobody here: they lead elsewhere, are files, or need what `things` doesn't have."""
SCAN = re.compile(r"SCAN (\w+)(?: USING (?:COVERING )?INDEX (\w+))?")
NAMED = re.compile(r"(?:FROM|JOIN|,)\s+(\w+)(?:\s+AS\s+(\w+))?")


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """SQLite says how it reads whatever the size of a table; PostgreSQL chooses by that, among the same indexes."""
    return sqlite_url


class Reads:
    """Each statement once, with what it was given, and the view that sent it first."""

    def __init__(self) -> None:
        self.at, self.found = "", dict[str, tuple[Any, str]]()

    def __call__(self, _connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith(("SELECT", "WITH")):
            self.found.setdefault(statement, (parameters, self.at))


@pytest.fixture
def reads(app: Flask) -> Iterator[Reads]:
    found = Reads()
    event.listen(db.engine, "before_cursor_execute", found)
    yield found
    event.remove(db.engine, "before_cursor_execute", found)


def scanned(statement: str, parameters: Any, partial: set[str]) -> set[str]:
    """The tables that a statement goes through from end to end, or by an index of all their rows."""
    names = {alias or table: table for table, alias in NAMED.findall(statement)}
    with db.engine.connect() as connection:
        plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
    steps = [found for row in plan if (found := SCAN.match(row[3]))]
    return {names[one[1]] for one in steps if one[1] in names and one[2] not in partial} & set(db.metadata.tables)


def test_no_page_goes_through_a_table_that_grows(app: Flask, reads: Reads) -> None:
    values = things(user_of("learner"))
    quiz = db.session.scalars(select(Quiz).where(Quiz.public_id == values["routes"]["quizzes."]["public_id"])).one()
    ways = quiz.settings, {**quiz.settings, "feedback": "closed"}
    unseen = {rule.endpoint for method, rule in routes(app) if method == "GET"}
    read = dict[str, dict[str, tuple[Any, str]]]()
    for who in ("anonymous", "learner", "instructor", "admin"):
        person, reads.found = come(app, who), {}
        for settings in ways:
            with atomic():
                db.session.execute(update(Quiz).where(Quiz.id == quiz.id).values(settings=settings))
            for method, rule in routes(app):
                for url in addresses(rule, values) if method == "GET" else ():
                    reads.at = rule.endpoint
                    reply = person.send("GET", url)
                    unseen -= {rule.endpoint} if reply.status_code == 200 else set()
                    reply.close()
        read[who] = reads.found
    assert unseen == UNSEEN
    event.remove(db.engine, "before_cursor_execute", reads)
    partial = {index.name for table in db.metadata.tables.values() for index in table.indexes
               if index.dialect_options["sqlite"]["where"] is not None}  # fmt: skip
    found = {
        (table, endpoint): statement
        for statement, (parameters, endpoint) in {**read["instructor"], **read["learner"], **read["anonymous"]}.items()
        for table in scanned(statement, parameters, partial) - FEW
    }
    event.listen(db.engine, "before_cursor_execute", reads)
    assert found.keys() == WITHOUT, found
