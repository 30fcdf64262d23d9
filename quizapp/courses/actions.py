"""Writing courses: taking a place."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from quizapp.accounts.models import User
from quizapp.courses import queries
from quizapp.courses.models import Course, Enrolment
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, NotAllowed

MISSING = {
    "account": N_("Enrolling needs an account. Sign up or log in, and enrol then."),
    "confirmation": N_("Enrolling needs a confirmed address. Confirm yours in the settings, and enrol then."),
}


class NoPlace(NotAllowed):
    """Places are counted, so whoever takes one has to be somebody."""


def enrol(course_id: int, user: User, now: datetime) -> None:
    """Take a place; a second time changes nothing.

    Raises NoPlace for guests and for an address that isn't confirmed, and Conflict when the round is over or full.
    """
    if (missing := queries.missing_for_a_place(user)) is not None:
        raise NoPlace(MISSING[missing])
    with atomic():
        course = db.session.scalars(locked(select(Course).where(Course.id == course_id))).one()
        taken = select(Enrolment.id).where(Enrolment.course_id == course.id)
        if db.session.scalar(taken.where(Enrolment.user_id == user.id)) is not None:
            return
        if course.deadline is not None and now >= course.deadline:
            raise Conflict(N_("Enrolment for this round is over. The lessons and quizzes stay open to you."))
        count = db.session.scalar(select(func.count()).select_from(taken.subquery())) or 0
        if course.places is not None and count >= course.places:
            raise Conflict(N_("All places in this round are taken. The lessons and quizzes stay open to you."))
        db.session.add(Enrolment(course_id=course.id, user_id=user.id, at=now))


def on_claimed(guest: User, user: User) -> None:
    """A guest's place becomes the account's."""
    mine = select(Enrolment.course_id).where(Enrolment.user_id == user.id)
    for enrolment in db.session.scalars(
        select(Enrolment).where(Enrolment.user_id == guest.id, Enrolment.course_id.not_in(mine))
    ):
        enrolment.user_id = user.id
    db.session.flush()
