"""Backups on schedule, by one setting: `QUIZAPP_BACKUPS` names a folder, and there is a new one in it each day.

A thread of each worker looks once a minute whether one is due. A lock in the folder, and with PostgreSQL one in the
database, lets exactly one of them make it: with the same command that a person would use, in a process of its own,
so that no request waits for it.
"""

from __future__ import annotations

import fcntl
import logging
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import text

from quizapp import clock
from quizapp.db import db, keep_private, writing_engine

EVERY = timedelta(days=1)
LOOK = 60.0
KEPT_DAYS, KEPT_WEEKS = 7, 5
LOCK = 7_462_027
NAME = re.compile(r"quizapp-(\d{8}T\d{6})Z\.sqlite3")

log = logging.getLogger("quizapp.backups")


def backups_in(folder: Path) -> list[tuple[datetime, Path]]:
    """The backups in the folder, the oldest first. A file that is still being written isn't one."""
    found = [(NAME.fullmatch(path.name), path) for path in folder.glob("quizapp-*")] if folder.is_dir() else []
    return sorted(
        (datetime.strptime(match[1], "%Y%m%dT%H%M%S").replace(tzinfo=UTC), path) for match, path in found if match
    )


def age(folder: Path | None) -> timedelta | None:
    """How old the newest backup is; None without a folder or a backup."""
    known = backups_in(folder) if folder else []
    return clock.now() - known[-1][0] if known else None


def is_due(folder: Path) -> bool:
    """Whether a day has passed since the newest. One from the future (the clock went back) doesn't count."""
    newest = age(folder)
    return newest is None or not timedelta(0) <= newest < EVERY


def start(app: Flask, every: float = LOOK) -> threading.Thread | None:
    """Begin to look after backups, where the settings ask for it."""
    folder: Path | None = app.config["SETTINGS"].backups
    if folder is None:
        return None
    stop = threading.Event()

    def watch() -> None:
        while True:
            try:
                with app.app_context():
                    back_up_if_due(folder)
            except Exception:
                log.exception("the scheduled backup failed")  # and is tried again at the next look
            if stop.wait(every):
                return

    thread = threading.Thread(target=watch, name="backups", daemon=True)
    thread.start()
    return thread


def back_up_if_due(folder: Path) -> Path | None:
    """Make a backup if one is due and nobody else is at it; its path."""
    if not is_due(folder):
        return None
    folder.mkdir(parents=True, exist_ok=True)
    with locked_folder(folder) as mine, locked_database(mine) as alone:
        if not alone or not is_due(folder):
            return None
        path = folder / f"quizapp-{clock.now():%Y%m%dT%H%M%S}Z.sqlite3"
        command = [sys.executable, "-m", "quizapp.cli", "backup", str(path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 -- our own command
        if done.returncode:
            raise RuntimeError(f"backup ended with {done.returncode}: {done.stderr.strip()[-500:]}")
        log.info("backup made", extra={"path": str(path), "bytes": path.stat().st_size})
        thin_out(folder)
    return path


def thin_out(folder: Path) -> None:
    """Keep the newest of each of the last days and weeks that have one; delete the others."""
    kept: set[Path] = set()
    for label, count in (("%Y-%m-%d", KEPT_DAYS), ("%G-%V", KEPT_WEEKS)):
        newest = {at.strftime(label): path for at, path in backups_in(folder)}
        kept |= set(list(newest.values())[-count:])
    for _at, path in backups_in(folder):
        if path not in kept:
            path.unlink()


@contextmanager
def locked_folder(folder: Path) -> Iterator[bool]:
    """Whether this process is the only one of this host at the folder, for as long as it lasts."""
    keep_private(folder / ".lock")
    with (folder / ".lock").open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


@contextmanager
def locked_database(wanted: bool) -> Iterator[bool]:
    """The same over all hosts of a PostgreSQL; SQLite has one host only."""
    if not wanted or db.engine.dialect.name == "sqlite":
        yield wanted
        return
    with writing_engine().begin() as connection:  # a pooler keeps a transaction on one connection, and with it the lock
        yield bool(connection.execute(text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": LOCK}).scalar())
