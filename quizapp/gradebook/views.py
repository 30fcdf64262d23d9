"""Pages for graders: what waits, question by question, the responses to one question, and one response."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, to_user_timezone

from quizapp.accounts.visitor import me
from quizapp.attempts.actions import ScoredMeanwhile
from quizapp.attempts.models import Slot
from quizapp.attempts.presentation import in_words, media_addresses, person_of
from quizapp.attempts.queries import late_credit
from quizapp.clock import now
from quizapp.gradebook import challenges, grading, queries
from quizapp.gradebook.challenge_views import room as challenge_pages
from quizapp.gradebook.forms import GradeForm
from quizapp.gradebook.regrades import room as regrades
from quizapp.gradebook.results import room as results
from quizapp.kinds.base import say
from quizapp.permissions import needs, wants_json
from quizapp.quizzes.people_queries import can, quiz_for
from quizapp.rules.rubric import Rubric, rubric
from quizapp.texts.clean import is_whole, line, lines, whole
from quizapp.web.i18n import language, number
from quizapp.web.pages import page_number

room = Blueprint("gradebook", __name__)
room.register_blueprint(results)
room.register_blueprint(regrades)
room.register_blueprint(challenge_pages)


@room.get("/grading")
@needs("grade")
def queue() -> str:
    """What waits, by quiz and question; of one quiz, where the address says so."""
    quiz = request.args.get("quiz", "")
    everything = queries.piles(me)
    piles = [one for one in everything if quiz in ("", one.quiz.public_id)]
    chosen = quiz_for(quiz, me, "grade") if quiz else None
    return render_template(
        "gradebook/queue.html",
        piles=piles,
        quizzes=list({one.quiz.id: one.quiz for one in everything}.values()),
        quiz=quiz,
        chosen=chosen,
        may_edit=chosen is not None and can(me, chosen, "edit"),
        count=sum(one.waiting for one in piles),
        way=way(),
        challenged=challenges.waiting_count(me),
    )


@room.get("/grading/<public_id>/<question_id>")
@needs("grade")
def question(public_id: str, question_id: str) -> str:
    """The responses to one question: those that wait, or the way back to those that are graded."""
    quiz, asked = queries.pile_of(me, public_id, question_id)
    found = {graded: queries.responses(me, quiz, asked, graded=graded) for graded in (False, True)}
    counts = {graded: queries.count(statement) for graded, statement in found.items()}
    graded, page = request.args.get("graded") == "1", page_number()
    slots = queries.page(found[graded], page)
    return render_template(
        "gradebook/question.html",
        quiz=quiz,
        may_edit=can(me, quiz, "edit"),
        question=asked,
        item=asked.current.item if asked.current else slots[0].version.item,
        slots=slots,
        text_of=queries.text_of,
        person_of=person_of,
        counts=counts,
        graded=graded,
        way=way(),
        page=page,
        pages=-(-counts[graded] // queries.PAGE),
    )


def way() -> dict[str, Any]:
    """What a grader's addresses carry on: whether names are hidden, and whether graded ones are looked at."""
    return {name: "1" for name in ("anonymous", "graded") if request.args.get(name) == "1"}


@room.route("/grading/<int:slot_id>", methods=["GET", "POST"])
@needs("grade")
def essay(slot_id: int) -> Any:
    """One response: its points and a comment, and on to the next one."""
    slot = queries.gradable_slot(slot_id, me)
    form = form_of(slot)
    do = request.form.get("do", "save")
    if request.method == "POST" and do != "save":
        return set_aside(slot, form, do)
    if not form.validate_on_submit():
        return grading_page(slot, form), 422 if form.errors else 200
    kept = {one.id: one.text for one in queries.comments(slot, me)}
    comment = form.whole_comment(kept)
    try:
        done, passed_over = grading.grade(
            slot, form.points, comment, me, now(), seen=form.seen, reason=line(form.reason.data), also=group(slot, form)
        )
    except ScoredMeanwhile:
        slot = queries.gradable_slot(slot_id, me)
        form.seq.data, form.graded = str(slot.seq), slot.fraction is not None
        return grading_page(slot, form, theirs=queries.history(slot)), 409
    for text in [kept[one] for one in form.saved.data or () if one in kept] + [comment] * bool(form.keep.data):
        if text:
            grading.keep_comment(slot, text, me, now())
    return onward(slot, form, done, passed_over)


def form_of(slot: Slot) -> GradeForm:
    """The form as it stands for this grader: what they have begun, else what is stored."""
    begun = queries.draft(slot, me)
    stored = None if slot.fraction is None else round(slot.fraction * slot.max_mark, 5)
    return GradeForm(
        slot.max_mark,
        slot.seq,
        rubric_of(slot),
        slot.fraction is not None,
        mark=begun.points if begun else stored,
        comment=begun.comment if begun else slot.comment,
    )


def rubric_of(slot: Slot) -> Rubric:
    return rubric(say(slot.item.response.get("grader_notes"), language()), slot.max_mark)


def group(slot: Slot, form: GradeForm) -> list[tuple[Slot, int]]:
    """The responses that are to get the same, each with the number under which it was seen."""
    named = (one.partition(":") for one in form.also.data or ())
    wanted = {int(name): int(seq) for name, _sep, seq in named if is_whole(name) and is_whole(seq)}
    return [(one, wanted[one.id]) for one in (queries.alike(slot, me) if wanted else ()) if one.id in wanted]


def onward(slot: Slot, form: GradeForm, done: int, passed_over: int) -> Any:
    given = number(form.points)
    flash(
        ngettext(
            "Saved: %(points)s points for %(num)s answer.",
            "Saved: %(points)s points for %(num)s answers.",
            done,
            points=given,
        ),
        "success",
    )
    if passed_over:
        flash(
            ngettext(
                "%(num)s of the answers was graded by somebody else in the meantime, and stays as it is.",
                "%(num)s of the answers were graded by somebody else in the meantime, and stay as they are.",
                passed_over,
            ),
            "warning",
        )
    return redirect(next_address(slot), 303)


def next_address(slot: Slot) -> str:
    """Where it goes on: the next response, or the list where there is none."""
    following = queries.following(slot, me, graded="graded" in way())
    if following:
        return url_for("gradebook.essay", slot_id=following, **way())
    return url_for("gradebook.queue", anonymous=way().get("anonymous"))


def set_aside(slot: Slot, form: GradeForm, do: str) -> Any:
    """Keep or drop what was begun, or drop a kept comment; the page stays."""
    if do == "drop":
        grading.forget_draft(slot, me)
    else:
        fine = form.mark.data is not None and form.mark.data.is_finite() and 0 <= form.mark.data <= slot.max_mark
        points = form.points if fine or (form.mark.data is None and form.line.data) else None
        grading.keep_draft(slot, points, lines(form.comment.data)[: grading.MAX_COMMENT], me, now())
    if do.startswith("forget-"):
        grading.forget_comment(whole(do.removeprefix("forget-")), me)
    if wants_json():
        return jsonify(text=_("Draft kept at %(time)s", time=to_user_timezone(now()).strftime("%H:%M:%S")))
    return redirect(url_for("gradebook.essay", slot_id=slot.id, **way()), 303)


def grading_page(slot: Slot, form: GradeForm, theirs: list[queries.GivenScore] | None = None) -> str:
    item, said = slot.item, queries.history(slot)
    quiz, of = slot.attempt.quiz, slot.version.question
    return render_template(
        "gradebook/essay.html",
        may_edit=quiz is not None and can(me, quiz, "edit"),
        form=form,
        slot=slot,
        item=item,
        media=media_addresses(item),
        late_credit=late_credit(slot.attempt, slot.saved_at),
        answer=in_words(slot, slot.response),
        who=person_of(slot.attempt),
        person_of=person_of,
        question=of,
        rubric=form.rubric,
        draft=queries.draft(slot, me),
        comments=queries.comments(slot, me),
        alike=[] if form.graded else queries.alike(slot, me),
        history=said,
        theirs=theirs[0] if theirs else None,
        overridden=any(one.source == "override" for one in said),
        left=queries.count(queries.responses(me, quiz, of, graded=False)) if quiz else 0,
        following=next_address(slot),
        way=way(),
    )
