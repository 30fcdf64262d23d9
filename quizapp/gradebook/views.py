"""Pages for graders: the queue of essays, and one essay."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.attempts import actions as attempts
from quizapp.attempts.presentation import in_words, media_addresses, name_of
from quizapp.clock import now
from quizapp.gradebook import challenges, queries
from quizapp.gradebook.challenge_views import room as challenge_pages
from quizapp.gradebook.forms import GradeForm
from quizapp.gradebook.regrades import room as regrades
from quizapp.gradebook.results import room as results
from quizapp.permissions import needs
from quizapp.texts.clean import lines
from quizapp.web.pages import page_number

room = Blueprint("gradebook", __name__)
room.register_blueprint(results)
room.register_blueprint(regrades)
room.register_blueprint(challenge_pages)


@room.get("/grading")
@needs("grade")
def queue() -> str:
    page = page_number()
    slots, count = queries.waiting(me, page)
    return render_template(
        "gradebook/queue.html",
        slots=slots,
        count=count,
        name_of=name_of,
        page=page,
        pages=-(-count // queries.PAGE),
        challenged=challenges.waiting_count(me),
    )


@room.route("/grading/<int:slot_id>", methods=["GET", "POST"])
@needs("grade")
def essay(slot_id: int) -> Any:
    slot = queries.gradable_slot(slot_id, me)
    stored = None if slot.fraction is None else round(slot.fraction * slot.max_mark, 5)
    form = GradeForm(slot.max_mark, mark=stored, comment=slot.comment)
    if form.validate_on_submit():
        fraction = float(form.mark.data or 0) / slot.max_mark
        attempts.grade(slot, fraction, lines(form.comment.data), me, now())
        flash(_("The grade is saved, and the learner sees it in the results."), "success")
        return redirect(url_for("gradebook.queue"), 303)
    page = render_template(
        "gradebook/essay.html",
        name_of=name_of,
        form=form,
        slot=slot,
        item=slot.version.item,
        media=media_addresses(slot.version.item),
        answer=in_words(slot, slot.response),
    )
    return page, 422 if form.errors else 200
