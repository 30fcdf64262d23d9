"""Reads of progress: by course for one learner, from stored sums, so that history costs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, select

from quizapp.attempts import tries
from quizapp.attempts.tries import QuizScore
from quizapp.courses import queries as course_queries
from quizapp.courses.models import Course, Lesson
from quizapp.db import db, listed, shared
from quizapp.kinds.base import Text
from quizapp.progress.models import LessonProgress, Mastery
from quizapp.quizzes.listed import ListedQuiz, of_these
from quizapp.quizzes.listed import of_courses as quizzes_of_courses


@dataclass(frozen=True, slots=True)
class ListedLesson:
    """A lesson as a list shows it, and how far the learner has read it: `share` is None where it wasn't opened."""

    id: int
    course_id: int
    slug: str
    minutes: int
    title: Text
    summary: Text
    share: float | None
    done_at: datetime | None


@dataclass(frozen=True)
class CourseProgress:
    """How far a learner is in a course. `scores` are by quiz id, `levels` of mastery by objective id."""

    course: Course | Row[Any]
    lessons: Sequence[ListedLesson]
    all_quizzes: Sequence[ListedQuiz]
    scores: Mapping[int, QuizScore]
    levels: Mapping[str, str]

    @cached_property
    def lessons_done(self) -> int:
        return sum(1 for lesson in self.lessons if lesson.done_at)

    @cached_property
    def quizzes(self) -> list[ListedQuiz]:
        """Those in use."""
        return [quiz for quiz in self.all_quizzes if quiz.archived_at is None]

    @cached_property
    def quizzes_passed(self) -> int:
        return sum(1 for quiz in self.quizzes if self.has_passed(quiz))

    @cached_property
    def share(self) -> float:
        """Lessons read and quizzes passed, of all there are, 0 to 1."""
        steps = len(self.lessons) + len(self.quizzes)
        return (self.lessons_done + self.quizzes_passed) / steps if steps else 0.0

    @cached_property
    def started(self) -> bool:
        return bool(self.scores) or any(lesson.share is not None for lesson in self.lessons)

    def has_passed(self, quiz: ListedQuiz) -> bool:
        score = self.scores.get(quiz.id)
        return score is not None and score.share is not None and score.share >= quiz.rules.pass_mark

    @cached_property
    def next_lesson(self) -> ListedLesson | None:
        """The first lesson that isn't read."""
        return next((lesson for lesson in self.lessons if not lesson.done_at), None)

    @cached_property
    def next_quiz(self) -> ListedQuiz | None:
        """The first quiz that isn't passed."""
        return next((quiz for quiz in self.quizzes if not self.has_passed(quiz)), None)

    @cached_property
    def is_complete(self) -> bool:
        """Whether there is nothing left to read or to pass."""
        return self.next_lesson is None and self.next_quiz is None

    def quizzes_of(self, lesson: Lesson | ListedLesson) -> list[ListedQuiz]:
        return [quiz for quiz in self.quizzes if quiz.lesson_id == lesson.id]

    @property
    def other_quizzes(self) -> list[ListedQuiz]:
        return [quiz for quiz in self.quizzes if quiz.lesson_id is None]


LESSONS, READ, MASTERY = (cast("Table", one.__table__) for one in (Lesson, LessonProgress, Mastery))
OWN_LESSONS = (
    select(
        *(shared(LESSONS.c[name]) for name in ("id", "course_id", "slug", "minutes", "title", "summary")),
        READ.c.share,
        READ.c.done_at,
    )
    .outerjoin(READ, (READ.c.lesson_id == LESSONS.c.id) & (READ.c.user_id == bindparam("user")))
    .order_by(LESSONS.c.position)
)
OWN_LESSONS_IN = OWN_LESSONS.where(LESSONS.c.course_id == bindparam("course"))
OWN_LEVELS = select(MASTERY.c.course_id, MASTERY.c.objective, MASTERY.c.level).where(
    MASTERY.c.user_id == bindparam("user")
)
OWN_COURSES = course_queries.OWN.add_columns(
    select(listed(MASTERY.c.objective, MASTERY.c.level))
    .where(MASTERY.c.course_id == course_queries.COURSES.c.id, MASTERY.c.user_id == bindparam("user"))
    .scalar_subquery()
    .label("levels")
)


def own_courses(user_id: int) -> Sequence[Row[Any]]:
    """Every course as the learner's home shows it: `enrolled` says whether there is a place, `levels` has those of
    mastery by objective."""
    return db.session.execute(OWN_COURSES, {"user": user_id}).all()


def of_courses(
    courses: Sequence[Course] | Sequence[Row[Any]],
    user_id: int | None,
    now: datetime,
    levels: Mapping[int, Mapping[str, str]] | None = None,
) -> list[CourseProgress]:
    """The learner's progress in each course, in three statements however many there are, and one more for the levels
    where they aren't known yet; two for nobody's."""
    quizzes = quizzes_of_courses(course.id for course in courses)
    lessons: dict[int, list[ListedLesson]] = {course.id: [] for course in courses}
    for row in of_these(lessons, OWN_LESSONS, OWN_LESSONS_IN, user=user_id):
        if row.course_id in lessons:
            lessons[row.course_id].append(ListedLesson(*row))
    levels = levels_of(user_id) if levels is None else levels
    scores = {} if user_id is None else tries.quiz_scores(user_id, now)
    return [
        CourseProgress(
            course,
            lessons[course.id],
            quizzes[course.id],
            {quiz.id: scores[quiz.id] for quiz in quizzes[course.id] if quiz.id in scores},
            levels.get(course.id, {}),
        )
        for course in courses
    ]


def levels_of(user_id: int | None) -> dict[int, dict[str, str]]:
    """The learner's levels of mastery by course id and objective id; nobody has any."""
    levels: dict[int, dict[str, str]] = {}
    if user_id is not None:
        for course_id, objective, level in db.session.execute(OWN_LEVELS, {"user": user_id}):
            levels.setdefault(course_id, {})[objective] = level
    return levels


def everything_of(user_id: int) -> dict[str, list[dict]]:
    """A learner's stored progress as plain data."""
    lessons = db.session.execute(
        select(Lesson.slug, LessonProgress.share, LessonProgress.done_at)
        .join(Lesson, Lesson.id == LessonProgress.lesson_id)
        .where(LessonProgress.user_id == user_id)
    )
    mastery = db.session.scalars(select(Mastery).where(Mastery.user_id == user_id))
    return {
        "lessons": [{"lesson": slug, "share": share, "done_at": done_at} for slug, share, done_at in lessons],
        "mastery": [
            {"objective": one.objective, "level": one.level, "right": one.right, "total": one.total} for one in mastery
        ],
    }
