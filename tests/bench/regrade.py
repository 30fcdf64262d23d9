"""A question regraded after 100,000 attempts: how long its preview, its batches and its undoing take, in what memory.

python -m tests.bench.regrade [ATTEMPTS] [FOLDER]
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import select

from quizapp import clock
from quizapp.attempts.models import Attempt
from quizapp.attempts.regrading import Rule
from quizapp.banks.models import Question
from quizapp.db import db
from quizapp.gradebook import previews
from quizapp.gradebook.actions import regrades
from tests.bench.growth import grown
from tests.conftest import make_app, user_of

SLOTS = 20
WRONG = 2
"""The place where nobody knew the answer: the question that is regraded."""


def spread(path: Path) -> None:
    """One question a slot, as in an examination that asks everybody the same."""
    with closing(sqlite3.connect(path)) as connection:
        versions = [row[0] for row in connection.execute(
            "SELECT current_id FROM questions WHERE kind = 'choice' ORDER BY id LIMIT ?", (SLOTS - 1,)
        )]  # fmt: skip
        asked = connection.execute("SELECT version_id FROM slots LIMIT 1").fetchone()[0]
        others = [one for one in versions if one != asked]
        for place in [place for place in range(1, SLOTS + 1) if place != WRONG]:
            version = others[place % len(others)]
            connection.execute("UPDATE slots SET version_id = ? WHERE position = ?", (version, place))
        connection.commit()


def say(words: str) -> None:
    print(words, flush=True)  # noqa: T201 -- the command's own output


def timed(what: str, act: Callable[[], Any]) -> Any:
    began, worked = time.monotonic(), time.process_time()
    result = act()
    say(f"{what}: {time.monotonic() - began:.1f} s, {time.process_time() - worked:.1f} s of processor")
    return result


def main(attempts: int, folder: Path) -> None:
    path = folder / "site.sqlite3"
    app = make_app(grown(path, attempts * SLOTS))
    spread(path)
    with app.app_context():
        by = user_of("instructor")
        by.role = "admin"
        version = (
            db.session.execute(db.text("SELECT version_id FROM slots WHERE position = :wrong"), {"wrong": WRONG})
            .scalars()
            .first()
        )
        question = db.session.scalars(select(Question).where(Question.current_id == version)).one()
        rule, where = Rule("full", version, keep_higher=True), previews.own(by)
        say(f"{db.session.scalar(select(db.func.count(Attempt.id)))} attempts")
        shown = timed("preview", lambda: previews.preview(question, rule, where))
        say(f"changed: {shown.changed}")
        regrades.AT_ONCE = 0
        db.session.rollback()
        made = regrades.make(question, rule, None, "", shown.token, by, clock.now())
        timed("apply", lambda: regrades.resume(clock.now()))
        regrades.undo(made, by, clock.now())
        timed("undo", lambda: regrades.resume(clock.now()))
        say(f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as made:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000, Path(sys.argv[2] if len(sys.argv) > 2 else made))
