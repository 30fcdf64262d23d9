"""Reads of courses and lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Row, Table, bindparam, func, select
from sqlalchemy.orm import undefer

from quizapp.accounts import queries as accounts
from quizapp.accounts.models import User
from quizapp.courses.models import Course, Enrolment, Lesson
from quizapp.db import db, shared
from quizapp.errors import NotFound
from quizapp.kinds.base import Text


@dataclass(frozen=True)
class Round:
    """The accompanied round of a course, as its banner shows it. `left` is None where places aren't limited."""

    deadline: datetime | None
    left: int | None
    enrolled: bool
    is_open: bool


# Of the tables, not of the models, and made once: a page that only looks pays for nothing else.
COURSES = cast("Table", Course.__table__)
ENROLMENTS = cast("Table", Enrolment.__table__)
COLUMNS = tuple(shared(COURSES.c[name]) for name in ("id", "slug", "title", "places", "deadline"))
CONTENT = {name: shared(COURSES.c.content[name]).label(name) for name in ("summary", "level", "banner", "objectives")}
CATALOGUE = select(*COLUMNS, *(CONTENT[name] for name in ("summary", "level", "banner"))).order_by(
    COURSES.c.position, COURSES.c.id
)
OWN = select(
    *COLUMNS,
    *(CONTENT[name] for name in ("summary", "objectives")),
    select(ENROLMENTS.c.id)
    .where(ENROLMENTS.c.course_id == COURSES.c.id, ENROLMENTS.c.user_id == bindparam("user"))
    .exists()
    .label("enrolled"),
).order_by(COURSES.c.position, COURSES.c.id)
"""Every course as a learner's home shows it, and whether the learner has a place in it."""
TAKEN = (
    select(ENROLMENTS.c.course_id, func.count(), func.count().filter(ENROLMENTS.c.user_id == bindparam("user")))
    .where(ENROLMENTS.c.course_id.in_(bindparam("courses", expanding=True)))
    .group_by(ENROLMENTS.c.course_id)
)


def catalogue() -> Sequence[Row[Any]]:
    """Every course in the order of the catalogue, as its card needs it."""
    return db.session.execute(CATALOGUE).all()


def course(slug: str) -> Course:
    """The course of this slug. Raises NotFound."""
    found = db.session.scalar(select(Course).where(Course.slug == slug))
    if found is None:
        raise NotFound
    return found


def objective_titles() -> dict[str, Text]:
    """What each objective is called that a course names; the first course that names it decides."""
    contents = db.session.scalars(select(Course.content).order_by(Course.position.desc(), Course.id.desc()))
    return {one["id"]: one["title"] for content in contents for one in content.get("objectives", ())}


def lesson(found: Course | Row[Any], slug: str) -> Lesson:
    """One lesson of the course, with its body. Raises NotFound."""
    one = db.session.scalar(
        select(Lesson).where(Lesson.course_id == found.id, Lesson.slug == slug).options(undefer(Lesson.body))
    )
    if one is None:
        raise NotFound
    return one


def rounds_of(courses: Sequence[Course] | Sequence[Row[Any]], user_id: int | None, now: datetime) -> dict[int, Round]:
    """How the round of each course stands, for this user (None: nobody), by course id; one statement for all."""
    rows = db.session.execute(TAKEN, {"courses": [course.id for course in courses], "user": user_id})
    taken = {course_id: (places, mine > 0) for course_id, places, mine in rows}
    return {course.id: round_of(course, *taken.get(course.id, (0, False)), now) for course in courses}


def round_of(course: Course | Row[Any], taken: int, enrolled: bool, now: datetime) -> Round:
    """How the round stands when so many places are taken."""
    left = None if course.places is None else max(0, course.places - taken)
    is_open = left != 0 and (course.deadline is None or now < course.deadline)
    return Round(course.deadline, left, enrolled, is_open)


def missing_for_a_place(user: User | None) -> str | None:
    """What somebody lacks to take a place: "account", "confirmation" (where the site can ask for it), or nothing.

    Else all places of a round are gone in a second, taken by nobody.
    """
    if user is None or user.is_guest:
        return "account"
    return "confirmation" if accounts.can_send_mail() and user.confirmed_at is None else None
