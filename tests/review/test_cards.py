"""Cards follow what was answered, and can be made again from it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from fsrs import Rating
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, select

from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts import answering
from quizapp.attempts import queries as attempt_queries
from quizapp.attempts.models import CHECK, PREVIEW, Attempt, Slot
from quizapp.banks.models import Question
from quizapp.courses.models import Lesson
from quizapp.db import atomic, db
from quizapp.errors import Conflict, NotFound
from quizapp.progress.models import Mastery
from quizapp.quizzes.models import Quiz
from quizapp.review import actions, queries
from quizapp.review.models import Card
from quizapp.rules.daily import Preferences
from tests.answers import give_answer
from tests.attempts.test_story import quiz_with, right, wrong
from tests.conftest import user_of

NINE = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)
"""Nine in the morning of Seoul, a Tuesday."""
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
LATER = NINE + 400 * DAY


@pytest.fixture
def learner(app: Flask) -> User:
    """Somebody who has answered nothing yet."""
    return user_of("learner")


def answer(
    user: User, attempt: Attempt, position: int, at: datetime, *, knows: bool = True, certainty: int | None = None
) -> Slot:
    """Check one question."""
    slot = attempt_queries.slot(attempt.public_id, position, user.id)
    given: Any = right(slot) if knows else wrong(slot)
    return give_answer(user, attempt.public_id, position, given, slot.seq, at, check=True, certainty=certainty)


def choices(attempt: Attempt) -> list[Slot]:
    """The questions that `wrong` can miss."""
    return [slot for slot in attempt_queries.slots(attempt.id) if slot.version.item.kind == "choice"]


def card(user: User, slot: Slot) -> Card | None:
    db.session.expire_all()
    return queries.cards(user.id).get(slot.version.question_id)


def stored(user: User) -> tuple[Any, Any]:
    """All that a replay makes, as plain data."""
    db.session.expire_all()
    names = [column.name for column in Card.__table__.columns if column.name != "id"]
    cards = {one.question_id: [getattr(one, name) for name in names] for one in queries.cards(user.id).values()}
    levels = db.session.scalars(select(Mastery).where(Mastery.user_id == user.id))
    return cards, {(one.course_id, one.objective): (one.level, one.right, one.total, one.updated_at) for one in levels}


def replayed(user: User) -> tuple[Any, Any]:
    """The same after everything is thrown away and made anew."""
    with atomic():
        db.session.execute(delete(Card).where(Card.user_id == user.id))
        db.session.execute(delete(Mastery).where(Mastery.user_id == user.id))
    db.session.expire_all()
    actions.replay(user.id, LATER)
    return stored(user)


def test_a_checked_answer_makes_a_card(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    missed, known = choices(attempt)[:2]
    answer(learner, attempt, missed.position, NINE, knows=False)
    answer(learner, attempt, known.position, NINE + MINUTE)
    one, other = card(learner, missed), card(learner, known)
    assert one is not None
    assert other is not None
    assert one.due_at == datetime(2026, 12, 1, 15, tzinfo=UTC), "tomorrow begins at midnight in Seoul"
    assert other.due_at == datetime(2026, 12, 2, 15, tzinfo=UTC)
    assert (one.reviews, one.lapses, one.reviewed_at) == (1, 0, NINE)


def test_a_save_makes_none(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate"), NINE)
    slot = attempt_queries.slot(attempt.public_id, 1, learner.id)
    give_answer(learner, attempt.public_id, 1, right(slot), 0, NINE)
    assert queries.cards(learner.id) == {}


def test_a_deferred_quiz_makes_cards_when_it_is_handed_in(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("deferred", whole=True), NINE)
    slot, other = choices(attempt)[:2]
    for one in (slot, other):
        given = attempt_queries.slot(attempt.public_id, one.position, learner.id)
        give_answer(learner, attempt.public_id, one.position, right(given), 0, NINE, check=True)
    assert queries.cards(learner.id) == {}
    attempts.submit(learner, attempt.public_id, NINE + MINUTE)
    assert set(queries.cards(learner.id)) == {slot.version.question_id, other.version.question_id}


def test_one_rating_a_day_and_none_after_the_key_was_seen(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("deferred", whole=True), NINE)
    missed, blank = choices(attempt)[:2]
    given = attempt_queries.slot(attempt.public_id, missed.position, learner.id)
    give_answer(learner, attempt.public_id, missed.position, wrong(given), 0, NINE)
    done = attempts.submit(learner, attempt.public_id, NINE + MINUTE)
    first = card(learner, missed)
    assert first is not None
    before = (first.stability, first.due_at)
    practice = attempts.practise(learner, done, NINE + 2 * MINUTE)
    for slot in choices(practice):
        answer(learner, practice, slot.position, NINE + 3 * MINUTE)
    again = card(learner, missed)
    assert again is not None
    assert (again.stability, again.due_at, again.reviews) == (*before, 1)
    assert card(learner, blank) is None, "its key was shown with the results, before it was answered"
    tomorrow = attempts.practise(learner, done, NINE + DAY)
    for slot in choices(tomorrow):
        answer(learner, tomorrow, slot.position, NINE + DAY)
    again = card(learner, missed)
    assert again is not None
    assert again.reviews == 2
    assert card(learner, blank) is not None
    assert stored(learner) == replayed(learner)


@pytest.mark.parametrize(("certainty", "rating"), [(None, Rating.Good), (1, Rating.Hard), (2, Rating.Good)])
def test_a_guess_is_hard(app: Flask, learner: User, certainty: int | None, rating: Rating) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    answer(learner, attempt, choices(attempt)[0].position, NINE, certainty=certainty)
    assert [one.rating for one in queries.ratings(learner.id, LATER)] == [rating]
    assert stored(learner) == replayed(learner)


def test_right_after_a_hint_or_at_a_further_try_is_hard(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    hinted, retried = choices(attempt)[:2]
    answering.take_hint(attempt_queries.slot(attempt.public_id, hinted.position, learner.id), NINE)
    answer(learner, attempt, hinted.position, NINE + MINUTE)
    slot = answer(learner, attempt, retried.position, NINE + 2 * MINUTE, knows=False)
    assert [one.rating for one in queries.ratings(learner.id, LATER)] == [Rating.Hard, Rating.Again]
    answering.try_again(slot, NINE + 3 * MINUTE)
    answer(learner, attempt, retried.position, NINE + 4 * MINUTE)
    assert [one.rating for one in queries.ratings(learner.id, LATER)] == [Rating.Hard, Rating.Hard]
    assert stored(learner) == replayed(learner)


def test_a_penalty_for_a_hint_makes_no_miss(app: Flask, learner: User) -> None:
    """A right answer after a hint may earn less than the whole mark, and was still remembered, hardly."""
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    place = choices(attempt)[0].position
    answering.take_hint(attempt_queries.slot(attempt.public_id, place, learner.id), NINE)
    slot = answer(learner, attempt, place, NINE + MINUTE)
    with atomic():
        slot.fraction = 0.67
    assert [one.rating for one in queries.ratings(learner.id, LATER)] == [Rating.Hard]


def test_a_preview_makes_no_card(app: Flask) -> None:
    instructor = user_of("instructor")
    attempt = attempts.preview(instructor, quiz_with("immediate", whole=True), NINE)
    assert attempt.purpose == PREVIEW
    answer(instructor, attempt, 1, NINE)
    attempts.submit(instructor, attempt.public_id, NINE + MINUTE)
    assert queries.cards(instructor.id) == {}
    actions.replay(instructor.id, LATER)
    assert queries.cards(instructor.id) == {}


def test_a_check_beside_its_passage_only_makes_the_card(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    with atomic():
        attempt.purpose, attempt.lesson_id = CHECK, db.session.scalars(select(Lesson.id)).first()
    slot = choices(attempt)[0]
    answer(learner, attempt, slot.position, NINE)
    made = card(learner, slot)
    assert made is not None
    assert [one.rating for one in queries.ratings(learner.id, LATER)] == [Rating.Hard]
    other = attempts.start(learner, quiz_with("immediate", whole=True), NINE + 3 * DAY)
    with atomic():
        other.purpose, other.lesson_id = CHECK, attempt.lesson_id
    same = next(one for one in choices(other) if one.version_id == slot.version_id)
    answer(learner, other, same.position, NINE + 3 * DAY, knows=False)
    after = card(learner, slot)
    assert after is not None
    assert (after.reviews, after.due_at) == (1, made.due_at)
    assert stored(learner) == replayed(learner)


def test_an_attempt_that_ran_out_long_ago_comes_in_its_place(app: Flask, learner: User) -> None:
    """It is closed when somebody looks; the answers count as of the time when it ended."""
    timed = next(quiz for quiz in db.session.scalars(select(Quiz)) if quiz.rules.time_limit)
    old = attempts.start(learner, timed, NINE)
    slot = choices(old)[0]
    given = attempt_queries.slot(old.public_id, slot.position, learner.id)
    give_answer(learner, old.public_id, slot.position, wrong(given), 0, NINE)
    later = attempts.start(learner, quiz_with("immediate", whole=True), NINE + 2 * DAY)
    for one in choices(later)[:3]:
        answer(learner, later, one.position, NINE + 2 * DAY)
    attempts.close_overdue(NINE + 3 * DAY)
    db.session.expire_all()
    made = card(learner, slot)
    assert made is not None
    assert made.reviewed_at == old.due_at
    assert stored(learner) == replayed(learner)


def test_a_clock_that_jumps_back(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE + 2 * DAY)
    slot = choices(attempt)[0]
    answer(learner, attempt, slot.position, NINE + 2 * DAY)
    attempts.submit(learner, attempt.public_id, NINE + 2 * DAY)
    before = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    same = next(one for one in choices(before) if one.version_id == slot.version_id)
    answer(learner, before, same.position, NINE, knows=False)
    assert [one.rating for one in queries.ratings(learner.id, LATER)] == [Rating.Again, Rating.Good]
    assert stored(learner) == replayed(learner)


def review_of(user: User, at: datetime) -> Attempt:
    return actions.begin(user, at)


def missed_one(user: User, at: datetime = NINE) -> Slot:
    """A question that was missed, in an attempt that is handed in."""
    attempt = attempts.start(user, quiz_with("immediate", whole=True), at)
    slot = choices(attempt)[0]
    answer(user, attempt, slot.position, at, knows=False)
    attempts.submit(user, attempt.public_id, at + MINUTE)
    return slot


def test_a_review_asks_what_is_due_and_nothing_else(app: Flask, learner: User) -> None:
    slot = missed_one(learner)
    with pytest.raises(Conflict):
        review_of(learner, NINE + MINUTE)
    with pytest.raises(Conflict):
        review_of(learner, datetime(2026, 12, 1, 14, 59, tzinfo=UTC))
    review = review_of(learner, datetime(2026, 12, 1, 15, 0, tzinfo=UTC))
    assert [one.version_id for one in attempt_queries.slots(review.id)] == [slot.version_id]
    assert (review.quiz_id, review.purpose, review.rules.feedback) == (None, "review", "immediate")
    assert review_of(learner, NINE + DAY).id == review.id, "the same day's goes on"
    assert review_of(learner, NINE + 2 * DAY).id != review.id
    db.session.expire_all()
    assert review.submitted_at is not None


def test_what_was_missed_as_sure_comes_first(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    one, other, sure = choices(attempt)[:3]
    for slot, certainty in ((one, 1), (other, 2), (sure, 3)):
        answer(learner, attempt, slot.position, NINE, knows=False, certainty=certainty)
    pile = queries.pile(learner.id, NINE + DAY)
    assert (pile.count, pile.coming) == (3, [])
    assert pile.waiting[0].question.version == sure.version_id
    assert [each.missed_sure for each in pile.waiting] == [True, False, False]


def test_archived_and_suspended_questions_are_not_asked(app: Flask, learner: User) -> None:
    slot = missed_one(learner)
    question = slot.version.question
    with atomic():
        question.archived_at = NINE
    with pytest.raises(Conflict):
        review_of(learner, NINE + DAY)
    with atomic():
        question.archived_at = None
    actions.act(learner, question.public_id, "suspend", NINE + MINUTE)
    assert stored(learner) == replayed(learner)
    with pytest.raises(Conflict):
        review_of(learner, NINE + DAY)
    actions.act(learner, question.public_id, "resume", NINE + 2 * MINUTE)
    assert stored(learner) == replayed(learner)
    assert review_of(learner, NINE + DAY)
    with pytest.raises(NotFound):
        actions.act(user_of("instructor"), question.public_id, "suspend", NINE)


def test_sooner_is_tomorrow(app: Flask, learner: User) -> None:
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE)
    slot = answer(learner, attempt, choices(attempt)[0].position, NINE)
    actions.act(learner, slot.version.question.public_id, "sooner", NINE + MINUTE)
    made = card(learner, slot)
    assert made is not None
    assert made.due_at == datetime(2026, 12, 1, 15, tzinfo=UTC)
    assert stored(learner) == replayed(learner)


def level(user: User, slot: Slot) -> str | None:
    db.session.expire_all()
    objective = slot.version.question.objective
    return db.session.scalar(select(Mastery.level).where(Mastery.user_id == user.id, Mastery.objective == objective))


def test_undo_takes_the_rating_and_the_level_back(app: Flask, learner: User) -> None:
    slot = missed_one(learner)
    before, was = card(learner, slot), level(learner, slot)
    assert before is not None
    memory = (before.stability, before.difficulty, before.reviews, before.reviewed_at)
    review = review_of(learner, NINE + DAY)
    answer(learner, review, 1, NINE + DAY)
    assert level(learner, slot) != was
    actions.undo(learner, review, NINE + DAY + MINUTE)
    after = card(learner, slot)
    assert after is not None
    assert (after.stability, after.difficulty, after.reviews, after.reviewed_at) == memory
    assert after.due_at == datetime(2026, 12, 2, 15, tzinfo=UTC), "its key was seen today"
    assert level(learner, slot) == was
    assert stored(learner) == replayed(learner)
    with pytest.raises(Conflict):
        actions.undo(learner, review, NINE + DAY + 2 * MINUTE)


def test_another_zone_and_an_exam_move_what_is_due(app: Flask, learner: User) -> None:
    slot = missed_one(learner)
    actions.choose(learner, Preferences(zone="America/New_York"), NINE + DAY)
    made = card(learner, slot)
    assert made is not None
    assert made.due_at == datetime(2026, 12, 1, 5, tzinfo=UTC), "there it is still November 30"
    assert stored(learner) == replayed(learner)
    attempt = attempts.start(learner, quiz_with("immediate", whole=True), NINE + DAY)
    known = answer(learner, attempt, choices(attempt)[1].position, NINE + DAY, certainty=3)
    usual = card(learner, known)
    assert usual is not None
    at = usual.due_at
    actions.choose(learner, Preferences(zone="America/New_York", exam="2026-12-02"), NINE + DAY)
    sooner = card(learner, known)
    assert sooner is not None
    assert sooner.due_at < at
    assert stored(learner) == replayed(learner)


def test_a_guest_s_cards_become_the_account_s(app: Flask, learner: User) -> None:
    guest = accounts.start_guest("en", "auto", NINE)
    slot = missed_one(guest)
    actions.act(guest, slot.version.question.public_id, "suspend", NINE + MINUTE)
    accounts.claim(guest, learner)
    made = card(learner, slot)
    assert made is not None
    assert made.suspended_at == NINE + MINUTE
    assert stored(learner) == replayed(learner)


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["quiz", "exam", "practise", "review", "review", "undo", "suspend", "resume", "sooner"]),
        st.integers(0, 5),  # hours, and days
        st.lists(st.sampled_from(["right", "wrong", "guess", "sure", "skip"]), min_size=1, max_size=5),
    ),
    min_size=1,
    max_size=10,
)


def live(user: User, steps: list[Any]) -> None:
    """A history, step by step, each some time after the one before."""
    at, done, review = NINE, None, None
    for name, gap, answers in steps:
        at += timedelta(hours=7 * gap * gap, seconds=1)
        try:
            if name in ("quiz", "exam"):
                attempt = attempts.start(user, quiz_with("immediate" if name == "quiz" else "deferred"), at)
            elif name == "practise" and done:
                attempt = attempts.practise(user, done, at)
            elif name == "review":
                attempt = review = actions.begin(user, at)
            elif name == "undo" and review:
                actions.undo(user, review, at)
                continue
            else:
                cards = list(queries.cards(user.id))
                if cards and name in ("suspend", "resume", "sooner"):
                    question = db.session.get_one(Question, cards[gap % len(cards)])
                    actions.act(user, question.public_id, name, at)
                continue
        except Conflict:
            continue
        asked = choices(attempt)
        for slot, how in zip(asked, answers * 20, strict=False):
            if how != "skip" and slot.checked_at is None:
                at += timedelta(seconds=20)
                certainty = {"guess": 1, "sure": 3}.get(how)
                answer(user, attempt, slot.position, at, knows=how not in ("wrong", "sure"), certainty=certainty)
        at += timedelta(seconds=20)
        if gap % 3:
            attempt = attempts.submit(user, attempt.public_id, at)
            done = attempt if attempt.quiz_id else done


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_a_replay_gives_what_is_stored(app: Flask, steps: list[Any]) -> None:
    user = accounts.start_guest("en", "auto", NINE)
    live(user, steps)
    assert stored(user) == replayed(user)
