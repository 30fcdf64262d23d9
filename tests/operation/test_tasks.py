"""What the workers of a real server do outside of requests."""

from __future__ import annotations

import logging
import shutil
import time
from pathlib import Path

import pytest
from flask import Flask

from quizapp import clock
from quizapp.accounts import mails
from quizapp.db import db
from quizapp.operation import tasks
from tests import smtp
from tests.conftest import make_app
from tests.site import Site


def test_a_server_sends_what_is_in_the_outbox_once(sqlite_template: Path, tmp_path: Path) -> None:
    shutil.copy(sqlite_template, tmp_path / "site.sqlite3")
    with smtp.server() as post:
        site = Site(
            tmp_path,
            demo=False,
            QUIZAPP_SMTP_URL=f"smtp://127.0.0.1:{post.port}",
            QUIZAPP_MAIL_FROM="quiz@example.org",
            QUIZAPP_URL="https://quiz.example.org",
        )
        app = make_app(f"sqlite:///{site.database}")
        try:
            site.start()
            with app.app_context():
                for number in range(5):
                    mails.queue_mail("changed", f"{number}@example.com", "ko", clock.now())
                db.session.remove()
                db.engine.dispose()
            end = time.monotonic() + 30
            while len(post.mails) < 5 and time.monotonic() < end:
                time.sleep(0.1)
            time.sleep(2 * tasks.LOOK)
        finally:
            site.stop()
        assert sorted(mail["To"] for mail in post.mails) == [f"{number}@example.com" for number in range(5)]


def test_a_task_that_fails_is_told_and_keeps_nothing_back(app: Flask, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> None:
        raise ValueError("as it happens")

    with caplog.at_level(logging.ERROR):
        tasks.run(app, broken)
    assert "broken failed" in caplog.text
    assert "as it happens" in caplog.text
    for task, every in tasks.TASKS:
        tasks.run(app, task)
        assert every >= tasks.LOOK
