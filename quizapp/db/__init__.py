"""The database: one `db`, one way to write (`atomic`), and what SQLite and PostgreSQL need.

SQLite allows one writer at a time. A transaction that starts as a reader and then writes can fail at once with
"database is locked", so `atomic()` begins with BEGIN IMMEDIATE, which waits in line; everything else only reads, and
reads without a transaction: a page need not wait for a BEGIN and a ROLLBACK.
What an action decides upon, it reads inside `atomic()`, with `locked()` on the rows that it decides about.
"""

from __future__ import annotations

import json
import os
import select
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path as FilePath
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, Connection, DateTime, Engine, MetaData, Select, TypeDecorator, event, inspect, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import InterfaceError, InvalidatePoolError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.orm import DeclarativeBase

from quizapp.db.queue import in_line

_writing: ContextVar[bool] = ContextVar("writing", default=False)

BEGIN = "BEGIN IMMEDIATE"
BUSY = 10
"""Seconds that SQLite waits for another's lock."""
# The first one, so that the others wait too.
PRAGMAS = (f"busy_timeout={BUSY * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


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


AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""How a database says that it can't at present: locked, full, stopped, or out of connections."""
IDLE = 1.0
"""Seconds after which an unused connection is asked whether it still stands."""


def dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def engine_options(url: str, pooler: bool = False) -> dict[str, Any]:
    """What the engine needs for this address. `pooler`: each transaction may come to another connection."""
    # An error names no values: they can be password hashes and answers, and errors go to the log.
    options: dict[str, Any] = {"json_serializer": dump_json, "hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"pool_size": 5, "max_overflow": 5}
        if pooler:  # a statement that was prepared on one connection isn't there on the next
            options["connect_args"] = {"prepare_threshold": None}
    return options


def prepare(engine: Engine) -> None:
    """Give an engine what its database needs."""
    if engine.dialect.name == "sqlite":
        begin_ourselves(engine)
    else:
        look_after_connections(engine)


def look_after_connections(engine: Engine) -> None:
    """Give every connection back fit for transactions, and ask whether it stands before it is used again.

    One that was used just now is asked only if the server has said something unasked, as it does when it ends: the
    question is a round trip, and would be one more for each request. If one doesn't stand, all are made anew.
    """

    @event.listens_for(engine, "checkin")
    def given_back(connection: Any, record: Any) -> None:
        record.info["given_back"] = time.monotonic()
        if connection is not None:
            connection.autocommit = False

    @event.listens_for(engine, "checkout")
    def taken(connection: Any, record: Any, _proxy: Any) -> None:
        rest = time.monotonic() - record.info.get("given_back", time.monotonic())
        try:
            if rest > IDLE or spoken(connection):
                engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise InvalidatePoolError from error


def spoken(connection: Any) -> bool:
    """Whether the server has said something on an idle connection, or closed it."""
    waiting = select.poll()
    waiting.register(connection.fileno(), select.POLLIN)
    return bool(waiting.poll(0))


def begin_ourselves(engine: Engine) -> None:
    """Give an SQLite engine its pragmas and our own BEGIN, which comes where something is written, and only there."""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            set_pragma(connection, pragma)

    @event.listens_for(engine, "begin")
    def begun(connection: Any) -> None:
        if _writing.get():
            connection.exec_driver_sql(BEGIN)


def set_pragma(connection: sqlite3.Connection, pragma: str) -> None:
    """Set it, and try again while another process turns a new file to WAL: for that SQLite itself doesn't wait."""
    end = time.monotonic() + BUSY
    while True:
        try:
            connection.execute(f"PRAGMA {pragma}")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                raise
            time.sleep(0.02)
        else:
            return


def begin_reading(_session: Any, _transaction: Any, connection: Connection) -> None:
    """Keep PostgreSQL's driver from beginning a transaction with the next statement; SQLite's doesn't."""
    if connection.dialect.name == "postgresql" and not _writing.get():
        driver: Any = connection.connection.driver_connection
        driver.autocommit = True


event.listen(db.session, "after_begin", begin_reading)


def begin_writing(connection: Connection, single: bool) -> None:
    """Begin a transaction on the connection that has been read by so far."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name == "postgresql":
        driver.autocommit = single
    elif not driver.in_transaction:
        connection.exec_driver_sql(BEGIN)


@contextmanager
def write_lock() -> Iterator[None]:
    """Transactions that begin in here take SQLite's write lock at once, and wait in line for it."""
    mark = _writing.set(True)
    try:
        yield
    finally:
        _writing.reset(mark)


@contextmanager
def atomic(*, single: bool = False) -> Iterator[None]:
    """One transaction that writes: committed at the end, rolled back on any exception. Inner ones join the outer.

    `single`: on PostgreSQL it is but one statement, which commits by itself.

    Anything read before stays usable, but may be out of date: read again, with `locked`, what matters.
    """
    if _writing.get():
        yield
        return
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside atomic()")
    with in_line(db.engine.url.database if db.engine.dialect.name == "sqlite" else None), write_lock():
        try:
            begin_writing(db.session.connection(), single)
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


def keep_private(path: FilePath) -> None:
    """Let only its owner read a SQLite file and what stands beside it, made if it isn't there.

    SQLite gives its own further files the permissions that this one has.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    for suffix in ("", "-wal", "-shm", "-line"):
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
        keep_private(FilePath(path))
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
