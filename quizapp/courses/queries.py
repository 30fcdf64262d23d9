"""Reads of courses and lessons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload, undefer

from quizapp.accounts import mails
from quizapp.accounts.models import User
from quizapp.courses.models import Course, Enrolment, Lesson
from quizapp.db import db
from quizapp.errors import NotFound


@dataclass(frozen=True)
class Round:
    """The accompanied round of a course, as its banner shows it. `left` is None where places aren't limited."""

    deadline: datetime | None
    left: int | None
    enrolled: bool
    is_open: bool


def catalogue() -> Sequence[Course]:
    """Every course with its lessons, in the order of the catalogue."""
    return db.session.scalars(
        select(Course).options(selectinload(Course.lessons)).order_by(Course.position, Course.id)
    ).all()


def course(slug: str) -> Course:
    """The course with its lessons. Raises NotFound."""
    found = db.session.scalar(select(Course).where(Course.slug == slug).options(selectinload(Course.lessons)))
    if found is None:
        raise NotFound
    return found


def lesson(found: Course, slug: str) -> Lesson:
    """One lesson of the course, with its body. Raises NotFound."""
    one = db.session.scalar(
        select(Lesson).where(Lesson.course_id == found.id, Lesson.slug == slug).options(undefer(Lesson.body))
    )
    if one is None:
        raise NotFound
    return one


def round_of(found: Course, user_id: int | None, now: datetime) -> Round:
    """How the course's round stands, for this user (None: nobody)."""
    rows = select(Enrolment.id).where(Enrolment.course_id == found.id)
    taken = db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0
    enrolled = user_id is not None and db.session.scalar(rows.where(Enrolment.user_id == user_id)) is not None
    left = None if found.places is None else max(0, found.places - taken)
    is_open = left != 0 and (found.deadline is None or now < found.deadline)
    return Round(found.deadline, left, enrolled, is_open)


def missing_for_a_place(user: User | None) -> str | None:
    """What somebody lacks to take a place: "account", "confirmation" (where the site can ask for it), or nothing.

    Else all places of a round are gone in a second, taken by nobody.
    """
    if user is None or user.is_guest:
        return "account"
    return "confirmation" if mails.can_send() and user.confirmed_at is None else None


def enrolled_course_ids(user_id: int) -> set[int]:
    return set(db.session.scalars(select(Enrolment.course_id).where(Enrolment.user_id == user_id)))
