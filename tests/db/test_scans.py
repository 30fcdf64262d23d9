"""A page reads what it shows by indexes: no table that grows with other people's work is gone through for it.

Every address is fetched as a learner and as an instructor, and SQLite asked how it went about each statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event

from quizapp.db import db
from tests.conftest import user_of
from tests.security.test_permissions import come, routes
from tests.security.things import addresses, things

FEW = {"courses", "lessons", "lesson_versions", "quiz_figures"}
"""Tables as long as the catalogue is."""
WITHOUT = {("quizzes", "banks.sharing.settings")}
"""What an instructor's page asks of a column's JSON: which quizzes draw from a bank."""
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


@pytest.mark.parametrize("who", ["learner", "instructor"])
def test_no_page_goes_through_a_table_that_grows(app: Flask, reads: Reads, who: str) -> None:
    values = things(user_of("learner"))
    person = come(app, who)
    reads.found.clear()
    for method, rule in routes(app):
        for url in addresses(rule, values) if method == "GET" else ():
            reads.at = rule.endpoint
            person.send("GET", url).close()
    event.remove(db.engine, "before_cursor_execute", reads)
    partial = {index.name for table in db.metadata.tables.values() for index in table.indexes
               if index.dialect_options["sqlite"]["where"] is not None}  # fmt: skip
    found = {
        (table, endpoint): statement
        for statement, (parameters, endpoint) in reads.found.items()
        for table in scanned(statement, parameters, partial) - FEW
    }
    event.listen(db.engine, "before_cursor_execute", reads)
    assert found.keys() - WITHOUT == set(), found
    assert who == "learner" or found.keys() == WITHOUT, "what is no longer gone through"
