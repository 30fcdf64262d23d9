"""A real server of the test's own on a prepared database, and what is found in that database afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import func, select

from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.attempts.presentation import in_words
from quizapp.db import db
from quizapp.quizzes.models import Quiz
from tests.conftest import inside, make_app
from tests.faults.client import Acknowledged
from tests.site import Site


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    shutil.copy(sqlite_template, tmp_path / "site.sqlite3")
    running = Site(tmp_path, demo=False)
    running.start()
    yield running
    running.end()


@pytest.fixture
def exam(sqlite_template: Path) -> str:
    """The public id of the quiz with deferred feedback and all the kinds that are scored at once."""
    with inside(f"sqlite:///{sqlite_template}"):
        return db.session.scalars(select(Quiz.public_id).where(Quiz.slug == "final-exam")).one()


def stored(database: Path | str) -> dict[tuple[str, int, int], str]:
    """The answers in the database in words, by attempt, position and number; each number is there once."""
    address = database if isinstance(database, str) else f"sqlite:///{database}"
    with make_app(address).test_request_context(headers={"Accept-Language": "en"}):
        rows = db.session.execute(
            select(Attempt.public_id, Slot, Answer).join(Slot, Slot.attempt_id == Attempt.id).join(Answer)
        ).all()
        found = {(attempt, slot.position, one.seq): in_words(slot, one.response) for attempt, slot, one in rows}
        assert len(found) == len(rows), "an answer is there twice"
        gaps = db.session.scalar(
            select(func.count())
            .select_from(Slot)
            .where(Slot.seq != select(func.count(Answer.id)).where(Answer.slot_id == Slot.id).scalar_subquery())
        )
        assert gaps == 0, "a slot counts other answers than it has"
        db.session.remove()
        db.engine.dispose()
    return found


def assert_kept(database: Path | str, acknowledged: Iterable[Acknowledged]) -> int:
    """Every acknowledged answer is there word for word; how many answers there are."""
    found = stored(database)
    lost = [one for one in acknowledged if found.get((one.attempt, one.position, one.seq)) != one.text]
    assert not lost, f"{len(lost)} acknowledged answers are lost: {lost[:3]}"
    return len(found)


def assert_sound(site: Site, **environment: str) -> None:
    """`quizapp check` finds nothing: the file, the references, and every score computed again."""
    checked = site.run("check", **environment)
    assert checked.returncode == 0, checked.stdout + checked.stderr
