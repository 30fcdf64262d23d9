"""Writing progress: what was read, and what an attempt says of each objective."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, false, select

from quizapp.accounts.models import GUEST, LoginSession, User
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.courses.models import Lesson
from quizapp.db import atomic, db, locked
from quizapp.notes.models import Bookmark
from quizapp.progress import levels
from quizapp.progress.levels import Evidence, ObjectiveLevel
from quizapp.progress.models import LessonProgress, Mastery
from quizapp.review import queries as reviews
from quizapp.review.history import RatedResponse

WAITED = timedelta(days=1)
SWEPT = 500
NOTHING_ELSE = false()


def sweep_guests(now: datetime, keeps: ColumnElement[bool] = NOTHING_ELSE) -> int:
    """Delete guests who began a day ago and have left nothing: no answer, no lesson that was read, and no note; how
    many. `keeps`: what else of a `User` keeps a guest, in a room that this one doesn't know.

    At most SWEPT at once, so that no other write has to wait for long. They are locked and then looked at once more:
    an answer that was saved in the meantime keeps its guest, and one that comes later isn't acknowledged.
    """
    answers = select(Answer.id).join(Slot, Slot.id == Answer.slot_id).join(Attempt, Attempt.id == Slot.attempt_id)
    idle = (
        User.role == GUEST,
        User.created_at <= now - WAITED,
        ~keeps,
        ~answers.where(Attempt.user_id == User.id).exists(),
        ~select(LessonProgress.id).where(LessonProgress.user_id == User.id).exists(),
        ~select(Bookmark.id).where(Bookmark.user_id == User.id).exists(),
        ~select(LoginSession.id).where(LoginSession.user_id == User.id, LoginSession.seen_at > now - WAITED).exists(),
    )
    with atomic():
        found = db.session.scalars(select(User.id).where(*idle).limit(SWEPT).with_for_update(skip_locked=True)).all()
        db.session.execute(select(Attempt.id).where(Attempt.user_id.in_(found)).with_for_update())
        db.session.execute(delete(User).where(User.id.in_(found), *idle).execution_options(synchronize_session=False))
    return len(found)


def read_lesson(user: User, lesson: Lesson, share: float, done: bool, now: datetime) -> LessonProgress:
    """Remember how far a lesson was read (`share`, 0 to 1); it never goes back."""
    with atomic():
        progress = db.session.scalar(
            locked(
                select(LessonProgress).where(LessonProgress.user_id == user.id, LessonProgress.lesson_id == lesson.id)
            )
        ) or LessonProgress(user_id=user.id, lesson_id=lesson.id, share=0.0)
        progress.share = 1.0 if done else max(progress.share, min(1.0, max(0.0, share)))
        progress.seen_at = now
        if done and progress.done_at is None:
            progress.done_at = now
        db.session.add(progress)
    return progress


def on_released(attempt: Attempt, now: datetime) -> None:
    """Move the learner's level in each objective that a graded attempt of a course asked for, as of its hand-in."""
    if not attempt.counts or attempt.quiz is None or attempt.quiz.course_id is None:
        return
    db.session.flush()
    if attempt.submitted_at is not None and attempt.submitted_at < now:
        on_remade(attempt.user_id, now, reviews.ratings(attempt.user_id, now))
    else:
        update_levels(attempt.user_id, levels.evidence_of_quizzes(attempt.user_id, now, attempt.id))


def on_reviewed(rated: RatedResponse, user_id: int) -> None:
    """Move the level of what a question of a mixed review is about, in every course that asks it."""
    update_levels(user_id, levels.evidence_of_reviews([rated]))


def on_remade(user_id: int, now: datetime, ratings: Iterable[RatedResponse]) -> None:
    """All levels of a learner anew, from graded attempts and mixed reviews."""
    db.session.execute(delete(Mastery).where(Mastery.user_id == user_id))
    update_levels(user_id, [*levels.evidence_of_quizzes(user_id, now), *levels.evidence_of_reviews(ratings)])


def update_levels(user_id: int, evidence: Iterable[Evidence]) -> None:
    """Move the levels that the evidence speaks of, in the order of time."""
    rows = {
        (one.course_id, one.objective): one
        for one in db.session.scalars(locked(select(Mastery).where(Mastery.user_id == user_id)))
    }
    known = {name: ObjectiveLevel(one.level, one.right, one.total, one.updated_at) for name, one in rows.items()}
    for (course_id, objective), now in levels.levels_after(evidence, known).items():
        row = rows.get((course_id, objective)) or Mastery(user_id=user_id, course_id=course_id, objective=objective)
        row.level, row.right, row.total, row.updated_at = now.level, now.right, now.total, now.at
        db.session.add(row)
    db.session.flush()


def on_claimed(guest: User, user: User) -> None:
    """A guest's lessons become the account's; where both have read one, the further one stays. Levels are made anew
    when the attempts have followed."""
    lessons = {
        one.lesson_id: one
        for one in db.session.scalars(select(LessonProgress).where(LessonProgress.user_id == user.id))
    }
    for one in db.session.scalars(select(LessonProgress).where(LessonProgress.user_id == guest.id)):
        mine = lessons.get(one.lesson_id)
        if mine is None:
            one.user_id = user.id
        else:
            mine.share, mine.done_at = max(mine.share, one.share), mine.done_at or one.done_at
    db.session.flush()
    for table in (LessonProgress, Mastery):
        db.session.execute(delete(table).where(table.user_id == guest.id))
