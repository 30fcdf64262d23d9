"""Pages of courses: the catalogue, and taking a place. A course's own page shows progress and lives there."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quizapp.accounts.views import learner_or_guest, me
from quizapp.clock import now
from quizapp.courses import actions, passages, queries
from quizapp.courses.citations import room as citations
from quizapp.courses.quizzes import room as quizzes
from quizapp.formats.items import Item
from quizapp.i18n import language
from quizapp.permissions import public

room = Blueprint("courses", __name__)
room.register_blueprint(quizzes)
room.register_blueprint(citations)


@room.get("/courses")
@public
def catalogue() -> str:
    courses = queries.catalogue()
    user_id = me.id if me.is_authenticated else None
    rounds = {course.id: queries.round_of(course, user_id, now()) for course in courses}
    quizzes = [quiz for course in courses for quiz in course.quizzes if quiz.archived_at is None]
    return render_template(
        "courses/catalogue.html", courses=courses, rounds=rounds, counts=queries.question_counts(quizzes)
    )


@room.post("/courses/<slug>/enrolment")
@public
def enrol(slug: str) -> Any:
    course = queries.course(slug)
    actions.enrol(course.id, learner_or_guest(), now())
    flash(_("You have a place. Start with the first lesson."), "success")
    return redirect(url_for("progress.course", slug=slug), 303)


@room.get("/passages/<bank>/<lesson>/<anchor>")
@public
def passage(bank: str, lesson: str, anchor: str) -> Any:
    """The passage that a bank's question cites, where it is now: banks don't know which course asks their questions."""
    course = passages.course_of(bank, lesson)
    cited = Item(citations=[{"lesson": lesson, "anchor": anchor}])
    found = queries.passages(course.id, [cited], language()).get((lesson, anchor))
    if found is None:  # the lesson may be there still
        return redirect(url_for("progress.lesson", slug=course.slug, lesson_slug=lesson))
    return redirect(url_for("progress.lesson", slug=course.slug, lesson_slug=found.lesson, _anchor=found.anchor))
