"""What the databases call differently says the same on both."""

from __future__ import annotations

import math
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import cast, literal, select, true
from sqlalchemy.types import Float

from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Slot
from quizapp.db import atomic, db, listed
from tests.attempts.test_story import quiz_with
from tests.conftest import user_of


@pytest.mark.parametrize("number", [7.2 / 100, 0.1 + 0.2, 1 / 3, math.nextafter(1, 0), -1e-17, 0.0, 1.0, 5e-324, None])
def test_a_listed_number_is_the_same_to_the_last_digit(app: Flask, number: float | None) -> None:
    assert db.session.scalar(select(listed(cast(literal(number), Float(53)), literal("말")))) == [[number, "말"]]


def test_no_rows_are_nothing_or_an_empty_list(app: Flask) -> None:
    assert not db.session.scalar(select(listed(literal(1))).where(~true()))


def test_an_overview_is_in_order_and_says_what_is_late(app: Flask) -> None:
    attempt = actions.start(user_of("learner"), quiz_with("immediate"), clock.now())
    slots = queries.slots(attempt.id)
    with atomic():
        attempt.late_from = due = clock.now()
        attempt.settings = attempt.settings | {"late_credit": 0.072}
        for slot, minutes in zip(slots[:2], (-1, 1), strict=True):
            slot.answered, slot.fraction, slot.checked_at = True, 0.072, clock.now()
            slot.saved_at = due + timedelta(minutes=minutes)
        slots[2].flagged = True
    db.session.expunge_all()
    opened = queries.opened(attempt.public_id, 2, attempt.user_id)
    for seen in (queries.overview(opened.slot.attempt), queries.overview(opened.slot.attempt, (), opened.rows)):
        assert [one.position for one in seen] == [slot.position for slot in db.session.query(Slot).order_by("position")]
        assert [one.state for one in seen[:3]] == ["partial", "right", "empty"]
        assert [one.flagged for one in seen[:3]] == [False, False, True]
