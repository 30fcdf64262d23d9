"""Migrations from every released schema, with rows in every table: none is lost, and the site works on them."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import check
from flask_migrate import upgrade as upgrade_to
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions, queries
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank, Question
from quizapp.banks.summary import labels_of, words_of
from quizapp.courses import actions as courses
from quizapp.courses.models import Course
from quizapp.db import db, integrity_problems, upgrade
from quizapp.notes import actions as notes
from quizapp.operation.transfer import advance_sequences
from quizapp.uploads import actions as imports
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.reading import SMALL
from tests import forked
from tests.attempts.test_story import begin, solve
from tests.conftest import SECRET, admin, make_app, user_of
from tests.old_sites import Site, fill, in_use, snapshot
from tests.person import Page, Person

MIGRATIONS = ScriptDirectory(str(Path(__file__).parents[2] / "quizapp" / "migrations"))
REVISIONS = sorted(one.revision for one in MIGRATIONS.walk_revisions())
SITES = ("0001", "0002", "0003", "2026_12_05_readings", "2026_12_08_notes", REVISIONS[-2])
"""Schemas that sites are at, and the one before the newest. Those in between were there for hours, and an exploration
begins at them as well."""
FROM_SITES = pytest.mark.parametrize(
    "revision", [one if one in SITES else pytest.param(one, marks=pytest.mark.explore) for one in REVISIONS]
)
BANK = """
items:
  - id: picture
    stem: {ko: "몇 제곱미터입니까? ![그림](media:a.png)"}
    response:
      choices: [{id: a, text: {ko: 일}, fraction: 1}, {id: b, text: {ko: 이}, fraction: 0}]
    media: [{name: a.png, type: image/png, data: aGVsbG8=}]
"""


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a database without a table."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/old.sqlite3"
        return
    server = request.getfixturevalue("postgres_server")
    name = f"old_{request.getfixturevalue('worker_id')}"
    with admin(server) as run:
        run(f"CREATE DATABASE {name}")
    yield f"{server}/{name}"
    with admin(server) as run:
        run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def at(empty_url: str) -> Iterator[Callable[[str], Flask]]:
    """A site at a revision, without rows."""
    app = make_app(empty_url)

    def made(revision: str) -> Flask:
        upgrade_to(revision=revision)
        return app

    with app.app_context():
        yield made
        db.session.remove()
        db.engine.dispose()


def stayed(before: Site, after: Site) -> Site:
    """`after` in the columns that `before` has."""
    return {
        name: [{key: row[key] for key in rows[0] if key in row} for row in after[name]] for name, rows in before.items()
    }


GUARDS = {"answers_batch_id_immutable", "answers_detail_immutable", "answers_immutable", "question_versions_immutable"}
"""The triggers by which the database keeps its record. A migration that copies a table of SQLite's loses them."""


def guards() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        named = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        named = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal"
    return set(db.session.scalars(text(named)))


def refused(statement: str) -> None:
    """The database itself doesn't do it."""
    with pytest.raises(DBAPIError, match="are never updated"):
        db.session.execute(text(statement))
    db.session.rollback()


@FROM_SITES
def test_no_row_and_no_value_is_lost(at: Callable[[str], Flask], revision: str) -> None:
    at(revision)
    fill(db.engine)
    before = snapshot(db.engine)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    upgrade()
    after = snapshot(db.engine)
    assert stayed(before, after) == before
    assert integrity_problems() == []
    refused("UPDATE question_versions SET number = 7")
    refused("UPDATE answers SET seq = 7")
    assert guards() == GUARDS
    check()


def test_a_row_of_the_record_keeps_what_was_added_later(at: Callable[[str], Flask]) -> None:
    at(REVISIONS[-1])
    fill(db.engine)
    refused("UPDATE answers SET detail = NULL WHERE id = 1")
    refused("UPDATE answers SET batch_id = NULL WHERE id = 1")


@pytest.fixture(scope="module")
def used(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Site:
    """The rows of a site in use: lesson read, quiz handed in, another going on, bank shared, files uploaded."""
    path = tmp_path_factory.mktemp("used") / "site.sqlite3"
    shutil.copy(sqlite_template, path)
    app = make_app(f"sqlite:///{path}")
    with app.app_context():
        course = db.session.scalars(select(Course).where(Course.position == 0)).one()
        notes.keep_passage(user_of("learner"), course.lessons[0], "", "Read it again.", clock.now())
        course_id, first = course.id, f"/courses/{course.slug}/lessons/{course.lessons[0].slug}"
        Person(app, user_of("learner")).get(first).send("progress", ("done", "1"))
        courses.enrol(course_id, user_of("learner"), clock.now())
        attempt = begin("immediate")
        for slot in queries.overview(attempt):
            solve(attempt, slot.position)
        actions.submit(user_of("learner"), attempt.public_id, clock.now())
        solve(begin("deferred"), 1)
        begin("immediate")
        accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
        banks.share(db.session.scalars(select(Bank).order_by(Bank.id)).first(), "other@example.com", "editor",
                    user_of("instructor"), clock.now())  # fmt: skip
        for name, more in (("done", ""), ("waiting", ""), ("large", "# " + "x" * SMALL)):
            upload = imports.keep(
                user_of("instructor"),
                [(f"{name}.yaml", (BANK + more).encode())],
                None,
                name,
                ReadingOptions("yaml"),
                clock.now(),
            )[0]
            if name == "done":
                imports.apply(upload, user_of("instructor"), False, clock.now())
        rows = in_use()
        db.session.remove()
        db.engine.dispose()
    return rows


@FROM_SITES
def test_a_site_in_use_goes_on(at: Callable[[str], Flask], used: Site, revision: str) -> None:
    app = at(revision)
    fill(db.engine, used)
    before = snapshot(db.engine)
    assert all(before.values()), [name for name, rows in before.items() if not rows]
    upgrade()
    assert stayed(before, snapshot(db.engine)) == before
    if db.engine.dialect.name == "postgresql":
        with db.engine.begin() as writing:
            advance_sequences(writing)  # rows that were copied in brought their ids
    assert list(queries.wrong_scores()) == []
    see_pages(app)
    attempt = begin("deferred")
    solve(attempt, 2)
    assert actions.submit(user_of("learner"), attempt.public_id, clock.now()).mark is not None


def see_pages(app: Flask) -> None:
    """Fetch pages of a learner and of an instructor, on and on from where each begins."""
    for who, starts in (("learner", ["/home", "/courses"]), ("instructor", ["/banks", "/quizzes", "/grading"])):
        person, seen, waiting = Person(app, user_of(who)), set(), list(starts)
        while waiting and len(seen) < 25:
            address = waiting.pop(0)
            seen.add(address)
            reply = person.send("GET", address, follow_redirects=True)
            assert reply.status_code == 200, address
            page = Page(person, reply) if reply.mimetype == "text/html" else None
            links = {link.partition("#")[0] for link in page.links()} if page else set()
            below = {link for link in links if link.startswith(address.partition("?")[0] + "/") and "." not in link}
            waiting += sorted(below - seen - set(waiting))
        assert len(seen) > 10, seen


CONTENT = {
    "kind": "cloze",
    "title": {"ko": "수도"},
    "tags": ["지리", "두  낱말"],
    "response": {"text": {"ko": "<b>서울</b>은 {{g1}}", "en": "SEOUL", "format": "html"}},
}


def test_questions_from_before_the_search_are_found_by_it(at: Callable[[str], Flask], used: Site) -> None:
    at("0001")
    site = {name: [dict(row) for row in rows] for name, rows in used.items()}
    first, second = site["questions"][:2]
    for version in site["question_versions"]:
        if version["id"] == first["current_id"]:
            version["content"] = CONTENT
    second["current_id"] = None
    fill(db.engine, site)
    upgrade()
    found = db.session.get(Question, first["id"])
    assert found is not None
    assert found.current is not None
    assert found.search == words_of(found.current.item) == "수도\nseoul\n서울 은 {{g1}}"
    assert found.tags == labels_of(found.current.item.tags) == "\n지리\n두 낱말\n"
    without = db.session.get(Question, second["id"])
    assert without is not None
    assert (without.search, without.tags, without.key) == ("", "", second["key"])


def test_every_lesson_from_before_has_its_wording_kept(at: Callable[[str], Flask], used: Site) -> None:
    at("0002")
    fill(db.engine, used)
    upgrade()
    lessons = db.session.execute(text("SELECT course_id, slug, body FROM lessons ORDER BY id")).all()
    versions = db.session.execute(text("SELECT course_id, slug, body FROM lesson_versions ORDER BY id")).all()
    assert versions == lessons


def test_a_log_in_from_before_the_sessions_goes_on(at: Callable[[str], Flask], used: Site) -> None:
    """Cookies that were signed before hold the public id and the epoch; a guest has no other way in."""
    app = at("0003")
    fill(db.engine, used)
    upgrade()
    person = Person(app)
    with person.client.session_transaction() as session:
        session["_user_id"] = f"{user_of('learner').public_id}.{user_of('learner').epoch}"
    person.get("/home").send("logout")
    with person.client.session_transaction() as session:
        session["_user_id"] = f"{user_of('learner').public_id}.{user_of('learner').epoch}"
    assert person.get("/home").url.startswith("/login")


@pytest.mark.parametrize("revision", [None, REVISIONS[0]])
def test_processes_that_start_together_take_turns(
    at: Callable[[str], Flask], empty_url: str, revision: str, tmp_path: Path
) -> None:
    """A new site, or an old one with rows: every process comes up, the schema is made once, no row is lost."""
    before: Site = {}
    if revision:
        at(revision)
        fill(db.engine)
        before = snapshot(db.engine)
        db.engine.dispose()
    environment = os.environ | {"QUIZAPP_DATABASE_URL": empty_url, "QUIZAPP_SECRET_KEY": SECRET}
    with (tmp_path / "said").open("w+b") as said, Path(os.devnull).open("r+b") as nothing:
        processes = [forked.Command(["db", "upgrade"], environment, (nothing, said, said)) for _ in range(3)]
        ends = [process.wait(60) for process in processes]
        said.seek(0)
        assert ends == [0, 0, 0], said.read()
    at(REVISIONS[-1])
    assert stayed(before, snapshot(db.engine)) == before
    assert db.session.execute(text("SELECT version_num FROM alembic_version")).all() == [(REVISIONS[-1],)]
    check()
