"""`quizapp check` finds every way in which what is stored can disagree with the record."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import insert, text

from quizapp import clock
from quizapp.attempts import actions, answering, queries
from quizapp.attempts.models import Attempt
from quizapp.attempts.record import ANSWERS
from quizapp.db import atomic, db
from tests.attempts.test_record import chosen
from tests.attempts.test_story import begin, right, solve, wrong
from tests.conftest import user_of

DAMAGE = {
    "a mark": ("attempts", "mark = 99", "its mark is 99"),
    "no mark": ("attempts", "mark = NULL", "its mark is None"),
    "the points to be had": ("attempts", "max_mark = max_mark + 1", "points, and its questions have"),
    "what waits": ("attempts", "waiting = 7", "7 of its answers wait"),
    "a purpose that is none": ("attempts", "purpose = 'gradde'", "its purpose is 'gradde'"),
    "a purpose of no quiz": ("attempts", "purpose = 'review'", "its purpose is 'review'"),
    "a fraction that is gone": ("slots", "fraction = NULL", "its fraction is None"),
    "a fraction": ("slots", "fraction = 0.123", "its fraction is 0.123"),
    "a response": ("slots", """response = '{"choice": "x"}'""", "its response is"),
    "a comment": ("slots", "comment = 'Well done'", "its comment is 'Well done'"),
    "answered": ("slots", "answered = false", "its answered is False"),
    "tries": ("slots", "tries = 2", "its tries is 2"),
    "hints": ("slots", "hints = 2", "its hints is 2"),
    "certainty": ("slots", "certainty = 2", "its certainty is 2"),
    "a question that was dropped": ("slots", "dropped = true", "its dropped is True"),
    "a check without a row": ("slots", "checked_at = saved_at", "it is checked"),
    "a number without a row": ("slots", "seq = seq + 1", "it counts 2 rows"),
}


def handed_in() -> Attempt:
    attempt = begin(whole=True)
    for slot in queries.overview(attempt):
        solve(attempt, slot.position)
    return actions.submit(user_of("learner"), attempt.public_id, clock.now())


def problems() -> list[str]:
    db.session.rollback()
    return list(queries.wrong_scores())


def test_damage_is_found(app: Flask) -> None:
    handed_in()
    for table, change, said in DAMAGE.values():
        assert problems() == []
        column = change.split(" ", 1)[0]
        do(
            f"CREATE TABLE kept AS SELECT * FROM {table}",  # noqa: S608
            f"UPDATE {table} SET {change} WHERE id = (SELECT min(id) FROM {table})",  # noqa: S608
        )
        found = problems()
        assert any(said in line for line in found), (change, found)
        do(f"UPDATE {table} SET {column} = (SELECT {column} FROM kept WHERE kept.id = {table}.id)", "DROP TABLE kept")  # noqa: S608


def do(*statements: str) -> None:
    with atomic():
        for one in statements:
            db.session.execute(text(one))


def test_a_row_that_is_gone_is_found(app: Flask) -> None:
    handed_in()
    with atomic():
        db.session.execute(text("DELETE FROM answers WHERE id = (SELECT max(id) FROM answers)"))
    assert any("it counts 1 rows, and has those numbered []" in line for line in problems())


ROWS = {
    "another fraction": ("learner", "fraction = 1 - fraction", "stored 0.0, computed 1.0"),
    "a check's fraction": ("check", "fraction = 0.5", "row 2 (check) stored 0.5, computed 1.0"),
    "a grade": ("grader", "fraction = 0.75", "its fraction is 1.0, and its rows amount to 0.75"),
}


@pytest.mark.parametrize("altered", ROWS)
def test_a_row_that_was_altered_is_found(app: Flask, altered: str) -> None:
    """As by somebody who takes the trigger away."""
    source, change, said = ROWS[altered]
    attempt = begin("immediate", whole=True)
    slot = chosen(attempt)
    answering.give_answer(slot, right(slot), 0, clock.now())
    answering.give_answer(chosen(attempt), right(slot), 1, clock.now(), check=True)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    actions.grade(chosen(attempt), 1.0, "", user_of("instructor"), clock.now())
    assert problems() == []
    free = "SET LOCAL session_replication_role = replica"
    with atomic():
        db.session.execute(text(free if db.engine.dialect.name == "postgresql" else "DROP TRIGGER answers_immutable"))
        db.session.execute(text(f"UPDATE answers SET {change} WHERE source = '{source}'"))  # noqa: S608
    found = problems()
    assert any(said in line for line in found), found


def test_a_check_of_an_earlier_release_is_sound(app: Flask) -> None:
    """There a check was no row. Its rows are told by their having no detail, and only they are let pass."""
    attempt = begin("immediate", whole=True)
    slot = chosen(attempt)
    row = {
        "slot_id": slot.id, "seq": 1, "source": "learner", "version_id": slot.version_id, "response": wrong(slot),
        "fraction": 0.0, "comment": "", "at": clock.now(),
    }  # fmt: skip
    with atomic():
        db.session.execute(insert(ANSWERS), row)
        slot.seq, slot.response, slot.fraction, slot.answered = 1, wrong(slot), 0.0, True
        slot.checked_at = slot.saved_at = clock.now()
    assert problems() == []
    with atomic():
        slot.seq = 2
    assert problems() != []
