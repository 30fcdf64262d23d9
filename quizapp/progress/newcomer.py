"""What somebody is asked who has only just come: a check of a lesson, to be answered on the catalogue itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from quizapp.attempts import checks
from quizapp.attempts.checks import Check
from quizapp.courses import queries as courses
from quizapp.courses.models import Course, Lesson
from quizapp.courses.shelf import Passage
from quizapp.kinds.base import say
from quizapp.progress.queries import CourseProgress
from quizapp.texts.lessons import lesson_page
from quizapp.web.i18n import language


@dataclass(frozen=True)
class First:
    """A check and the lesson that asks it; once it is answered, the passages behind it."""

    course: Course | Row[Any]
    lesson: Lesson
    check: Check
    passages: Mapping[tuple[str, str], Passage]


def first_check(seen: CourseProgress, user_id: int | None, now: datetime) -> First | None:
    """The first check of the course's first lesson; None where that asks nothing.

    A check is never drawn by a graded quiz, so its key may be shown to anybody.
    """
    if not seen.lessons:
        return None
    course = seen.course
    lesson = courses.lesson(course, seen.lessons[0].slug)
    asked = checks.on_page(lesson.id, lesson_page(say(lesson.body, language())).directives, user_id, now)
    for check in asked.values():
        return First(course, lesson, check, checks.cited(course.id, [check]))
    return None
