"""The schema: brought up to date, and what the database itself finds wrong with its file."""

from __future__ import annotations

from pathlib import Path

from flask import current_app
from sqlalchemy import inspect, text

from quizapp.db.session import db


def upgrade() -> None:
    """Bring the schema to the newest revision; at once where it is there already."""
    from alembic.script import ScriptDirectory
    from flask_migrate import upgrade as run_migrations

    directory = current_app.extensions["migrate"].directory
    path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
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
