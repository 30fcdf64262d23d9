"""PgBouncer in transaction mode before PostgreSQL: the set-up for many hosts, with a real pooler."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from socket import create_connection
from time import monotonic, sleep
from urllib.parse import urlsplit

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from quizapp import clock
from quizapp.app import create_app
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Answer
from quizapp.banks import actions as banks
from quizapp.banks.models import Bank
from quizapp.config import Settings, from_environment, normalised
from quizapp.db import db, upgrade
from quizapp.formats.items import Item
from quizapp.operation.backups import locked_database
from quizapp.operation.transfer import backup
from tests.attempts.test_story import quiz_with, solve
from tests.conftest import SECRET, admin, user_of
from tests.person import Person
from tests.postgres import free_port

CONNECTIONS = 2
"""How many connections to the server all threads share."""
CONFIGURATION = """
[databases]
* = host={host} port={server_port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
auth_type = any
pool_mode = transaction
default_pool_size = {connections}
ignore_startup_parameters = extra_float_digits
unix_socket_dir =
"""


@contextmanager
def pooler(server: str) -> Iterator[str]:
    """A PgBouncer before the server; its address without a database name."""
    program = shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")
    assert program, "PgBouncer is missing: apt-get install pgbouncer"
    url, port = urlsplit(server), free_port()
    folder = Path(tempfile.mkdtemp(prefix="pgbouncer", dir="/tmp"))
    folder.chmod(0o755)
    settings = folder / "pgbouncer.ini"
    settings.write_text(
        CONFIGURATION.format(host=url.hostname, server_port=url.port, port=port, connections=CONNECTIONS)
    )
    as_nobody = {"user": pwd.getpwnam("nobody").pw_uid} if os.geteuid() == 0 else {}
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, settings], stdout=log, stderr=log, cwd="/", **as_nobody)
    try:
        wait_for(port, process, folder / "log")
        yield f"postgresql://postgres@127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=10)
        shutil.rmtree(folder)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    began = monotonic()
    while monotonic() - began < 10 and process.poll() is None:
        with suppress(OSError), closing(create_connection(("127.0.0.1", port), timeout=1)):
            return
        sleep(0.05)
    raise AssertionError(log.read_text())


@pytest.fixture
def pooled(postgres_server: str, postgres_template: str) -> Iterator[Flask]:
    """The application with its database behind a pooler."""
    name = f"{postgres_template}_pooled"
    with admin(postgres_server) as run:
        run(f"CREATE DATABASE {name} TEMPLATE {postgres_template}")
    with pooler(postgres_server) as address:
        settings = Settings(database_url=normalised(f"{address}/{name}"), secret_key=SECRET, pooler=True)
        app = create_app(settings, TESTING=True)
        with app.app_context():
            yield app
            db.session.remove()
            db.engine.dispose()
    with admin(postgres_server) as run:
        run(f"DROP DATABASE {name} WITH (FORCE)")


def test_many_threads_share_few_connections(pooled: Flask) -> None:
    """More threads than connections, each with more transactions than a driver prepares statements after."""
    people = [Person(pooled) for _ in range(6)]
    attempt = actions.start(user_of("learner"), quiz_with("deferred"), clock.now())
    failures: list[BaseException] = []

    def browse(person: Person) -> None:
        try:
            with pooled.app_context():
                for _ in range(8):
                    person.get("/courses")
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=browse, args=(person,)) for person in people]
    for thread in threads:
        thread.start()
    slots = queries.overview(attempt)
    for slot in slots:
        solve(attempt, slot.position)
    for thread in threads:
        thread.join()
    assert failures == []
    assert actions.submit(user_of("learner"), attempt.public_id, clock.now()).mark is not None
    assert db.session.scalar(select(func.count(Answer.id))) == len(slots)
    assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0


def test_a_site_is_migrated_filled_and_backed_up_through_it(pooled: Flask, tmp_path: Path) -> None:
    upgrade()
    items = [Item(id=f"q{n}", kind="truefalse", stem={"en": f"{n}"}, response={"answer": True}) for n in range(20)]
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, items, clock.now())
    assert backup(tmp_path / "backup.sqlite3", create_app)["banks"]["rows"] == db.session.scalar(
        select(func.count(Bank.id))
    )
    assert db.session.scalar(text("SELECT count(*) FROM pg_prepared_statements")) == 0
    assert list(queries.wrong_scores()) == []
    health = Person(pooled).send("GET", "/healthz").json
    assert (health["status"], health["database"]) == ("ok", "postgresql")


def test_one_host_at_a_time_makes_the_backup(pooled: Flask) -> None:
    """Whichever connections the pooler lends meanwhile; and afterwards another can."""
    held = text(
        "SELECT count(*) FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database "
        "WHERE locktype = 'advisory' AND datname = current_database()"
    )
    for _ in range(3):
        with locked_database(wanted=True) as mine:
            assert mine
            with locked_database(wanted=True) as another:
                assert not another
            assert db.session.scalar(held) == 1
        assert db.session.scalar(held) == 0


def test_the_setting_is_read() -> None:
    environ = {"QUIZAPP_DATABASE_URL": "postgresql://localhost/quizapp", "QUIZAPP_SECRET_KEY": SECRET}
    assert from_environment(environ | {"QUIZAPP_POOLER": "1"}).pooler
    assert not from_environment(environ).pooler
