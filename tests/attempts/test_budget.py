"""What the hot pages may cost: statements, whatever the size of the quiz and of the history."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from quizapp import clock
from quizapp.attempts import actions, queries, tries
from quizapp.attempts.models import Attempt
from quizapp.banks.queries import history
from quizapp.db import db, writing_engine
from quizapp.formats.items import Item
from quizapp.quizzes import held, listed
from tests.attempts.test_feedback import open_at
from tests.attempts.test_player import url_of
from tests.attempts.test_story import quiz_with, solve
from tests.conftest import user_of
from tests.person import Person


def begun() -> Attempt:
    return actions.start(user_of("learner"), quiz_with("deferred"), clock.now())


def test_saving_an_answer(app: Flask, learner: Person, statements: list[str]) -> None:
    attempt = begun()
    url = f"/attempts/{attempt.public_id}/questions/1"
    page = learner.get(url)
    fields = dict(page.form("questions/1").form_values())
    for field in page.form("questions/1").inputs:
        if field.name and field.name not in fields and field.get("value"):
            fields[field.name] = field.get("value")
    statements.clear()
    reply = learner.send("POST", url, data=fields, headers={"Accept": "application/json"})
    assert reply.status_code == 200, reply.text
    assert len(statements) == (3 if db.engine.dialect.name == "postgresql" else 4), statements
    assert [one for one in statements if "INSERT INTO answers" in one], "it was stored"


def test_a_save_on_postgresql_is_one_statement_that_commits_by_itself(app: Flask) -> None:
    """And it goes where the reads went: another connection would have to be fetched, asked to begin and to commit."""
    attempt = begun()
    sent: list[tuple[str, int, bool]] = []

    def record(connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        driven = connection.connection.driver_connection
        sent.append((statement.split()[0], id(driven), getattr(driven, "autocommit", False)))

    event.listen(db.engine, "before_cursor_execute", record)
    try:
        solve(attempt, 1)
    finally:
        event.remove(db.engine, "before_cursor_execute", record)
    assert queries.slot(attempt.public_id, 1, attempt.user_id).seq == 1
    words, connections, by_themselves = zip(*sent, strict=True)
    assert len(set(connections)) == 1, sent
    if db.engine.dialect.name == "postgresql":
        assert words[-1] == "WITH"
        assert all(by_themselves), sent


def test_a_question(app: Flask, learner: Person, statements: list[str]) -> None:
    url = f"/attempts/{begun().public_id}/questions/2"
    learner.get(url)
    statements.clear()
    learner.get(url)
    assert len(statements) == 2, statements


@pytest.mark.parametrize("page", ["questions/2", "results"])
def test_a_process_that_knows_no_version_asks_once_more(
    app: Flask, learner: Person, statements: list[str], page: str
) -> None:
    """For all versions of the page together."""
    attempt = begun()
    if page == "results":
        actions.submit(user_of("learner"), attempt.public_id, clock.now())
    url = f"/attempts/{attempt.public_id}/{page}"
    learner.get(url)
    costs = []
    for _known in (True, False):
        statements.clear()
        learner.get(url)
        costs.append(len(statements))
        app.extensions[history.ITEMS_KEY].clear()
    assert costs[1] == costs[0] + 1, statements


def test_a_check_reads_of_its_question_what_came_with_it(app: Flask, learner: Person, statements: list[str]) -> None:
    """A version is large, with all that is known of where it came from."""
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot))
    token = page.tree.xpath("//input[@name='choice']/@value")[0]
    db.session.remove()
    statements.clear()
    page.send(url_of(attempt, slot), ("do", "check"), choice=token)
    assert [one for one in statements if one.startswith(("INSERT", "WITH"))], "it was stored"
    assert [one for one in statements if "question_versions.provenance" in one] == []


def test_results_and_home_cost_the_same_with_more_history(app: Flask, learner: Person, statements: list[str]) -> None:
    def cost(url: str) -> int:
        statements.clear()
        learner.get(url)
        return len(statements)

    first = begun()
    actions.submit(user_of("learner"), first.public_id, clock.now())
    cost(f"/attempts/{first.public_id}/results")  # the first page of a process reads the wordings that it shows
    results, home = cost(f"/attempts/{first.public_id}/results"), cost("/home")
    for _ in range(5):
        done = actions.submit(user_of("learner"), begun().public_id, clock.now())
    cost(f"/attempts/{done.public_id}/results")  # which asks other questions
    assert cost(f"/attempts/{done.public_id}/results") == results
    assert cost("/home") == home
    assert results <= 5
    assert home <= 9
    assert len(tries.history(user_of("learner").id, first.quiz_id)) == 6


def test_the_catalogue(app: Flask, visitor: Person, statements: list[str]) -> None:
    """Courses, lessons, quizzes and rounds cost a statement each, however many there are."""
    assert visitor.get("/courses").text.count("lessons") >= 2
    assert len(statements) == 6, statements  # two of them for the question to begin with


def plan_of(statement: Any, **values: Any) -> str:
    written = statement.params(values).compile(db.engine, compile_kwargs={"literal_binds": True})
    return str(db.session.execute(text(f"EXPLAIN QUERY PLAN {written}")).all())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by the size of the table
def test_pages_read_no_more_of_a_large_site(app: Flask) -> None:
    """Indexes of the few rows that matter say which they are, however often a question was answered, and however many
    quizzes there are."""
    plan = plan_of(queries.TO_LOOK_BACK, attempt=begun().id, now=clock.now())
    assert "ix_answers_rescored" in plan, plan
    assert "ix_quizzes_closed" in plan, plan
    assert "ix_quizzes_closed" in (plan := plan_of(held.HOLDING, now=clock.now())), plan
    assert "ix_quizzes_of_courses" in (plan := plan_of(listed.OF_COURSES)), plan


def test_a_version_is_read_once_however_often_it_is_looked_at(
    app: Flask, learner: Person, statements: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the process knows of it is found by its hash; the oldest are forgotten, and read again."""
    attempt = begun()
    asked = queries.slots_with_items(attempt.id)
    kept = app.extensions[history.ITEMS_KEY]
    statements.clear()
    assert queries.slots_with_items(attempt.id) == asked
    assert len(statements) == 1, statements
    monkeypatch.setattr(history, "MOST_KEPT", 1)
    kept.clear()
    assert queries.slots_with_items(attempt.id) == asked
    assert len(kept) == 1
    statements.clear()
    assert queries.slots_with_items(attempt.id) == asked
    assert len(statements) == 2, statements


def test_a_version_of_another_site_with_the_same_id_is_another(app: Flask) -> None:
    attempt = begun()
    slot, _question, item = queries.slots_with_items(attempt.id)[0]
    other = Item(kind="essay")
    app.extensions[history.ITEMS_KEY][slot.version_id, other.content_hash()] = other
    assert queries.slots_with_items(attempt.id)[0][2] == item


PARTIAL = (
    ("answers", "ix_answers_rescored", queries.TO_LOOK_BACK),
    ("quizzes", "ix_quizzes_closed", held.HOLDING),
    ("quizzes", "ix_quizzes_of_courses", listed.OF_COURSES),
)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@pytest.mark.parametrize(("table", "index", "statement"), PARTIAL, ids=[one[1] for one in PARTIAL])
def test_postgresql_sees_that_a_statement_asks_for_the_rows_of_an_index(
    app: Flask, table: str, index: str, statement: Any
) -> None:
    """Of a table that has no other: the model, the migration and the statement say the same, each in its own words."""
    values = {"attempt": 1, "now": clock.now()}
    with writing_engine().connect() as connection:
        made = connection.scalar(text("SELECT indexdef FROM pg_indexes WHERE indexname = :index"), {"index": index})
        connection.execute(text(f"CREATE TEMP TABLE {table} (LIKE public.{table})"))
        connection.execute(text(made.replace("ON public.", "ON pg_temp.").replace(":", "\\:")))
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        written = statement.params(values).compile(connection, compile_kwargs={"literal_binds": True})
        assert index in str(connection.exec_driver_sql(f"EXPLAIN {written}").all())
        connection.rollback()
