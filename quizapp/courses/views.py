"""Taking a place in a course. The pages of courses show progress, and live there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, g, redirect, url_for
from flask_babel import gettext as _
from markupsafe import Markup, escape

from quizapp.accounts.visitor import me
from quizapp.clock import now
from quizapp.courses import actions, queries
from quizapp.permissions import needs
from quizapp.web.i18n import in_language

room = Blueprint("courses", __name__)


@room.post("/courses/<slug>/enrolment")
@needs("account")
def enrol(slug: str) -> Any:
    course = queries.course(slug)
    actions.enrol(course.id, me, now())
    flash(_("You are enrolled. Start with the first lesson."), "success")
    return redirect(url_for("progress.course", slug=slug), 303)


def words_of_objective(name: str) -> Markup:
    """What a course calls an objective, else the name that its author gave it. Looked up once a request."""
    if "objective_titles" not in g:
        g.objective_titles = queries.objective_titles()
    return escape(in_language(g.objective_titles.get(name)) or name)
