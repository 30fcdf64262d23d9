"""What every test starts from: a database with the courses in it, on SQLite and on PostgreSQL, and people."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2.bccache import Bucket
from sqlalchemy import create_engine, event, select, text

from quizapp import clock
from quizapp.accounts import passwords
from quizapp.accounts.models import User
from quizapp.accounts.queries import by_email
from quizapp.app import create_app
from quizapp.banks.models import Question, QuestionVersion
from quizapp.banks.queries import history
from quizapp.config import Settings, bundled, normalised
from quizapp.db import db, upgrade
from quizapp.formats.items import Item
from quizapp.operation import demo
from tests import postgres
from tests.compiled import ByEdition
from tests.person import Person

pytest_plugins = ["tests.draws"]

passwords.hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
"""Real hashes, which cost next to nothing; those of a server of its own process cost what they should."""

SECRET = "a secret for tests, long enough to sign with"


class Compiled(ByEdition):
    """In memory, for the applications of this process."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


def make_app(url: str) -> Flask:
    settings = Settings(database_url=normalised(url), secret_key=SECRET, questions=bundled("questions"))
    app = create_app(settings, TESTING=True)
    app.jinja_env.bytecode_cache = COMPILED
    return app


@contextmanager
def inside(url: str) -> Iterator[Flask]:
    """An application of its own on a database that a server has, or will have, and is left alone after the block."""
    app = make_app(url)
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def prepare(url: str) -> None:
    """A database as `make run` leaves it: migrated, the courses loaded, the demo accounts made."""
    with inside(url):
        upgrade()
        assert demo.load(bundled("questions"), clock.now()) == []


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    with postgres.server() as address:
        yield address


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "site.sqlite3"
    prepare(f"sqlite:///{path}")
    with create_engine(f"sqlite:///{path}").connect() as connection:
        connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
    return path


@contextmanager
def admin(server: str) -> Iterator[Callable[[str], None]]:
    """Statements on the server itself, outside any transaction."""
    engine = create_engine(normalised(f"{server}/postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield lambda statement: connection.execute(text(statement)) and None
    engine.dispose()


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str, worker_id: str) -> Iterator[str]:
    """The name of a database of this worker that is prepared, and copied."""
    name = f"template_{worker_id}"
    with admin(postgres_server) as run:
        run(f"CREATE DATABASE {name}")
    prepare(f"{postgres_server}/{name}")
    with psycopg.connect(f"{postgres_server}/{name}") as connection:
        connection.execute(postgres.KEEP)
    yield name
    with admin(postgres_server) as run:
        run(f"DROP DATABASE IF EXISTS {name}_test WITH (FORCE)")
        run(f"DROP DATABASE {name}")


@pytest.fixture
def postgres_url(postgres_server: str, postgres_template: str) -> str:
    """The worker's PostgreSQL database, as it was prepared."""
    name = f"{postgres_template}_test"
    if not postgres.bring_back(f"{postgres_server}/{name}"):
        with admin(postgres_server) as run:
            run(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            run(f"CREATE DATABASE {name} TEMPLATE {postgres_template} STRATEGY FILE_COPY")
    return f"{postgres_server}/{name}"


@pytest.fixture(scope="session")
def worker_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("worker")


@pytest.fixture
def sqlite_url(sqlite_template: Path, worker_folder: Path) -> str:
    """The worker's SQLite file, as it was prepared, in a folder of its own."""
    path = worker_folder / "site" / "site.sqlite3"
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    return f"sqlite:///{shutil.copy(sqlite_template, path)}"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest) -> str:
    """A prepared database; every test that uses it runs on both."""
    return request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_url")


@pytest.fixture(scope="session")
def made_apps() -> dict[str, Flask]:
    """The applications of this worker by the addresses of their databases; to make one takes longer than most tests."""
    return {}


@pytest.fixture
def app(database_url: str, made_apps: dict[str, Flask]) -> Iterator[Flask]:
    """The application on the database of this test. Its settings and views, and what it remembers of the database, are
    as they were for the next one. The items that all pages share are as they were read."""
    made = made_apps.get(database_url) or made_apps.setdefault(database_url, make_app(database_url))
    before = [(kept, dict(kept)) for kept in (made.config, made.view_functions, made.extensions)]
    with made.app_context():
        try:
            yield made
            db.session.remove()
            shared = made.extensions.get(history.ITEMS_KEY, {}).items()
            changed = [one for (one, hash), item in shared if item.content_hash() != hash and item != stored(one)]
        finally:
            db.session.remove()
            db.engine.dispose()
            for kept, as_it_was in before:
                kept.clear()
                kept.update(as_it_was)
    assert not changed, f"versions that were changed by who only looks at them: {changed}"


def stored(version_id: int) -> Item:
    return db.session.get_one(QuestionVersion, version_id).item


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 12, 1, 9, 0, tzinfo=UTC)


def user_of(role: str) -> User:
    found = by_email(f"{role}@example.com")
    assert found is not None
    return found


def by_key(bank_id: int) -> dict[str, Question]:
    """Every question of a bank by its stable key, archived ones too."""
    return {one.key: one for one in db.session.scalars(select(Question).where(Question.bank_id == bank_id))}


@pytest.fixture
def learner(app: Flask) -> Person:
    return Person(app, user_of("learner"))


@pytest.fixture
def instructor(app: Flask) -> Person:
    return Person(app, user_of("instructor"))


@pytest.fixture
def visitor(app: Flask) -> Person:
    """Somebody without an account."""
    return Person(app)


@pytest.fixture
def stranger(app: Flask) -> Person:
    """Another learner, who owns nothing of the learner's."""
    from quizapp.accounts import actions

    return Person(app, actions.create("stranger@example.com", "Stranger", "a long password", "learner", clock.now()))


@pytest.fixture
def statements(app: Flask) -> Iterator[list[str]]:
    """The SQL statements sent since the test began; clear it before what is to be counted."""
    sent: list[str] = []

    def record(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "PRAGMA")):
            sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", record)
    yield sent
    event.remove(db.engine, "before_cursor_execute", record)
