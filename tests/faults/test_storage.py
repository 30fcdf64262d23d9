"""A database that is locked, full or away, and a backup while others write: clear replies, nothing half-written."""

from __future__ import annotations

import os
import resource
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from quizapp.db import db
from tests.conftest import admin
from tests.faults.client import Learner, Load
from tests.faults.conftest import assert_kept, assert_sound, stored
from tests.person import Person
from tests.site import Site

pytestmark = pytest.mark.xdist_group("faults")


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Another process that writes and doesn't come to an end."""
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")


def test_an_answer_waits_for_a_short_lock(site: Site, exam: str) -> None:
    learner = Learner(site, exam).start()
    fields = learner.fill(1)
    with ThreadPoolExecutor() as pool:
        with locked(site.database):
            began = time.monotonic()
            reply = pool.submit(learner.send, 1, fields)
            time.sleep(3)
            assert not reply.done()
            assert learner.request("GET", learner.url(2)).status == 200, "reading goes on meanwhile"
        assert reply.result().status == 200
        assert time.monotonic() - began >= 3
    assert assert_kept(site.database, learner.acknowledged) == 1


def test_a_long_lock_is_said_and_nothing_is_stored(site: Site, exam: str) -> None:
    """Longer than the server waits: 503 for the script and for the form, and the same answer is taken later."""
    learner = Learner(site, exam).start()
    fields = learner.fill(1)
    with ThreadPoolExecutor() as pool:
        with locked(site.database):
            script = pool.submit(learner.send, 1, fields)
            form = pool.submit(learner.request, "POST", learner.url(1), fields)
            replies = script.result(), form.result()
        assert [reply.status for reply in replies] == [503, 503]
    assert replies[0].json["error"] == 503
    assert "What was saved before is safe" in replies[0].json["message"]
    assert "What was saved before is safe" in replies[1].body
    assert replies[0].headers["Retry-After"]
    assert not stored(site.database)
    assert learner.send(1, fields).status == 200
    assert "Traceback" not in site.log.read_text()
    assert_sound(site)


def test_a_full_disk_is_said_and_the_server_goes_on(site: Site, exam: str) -> None:
    """No file of the workers may grow beyond a page, as on a full disk; then there is room again."""
    learner = Learner(site, exam).start()
    assert learner.send(1, learner.fill(1)).status == 200
    fields = learner.fill(2)
    unlimited = resource.prlimit(site.workers[0], resource.RLIMIT_FSIZE)
    for worker in site.workers:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, (4096, unlimited[1]))
    replies = [learner.send(2, fields) for _ in range(6)]
    assert [reply.status for reply in replies] == [503] * 6, replies[0].body
    assert learner.request("GET", learner.url(2)).status == 200, "reading goes on"
    health = learner.request("GET", "/healthz")
    assert (health.status, health.json["status"]) == (503, "unavailable"), "whoever watches is told"
    assert_kept(site.database, learner.acknowledged)
    for worker in site.workers:
        resource.prlimit(worker, resource.RLIMIT_FSIZE, unlimited)
    assert learner.request("GET", "/healthz").status == 200
    assert learner.send(2, fields).json["seq"] == 1
    assert assert_kept(site.database, learner.acknowledged) == 2
    assert_sound(site)


def test_a_read_only_disk_is_said_and_nothing_is_lost(sqlite_template: Path, exam: str, tmp_path: Path) -> None:
    """The files and their folder can't be written; the server may read on, and goes on once they can."""
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "site.sqlite3")
    site = Site(folder, demo=False, QUIZAPP_SECRET_KEY="for this test only, long enough to sign")
    site.log = tmp_path / "server.log"
    if os.geteuid() == 0:  # root may write everywhere, unless it gives that up
        site.command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *site.command]
    site.start()
    try:
        learner = Learner(site, exam).start()
        assert learner.send(1, learner.fill(1)).status == 200
        fields = learner.fill(2)
        with read_only(folder):
            renew(site)
            reply = learner.send(2, fields)
            assert reply.status == 503, reply.body
            assert "What was saved before is safe" in reply.json["message"]
            assert "Traceback" not in site.log.read_text()
        renew(site)
        assert learner.send(2, fields).json["seq"] == 1
        assert assert_kept(site.database, learner.acknowledged) == 2
        assert_sound(site)
    finally:
        site.end()


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    modes = {path: path.stat().st_mode for path in (*folder.iterdir(), folder)}
    for path, mode in modes.items():
        path.chmod(mode & ~0o222)
    yield
    for path, mode in modes.items():
        path.chmod(mode)


def renew(site: Site) -> None:
    """New workers, which open the files anew."""
    old = site.workers
    os.kill(site.pid, signal.SIGHUP)
    end = time.monotonic() + 20
    while set(old) & set(site.workers) or len(site.workers) < 2:
        assert time.monotonic() < end, "the old workers stay"
        time.sleep(0.05)


def test_a_backup_under_load_holds_all_that_was_acknowledged_before(site: Site, exam: str, tmp_path: Path) -> None:
    backup, restored = tmp_path / "backup.sqlite3", tmp_path / "restored" / "site.sqlite3"
    with Load(site, exam, learners=10) as load:
        load.wait_for(40)
        before = load.acknowledged
        written = site.run("backup", str(backup))
        assert written.returncode == 0, written.stderr
        after = len(load.acknowledged)
        load.wait_for(10)
    assert after > len(before), "the learners went on during the backup"
    elsewhere = {"QUIZAPP_DATABASE_URL": f"sqlite:///{restored}"}
    assert site.run("restore", "--yes", str(backup), **elsewhere).returncode == 0
    assert assert_kept(restored, before) < len(stored(site.database))
    assert_sound(site, **elsewhere)


def test_a_database_that_is_away_is_503(
    app: Flask, database_url: str, learner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Health, pages, scripts, and pages that aren't there: each says it, for somebody logged in too."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    learner.get("/courses")
    take_away(database_url)
    health = learner.send("GET", "/healthz")
    assert (health.status_code, health.json["status"]) == (503, "unavailable")
    for url in ("/courses", "/home", "/nothing-here"):
        for accept in ("text/html", "application/json"):
            reply = learner.send("GET", url, headers={"Accept": accept, "Accept-Language": "en"})
            assert reply.status_code == 503, f"{url}: {reply.status_code}"
            assert "The database doesn't answer" in reply.text or "The database doesn&#39;t answer" in reply.text
            assert reply.headers["Retry-After"]
    assert learner.client.get_cookie("session") is not None, "nobody is logged out by it"


def take_away(database_url: str) -> None:
    """Make the database unreachable from now on."""
    db.session.remove()
    db.engine.dispose()
    if database_url.startswith("sqlite"):
        path = Path(database_url.removeprefix("sqlite:///"))
        for file in path.parent.glob("site.sqlite3*"):
            file.rename(file.with_suffix(".moved"))
        path.mkdir()
        return
    server, _, name = database_url.rpartition("/")
    with admin(server) as run:
        run(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_database_without_tables_isn_t_healthy(app: Flask, visitor: Person) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("DROP TABLE alembic_version"))
    assert visitor.send("GET", "/healthz").status_code == 503
