"""A guest's attempts become an account's, and no guest is a way around the number of tries."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock, events
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions, conduct, ending, entrance, queries, tries
from quizapp.attempts.disclosure import released
from quizapp.attempts.models import GRADED, PRACTICE, Attempt
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.permissions import LoginNeeded
from quizapp.progress.models import Mastery
from quizapp.quizzes import actions as quizzes
from quizapp.quizzes import people_actions, people_queries
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import Allowance
from quizapp.quizzes.roster import RosterEntry
from tests.answers import give_answer
from tests.attempts.test_released import HOUR, exam, in_rows, settle
from tests.attempts.test_story import quiz_with, right, wrong
from tests.conftest import user_of
from tests.person import Person


def limited(tries: int | None) -> Quiz:
    quiz = quiz_with("deferred")
    with atomic():
        quiz.settings = quiz.settings | {"attempts": tries, "time_limit": None}
    return quiz


def take(user: User, quiz: Quiz, knows: bool) -> Attempt:
    """A whole attempt; of somebody who knows nothing only the single choices are answered."""
    attempt = actions.start(user, quiz, clock.now())
    for slot in queries.slots(attempt.id):
        given: Any = right(slot) if knows else wrong(slot) if slot.version.item.kind == "choice" else None
        give_answer(user, attempt.public_id, slot.position, given, 0, clock.now())
    return actions.submit(user, attempt.public_id, clock.now())


def guest() -> User:
    return accounts.start_guest("en", "auto", clock.now())


def purposes(user: User) -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Attempt.purpose).where(Attempt.user_id == user.id).order_by(Attempt.id)))


def test_a_key_read_as_a_guest_buys_no_better_result(app: Flask) -> None:
    """Guest A reads the key, guest B answers, and logs in as somebody who has used the only try."""
    learner, quiz, reader, helper = user_of("learner"), limited(1), guest(), guest()
    own = take(learner, quiz, knows=False)
    take(reader, quiz, knows=False)
    take(helper, quiz, knows=True)
    before = tries.quiz_scores(learner.id, clock.now())[quiz.id]
    levels = {one.objective: (one.level, one.right) for one in mastery(learner)}
    accounts.claim(helper, learner)
    assert tries.quiz_scores(learner.id, clock.now())[quiz.id] == before
    assert before.share < 1
    assert purposes(learner) == [GRADED, PRACTICE]
    assert {one.objective: (one.level, one.right) for one in mastery(learner)} == levels
    assert tries.graded_count(learner.id, quiz.id) == 1
    assert own.counts


def mastery(user: User) -> list[Mastery]:
    db.session.expire_all()
    return list(db.session.scalars(select(Mastery).where(Mastery.user_id == user.id)))


def test_tries_that_are_left_are_taken_by_the_guest_s_first(app: Flask) -> None:
    learner, quiz, visitor = user_of("learner"), limited(3), guest()
    take(learner, quiz, knows=False)
    for knows in (False, False, True):
        take(visitor, quiz, knows)
    accounts.claim(visitor, learner)
    assert purposes(learner) == [GRADED, GRADED, GRADED, PRACTICE]
    assert tries.quiz_scores(learner.id, clock.now())[quiz.id].tries == 3


def test_an_attempt_that_is_going_on_counts_as_a_try_too(app: Flask) -> None:
    learner, quiz, visitor = user_of("learner"), limited(1), guest()
    actions.start(learner, quiz, clock.now())
    actions.start(visitor, quiz, clock.now())
    accounts.claim(visitor, learner)
    assert purposes(learner) == [GRADED, PRACTICE]


def test_without_a_limit_everything_counts(app: Flask) -> None:
    learner, quiz, visitor = user_of("learner"), limited(None), guest()
    take(learner, quiz, knows=False)
    take(visitor, quiz, knows=True)
    accounts.claim(visitor, learner)
    assert purposes(learner) == [GRADED, GRADED]
    assert mastery(learner)


def test_no_guest_is_a_way_around_the_hours_between_two_tries(app: Flask) -> None:
    """What a guest has begun sooner is practice; where nothing has been tried, the guest's first counts."""
    learner, quiz, first, second = user_of("learner"), limited(None), guest(), guest()
    with atomic():
        quiz.settings = quiz.settings | {"delay": 1}
    take(first, quiz, knows=False)
    accounts.claim(first, learner)
    take(second, quiz, knows=True)
    accounts.claim(second, learner)
    assert purposes(learner) == [GRADED, PRACTICE]
    score = tries.quiz_scores(learner.id, clock.now())[quiz.id]
    assert score.share is not None
    assert score.share < 1


def results(user: User, attempt: Attempt) -> list[tuple[bool, bool]]:
    """What shows of the questions on the page, on its own data's, and whether it holds any back."""
    shown = queries.reveals([attempt], clock.now()).values()
    held = {one.slot.id: one.held for one in queries.result_slots(attempt, clock.now())}
    assert set(held.values()) == {one.held for one in shown}
    return [(one.correctness or one.solution, one.held) for one in shown]


@pytest.mark.parametrize("handed_in", [True, False])
def test_what_a_guest_has_sat_shows_no_key_of_an_examination(
    app: Flask, learner: Person, instructor: Person, handed_in: bool
) -> None:
    """What is more than the tries is practice: it says nothing before the examination is over, even if that is put away
    or holds its questions no more; the instructor is told of it, and then it shows like any other."""
    me, quiz, visitor = user_of("learner"), settle(exam(), attempts=1), guest()
    actions.start(me, quiz, clock.now())
    surplus = take(visitor, quiz, knows=True) if handed_in else actions.start(visitor, quiz, clock.now())
    accounts.claim(visitor, me)
    if not handed_in:
        actions.submit(me, surplus.public_id, clock.now())
    assert purposes(me) == [GRADED, PRACTICE]
    assert set(results(me, surplus)) == {(False, False)}
    assert not released(surplus, clock.now())
    assert not in_rows(surplus, clock.now())[0]
    assert not queries.missed(surplus, clock.now())
    address = f"/attempts/{surplus.public_id}/results"
    assert "points" not in learner.get(address).text
    assert "Question by question" not in learner.get(address).text, "what was asked shows after closing"
    for archived in (True, False):
        quizzes.archive_quiz(quiz, archived, user_of("instructor"), clock.now())
        assert set(results(me, surplus)) == {(False, False)}
    assert ending.let_go(clock.now()) == 0
    assert "more than their tries" in instructor.get(f"/quizzes/{quiz.public_id}/live").text
    settle(quiz, closes_at=(clock.now() - HOUR).isoformat())
    db.session.expire_all()
    assert released(surplus, clock.now())
    assert set(results(me, surplus)) == {(True, False)}
    assert f"{surplus.mark:g} of" in learner.get(address).text


def test_a_mark_that_a_guest_has_seen_stays_shown(app: Flask) -> None:
    me, quiz, visitor = user_of("learner"), settle(exam(), attempts=1, shows={"marks": "after"}), guest()
    actions.start(me, quiz, clock.now())
    seen = take(visitor, quiz, knows=True)
    accounts.claim(visitor, me)
    assert released(seen, clock.now())
    assert set(results(me, seen)) == {(False, False)}


def test_nothing_that_closed_keys_hold_is_practised(app: Flask) -> None:
    """Which answers were right may show sooner than what is right; a practice would show both."""
    quiz = settle(exam(), feedback="deferred", shows={"solution": "closed"})
    done = take(user_of("learner"), quiz, knows=False)
    assert not queries.missed(done, clock.now())
    ending.release(quiz, user_of("instructor"), clock.now())
    assert queries.missed(done, clock.now())


def given_again(quiz: Quiz, attempt: Attempt) -> None:
    conduct.act(quiz, "again", [attempt.public_id], 0, "ill", user_of("instructor"), clock.now())


def test_a_further_try_comes_along(app: Flask) -> None:
    """With the attempt that it was given for; an account that has used its own tries gains none by it."""
    learner, other, quiz, visitor = user_of("learner"), user_of("instructor"), limited(1), guest()
    given_again(quiz, take(visitor, quiz, knows=False))
    take(visitor, quiz, knows=True)
    accounts.claim(visitor, learner)
    assert purposes(learner) == [GRADED, GRADED]
    take(other, quiz, knows=False)
    visitor = guest()
    given_again(quiz, take(visitor, quiz, knows=False))
    take(visitor, quiz, knows=True)
    accounts.claim(visitor, other)
    assert purposes(other) == [GRADED, PRACTICE, PRACTICE]
    with pytest.raises(Conflict):
        actions.start(other, quiz, clock.now())


def test_a_further_try_of_the_account_is_left_for_the_guest_s(app: Flask) -> None:
    learner, quiz, visitor = user_of("learner"), limited(1), guest()
    given_again(quiz, take(learner, quiz, knows=False))
    take(visitor, quiz, knows=True)
    accounts.claim(visitor, learner)
    assert purposes(learner) == [GRADED, GRADED]


@pytest.mark.parametrize("by", ["account", "number"])
def test_tries_that_a_person_is_allowed_count_for_a_guest_s(app: Flask, by: str) -> None:
    learner, quiz, visitor = user_of("learner"), limited(1), guest()
    owner = db.session.get_one(User, quiz.owner_id)
    email, number = (learner.email or "", "") if by == "account" else ("", "20261")
    people_actions.accommodate(owner, email, number, Allowance(extra_tries=1), clock.now())
    people_actions.add_to_roster(quiz, [RosterEntry(1, "Kim", "20261")], owner, clock.now())
    (sitter,) = people_queries.roster(quiz.id)
    take(learner, quiz, knows=False)
    entrance.begin(visitor, quiz, sitter, {}, clock.now())
    accounts.claim(visitor, learner)
    assert purposes(learner) == [GRADED, GRADED]


def test_nothing_is_begun_by_a_guest_who_is_just_logging_in(app: Flask) -> None:
    """What is acknowledged isn't deleted with the guest: it waits for the log-in, and finds nobody."""
    learner, quiz, visitor = user_of("learner"), limited(None), guest()
    take(visitor, quiz, knows=False)
    guest_id, quiz_id, outcome = visitor.id, quiz.id, []

    def begin() -> None:
        with app.app_context():
            try:
                actions.start(db.session.get_one(User, guest_id), db.session.get_one(Quiz, quiz_id), clock.now())
                outcome.append("begun")
            except LoginNeeded:
                outcome.append("nobody")
            finally:
                db.session.remove()

    thread = threading.Thread(target=begin)

    def let_in(_guest: User, user: User) -> None:
        thread.start()
        thread.join(timeout=1)

    with events.claimed.connected_to(let_in):
        accounts.claim(visitor, learner)
    thread.join()
    assert outcome == ["nobody"]
    assert purposes(learner) == [GRADED]


def test_who_is_no_guest_any_more_is_not_claimed(app: Flask) -> None:
    """In one tab the guest has signed up, in another one logs in."""
    quiz, visitor = limited(None), guest()
    take(visitor, quiz, knows=True)
    signed_up = accounts.sign_up(visitor, "new@example.com", "New", "a long password", "en", clock.now())
    accounts.claim(visitor, user_of("learner"))
    assert purposes(signed_up) == [GRADED]
    gone = guest()
    accounts.claim(gone, signed_up)
    accounts.claim(gone, signed_up)
