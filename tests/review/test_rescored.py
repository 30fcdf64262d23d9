"""Cards and levels follow a score that is changed later, and `check` compares them with the record."""

# ruff: noqa: F811 -- fixtures of another module

from __future__ import annotations

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, select, update

from quizapp import clock, events
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts import queries as attempt_queries
from quizapp.attempts.models import Attempt, Regrade
from quizapp.courses.models import Course
from quizapp.db import atomic, db
from quizapp.gradebook.actions import regrades
from quizapp.operation import repair, tasks
from quizapp.progress import audit
from quizapp.progress.models import Mastery
from quizapp.quizzes.models import Quiz
from quizapp.review import actions, queries
from quizapp.review.models import Card, StaleReview
from tests.conftest import user_of
from tests.gradebook.test_regrades import mend, question, quiz, regrade, rule, six  # noqa: F401 -- fixtures
from tests.person import Person


@pytest.fixture
def people(six: list[Attempt]) -> list[int]:
    """Who took the quiz."""
    return [attempt.user_id for attempt in six]


def card_of(user_id: int) -> Card | None:
    db.session.expire_all()
    return queries.cards(user_id).get(question().id)


def lapses(people: list[int]) -> list[int | None]:
    found = [card_of(one) for one in people]
    return [one.lapses if one else None for one in found]


def missed(user_id: int) -> bool:
    """Whether the card says that its question was missed: it is due before one that was known."""
    mine = queries.cards(user_id)
    found, best = card_of(user_id), max(one.stability or 0 for one in mine.values())
    return found is not None and (found.stability or 0) < best


def stale() -> set[int]:
    db.session.expire_all()
    return set(db.session.scalars(select(StaleReview.user_id)))


def person(app: Flask, user_id: int) -> Person:
    return Person(app, db.session.get_one(User, user_id))


def test_a_card_follows_a_regrade_and_its_undoing(app: Flask, quiz: Quiz, people: list[int]) -> None:
    """All but P1 missed the fourth question by the old key, and all but P1 knew it by the new one."""
    before = [missed(one) for one in people]
    assert before[0]
    one = question()
    mend(one)
    regrade(one, rule(one))
    assert stale() == set(people), "no card is computed while a regrade is carried out"
    assert missed(people[0])
    tasks.catch_up_reviews()
    assert stale() == set()
    assert missed(people[1])
    done = db.session.scalars(select(Regrade)).one()
    regrades.undo(done, user_of("instructor"), clock.now())
    assert stale()
    tasks.catch_up_reviews()
    assert [missed(one) for one in people] == before


def test_whoever_is_not_touched_is_left_alone(quiz: Quiz, people: list[int]) -> None:
    one = question()
    regrade(one, rule(one, "accept", accepted=({"choice": "b"},)))
    assert stale() == {*people} - {people[1]}


def test_a_dropped_question_is_no_card(quiz: Quiz, people: list[int]) -> None:
    regrade(question(), rule(question(), "drop"))
    tasks.catch_up_reviews()
    assert lapses(people) == [None] * 6


def test_a_score_set_by_hand_moves_the_card(app: Flask, quiz: Quiz, six: list[Attempt], people: list[int]) -> None:
    slot = attempt_queries.slot(six[0].public_id, 4, people[0])
    attempts.override(slot, 1.0, "It counts.", user_of("instructor"), clock.now())
    assert stale() == {people[0]}
    tasks.catch_up_reviews()
    assert not missed(people[0])
    assert stale() == set()


def test_levels_follow_too(app: Flask, quiz: Quiz, people: list[int]) -> None:
    """The quiz belongs to a course, so that what it asks is about an objective of it."""
    course = db.session.scalars(select(Course).where(Course.position == 0)).one()
    with atomic():
        db.session.execute(update(Quiz).where(Quiz.id == quiz.id).values(course_id=course.id))
        one = question()
        one.objective = "board"
    actions.replay(people[0], clock.now())

    def level() -> tuple[int, int]:
        db.session.expire_all()
        found = db.session.scalars(select(Mastery).where(Mastery.user_id == people[0])).one()
        return found.right, found.total

    assert level() == (0, 1)
    regrade(one, rule(one, "full"))
    tasks.catch_up_reviews()
    assert level() == (1, 1)


@pytest.mark.parametrize("address", ["/home", "/review", "/courses/openai-devday"])
def test_who_looks_is_the_next_and_a_look_writes_nothing(
    app: Flask, quiz: Quiz, people: list[int], monkeypatch: pytest.MonkeyPatch, statements: list[str], address: str
) -> None:
    regrade(question(), rule(question(), "full"))
    waiting = stale()
    last = max(waiting)
    learner = person(app, last)
    statements.clear()
    assert learner.get(address).status == 200
    assert not [one for one in statements if not one.lstrip().startswith(("SELECT", "WITH"))]
    assert stale() == waiting
    monkeypatch.setattr(actions, "AT_ONCE", 1)
    tasks.catch_up_reviews()
    assert stale() == waiting - {last}
    tasks.catch_up_reviews()
    assert len(stale()) == len(waiting) - 2, "then those who have waited longest"


def test_learners_whose_cards_fail_keep_no_other_waiting(
    app: Flask, quiz: Quiz, people: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those who fail have waited longest, and are as many as are looked at in one go."""
    regrade(question(), rule(question(), "full"))
    waiting = sorted(stale())
    failing = set(waiting[:2])

    def fail(user_id: int, **_kwargs: object) -> None:
        if user_id in failing:
            raise ValueError("as it happens")

    monkeypatch.setattr(actions, "AT_ONCE", 2)
    for left in (waiting[4:], []):
        with events.remade.connected_to(fail), pytest.raises(ExceptionGroup, match="2 failed"):
            actions.catch_up(clock.now())
        assert stale() == failing | set(left)


def test_the_review_begins_with_what_is_true(app: Flask, quiz: Quiz, people: list[int]) -> None:
    regrade(question(), rule(question(), "full"))
    later = clock.now() + timedelta(days=400)
    assert actions.today(people[0], later).stale
    actions.begin(db.session.get_one(User, people[0]), later)
    assert not actions.today(people[0], later).stale


# --- the check ---


def test_the_check_finds_a_card_that_isn_t_what_the_answers_make(quiz: Quiz, people: list[int]) -> None:
    now = clock.now() + timedelta(days=1)
    assert audit.compare(now).wrong == []
    with atomic():
        db.session.execute(update(Card).where(Card.user_id == people[0]).values(lapses=7))
        db.session.execute(delete(Card).where(Card.user_id == people[1], Card.question_id == question().id))
        db.session.add(Mastery(user_id=people[2], course_id=1, objective="x", level="mastered", updated_at=now))
    assert audit.compare(now).wrong == people[:3]
    told = [(flaw.where, flaw.what) for flaw in repair.flaws(now)]
    assert len([one for one in told if "cards or levels" in one[1]]) == 3
    repair.repair(now)
    assert audit.compare(now).wrong == []
    assert lapses(people)[0] != 7


def test_what_waits_to_be_made_anew_is_no_flaw(quiz: Quiz, people: list[int]) -> None:
    regrade(question(), rule(question(), "full"))
    now = clock.now() + timedelta(days=1)
    assert audit.compare(now).wrong == []
    assert audit.compare(now).learners == 1, "P1 had it right before"


def test_a_large_site_is_compared_by_parts(quiz: Quiz, people: list[int]) -> None:
    """Each day another third, all of them in three days; a repair looks at all."""
    with atomic():
        db.session.execute(update(Card).values(lapses=7))
    now = clock.now()
    days = [audit.compare(now + timedelta(days=day), 2) for day in range(3)]
    assert [one.compared for one in days] == [2, 2, 2]
    assert sorted(user for one in days for user in one.wrong) == sorted(people)
    assert audit.compare(now, None).compared == 6


@pytest.mark.parametrize("closed", [True, False])
def test_what_an_examination_held_back_is_no_flaw(quiz: Quiz, people: list[int], closed: bool) -> None:
    """Its answers come into the cards after its end, with the next review: until then nothing is wrong."""
    with atomic():
        db.session.execute(delete(Card).where(Card.user_id == people[0]))
        if closed:
            settings = quiz.settings | {"feedback": "closed"}
            values = {"settings": settings, "ends_at": clock.now() - timedelta(minutes=1)}
            db.session.execute(update(Quiz).where(Quiz.id == quiz.id).values(**values))
    db.session.expire_all()
    assert audit.compare(clock.now() + timedelta(days=1)).wrong == ([] if closed else [people[0]])
