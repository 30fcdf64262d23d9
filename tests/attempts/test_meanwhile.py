"""What an action decides by is what is stored when it writes, whatever its request had read before."""

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from quizapp import clock
from quizapp.attempts import actions, answering, queries
from quizapp.attempts.models import CHECK, Attempt
from quizapp.attempts.record import rows_of
from quizapp.banks.models import Question
from quizapp.db import atomic, db
from quizapp.gradebook import counting
from quizapp.quizzes import freezing, people_actions
from quizapp.quizzes import queries as quizzes
from quizapp.quizzes.held import drawable_ids
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.quizzes.people_queries import Allowance
from quizapp.quizzes.roster import RosterEntry
from tests.attempts.test_released import exam, settle
from tests.attempts.test_story import begin, place_of_choice, right, wrong
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

HOUR = timedelta(hours=1)


def test_an_attempt_ends_by_the_times_that_were_moved_meanwhile(app: Flask) -> None:
    """Else the keys would show while it still runs."""
    quiz, now = exam(5 * HOUR), clock.now()
    with atomic():
        freezing.freeze(quiz, now)
    sooner = now + HOUR
    read = quiz.rules.closes_at
    with db.engine.begin() as elsewhere:
        moved = quiz.settings | {"closes_at": sooner.isoformat()}
        elsewhere.execute(update(Quiz).where(Quiz.id == quiz.id).values(settings=moved, ends_at=sooner))
    assert quiz.rules.closes_at == read, "this request has read it before"
    assert actions.start(user_of("learner"), quiz, now).due_at == sooner


@pytest.mark.parametrize("also", ["hand-in", "other answer"])
def test_a_check_waits_for_what_another_tab_does(app: Flask, monkeypatch: pytest.MonkeyPatch, also: str) -> None:
    """The same response is sent again to be checked, when another tab has the slot's lock first."""
    attempt = begin("immediate")
    slot = queries.slots(attempt.id)[place_of_choice(attempt) - 1]
    answering.give_answer(slot, right(slot), slot.seq, clock.now())
    checked, locked = right(slot), answering.to_write

    def after_the_other(slot: answering.Slot) -> answering.Slot:
        monkeypatch.setattr(answering, "to_write", locked)
        if also == "hand-in":
            actions.close(db.session.get_one(Attempt, attempt.id), clock.now())
        else:
            found = locked(slot)
            assert answering.keep(found, wrong(found), clock.now(), check=False, flagged=None, certainty=None)
        return locked(slot)

    monkeypatch.setattr(answering, "to_write", after_the_other)
    with pytest.raises(answering.Closed if also == "hand-in" else answering.Stale):
        answering.give_answer(slot, checked, slot.seq, clock.now(), check=True)
    assert CHECK not in [row.source for row in rows_of([slot.id])[slot.id]]


def test_a_frozen_quiz_is_as_large_as_what_it_asks(app: Flask, learner: Person) -> None:
    quiz = exam()
    asked = len(queries.slots(actions.start(user_of("learner"), quiz, clock.now()).id))
    size, drawable = quizzes.size_of(quiz), drawable_ids(quiz)
    assert size.count == asked
    with atomic():
        db.session.execute(
            update(Question).where(Question.id.in_(sorted(drawable)[:2])).values(archived_at=clock.now())
        )
    assert quizzes.size_of(quiz) == size
    assert drawable_ids(quiz) == drawable


def test_two_scores_that_are_set_the_one_for_the_other_are_counted_anew(app: Flask) -> None:
    attempt = begin("deferred")
    for slot in queries.slots(attempt.id)[:2]:
        answering.give_answer(slot, right(slot), slot.seq, clock.now())
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    states = []
    for one, other in ((1.0, 0.0), (0.0, 1.0)):
        for slot, fraction in zip(queries.slots(attempt.id)[:2], (one, other), strict=True):
            actions.override(slot, fraction, "", user_of("instructor"), clock.now(), reason="so")
        states.append((attempt.mark, counting.state_of(attempt.quiz, clock.now())))
    assert states[0][0] == states[1][0]
    assert states[0][1] != states[1][1]


@pytest.mark.parametrize("logged_in", [False, True])
def test_whose_code_it_is_has_their_own_hours(app: Flask, visitor: Person, learner: Person, logged_in: bool) -> None:
    """The page that a quiz begins from doesn't call closed what its start lets begin."""
    quiz = settle(quiz_of({"bank": "structure"}), who="roster", closes_at=(clock.now() - HOUR).isoformat())
    owner, person = user_of("instructor"), learner if logged_in else visitor
    people_actions.add_to_roster(quiz, [RosterEntry(1, "Kim", "77001")], owner, clock.now())
    people_actions.accommodate(owner, "", "77001", Allowance(extra_hours=240), clock.now())
    sitter = db.session.query(Sitter).filter_by(quiz_id=quiz.id).one()
    address = f"/quizzes/{quiz.public_id}"
    assert "This quiz is closed" in person.get(address).text
    page = person.get(f"{address}?code={sitter.code}")
    assert "This quiz is closed" not in page.text
    assert page.send("attempts").url.startswith("/attempts/")
