"""Writing progress: what was read, and what an attempt says of each objective."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from quizapp.accounts.models import GUEST, LoginSession, User
from quizapp.attempts import queries as attempts
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.banks.models import Question, QuestionVersion
from quizapp.courses.models import Lesson
from quizapp.db import atomic, db, locked
from quizapp.progress.models import LessonProgress, Mastery
from quizapp.rules.mastery import LEVELS, after_quiz

WAITED = timedelta(days=1)
SWEPT = 500


def sweep_guests(now: datetime) -> int:
    """Delete guests who began a day ago and have left nothing: no answer, and no lesson that was read; how many.

    At most SWEPT at once, so that no other write has to wait for long. They are locked and then looked at once more:
    an answer that was saved in the meantime keeps its guest, and one that comes later isn't acknowledged.
    """
    answers = select(Answer.id).join(Slot, Slot.id == Answer.slot_id).join(Attempt, Attempt.id == Slot.attempt_id)
    idle = (
        User.role == GUEST,
        User.created_at <= now - WAITED,
        ~answers.where(Attempt.user_id == User.id).exists(),
        ~select(LessonProgress.id).where(LessonProgress.user_id == User.id).exists(),
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


def on_submitted(attempt: Attempt, now: datetime) -> None:
    """Move the learner's level in each objective that a graded attempt of a course asked for."""
    course_id = attempt.quiz.course_id if attempt.quiz else None
    if course_id is None or not attempt.counts:
        return
    rows = db.session.execute(
        select(Question.objective, Slot.fraction)
        .join(QuestionVersion, QuestionVersion.id == Slot.version_id)
        .join(Question, Question.id == QuestionVersion.question_id)
        .where(Slot.attempt_id == attempt.id, Question.objective != "")
    )
    fractions: dict[str, list[float]] = defaultdict(list)
    for objective, fraction in rows:
        if fraction is not None:
            fractions[objective].append(fraction)
    known = {
        one.objective: one
        for one in db.session.scalars(
            locked(select(Mastery).where(Mastery.user_id == attempt.user_id, Mastery.course_id == course_id))
        )
    }
    for objective, earned in fractions.items():
        mastery = known.get(objective) or Mastery(
            user_id=attempt.user_id, course_id=course_id, objective=objective, level=LEVELS[0], right=0, total=0
        )
        right = sum(1 for fraction in earned if fraction >= 1)
        mastery.level = after_quiz(mastery.level, right, len(earned))
        mastery.right, mastery.total = mastery.right + right, mastery.total + len(earned)
        mastery.updated_at = now
        db.session.add(mastery)
    db.session.flush()


def on_claimed(guest: User, user: User) -> None:
    """A guest's progress becomes the account's; where both have some, the further one stays.

    Not what the guest reached in a course by more tries than the account had left.
    """
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
    levels = {
        (one.course_id, one.objective): one
        for one in db.session.scalars(select(Mastery).where(Mastery.user_id == user.id))
    }
    bypassed = {one.quiz.course_id for one in attempts.beyond_limit(guest.id, user.id) if one.quiz}
    for one in db.session.scalars(select(Mastery).where(Mastery.user_id == guest.id)):
        if one.course_id in bypassed:
            continue
        mine = levels.get((one.course_id, one.objective))
        if mine is None:
            one.user_id = user.id
        else:
            mine.level = max(mine.level, one.level, key=LEVELS.index)
            mine.right, mine.total = mine.right + one.right, mine.total + one.total
    db.session.flush()
    for table in (LessonProgress, Mastery):
        db.session.execute(delete(table).where(table.user_id == guest.id))
