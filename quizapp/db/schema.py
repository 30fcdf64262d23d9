"""The schema: brought up to date, and what the database itself finds wrong with its file."""

from __future__ import annotations

import os
from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, text

from quizapp.db.session import db


def keep_private(path: Path) -> None:
    """Let only its owner read a SQLite file and what stands beside it, made if it isn't there.

    SQLite gives its own further files the permissions that this one has.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    for suffix in ("", "-wal", "-shm", "-line", "-door"):
        file = path.with_name(path.name + suffix)
        if file.exists() and file.stat().st_uid == os.geteuid() and file.stat().st_mode & 0o077:
            file.chmod(0o600)


def upgrade() -> None:
    """Bring the schema to the newest revision; at once where it is there already."""
    from alembic.script import ScriptDirectory
    from flask_migrate import upgrade as run_migrations

    directory = current_app.extensions["migrate"].directory
    path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    if path:
        keep_private(Path(path))
    with db.engine.connect() as connection:
        known = inspect(connection).has_table("alembic_version")
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar() if known else None
    if revision != ScriptDirectory(directory).get_current_head():
        run_migrations()


def integrity_problems() -> list[str]:
    """What the database itself finds wrong with its file and its references; nothing on PostgreSQL, which refuses."""
    if db.engine.dialect.name != "sqlite":
        return []
    with db.engine.connect() as connection:
        said = [row[0] for row in connection.execute(text("PRAGMA integrity_check"))]
        orphans = [f"{row[0]}: row {row[1]} refers to a missing {row[2]}"
                   for row in connection.execute(text("PRAGMA foreign_key_check"))]  # fmt: skip
    return [line for line in said if line != "ok"] + orphans
