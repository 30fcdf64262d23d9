"""Writers of a SQLite file stand in line: whoever comes back at once stands behind those who wait."""

from __future__ import annotations

import multiprocessing
import threading
import time
from pathlib import Path

import pytest

from quizapp.db.queue import in_line

TURNS, HELD = 40, 0.02


def again_and_again(database: str, written: str) -> None:
    """As a task does that writes batch after batch."""
    for _ in range(TURNS):
        with in_line(database):
            write(written, "task")
            time.sleep(HELD)


def once(database: str, written: str) -> None:
    """As somebody does who saves an answer."""
    with in_line(database):
        write(written, "answer")


def write(written: str, what: str) -> None:
    with Path(written).open("a") as file:
        file.write(f"{what}\n")


@pytest.mark.parametrize("among", [threading.Thread, multiprocessing.get_context("spawn").Process])
def test_nobody_has_turn_after_turn_while_others_wait(tmp_path: Path, among: type[threading.Thread]) -> None:
    database, written = str(tmp_path / "site.sqlite3"), tmp_path / "written"
    written.touch()
    task = among(target=again_and_again, args=(database, str(written)))
    task.start()
    while not written.read_text():
        time.sleep(HELD / 10)
    answers = [threading.Thread(target=once, args=(database, str(written))) for _ in range(4)]
    for one in answers:
        one.start()
    for one in (task, *answers):
        one.join()
    turns = written.read_text().split()
    last = max(place for place, what in enumerate(turns) if what == "answer")
    assert turns.count("answer") == 4
    assert turns[:last].count("task") <= TURNS / 2, turns


def test_who_waits_for_ever_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is a courtesy: a writer that is stuck keeps nobody from asking SQLite itself."""
    monkeypatch.setattr("quizapp.db.queue.PATIENCE", 0.1)
    database, written = str(tmp_path / "site.sqlite3"), tmp_path / "written"
    with in_line(database):
        answer = threading.Thread(target=once, args=(database, str(written)))
        answer.start()
        answer.join(timeout=5)
        assert written.read_text() == "answer\n"
