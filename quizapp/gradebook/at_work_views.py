"""Panels for instructors: what goes on at each quiz of their list, and what waits for them at home."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import render_template
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.clock import now
from quizapp.gradebook import at_work
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.state import state_of
from quizapp.rules import spacing
from quizapp.web.i18n import ZONE


def beside_quizzes(rows: Sequence[Quiz]) -> dict[int, Markup]:
    """Beside each quiz of a list: who sits there, what is handed in, what waits, and the ways there."""
    found = at_work.of_quizzes([quiz.id for quiz in rows], me, now())
    return {
        quiz.id: Markup(render_template("gradebook/_beside_quiz.html", quiz=quiz, counts=found[quiz.id]))  # noqa: S704
        for quiz in rows
    }


def waiting_at_home() -> Markup:
    """At an instructor's home: the quizzes of today, and what waits for a grade or an answer; nothing for others."""
    if not me.can("grade"):
        return Markup()
    at = now()
    begins, ends = day_of(at)
    quizzes = at_work.of_day(me.id, begins, ends)
    found = at_work.of_user([quiz.id for quiz in quizzes], me, at)
    waits = found[at_work.EVERY]
    if not (quizzes or waits.waiting or waits.objections):
        return Markup()
    today = [(quiz, state_of(quiz, at), found[quiz.id]) for quiz in quizzes]
    return Markup(render_template("gradebook/_waiting_at_home.html", today=today, waits=waits))  # noqa: S704


def waiting_before_release(quiz: Quiz) -> Markup:
    """Before the scores of a quiz are released: the answers to grade and the objections that wait for the user."""
    counts = at_work.before_release(quiz, me)
    if not (counts.waiting or counts.objections):
        return Markup()
    return Markup(render_template("gradebook/_waiting_before_release.html", quiz=quiz, counts=counts))  # noqa: S704


def day_of(at: datetime) -> tuple[datetime, datetime]:
    """When a day of the site's begins and ends."""
    begins = spacing.begins(spacing.as_day(at, ZONE), ZONE)
    return begins, begins + spacing.DAY
