"""Writers of a SQLite file stand in line.

SQLite lets one writer in at a time and has no queue: the others try again at growing intervals, and under load some
of them wait for a second while later ones pass. So each process lets one of its threads go to the file at a time, and
the processes take turns by a lock on a file beside the database. Both are only courtesy: whoever waits too long goes on
to SQLite's own lock, which decides.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

PATIENCE = 5.0
STEP = 0.0001
"""Seconds between two looks at another process's lock. A write takes a few of them."""

_threads: dict[str, threading.Lock] = {}


@contextmanager
def in_line(database: str | None) -> Iterator[None]:
    """Wait for one's turn at a SQLite file; None (another database) has no line."""
    if not database or database == ":memory:":
        yield
        return
    lock = _threads.setdefault(database, threading.Lock())
    mine = lock.acquire(timeout=PATIENCE)
    file = opened(f"{database}-line") if mine else None
    try:
        if file is not None:
            wait_for_turn(file)
        yield
    finally:
        if file is not None:
            os.close(file)  # which ends the turn
        if mine:
            lock.release()


def opened(path: str) -> int | None:
    """A descriptor of the file that stands for the turn; None where it can't be had, as on a disk that is full."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None  # the write itself will say what is wrong with the disk


def wait_for_turn(file: int) -> None:
    """Take the lock among processes, or give up when it takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(STEP)
