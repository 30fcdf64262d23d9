"""What an operator sees: logs with request ids, metrics, scheduled backups. With a real server of two workers."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from quizapp import clock, config
from quizapp.attempts import actions as attempts
from quizapp.db import db
from quizapp.errors import ConfigError
from quizapp.operation import backups
from tests.attempts.test_story import quiz_with, solve
from tests.conftest import SECRET, user_of
from tests.person import Person
from tests.site import Site

TOKEN = "a token of many characters"


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copy(sqlite_template, tmp_path / "site.sqlite3")
    running = Site(tmp_path, demo=False, QUIZAPP_METRICS_TOKEN=TOKEN, QUIZAPP_BACKUPS=str(tmp_path / "backups"))
    running.start()
    yield running
    running.end()


def ask(url: str, **headers: str) -> tuple[int, dict[str, str], str]:
    sent = urllib.request.Request(url, headers={name.replace("_", "-"): value for name, value in headers.items()})  # noqa: S310
    try:
        with urllib.request.urlopen(sent, timeout=10) as reply:  # noqa: S310
            return reply.status, dict(reply.headers), reply.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, dict(error.headers), error.read().decode()


def lines(site: Site, event: str) -> list[dict]:
    """The log's lines of this event; every line of the server's own must be JSON."""
    written = [line for line in site.log.read_text().splitlines() if not line.startswith("quizapp: http")]
    return [one for one in map(json.loads, written) if one["event"] == event]


def wait(holds: object, seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not holds():  # type: ignore[operator]
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.1)


def test_the_server_tells_what_it_does(site: Site) -> None:
    ask(f"{site.url}/courses?next=a-secret", X_Request_ID="given-by-proxy-1")
    status, headers, _ = ask(f"{site.url}/nothing", X_Request_ID="bad id\\twith space")
    assert status == 404
    ask(f"{site.url}/healthz")
    wait(lambda: len(lines(site, "request")) >= 2)
    first, second = lines(site, "request")
    assert (first["request_id"], first["path"], first["status"], first["endpoint"]) == (
        "given-by-proxy-1", "/courses", 200, "progress.catalogue",
    )  # fmt: skip
    assert first["ms"] > 0
    assert second["request_id"] == headers["X-Request-ID"] != "bad id\\twith space"
    assert "a-secret" not in site.log.read_text()

    # figures, over both workers
    assert ask(f"{site.url}/metrics")[0] == 404
    assert ask(f"{site.url}/metrics", Authorization="Bearer wrong")[0] == 404
    for _round in range(20):
        ask(f"{site.url}/courses")
    figures = ask(f"{site.url}/metrics", Authorization=f"Bearer {TOKEN}")[2]
    assert 'quizapp_requests_total{endpoint="progress.catalogue",method="GET",status="200"} 21.0' in figures
    assert 'quizapp_request_seconds_count{endpoint="progress.catalogue"} 21.0' in figures

    # a backup, once, though there are two workers
    folder = site.folder / "backups"
    wait(lambda: len(lines(site, "backup made")) == 1)
    assert [path.name for path in folder.glob("quizapp-*")] == [path.name for _, path in backups.backups_in(folder)]
    assert len(backups.backups_in(folder)) == 1
    with sqlite3.connect(backups.backups_in(folder)[0][1]) as stored:
        assert stored.execute("SELECT count(*) FROM questions").fetchone()[0] > 90
    health = json.loads(ask(f"{site.url}/healthz")[2])
    assert health["backup"] == {"age_hours": 0.0, "overdue": False}
    figures = ask(f"{site.url}/metrics", Authorization=f"Bearer {TOKEN}")[2]
    assert "quizapp_backup_age_seconds" in figures


def test_a_failure_is_told_with_its_number(
    app: Flask, learner: Person, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page names the request, the log has the traceback, and neither has what was typed."""
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)

    def broken() -> str:
        raise ZeroDivisionError

    monkeypatch.setitem(app.view_functions, "progress.catalogue", broken)
    reply = learner.send("GET", "/courses?q=typed", headers={"X-Request-ID": "number-0001", "Accept-Language": "en"})
    assert reply.status_code == 500
    assert "number-0001" in reply.text
    assert "ZeroDivisionError" in caplog.text
    assert "typed" not in caplog.text


def test_passwords_and_answers_stay_out_of_the_log(site: Site) -> None:
    _, headers, page = ask(f"{site.url}/login")
    token = page.split('name="csrf_token" type="hidden" value="')[1].split('"')[0]
    body = f"csrf_token={token}&email=learner%40example.com&password=a-wrong-password".encode()
    cookie = headers["Set-Cookie"].split(";")[0]
    sent = urllib.request.Request(f"{site.url}/login", body, {"Cookie": cookie})  # noqa: S310
    with pytest.raises(urllib.error.HTTPError):
        urllib.request.urlopen(sent, timeout=10)  # noqa: S310
    wait(lambda: len(lines(site, "request")) >= 2)
    log = site.log.read_text()
    for secret in ("a-wrong-password", "learner@example.com", "learner%40", token, cookie):
        assert secret not in log


def test_metrics_count_answers(database_url: str) -> None:
    settings = config.Settings(database_url=config.normalised(database_url), secret_key=SECRET, metrics_token=TOKEN)
    from quizapp import events
    from quizapp.app import create_app

    before = list(events.saved.receivers)
    app = create_app(settings, TESTING=True)
    with app.app_context():
        begun = attempts.start(user_of("learner"), quiz_with("deferred"), clock.now())
        solve(begun, 1)
        db.session.remove()
        db.engine.dispose()
    assert len(events.saved.receivers) == len(before) + 1
    for name in set(events.saved.receivers) - set(before):
        events.saved.receivers.pop(name)


def test_a_backup_is_due_once_a_day(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "backups"
    assert backups.is_due(folder)
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", app.config["SETTINGS"].database_url)
    monkeypatch.setenv("QUIZAPP_SECRET_KEY", SECRET)
    path = backups.back_up_if_due(folder)
    assert path is not None
    assert path.stat().st_size > 100_000
    assert backups.back_up_if_due(folder) is None
    assert [file.name for file in folder.iterdir() if file.name != ".lock"] == [path.name]
    with backups.locked_folder(folder) as first, backups.locked_folder(folder) as second:
        assert (first, second) == (True, False)


def test_a_backup_that_fails_is_tried_again(app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUIZAPP_DATABASE_URL", "nonsense")
    with pytest.raises(RuntimeError, match="QUIZAPP_DATABASE_URL"):
        backups.back_up_if_due(tmp_path / "backups")
    assert backups.is_due(tmp_path / "backups")


def test_old_backups_are_thinned_out(tmp_path: Path) -> None:
    start = datetime(2026, 11, 24, 3, tzinfo=UTC)
    for day in range(60):
        for hour in (0, 12):
            at = start - timedelta(days=day, hours=hour)
            (tmp_path / f"quizapp-{at:%Y%m%dT%H%M%S}Z.sqlite3").touch()
    (tmp_path / "keep-me.sqlite3").touch()
    backups.thin_out(tmp_path)
    kept = [at for at, _ in backups.backups_in(tmp_path)]
    assert 9 <= len(kept) <= backups.KEPT_DAYS + backups.KEPT_WEEKS
    assert kept[-1] == start
    assert (start - kept[0]).days >= 7 * (backups.KEPT_WEEKS - 2)
    assert (tmp_path / "keep-me.sqlite3").exists()


@pytest.mark.parametrize(
    ("name", "value"),
    [("QUIZAPP_METRICS_TOKEN", "short"), ("QUIZAPP_METRICS_TOKEN", "가" * 20), ("QUIZAPP_LOG", "xml")],
)
def test_a_wrong_setting_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        config.from_environment({**os.environ, name: value})


def test_metrics_are_closed_without_a_token(app: Flask, visitor: Person) -> None:
    assert visitor.send("GET", "/metrics").status_code == 404


def test_a_citation_whose_passage_is_gone_is_named(sqlite_template: Path, tmp_path: Path) -> None:
    """It doesn't fail the check: the database is sound, and an instructor has something to do."""
    site = Site(tmp_path, demo=False)
    shutil.copy(sqlite_template, site.database)
    with sqlite3.connect(site.database) as stored:
        stored.execute("""UPDATE lessons SET body = '{"ko":"비었다","en":"empty"}' WHERE slug = 'board'""")
    checked = site.run("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr
    assert "citation: bank board: question" in checked.stdout
