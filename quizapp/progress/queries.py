"""Reads of progress: by course for one learner, from stored sums, so that history costs nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from quizapp.attempts import queries as attempts
from quizapp.attempts.queries import Best
from quizapp.courses.models import Course, Lesson
from quizapp.db import db
from quizapp.progress.models import LessonProgress, Mastery
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.queries import of_courses as quizzes_of_courses


@dataclass(frozen=True)
class CourseProgress:
    """How far a learner is in a course. The mappings are by lesson id, quiz id and objective id."""

    course: Course
    all_quizzes: Sequence[Quiz]
    lessons: Mapping[int, LessonProgress]
    bests: Mapping[int, Best]
    mastery: Mapping[str, Mastery]

    @property
    def lessons_done(self) -> int:
        return sum(1 for lesson in self.course.lessons if self.is_done(lesson))

    @property
    def quizzes(self) -> list[Quiz]:
        """Those in use."""
        return [quiz for quiz in self.all_quizzes if quiz.archived_at is None]

    @property
    def quizzes_passed(self) -> int:
        return sum(1 for quiz in self.quizzes if self.has_passed(quiz))

    @property
    def share(self) -> float:
        """Lessons read and quizzes passed, of all there are, 0 to 1."""
        steps = len(self.course.lessons) + len(self.quizzes)
        return (self.lessons_done + self.quizzes_passed) / steps if steps else 0.0

    @property
    def started(self) -> bool:
        return bool(self.lessons or self.bests)

    def is_done(self, lesson: Lesson) -> bool:
        progress = self.lessons.get(lesson.id)
        return progress is not None and progress.done_at is not None

    def has_passed(self, quiz: Quiz) -> bool:
        best = self.bests.get(quiz.id)
        return best is not None and best.share >= quiz.rules.pass_mark

    @property
    def next_lesson(self) -> Lesson | None:
        """The first lesson that isn't read."""
        return next((lesson for lesson in self.course.lessons if not self.is_done(lesson)), None)

    @property
    def next_quiz(self) -> Quiz | None:
        """The first quiz that isn't passed."""
        return next((quiz for quiz in self.quizzes if not self.has_passed(quiz)), None)

    def quizzes_of(self, lesson: Lesson) -> list[Quiz]:
        return [quiz for quiz in self.quizzes if quiz.lesson_id == lesson.id]

    @property
    def other_quizzes(self) -> list[Quiz]:
        return [quiz for quiz in self.quizzes if quiz.lesson_id is None]


def of_courses(courses: Sequence[Course], user_id: int | None) -> list[CourseProgress]:
    """The learner's progress in each course, in four statements however many there are; empty for nobody."""
    quizzes = quizzes_of_courses(course.id for course in courses)
    if user_id is None:
        return [CourseProgress(course, quizzes[course.id], {}, {}, {}) for course in courses]
    bests = attempts.bests(user_id, [quiz.id for some in quizzes.values() for quiz in some])
    read = db.session.scalars(select(LessonProgress).where(LessonProgress.user_id == user_id)).all()
    mastered = db.session.scalars(select(Mastery).where(Mastery.user_id == user_id)).all()
    return [
        CourseProgress(
            course,
            quizzes[course.id],
            {one.lesson_id: one for one in read if one.lesson_id in {lesson.id for lesson in course.lessons}},
            {quiz.id: bests[quiz.id] for quiz in quizzes[course.id] if quiz.id in bests},
            {one.objective: one for one in mastered if one.course_id == course.id},
        )
        for course in courses
    ]


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
