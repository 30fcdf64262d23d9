"""What is done to an answer besides giving it is a row too, and the slot says what the rows amount to."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.attempts import actions, answering
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.attempts.record import earning, rows_of, slot_columns
from quizapp.db import atomic, db
from quizapp.rules import scores
from tests.attempts.test_story import begin, place_of_choice, right, seen, wrong
from tests.conftest import user_of


def sources(slot: Slot) -> list[str]:
    rows = db.session.scalars(select(Answer).where(Answer.slot_id == slot.id).order_by(Answer.seq)).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    return [row.source for row in rows]


def folds(slot: Slot) -> bool:
    """Whether the slot says what its rows amount to."""
    stands = scores.fold(rows_of([slot.id])[slot.id], earning(slot.attempt.rules, slot.version.item))
    return slot_columns(stands) == {name: getattr(slot, name) for name in slot_columns(stands)}


def chosen(attempt: Attempt) -> Slot:
    """A question of the attempt that asks for one of several."""
    db.session.expire_all()
    return seen(attempt, place_of_choice(attempt))


def test_a_check_with_its_answer_is_one_row(app: Flask) -> None:
    attempt = begin("immediate", whole=True)
    slot = chosen(attempt)
    slot = answering.give_answer(slot, right(slot), 0, clock.now(), check=True)
    assert (slot.seq, slot.tries, slot.fraction, sources(slot)) == (1, 1, 1.0, ["check"])
    assert folds(chosen(attempt))


def test_a_check_of_what_is_stored_is_a_row_of_its_own(app: Flask) -> None:
    attempt = begin("immediate", whole=True)
    slot = chosen(attempt)
    given = right(slot)
    answering.give_answer(slot, given, 0, clock.now(), certainty=2)
    slot = answering.give_answer(chosen(attempt), given, 1, clock.now(), check=True)
    assert (slot.seq, slot.tries, slot.certainty, sources(slot)) == (2, 1, 2, ["learner", "check"])
    assert chosen(attempt).checked_at is not None
    assert folds(chosen(attempt))


def test_a_hint_and_another_try(app: Flask) -> None:
    attempt = begin("immediate", whole=True)
    slot = chosen(attempt)
    answering.give_answer(slot, wrong(slot), 0, clock.now(), check=True)
    with pytest.raises(answering.Closed):
        answering.take_hint(chosen(attempt), clock.now())
    for _request in range(2):  # the second was sent before the first was answered
        answering.try_with_hint(chosen(attempt), clock.now())
    slot = answering.give_answer(chosen(attempt), right(slot), 3, clock.now(), check=True)
    assert sources(slot) == ["check", "learner", "hint", "check"]
    assert (slot.seq, slot.tries, slot.hints, slot.fraction) == (4, 2, 1, 1.0)
    assert folds(chosen(attempt))
    with pytest.raises(answering.Closed):
        answering.give_answer(chosen(attempt), wrong(slot), 4, clock.now())


def test_how_sure_one_is_belongs_to_the_answer(app: Flask) -> None:
    attempt = begin()
    slot = chosen(attempt)
    given = right(slot)
    slot = answering.give_answer(slot, given, 0, clock.now(), certainty=3)
    assert (slot.seq, slot.certainty) == (1, 3)
    assert answering.give_answer(chosen(attempt), given, 1, clock.now(), certainty=3).seq == 1
    slot = answering.give_answer(chosen(attempt), given, 1, clock.now(), certainty=1)
    assert (slot.seq, chosen(attempt).certainty) == (2, 1)
    assert folds(chosen(attempt))


def test_nothing_is_taken_once_it_is_handed_in(app: Flask) -> None:
    attempt = begin("immediate", whole=True)
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    for act in (answering.take_hint, answering.try_again):
        with pytest.raises(answering.Closed):
            act(chosen(attempt), clock.now())
    assert sources(chosen(attempt)) == []


def test_a_score_that_a_person_sets_stands(app: Flask) -> None:
    attempt, by = begin(whole=True), user_of("instructor")
    slot = chosen(attempt)
    answering.give_answer(slot, wrong(slot), 0, clock.now())
    done = actions.submit(user_of("learner"), attempt.public_id, clock.now())
    before = done.mark
    actions.override(chosen(attempt), 1.0, "The picture was missing", by, clock.now())
    actions.grade(chosen(attempt), 0.5, "Half", by, clock.now())
    slot = chosen(attempt)
    assert (slot.fraction, slot.comment, sources(slot)) == (
        1.0,
        "The picture was missing",
        ["learner", "override", "grader"],
    )
    assert slot.attempt.mark == (before or 0) + slot.max_mark
    assert folds(slot)


def test_an_attempt_that_was_reopened_keeps_what_was_said(app: Flask) -> None:
    """The rows of before are read, as a person's score outlasts another response."""
    attempt = begin(whole=True)
    slot = chosen(attempt)
    answering.give_answer(slot, wrong(slot), 0, clock.now())
    done = actions.submit(user_of("learner"), attempt.public_id, clock.now())
    actions.override(chosen(attempt), 0.75, "", user_of("instructor"), clock.now())
    with atomic():
        done.submitted_at = done.due_at = None
    answering.give_answer(chosen(attempt), right(slot), 2, clock.now())
    assert chosen(attempt).fraction == 0.75
    assert folds(chosen(attempt))
