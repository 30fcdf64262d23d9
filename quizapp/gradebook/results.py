"""Pages of a quiz's results, for who made it: people, questions, one attempt, a score set by hand, and the sheets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.attempts import actions as acting
from quizapp.attempts import live
from quizapp.attempts import queries as attempts
from quizapp.attempts.disclosure import released
from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.overdue import over
from quizapp.attempts.presentation import (
    cited_by,
    in_words,
    name_of,
    number_of,
    person_of,
    points_waiting,
    presented_in_full,
)
from quizapp.clock import now
from quizapp.errors import N_, NotFound
from quizapp.formats.items import Item
from quizapp.gradebook import answers, figures, listing, outcomes, queries, sheets, statistics
from quizapp.gradebook.beside import beside
from quizapp.gradebook.forms import OverrideForm
from quizapp.gradebook.listing import Listing
from quizapp.kinds import KINDS
from quizapp.permissions import needs
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import can
from quizapp.rules.settings import setting_words
from quizapp.texts.clean import file_name, line, whole
from quizapp.web.i18n import in_language, language
from quizapp.web.pages import LARGEST_INTEGER, page_number, taken_away

room = Blueprint("results", __name__, url_prefix="/quizzes/<public_id>/results")

MAX_SEARCH = 80
DECIDED = {
    "admit": N_("The late answer counts now."),
    "decline": N_("The late answer doesn't count, and waits for nobody any more."),
    acting.OPEN: N_("That is taken back: the late answer waits for a decision again."),
}
"""What can be decided of a late answer, and what is said then."""
WRITERS = {
    "csv": (sheets.as_csv, "text/csv"),
    "xlsx": (sheets.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@room.get("")
@needs("grade")
def quiz(public_id: str) -> str:
    """What needs somebody; then who has taken it, when, and how well."""
    found, page = outcomes.quiz_of(public_id, me), page_number()
    wanted = wanted_list(found)
    counted = figures.of_quiz(found, ended := over(found.id, now()), versions=False)
    summary = counted and (counted.best if wanted.what_counts else counted.every)
    # A large quiz is counted already, up to some minutes ago: to count it again for the last page costs more than it.
    known = summary if counted and counted.counted_at and not wanted.state and not wanted.search else None
    rows, count = listing.page(ended, wanted, page, known.attempts if known else None)
    return render_template(
        "gradebook/results.html",
        quiz=found,
        figures=counted,
        summary=summary,
        to_do=outcomes.to_do(ended),
        may_grade=can(me, found, "grade"),
        may_edit=can(me, found, "edit"),
        counts=_(setting_words("grade_by").values[found.rules.grade_by]),
        rows=rows,
        count=count,
        name_of=name_of,
        number_of=number_of,
        absent=live.no_shows(found.id),
        shared=live.shared_numbers(found.id) if any(number_of(row.attempt) for row in rows) else set(),
        wanted=wanted,
        way=way(wanted),
        first=(page - 1) * listing.PAGE + 1,
        page=page,
        pages=-(-count // listing.PAGE),
    )


def wanted_list(of: Quiz) -> Listing:
    """What the address asks of the list; what it can't be is passed over."""
    sort, state = request.args.get("sort", ""), request.args.get("state", "")
    return Listing(
        what_counts=request.args.get("tries") == "counts",
        sort=sort if sort in listing.SORTS else "new",
        state=state if state in listing.STATES else "",
        search=line(request.args.get("q", ""), MAX_SEARCH),
        method=of.rules.grade_by,
    )


def way(wanted: Listing) -> dict[str, str]:
    """The same as words of an address, without what goes without saying."""
    words = {
        "tries": "counts" if wanted.what_counts else "", "sort": wanted.sort if wanted.sort != "new" else "",
        "state": wanted.state, "q": wanted.search,
    }  # fmt: skip
    return {name: value for name, value in words.items() if value}


def place_in_list() -> int:
    """The place of an attempt in the list that it was opened from, by the address; 0 where it was opened otherwise."""
    return min(whole(request.args.get("at", "")), LARGEST_INTEGER)


def whence(of: Quiz) -> dict[str, Any]:
    """The list that an attempt was opened from and the place in it, as words of an address."""
    place = place_in_list()
    return {**way(wanted_list(of)), "at": place} if place else {}


@room.get("/questions")
@needs("grade")
def questions(public_id: str) -> str:
    """What each question tells: how hard it is, what was chosen, and whether it looks wrong."""
    found, page = outcomes.quiz_of(public_id, me), page_number()
    counted = figures.of_quiz(found, ended := over(found.id, now()), versions=True)
    everything = statistics.outcomes(found, counted) if counted else []
    shown = everything[(page - 1) * listing.PAGE : page * listing.PAGE]
    # Of a large quiz, which is counted beforehand, the answers would have to be counted here.
    open_ones = (
        {one.question.id: one.item for one in shown if one.is_written} if counted and not counted.counted_at else {}
    )
    return render_template(
        "gradebook/questions.html",
        quiz=found,
        answers=in_words_of(answers.frequent_answers(ended, open_ones), open_ones),
        may_edit=can(me, found, "edit"),
        figures=counted,
        outcomes=shown,
        may_grade=can(me, found, "grade"),
        doubtful=[(place, one) for place, one in enumerate(everything, 1) if one.is_doubtful],
        first=(page - 1) * listing.PAGE + 1,
        per_page=listing.PAGE,
        page=page,
        pages=-(-len(everything) // listing.PAGE),
    )


def in_words_of(
    written: Mapping[int, Sequence[answers.FrequentAnswer]], items: Mapping[int, Item]
) -> dict[int, list[tuple[str, answers.FrequentAnswer]]]:
    """The answers to questions with what they say."""
    return {
        name: [(KINDS[items[name].kind].text(items[name].body, one.response, language()), one) for one in found]
        for name, found in written.items()
    }


@room.get("/attempts/<attempt_id>")
@needs("grade")
def attempt(public_id: str, attempt_id: str) -> str:
    """One attempt as its learner sees it, without questions of banks that the quiz's owner may not read any more."""
    of = outcomes.quiz_of(public_id, me)
    found = outcomes.attempt(of, attempt_id, at := now())
    slots = attempts.result_slots(found, at)
    wanted, place = wanted_list(of), place_in_list()
    around = beside(over(of.id, at), wanted, found, place) if place else None
    readable = outcomes.visible_question_ids(of, [one.question_id for one in slots])
    questions = [presented_in_full(one.slot, one.item, one.rescored) for one in slots if one.question_id in readable]
    return render_template(
        "gradebook/attempt.html",
        attempt=found,
        graded=found.max_mark - points_waiting(one.slot for one in slots),
        quiz=of,
        who=person_of(found),
        person_of=person_of,
        beside=around,
        way=way(wanted),
        whence={**way(wanted), "at": around.place} if around else {},
        shows=released(found, now()),
        log=live.done_to(Attempt.id == found.id),
        questions=questions,
        passages=cited_by(of, questions),
        left_out=len(slots) - len(questions),
        may_grade=can(me, of, "grade"),
        late=[(slot, row, in_words(slot, row.response), what) for slot, row, what in attempts.late_responses(found.id)],
    )


@room.post("/attempts/<attempt_id>/late/<int:slot_id>/<int:seq>")
@needs("grade")
def decide(public_id: str, attempt_id: str, slot_id: int, seq: int) -> Any:
    """Take in an answer that came after the end, decline it, or leave that open again."""
    of, at = outcomes.quiz_of(public_id, me, "grade"), now()
    found = outcomes.attempt(of, attempt_id, at)
    slot = next((one for one, _row, _what in attempts.late_responses(found.id) if one.id == slot_id), None)
    what = request.form.get("do", "")
    if slot is None or what not in DECIDED:
        raise NotFound
    acting.decide(slot, seq, what, me, at)
    flash(_(DECIDED[what]), "success")
    back = url_for("gradebook.results.attempt", public_id=public_id, attempt_id=attempt_id, **whence(of))
    return redirect(back, 303)


@room.route("/attempts/<attempt_id>/questions/<int:position>/score", methods=["GET", "POST"])
@needs("grade")
def score(public_id: str, attempt_id: str, position: int) -> Any:
    """Set the score of one answer by hand: it counts whatever the key, a grader or a regrade says."""
    of = outcomes.quiz_of(public_id, me, "grade")
    found = outcomes.attempt(of, attempt_id, now())
    slot = outcomes.slot(of, found, position)
    stored = None if slot.fraction is None else round(slot.fraction * slot.max_mark, 5)
    form = OverrideForm(slot.max_mark, slot.seq, mark=stored)
    changed = False
    if form.validate_on_submit():
        fraction = form.points / slot.max_mark
        try:
            acting.override(slot, fraction, line(form.reason.data), me, now(), seen=form.seen)
        except acting.ScoredMeanwhile:
            changed, slot = True, outcomes.slot(of, found, position)
            form.seq.data = str(slot.seq)
        else:
            flash(_("The score is set, and the reason stays on record."), "success")
            there = {"public_id": public_id, "attempt_id": attempt_id, "_anchor": f"question-{position}"}
            return redirect(url_for("gradebook.results.attempt", **there, **whence(of)), 303)
    return score_page(of, found, slot, form, changed), 409 if changed else 422 if form.errors else 200


def score_page(of: Quiz, found: Attempt, slot: Slot, form: OverrideForm, changed: bool) -> str:
    return render_template(
        "gradebook/score.html",
        attempt=found,
        quiz=of,
        who=person_of(found),
        slot=slot,
        asked=presented_in_full(slot, slot.item),
        whence=whence(of),
        form=form,
        changed=changed,
        history=queries.history(slot),
    )


@room.get("/sheet.<suffix>")
@needs("grade")
def sheet(public_id: str, suffix: str) -> Any:
    """All attempts as CSV or XLSX."""
    found = outcomes.quiz_of(public_id, me)
    if suffix not in WRITERS:
        raise NotFound
    write, kind = WRITERS[suffix]
    file = write(sheets.rows(found, language(), now()))
    return taken_away(file, kind, file_name(in_language(found.title), suffix))
