"""Writing of the review: cards follow final answers, and learners do things to them.

A card is a cache of the record: `history.fold` makes all of them anew, and gives what is stored. What an answer
changes is told to whoever listens (`events.reviewed`), and so is what was made anew (`events.remade`).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import cast

from flask import current_app
from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from quizapp import events
from quizapp.accounts.models import User
from quizapp.accounts.queries import current
from quizapp.attempts import actions as attempts
from quizapp.attempts import queries as attempt_queries
from quizapp.attempts.disclosure import slot_reveal
from quizapp.attempts.models import PRACTICE, PREVIEW, REVIEW, Answer, Attempt, Slot
from quizapp.db import atomic, db, each, locked, take_turns
from quizapp.errors import N_, Conflict, NotFound
from quizapp.ids import seed
from quizapp.quizzes.held import held
from quizapp.quizzes.queries import points_of
from quizapp.review import history, queries
from quizapp.review.history import CardSoFar, Final
from quizapp.review.models import Card, ReviewAct, ReviewSettings, StaleReview
from quizapp.review.queries import Today
from quizapp.rules import spacing
from quizapp.rules.behaviours import may_try_again
from quizapp.rules.daily import Preferences

AT_ONCE, LOOKED_THROUGH = 20, 50
"""Learners whose cards one look makes anew; how many times as many it looks through, where some fail."""
LOOKED_AT = "quizapp.stale_reviews_looked_at"
"""Within this process, the learners who have looked at what is out of date: theirs is made anew first."""

# --- cards follow the record ---


def on_answered(slot: Slot, now: datetime) -> None:
    """A response was checked: rate it, if it is the first of its day. A further try replaces the one before."""
    if slot.attempt.purpose == PREVIEW:
        return
    question = {slot.question_id}
    if slot.tries > 1:
        make_anew(slot.attempt.user_id, now, question)
    else:
        follow(slot.attempt, question, now, lambda one: one.slot_id == slot.id)


def on_reopened(slot: Slot, now: datetime) -> None:
    """A response isn't final any more: its card is what it was before, until the next one is."""
    if slot.attempt.purpose != PREVIEW:
        make_anew(slot.attempt.user_id, now, {slot.question_id})


def on_submitted(attempt: Attempt, now: datetime) -> None:
    """An attempt was handed in: rate what wasn't checked before. What was over at an earlier time takes its place
    before what came since."""
    if attempt.purpose == PREVIEW:
        return
    questions = set(queries.questions_of(attempt))
    if attempt.submitted_at is not None and attempt.submitted_at < now:
        make_anew(attempt.user_id, now, questions)
    else:
        follow(attempt, questions, now, lambda one: one.attempt_id == attempt.id and not one.checked)


def on_released(attempt: Attempt, now: datetime) -> None:
    """A score that was withheld may be seen: its ratings take their place. At a hand-in they have it already."""
    if attempt.submitted_at is not None and attempt.submitted_at < now:
        make_anew(attempt.user_id, now, set(queries.questions_of(attempt)))


def on_rescored(user_ids: Collection[int], now: datetime) -> None:
    """Scores were changed by somebody else, of many learners at once: the task makes their cards anew. An update of a
    row that is there waits for whoever is making the cards just now."""
    rows = [{"user_id": one, "at": now} for one in sorted(user_ids)]
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    statement = insert(cast("Table", StaleReview.__table__))
    same = {"index_elements": ["user_id"], "set_": {"at": statement.excluded.at}}
    db.session.execute(statement.on_conflict_do_update(**same), rows)


def catch_up(now: datetime) -> int:
    """Make the cards anew that are out of date: first of those who have looked at them, then of those who have waited
    longest; how many learners'."""
    looked_at: set[int] = current_app.extensions.get(LOOKED_AT, set())
    first = [looked_at.pop() for _ in range(len(looked_at))]
    order = (StaleReview.user_id.in_(first).desc(), StaleReview.at, StaleReview.user_id)
    waiting = db.session.scalars(select(StaleReview.user_id).order_by(*order).limit(LOOKED_THROUGH * AT_ONCE)).all()

    def remake(user_id: int) -> bool:
        replay(user_id, now)
        return True

    return each(waiting, remake, AT_ONCE)


def follow(attempt: Attempt, questions: Collection[int], now: datetime, is_new: Callable[[Final], bool]) -> None:
    """Move the cards of these questions by what has just become final in the attempt."""
    db.session.flush()
    user_id = attempt.user_id
    take_turns([f"review of {user_id}"])
    chosen = queries.preferences(user_id)
    day = spacing.as_day(now, chosen.where)
    cards = queries.cards(user_id, questions)
    if any(one.reviewed_at is not None and one.reviewed_at > now for one in cards.values()):
        make_anew(user_id, now, questions)  # a clock said something else before
        return
    back = held(questions, now)
    standings = {question: queries.standing_of(cards.get(question), chosen) for question in questions}
    for one in history.finals(user_id, now, questions, spacing.begins(day, chosen.where)):
        standing = standings[one.question_id]
        if not is_new(one):
            standing.seen = day if one.shows_the_key else standing.seen
        elif one.question_id not in back and (rated := standing.take(one, day, chosen.exam_day)):
            write_card(user_id, one.question_id, standing, cards, chosen)
            events.reviewed.send(rated, user_id=user_id)


def write_card(user_id: int, question_id: int, made: CardSoFar, cards: Mapping[int, Card], chosen: Preferences) -> None:
    """Store what the record makes of a question."""
    kept = made.kept
    if kept is None:
        return
    card = cards.get(question_id) or Card(user_id=user_id, question_id=question_id)
    for name, value in history.columns_of(kept, made.reviewed_at, chosen).items():
        setattr(card, name, value)
    db.session.add(card)


def make_anew(user_id: int, now: datetime, questions: Collection[int] | None = None) -> None:
    """Within a transaction: these cards, or all, from the record alone; then whoever listens follows."""
    db.session.flush()
    take_turns([f"review of {user_id}"])
    if questions is None:
        db.session.execute(delete(StaleReview).where(StaleReview.user_id == user_id))
    chosen = queries.preferences(user_id)
    cards = queries.cards(user_id, questions)
    record = history.fold(user_id, chosen, now, questions)
    made = record.cards
    for question_id, standing in made.items():
        write_card(user_id, question_id, standing, cards, chosen)
    for question_id, card in cards.items():
        if question_id not in made or made[question_id].kept is None:
            db.session.delete(card)
    db.session.flush()
    ratings = record.ratings if questions is None else queries.ratings(user_id, now)
    events.remade.send(user_id, now=now, ratings=ratings)


def replay(user_id: int, now: datetime) -> None:
    """All cards of a learner, and all mastery, anew from the answers and the acts. What holds already stays."""
    with atomic():
        make_anew(user_id, now)


def today(user_id: int, now: datetime) -> Today:
    """The learner's day as it is stored. Where a score was changed since, the task makes it anew next."""
    found = queries.today(user_id, now)
    if found.stale:
        look_at(user_id)
    return found


def keep_up(user_id: int) -> None:
    """Have a learner's cards and levels made anew next, if they are out of date: who shows them writes nothing."""
    if queries.is_stale(user_id):
        look_at(user_id)


def look_at(user_id: int) -> None:
    current_app.extensions.setdefault(LOOKED_AT, set()).add(user_id)


def on_claimed(guest: User, user: User, now: datetime) -> None:
    """A guest's attempts have become the account's: what was done to the cards goes along, and they are made anew."""
    db.session.execute(update(ReviewAct).where(ReviewAct.user_id == guest.id).values(user_id=user.id))
    if db.session.get(ReviewSettings, user.id) is None:
        db.session.execute(update(ReviewSettings).where(ReviewSettings.user_id == guest.id).values(user_id=user.id))
    db.session.execute(delete(Card).where(Card.user_id == guest.id))
    make_anew(user.id, now)


# --- what a learner does ---


def begin(user: User, now: datetime) -> Attempt:
    """The review of today that is under way, or a new one of what is due. One of an earlier day is over.

    Raises Conflict where nothing is due.
    """
    with atomic():
        current(user)
        today = queries.today(user.id, now)
        for running in reviews_under_way(user.id):
            if today.running is not None and running.public_id == today.running.public_id:
                return running
            attempts.close(running, now)
        make_anew(user.id, now)  # once a day, so that a score that was changed or let out meanwhile is heeded
        today = queries.today(user.id, now)
        asked = [one.question.version for one in today.plan.asked]
        if not asked:
            raise Conflict(N_("Nothing is due for review now. What you answer comes back before you forget it."))
        points = points_of(asked)
        return attempts.fill(new_review(user.id, today.chosen, now), [(one, points[one]) for one in asked])


def reviews_under_way(user_id: int) -> list[Attempt]:
    return list(
        db.session.scalars(
            locked(
                select(Attempt).where(
                    Attempt.user_id == user_id, Attempt.purpose == REVIEW, Attempt.submitted_at.is_(None)
                )
            )
        )
    )


def new_review(user_id: int, chosen: Preferences, now: datetime) -> Attempt:
    settings = {"feedback": "immediate", "shuffle_questions": False, "certainty": chosen.certainty}
    return Attempt(
        user_id=user_id, quiz_id=None, purpose=REVIEW, seed=seed(), settings=settings, started_at=now, max_mark=0
    )


def ask_again(user: User, attempt_id: str, position: int, now: datetime) -> Slot:
    """Put a question that was missed once more at the end of a practice or a review that goes on; once until it is
    answered. It is of the same day, so that nothing is rated.

    Raises NotFound where that question can't be asked again.
    """
    with atomic():
        slot = attempt_queries.slot(attempt_id, position, user.id, for_writing=True)
        if not may_be_asked_again(slot, now):
            raise NotFound
        attempt = slot.attempt
        others = attempt_queries.slots(attempt.id)
        waiting = (one for one in others if one.version_id == slot.version_id and one.checked_at is None)
        again = next(waiting, None)
        if again is None:
            again = Slot(
                attempt_id=attempt.id,
                position=others[-1].position + 1,
                version_id=slot.version_id,
                max_mark=slot.max_mark,
            )
            attempt.max_mark += slot.max_mark
            db.session.add(again)
    return again


def may_be_asked_again(slot: Slot, now: datetime) -> bool:
    """Whether it can be, and its learner may see that it was missed."""
    return can_be_asked_again(slot) and slot_reveal(slot, now, bool(held([slot.question_id], now))).correctness


def can_be_asked_again(slot: Slot) -> bool:
    """Whether it was missed, in a practice or a review that goes on, and no try with a hint is left."""
    goes_on = slot.attempt.purpose in (PRACTICE, REVIEW) and slot.attempt.submitted_at is None
    if not goes_on or slot.checked_at is None or slot.fraction is None or slot.fraction >= 1:
        return False
    return not may_try_again(slot.fraction, slot.tries, len(slot.item.hints))


def act(user: User, question: str, act: str, now: datetime) -> None:
    """Do something ("suspend", "resume", "sooner") to the card of the question of this public id. Raises NotFound."""
    with atomic():
        take_turns([f"review of {user.id}"])
        card = queries.own_card(user.id, question)
        chosen = queries.preferences(user.id)
        standing = queries.standing_of(card, chosen)
        standing.act(act, now, spacing.as_day(now, chosen.where))
        write_card(user.id, card.question_id, standing, {card.question_id: card}, chosen)
        db.session.add(ReviewAct(user_id=user.id, question_id=card.question_id, act=act, at=now))


def undo(user: User, attempt: Attempt, now: datetime) -> Final:
    """Take back the last rating of a review: the card, and the level, are as they were before.

    Raises Conflict where none is left.
    """
    with atomic():
        take_turns([f"review of {user.id}"])
        ratings = queries.ratings_in(attempt, now)
        if not ratings:
            raise Conflict(N_("There is no rating left to undo."))
        last = ratings[-1].final
        newest = select(Answer.id).where(Answer.slot_id == last.slot_id).order_by(Answer.seq.desc()).limit(1)
        db.session.add(
            ReviewAct(
                user_id=user.id,
                question_id=last.question_id,
                act="undo",
                answer_id=db.session.scalar(newest),
                at=now,
            )
        )
        make_anew(user.id, now, {last.question_id})
    return last


def choose(user: User, chosen: Preferences, now: datetime) -> None:
    """Keep a learner's preferences. Other days, or an exam, change when the cards are due."""
    with atomic():
        before = queries.preferences(user.id)
        row = db.session.get(ReviewSettings, user.id) or ReviewSettings(user_id=user.id)
        row.chosen = chosen.chosen
        db.session.add(row)
        if (before.zone, before.exam) != (chosen.zone, chosen.exam):
            make_anew(user.id, now)
