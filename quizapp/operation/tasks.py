"""What is done now and then, outside of requests: mails are sent, and what is over is swept away.

Each worker has a thread for it. The work itself is shared by rows and locks of the database, so it matters not how many
workers and hosts there are, nor that one ends in the middle.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from flask import Flask, current_app

from quizapp import clock
from quizapp.accounts import limits, mails, sessions, visitor
from quizapp.attempts import actions as attempts
from quizapp.attempts import ending, presence, retention
from quizapp.db import AWAY
from quizapp.gradebook import challenges, counting
from quizapp.gradebook.actions import regrades
from quizapp.operation import smtp
from quizapp.progress import actions as progress
from quizapp.quizzes import freezing
from quizapp.review import actions as reviews
from quizapp.uploads import actions as uploads

LOOK = 3.0
LOOK_FOR_UPLOADS = 0.7

log = logging.getLogger("quizapp.tasks")


def send_mail() -> None:
    if (mail := current_app.config["SETTINGS"].mail) is not None:
        smtp.send_due(mail)


def write_seen() -> None:
    visitor.write_seen(clock.now())


def close_overdue() -> None:
    """Hand in what is out of time: until then it reads as if it were."""
    attempts.close_overdue(clock.now())


def carry_on_regrades() -> None:
    """Large regrades are done here, and those that a crash has left half done."""
    regrades.resume(clock.now())


def sweep() -> None:
    """Delete what is over, and what nobody will miss."""
    for swept in (sessions.sweep, limits.sweep, mails.sweep):
        swept(clock.now())
    while progress.sweep_guests(clock.now(), challenges.HAS_OBJECTED) == progress.SWEPT:
        pass
    while retention.sweep(clock.now()) == retention.SWEPT:
        pass


def keep_up() -> None:
    """Who is at which question, and what was announced to them."""
    presence.keep_up(clock.now())


def release() -> None:
    """What follows from scores that may be seen since a quiz has closed."""
    ending.release_due(clock.now())


def let_go() -> None:
    """Marks that had to wait for an examination beside show once it is over."""
    ending.let_go(clock.now())


def catch_up_reviews() -> None:
    """Make the cards and levels anew that a regrade has left behind."""
    reviews.catch_up(clock.now())


def freeze() -> None:
    """What has opened asks from now on what its banks have now."""
    freezing.freeze_due(clock.now())


def count_results() -> None:
    """Count the results of large quizzes, so that no page has to."""
    counting.count_due(clock.now())


TASKS: tuple[tuple[Callable[[], None], float], ...] = (
    (close_overdue, LOOK),
    (carry_on_regrades, LOOK),
    (send_mail, LOOK),
    (write_seen, 60.0),
    (keep_up, LOOK),
    (release, 30.0),
    (let_go, 60.0),
    (catch_up_reviews, LOOK),
    (freeze, LOOK),
    (count_results, 60.0),
    (sweep, 3600.0),
)
"""What is done, and after how many seconds again."""


def start(app: Flask) -> threading.Thread | None:
    """Begin to look after the tasks; an application without a database has none."""
    if "sqlalchemy" not in app.extensions:
        return None

    def watch() -> None:
        due = dict.fromkeys(TASKS, time.monotonic() + LOOK)
        while True:
            for task, every in TASKS:
                if time.monotonic() >= due[task, every]:
                    due[task, every] = time.monotonic() + every
                    run(app, task)
            time.sleep(LOOK)

    threading.Thread(target=read_large_uploads, args=(app,), name="readings", daemon=True).start()
    thread = threading.Thread(target=watch, name="tasks", daemon=True)
    thread.start()
    return thread


def read_large_uploads(app: Flask) -> None:
    """Read large uploads as they come. Each worker has a thread for it, since a reading may take half a minute."""
    more = False

    def read() -> None:
        nonlocal more
        more = uploads.read_next_large_file(clock.now())

    while True:
        more = False
        run(app, read)
        if not more:
            time.sleep(LOOK_FOR_UPLOADS)


def run(app: Flask, task: Callable[[], None]) -> None:
    """Do it; a failure is told, keeps nothing else back, and is followed by another try."""
    try:
        with app.app_context():
            task()
    except AWAY as error:
        log.error("%s: the database can't: %s", task.__name__, getattr(error, "orig", error))
    except Exception:
        log.exception("%s failed", task.__name__)
