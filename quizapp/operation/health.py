"""Whether the application is well, for whoever watches it."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from flask import Blueprint, current_app, jsonify
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from quizapp import clock
from quizapp.attempts import overdue
from quizapp.db import db
from quizapp.operation import backups
from quizapp.permissions import public

room = Blueprint("operation", __name__)

ROOM = 64 * 1024
"""Bytes that there must be room for: a few answers."""


@room.get("/healthz")
@public
def healthz() -> Any:
    """200 when the database answers with its revision and has room to write, 503 when not; JSON in both cases.

    `overdue` says what the task that hands in has still to do: more than some seconds means that it doesn't run."""
    database = db.engine.dialect.name
    backup = backup_state()
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
        try_disk()
        waiting = overdue.state(clock.now())
    except (SQLAlchemyError, OSError) as error:
        current_app.logger.error("health: %s", getattr(error, "orig", error))
        return jsonify(status="unavailable", database=database, **backup), 503
    return jsonify(status="ok", database=database, overdue=waiting, **backup)


def try_disk() -> None:
    """Raise OSError if there is no room beside a SQLite file. PostgreSQL's disk is another host's to watch."""
    path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    if path:
        with TemporaryFile(dir=Path(path).parent) as file:
            file.write(bytes(ROOM))


def backup_state() -> dict[str, Any]:
    """How the scheduled backups stand; nothing where none are."""
    folder = current_app.config["SETTINGS"].backups
    if folder is None:
        return {}
    age = backups.age(folder)
    overdue = age is None or age > 2 * backups.EVERY
    return {"backup": {"age_hours": None if age is None else round(age.total_seconds() / 3600, 1), "overdue": overdue}}
