"""SQLite: its pragmas, and our own BEGIN where something is written.

SQLite allows one writer at a time. A transaction that starts as a reader and then writes can fail at once with
"database is locked", so one that writes begins with BEGIN IMMEDIATE, which waits in line; everything else only reads,
and reads without a transaction: a page need not wait for a BEGIN and a ROLLBACK.
"""

from __future__ import annotations

import sqlite3
import time
from typing import Any

from sqlalchemy import Connection, Engine, event

BEGIN = "BEGIN IMMEDIATE"
BUSY = 10
"""Seconds that SQLite waits for another's lock."""
# The first one, so that the others wait too.
PRAGMAS = (f"busy_timeout={BUSY * 1000}", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON")


def prepare(engine: Engine) -> None:
    """Give an engine its pragmas. Its driver begins no transaction by itself: `begin` does."""

    @event.listens_for(engine, "connect")
    def connected(connection: sqlite3.Connection, _record: Any) -> None:
        connection.isolation_level = None
        for pragma in PRAGMAS:
            set_pragma(connection, pragma)


def begin(connection: Connection) -> None:
    """Begin a transaction that writes, on a connection that has only been read by so far."""
    driver: Any = connection.connection.driver_connection
    if not driver.in_transaction:
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
