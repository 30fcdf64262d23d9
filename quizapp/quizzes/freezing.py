"""The versions that a quiz asks, frozen when it opens: what is edited later doesn't change what later starters get.

They are rows, one a question and source, written by the first start, or by a task soon after the opening; never by
looking. An examination without an opening time opens with its first start. See ADR 0026.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Text, and_, cast, delete, func, insert, literal, or_, select

from quizapp.accounts.actions import note
from quizapp.accounts.models import User
from quizapp.banks.models import Question
from quizapp.db import atomic, db, locked
from quizapp.quizzes.models import EARLIER, FrozenVersion, Quiz
from quizapp.quizzes.queries import frozen, matching, of_earlier

COLUMNS = ("quiz_id", "source", "place", "question_id", "version_id")


def freeze_due(now: datetime) -> int:
    """Freeze what has opened and isn't frozen, each quiz in a transaction of its own; how many."""
    named = select(Quiz).where(
        Quiz.frozen_at.is_(None), Quiz.archived_at.is_(None), cast(Quiz.settings, Text).contains('"opens_at"')
    )
    due = [quiz for quiz in db.session.scalars(named).all() if is_due(quiz, now)]
    for quiz in due:
        with atomic():
            freeze(quiz, now)
    return len(due)


def is_due(quiz: Quiz, now: datetime) -> bool:
    """Whether a quiz that opens at a time has opened, and isn't over."""
    opens_at = quiz.rules.opens_at
    return opens_at is not None and opens_at <= now and not (quiz.ends_at is not None and quiz.ends_at <= now)


def begins(quiz: Quiz, now: datetime) -> None:
    """Within the transaction of a start: freeze what this start opens, or what the task hasn't come to yet."""
    if freezes(quiz, now):
        freeze(quiz, now)


def freezes(quiz: Quiz, now: datetime) -> bool:
    """Whether a start would freeze it now."""
    return quiz.frozen_at is None and (is_due(quiz, now) or opens_with_a_start(quiz))


def opens_with_a_start(quiz: Quiz) -> bool:
    """Whether it is an examination, as it keeps its keys back, that opens at no time of its own."""
    return quiz.rules.opens_at is None and quiz.rules.closed_keys


def may_stay_frozen(quiz: Quiz, now: datetime) -> bool:
    """Whether it can have opened, as its settings are by now."""
    opens_at = quiz.rules.opens_at
    return opens_with_a_start(quiz) if opens_at is None else opens_at <= now


def freeze(quiz: Quiz, now: datetime) -> None:
    """Within a transaction: write down what can be drawn now, if nobody has before."""
    newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
    if newest.frozen_at is not None:
        return
    for number, source in enumerate(newest.sources):
        found = matching(source, newest.reader_id)
        place = func.row_number().over(order_by=(Question.position, Question.id))
        rows = found.with_only_columns(literal(newest.id), literal(number), place, Question.id, Question.current_id)
        db.session.execute(insert(FrozenVersion).from_select(COLUMNS, rows.order_by(None)))
    newest.frozen_at = now
    db.session.flush()


def thaw(quiz: Quiz) -> None:
    """Within a transaction: draw from it no more; it is frozen anew when somebody starts, or by the task. Who has begun
    goes on with it, so that these questions stay held."""
    earlier = select(FrozenVersion.question_id).where(of_earlier(quiz))
    rows = frozen(quiz).where(FrozenVersion.question_id.not_in(earlier)).group_by(FrozenVersion.question_id)
    rows = rows.with_only_columns(
        literal(quiz.id), literal(EARLIER), literal(0), FrozenVersion.question_id, func.max(FrozenVersion.version_id)
    )
    db.session.execute(insert(FrozenVersion).from_select(COLUMNS, rows))
    db.session.execute(delete(FrozenVersion).where(FrozenVersion.quiz_id == quiz.id, ~of_earlier(quiz)))
    quiz.frozen_at = None
    db.session.flush()


def freeze_again(quiz: Quiz, by: User, now: datetime) -> None:
    """Take what the banks have now: whoever starts from now on gets that. What has begun goes on as it is."""
    with atomic():
        newest = db.session.scalars(locked(select(Quiz).where(Quiz.id == quiz.id))).one()
        changed = changed_since(newest)
        thaw(newest)
        freeze(newest, now)
        note(by, "take new versions", f"quiz {quiz.public_id}: {changed} questions", now)


def changed_since(quiz: Quiz) -> int:
    """How many questions of a frozen quiz would be asked otherwise now: edited, archived, or added since."""
    edited = or_(Question.current_id != FrozenVersion.version_id, Question.archived_at.is_not(None))
    count = frozen(quiz).where(edited).with_only_columns(func.count(Question.id.distinct()))
    added: set[int] = set()
    for number, source in enumerate(quiz.sources):
        known = and_(FrozenVersion.quiz_id == quiz.id, FrozenVersion.source == number)
        new = matching(source, quiz.reader_id).with_only_columns(Question.id).order_by(None)
        added |= set(db.session.scalars(new.where(Question.id.not_in(select(FrozenVersion.question_id).where(known)))))
    return (db.session.scalar(count) or 0) + len(added)
