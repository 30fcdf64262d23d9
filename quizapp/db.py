"""The database: one `db`, one way to write (`atomic`), and what SQLite and PostgreSQL need.

SQLite allows one writer at a time. A transaction that starts as a reader and then writes can fail at once with
"database is locked", so `atomic()` begins with BEGIN IMMEDIATE, which waits in line; everything else only reads.
What an action decides upon, it reads inside `atomic()`, with `locked()` on the rows that it decides about.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Engine, MetaData, Select, TypeDecorator, event, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import DeclarativeBase

from quizapp.writers import in_line

_writing: ContextVar[bool] = ContextVar("writing", default=False)

# The first one, so that the others wait too.
PRAGMAS = ("busy_timeout=10000", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})

if TYPE_CHECKING:

    class Model(Base):
        """What `db.Model` is, said so that a type checker follows."""

        __abstract__ = True

        def __init__(self, **columns: Any) -> None: ...

else:
    Model = db.Model

Json = JSON().with_variant(JSONB(), "postgresql")


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC in, aware UTC out; a naive time is a defect and raises."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without its zone can't be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def engine_options(url: str, pooler: bool = False) -> dict[str, Any]:
    """What the engine needs for this address. `pooler`: each transaction may come to another connection."""
    # An error names no values: they can be password hashes and answers, and errors go to the log.
    options: dict[str, Any] = {"json_serializer": dump_json, "hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"pool_pre_ping": True, "pool_size": 5, "max_overflow": 5}
        if pooler:  # a statement that was prepared on one connection isn't there on the next
            options["connect_args"] = {"prepare_threshold": None}
    return options


def listen(engine: Engine) -> None:
    """Give an SQLite engine its pragmas and our own BEGIN; other engines need nothing."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


@contextmanager
def write_lock() -> Iterator[None]:
    """Transactions that begin in here take SQLite's write lock at once, and wait in line for it."""
    mark = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(mark)


@contextmanager
def atomic() -> Iterator[None]:
    """One transaction that writes: committed at the end, rolled back on any exception. Inner ones join the outer.

    Anything read before stays usable, but may be out of date: read again, with `locked`, what matters.
    """
    if _writing.get():
        yield
        return
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside atomic()")
    db.session.commit()
    with in_line(db.engine.url.database if db.engine.dialect.name == "sqlite" else None), write_lock():
        try:
            yield
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise


def locked(statement: Select[Any], *tables: Any) -> Select[Any]:
    """The statement, reading the newest rows and keeping others from writing them until the commit.

    `tables` names which of the joined tables are locked; all, where none is named.
    """
    return statement.with_for_update(of=tables or None).execution_options(populate_existing=True)


def upgrade() -> None:
    """Bring the schema to the newest revision; at once where it is there already."""
    from alembic.script import ScriptDirectory
    from flask_migrate import upgrade as run_migrations

    directory = current_app.extensions["migrate"].directory
    path = db.engine.url.database if db.engine.dialect.name == "sqlite" else None
    if path:
        FilePath(path).parent.mkdir(parents=True, exist_ok=True)
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
