"""The quizzes of courses, as lists show them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Result, Select, String, Table, bindparam, select
from sqlalchemy import cast as as_type

from quizapp.db import db, shared
from quizapp.kinds.base import Text
from quizapp.quizzes.models import Quiz
from quizapp.rules.settings import QuizSettings, settings_of


@dataclass(frozen=True)
class ListedQuiz:
    """A quiz of a course. Not a model: a page has many of them, and only looks."""

    id: int
    public_id: str
    course_id: int
    lesson_id: int | None
    title: Text
    summary: Text
    sources: list[dict[str, Any]]
    settings: str
    archived_at: datetime | None

    reader_id = None
    """As of the model."""

    @property
    def rules(self) -> QuizSettings:
        return settings_of(self.settings)


QUIZZES = cast("Table", Quiz.__table__)
# Made once: a statement that is made anew for each request costs as much as its execution.
OF_COURSES = (
    select(
        *(QUIZZES.c[name] for name in ("id", "public_id", "course_id", "lesson_id")),
        *(shared(QUIZZES.c[name]) for name in ("title", "summary", "sources")),
        as_type(QUIZZES.c.settings, String),
        QUIZZES.c.archived_at,
    )
    .where(QUIZZES.c.course_id.is_not(None))
    .order_by(QUIZZES.c.position, QUIZZES.c.id)
)
OF_COURSE = OF_COURSES.where(QUIZZES.c.course_id == bindparam("course"))


def of_courses(course_ids: Iterable[int]) -> dict[int, list[ListedQuiz]]:
    """The quizzes of each course in their order, archived ones too, by course id; one statement."""
    found: dict[int, list[ListedQuiz]] = {one: [] for one in course_ids}
    for row in of_these(found, OF_COURSES, OF_COURSE):
        if row.course_id in found:
            found[row.course_id].append(ListedQuiz(*row))
    return found


def of_these(courses: Collection[int], every: Select[Any], one: Select[Any], **values: Any) -> Result[Any]:
    """The rows of the one course that is asked for, or of all: a list of which would be written out for each page."""
    if len(courses) == 1:
        return db.session.execute(one, {"course": next(iter(courses)), **values})
    return db.session.execute(every, values)
