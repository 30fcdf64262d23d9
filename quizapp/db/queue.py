"""Writers of a SQLite file stand in line.

SQLite lets one writer in at a time and has no queue: the others try again at growing intervals, and under load some
of them wait for a second while later ones pass. So each process lets one of its threads go to the file at a time, and
the processes take turns by a lock on a file beside the database. Both have a door in front: whoever is next stands in
it, so that nobody who comes back at once, as a task that writes batch after batch, has their turn twice while others
wait. All of it is only courtesy: whoever waits too long goes on to SQLite's own lock, which decides.
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

_threads: dict[str, tuple[threading.Lock, threading.Lock]] = {}
"""The door and the turn of each file's threads."""


@contextmanager
def in_line(database: str | None) -> Iterator[None]:
    """Wait for one's turn at a SQLite file; None (another database) has no line."""
    if not database or database == ":memory:":
        yield
        return
    door, turn = _threads.setdefault(database, (threading.Lock(), threading.Lock()))
    mine = among_threads(door, turn)
    file = among_processes(database) if mine else None
    try:
        yield
    finally:
        if file is not None:
            os.close(file)  # which ends the turn
        if mine:
            turn.release()


def among_threads(door: threading.Lock, turn: threading.Lock) -> bool:
    """Whether the turn came before patience ended."""
    if not door.acquire(timeout=PATIENCE):
        return False
    try:
        return turn.acquire(timeout=PATIENCE)
    finally:
        door.release()


def among_processes(database: str) -> int | None:
    """The open file that holds the turn."""
    door = opened(f"{database}-door")
    if door is None:
        return None
    try:
        wait_for(door)
        file = opened(f"{database}-line")
        if file is not None:
            wait_for(file)
        return file
    finally:
        os.close(door)


def opened(path: str) -> int | None:
    """A descriptor of the file that stands for the turn; None where it can't be had, as on a disk that is full."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError:
        return None  # the write itself will say what is wrong with the disk


def wait_for(file: int) -> None:
    """Take a lock among processes, or give up when it takes too long."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(STEP)
