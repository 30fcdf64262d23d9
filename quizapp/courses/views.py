"""Taking a place in a course. The pages of courses show progress, and live there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.clock import now
from quizapp.courses import actions, queries
from quizapp.permissions import needs

room = Blueprint("courses", __name__)


@room.post("/courses/<slug>/enrolment")
@needs("account")
def enrol(slug: str) -> Any:
    course = queries.course(slug)
    actions.enrol(course.id, me, now())
    flash(_("You are enrolled. Start with the first lesson."), "success")
    return redirect(url_for("progress.course", slug=slug), 303)
