"""Pages of a quiz's results, for who made it: people, questions, one attempt, and the sheets to take away."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.attempts import actions as admitting
from quizapp.attempts import live
from quizapp.attempts import queries as attempts
from quizapp.attempts.presentation import cited_by, in_full, in_words, name_of, number_of
from quizapp.clock import now
from quizapp.errors import NotFound
from quizapp.gradebook import outcomes, sheets
from quizapp.permissions import needs
from quizapp.web.i18n import language
from quizapp.web.pages import page_number

room = Blueprint("results", __name__, url_prefix="/quizzes/<public_id>/results")

WRITERS = {
    "csv": (sheets.as_csv, "text/csv"),
    "xlsx": (sheets.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@room.get("")
@needs("grade")
def quiz(public_id: str) -> str:
    """Who has taken it, when, and how well."""
    found, at = outcomes.quiz_of(public_id, me), now()
    best_only, sort, page = request.args.get("tries") == "best", request.args.get("sort", ""), page_number()
    summary = outcomes.summary(found, best_only, at)
    return render_template(
        "gradebook/results.html",
        quiz=found,
        summary=summary,
        rows=outcomes.page(found, best_only, sort, page, at),
        name_of=name_of,
        number_of=number_of,
        absent=live.no_shows(found.id),
        shared=live.shared_numbers(found.id),
        best_only=best_only,
        sort=sort if sort in outcomes.SORTS else "new",
        page=page,
        pages=-(-summary.attempts // outcomes.PAGE),
    )


@room.get("/questions")
@needs("grade")
def questions(public_id: str) -> str:
    """What each question tells: how hard it is, and what was chosen."""
    found, page, at = outcomes.quiz_of(public_id, me), page_number(), now()
    ids = outcomes.question_ids(found, at)
    shown = ids[(page - 1) * outcomes.PAGE : page * outcomes.PAGE]
    return render_template(
        "gradebook/questions.html",
        quiz=found,
        outcomes=outcomes.questions(found, shown, at),
        first=(page - 1) * outcomes.PAGE + 1,
        page=page,
        pages=-(-len(ids) // outcomes.PAGE),
    )


@room.get("/attempts/<attempt_id>")
@needs("grade")
def attempt(public_id: str, attempt_id: str) -> str:
    """One attempt as its learner sees it, without questions of banks that the quiz's owner may not read any more."""
    of, at = outcomes.quiz_of(public_id, me), now()
    found = outcomes.attempt(of, attempt_id, at)
    slots, readable = attempts.slots_with_items(found.id), set(outcomes.question_ids(of, at))
    questions = [in_full(slot, item) for slot, question_id, item in slots if question_id in readable]
    return render_template(
        "gradebook/attempt.html",
        attempt=found,
        quiz=of,
        who=name_of(found),
        questions=questions,
        passages=cited_by(of, questions),
        left_out=len(slots) - len(questions),
        late=[(slot, row, in_words(slot, row.response)) for slot, row in attempts.late(found.id)],
    )


@room.post("/attempts/<attempt_id>/late/<int:slot_id>/<int:seq>")
@needs("grade")
def admit(public_id: str, attempt_id: str, slot_id: int, seq: int) -> Any:
    """Take in an answer that came after the end."""
    of, at = outcomes.quiz_of(public_id, me), now()
    found = outcomes.attempt(of, attempt_id, at)
    slot = next((one for one, _ in attempts.late(found.id) if one.id == slot_id), None)
    if slot is None:
        raise NotFound
    admitting.admit(slot, seq, me, at)
    flash(_("The late answer counts now."), "success")
    return redirect(url_for("gradebook.results.attempt", public_id=public_id, attempt_id=attempt_id), 303)


@room.get("/sheet.<suffix>")
@needs("grade")
def sheet(public_id: str, suffix: str) -> Any:
    """All attempts as CSV or XLSX."""
    found = outcomes.quiz_of(public_id, me)
    if suffix not in WRITERS:
        raise outcomes.NotFound
    write, kind = WRITERS[suffix]
    file = write(sheets.rows(found, language(), now()))
    return send_file(file, kind, as_attachment=True, download_name=f"quiz-{found.public_id}.{suffix}")
