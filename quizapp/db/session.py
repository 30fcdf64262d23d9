"""The session: one `db`, and one way to write, `atomic`.

What an action decides upon, it reads inside `atomic()`, with `locked()` on the rows that it decides about.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, nullcontext
from hashlib import sha256
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from quizapp.db import postgres, sqlite
from quizapp.db.queue import in_line
from quizapp.db.tables import db, with_transactions, writing

T = TypeVar("T")

AFTER_COMMIT = "after commit"
AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""How a database says that it can't at present: locked, full, stopped, or out of connections."""


def dump_json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def engine_options(url: str, pooler: bool = False) -> dict[str, Any]:
    """What the engine needs for this address. `pooler`: each transaction may come to another connection."""
    # An error names no values: they can be password hashes and answers, and errors go to the log.
    options: dict[str, Any] = {"json_serializer": dump_json, "hide_parameters": True}
    if url.startswith("postgresql"):
        options |= {"pool_size": 5, "max_overflow": 5}
        options |= {"isolation_level": "AUTOCOMMIT", "skip_autocommit_rollback": True}  # see ReadingSession
        if pooler:  # a statement that was prepared on one connection isn't there on the next
            options["connect_args"] = {"prepare_threshold": None}
    return options


def prepare(engine: Engine) -> None:
    """Give an engine what its database needs."""
    if engine.dialect.name == "sqlite":
        sqlite.prepare(engine)
    else:
        postgres.prepare(engine)


def writing_engine() -> Engine:
    """The engine for what is written beside the session: its connections have transactions, see `begin_writing`."""
    return with_transactions(db.engine)


def begin_writing(connection: Connection) -> None:
    """Take SQLite's write lock for this connection's transaction, or wait for it; PostgreSQL has no such lock."""
    if connection.dialect.name == "sqlite":
        sqlite.begin(connection)


@contextmanager
def marked_as_writing() -> Iterator[None]:
    mark = writing.set(True)
    try:
        yield
    finally:
        writing.reset(mark)


@contextmanager
def atomic(*, single: bool = False) -> Iterator[None]:
    """One transaction that writes: committed at the end, rolled back on any exception. Inner ones join the outer.

    `single`: on PostgreSQL it is but one statement, which commits by itself and can't be undone by what follows it.

    Anything read before stays usable, but may be out of date: read again, with `locked`, what matters.
    """
    if writing.get():
        yield
        return
    refuse_what_is_unwritten()
    on_sqlite = db.engine.dialect.name == "sqlite"
    by_itself = single and not on_sqlite
    if not on_sqlite and not single:
        give_connection_back()  # one with a transaction comes in its place
    connection = db.session.connection() if on_sqlite else None
    with in_line(db.engine.url.database if on_sqlite else None), nullcontext() if by_itself else marked_as_writing():
        try:
            if connection is not None:
                sqlite.begin(connection)
            yield
            db.session.commit()
        except BaseException:
            db.session.info.pop(AFTER_COMMIT, None)
            db.session.rollback()
            raise
    for act in db.session.info.pop(AFTER_COMMIT, ()):
        act()


def each(things: Iterable[T], act: Callable[[T], object], most: int | None = None) -> int:
    """Act on each, in a transaction of its own, until it was done so often; how often it was. What `act` returns says
    whether it did anything.

    One that fails keeps none of the others back, nor counts towards `most`: what failed is raised at the end.
    """
    done, failures = 0, []
    for thing in things:
        if done == most:
            break
        try:
            with atomic():
                acted = act(thing)
            done += bool(acted)
        except Exception as error:
            failures.append(error)
    if failures:
        raise ExceptionGroup(f"{len(failures)} failed, {done} were done", failures)
    return done


def give_connection_back() -> None:
    """Keep no connection for the time that something else takes long; what was read stays usable."""
    refuse_what_is_unwritten()
    db.session.commit()


def refuse_what_is_unwritten() -> None:
    """Raises RuntimeError if something was changed outside of a transaction that writes."""
    if db.session.new or db.session.dirty or db.session.deleted:
        raise RuntimeError("something was changed outside atomic()")


def after_commit(act: Callable[[], object]) -> None:
    """Have something done once the transaction is committed; never, if it is rolled back."""
    db.session.info.setdefault(AFTER_COMMIT, []).append(act)


def locked(statement: Select[Any], *tables: Any, shared: bool = False) -> Select[Any]:
    """The statement, reading the newest rows and keeping others from writing them until the commit.

    `tables` names which of the joined tables are locked; all, where none is named. `shared`: others may keep them so
    at the same time; whoever writes them in the end must not have begun by that, or two would wait for one another.
    """
    return statement.with_for_update(read=shared, of=tables or None).execution_options(populate_existing=True)


def take_turns(names: Iterable[str]) -> None:
    """Make transactions that name the same wait for one another until the commit; SQLite has one writer anyhow."""
    if db.engine.dialect.name == "postgresql":
        for number in sorted(int.from_bytes(sha256(name.encode()).digest()[:8], signed=True) for name in names):
            db.session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})
