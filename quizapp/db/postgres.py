"""PostgreSQL: connections are asked whether they stand before they are used again."""

from __future__ import annotations

import select
import time
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import InvalidatePoolError

IDLE = 1.0
"""Seconds after which an unused connection is asked whether it still stands."""


def prepare(engine: Engine) -> None:
    """Have every connection asked whether it stands before it is used again.

    One that was used just now is asked only if the server has said something unasked, as it does when it ends: the
    question is a round trip, and would be one more for each request. If one doesn't stand, all are made anew.
    """

    @event.listens_for(engine, "checkin")
    def given_back(_connection: Any, record: Any) -> None:
        record.info["given_back"] = time.monotonic()

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
