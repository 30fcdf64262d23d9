"""Backup, restore, and the move from SQLite to PostgreSQL: everything arrives, and it is proved."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import StatementError

from quizapp import clock
from quizapp.app import create_app
from quizapp.attempts import actions
from quizapp.banks.models import MediaFile, Question
from quizapp.config import normalised
from quizapp.db import atomic, db, writing_engine
from quizapp.errors import ConfigError
from quizapp.operation import repair, transfer
from tests import forked
from tests.attempts.test_story import begin, solve
from tests.conftest import admin, make_app, user_of


def with_history() -> None:
    attempt = begin()
    for position in (1, 2, 3):
        solve(attempt, position)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())


def test_a_backup_holds_every_row(app: Flask, tmp_path: Path) -> None:
    with_history()
    found = transfer.backup(tmp_path / "backups" / "one.sqlite3", create_app)
    with writing_engine().connect() as connection:
        assert found == transfer.proof(connection)
    assert found["answers"]["rows"] == 3
    with pytest.raises(ConfigError, match="exists already"):
        transfer.backup(tmp_path / "backups" / "one.sqlite3", create_app)


def test_a_backup_brings_the_site_back(sqlite_template: Path, tmp_path: Path) -> None:
    """By the commands, as an operator does it."""
    site, copy = tmp_path / "site.sqlite3", tmp_path / "backup.sqlite3"
    shutil.copy(sqlite_template, site)
    environment = os.environ | {"QUIZAPP_DATABASE_URL": f"sqlite:///{site}"}

    def quizapp(*words: str) -> str:
        done = forked.run(words, environment)
        done.check_returncode()
        return done.stdout

    before = quizapp("backup", str(copy))
    site.unlink()
    assert quizapp("restore", "--yes", str(copy)) == before


@pytest.mark.parametrize("content", [b"", b"rubbish" * 100, b"SQLite format 3\x00" + b"\x00" * 200])
def test_rubbish_is_no_backup(app: Flask, tmp_path: Path, content: bytes) -> None:
    rubbish = tmp_path / "rubbish.sqlite3"
    rubbish.write_bytes(content)
    with pytest.raises(ConfigError):
        transfer.refuse_broken(rubbish)


def test_what_was_mended_moves_too(sqlite_template: Path, postgres_server: str, tmp_path: Path) -> None:
    """A key with a NUL and a type beyond the column's length, which SQLite keeps and PostgreSQL doesn't."""
    source = tmp_path / "site.sqlite3"
    shutil.copy(sqlite_template, source)
    target = normalised(f"{postgres_server}/mended")
    with admin(postgres_server) as run:
        run("DROP DATABASE IF EXISTS mended WITH (FORCE)")
        run("CREATE DATABASE mended")
    with make_app(f"sqlite:///{source}").app_context():
        with atomic():
            question = db.session.scalars(select(Question).limit(1)).one()
            question.key = f"{question.key}\0"
            db.session.add(
                MediaFile(hash="0" * 64, type="image/png; a=" + "b" * 90, data=b"\x89PNG", created_at=clock.now())
            )
        assert len(list(repair.flaws(clock.now()))) == 2
        db.session.remove()
        with pytest.raises(StatementError):
            transfer.copy_site(f"sqlite:///{source}", target, create_app)
        repair.repair(clock.now())
        db.session.remove()
        db.engine.dispose()
    assert transfer.copy_site(f"sqlite:///{source}", target, create_app)["media_files"]["rows"] == 1


def test_a_site_moves_to_postgresql_and_back(sqlite_template: Path, postgres_server: str, tmp_path: Path) -> None:
    source = tmp_path / "site.sqlite3"
    shutil.copy(sqlite_template, source)
    with make_app(f"sqlite:///{source}").app_context():
        with_history()
        db.session.remove()
        db.engine.dispose()
    target = normalised(f"{postgres_server}/moved")
    with admin(postgres_server) as run:
        run("DROP DATABASE IF EXISTS moved WITH (FORCE)")
        run("CREATE DATABASE moved")
    there = transfer.copy_site(f"sqlite:///{source}", target, create_app)
    assert there["answers"]["rows"] == 3
    with make_app(f"{postgres_server}/moved").app_context():
        with_history()  # ids go on where they were
        assert db.session.execute(text("SELECT count(*) FROM answers")).scalar() == 6
        back = transfer.backup(tmp_path / "back.sqlite3", create_app)
        with writing_engine().connect() as connection:
            assert back == transfer.proof(connection)
        db.session.remove()
        db.engine.dispose()
    with pytest.raises(ConfigError, match="isn't empty"):
        transfer.copy_site(f"sqlite:///{source}", target, create_app)
