"""Pages of the daily review: what is due, how it went, and how a learner wants it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.attempts import queries as attempts
from quizapp.attempts.models import REVIEW, Attempt, Slot
from quizapp.attempts.presentation import PresentedQuestion, presented_to_learner
from quizapp.citations.queries import courses_of
from quizapp.clock import now
from quizapp.courses import shelf
from quizapp.courses.models import Course
from quizapp.errors import NotFound
from quizapp.formats.items import from_json
from quizapp.permissions import needs
from quizapp.quizzes.held import held
from quizapp.review import actions, queries
from quizapp.review.forms import PreferencesForm
from quizapp.review.repair import Passages, Repair, repair_of, to_repair
from quizapp.rules import spacing
from quizapp.web import panels
from quizapp.web.i18n import language
from quizapp.web.pages import safe_next

room = Blueprint("review", __name__)


@room.get("/review")
@needs("learn")
def today() -> str:
    """The day's review before it begins, and how the days went."""
    found = actions.today(me.id, now())
    known = queries.memories(me.id, found.chosen)
    ahead = found.chosen.exam_day or spacing.day_named(found.day) + spacing.RAMP * spacing.DAY
    return render_template(
        "review/today.html",
        today=found,
        ahead=ahead,
        known=spacing.forecast(known, ahead),
        of=len(known),
        suspended=[(row.public_id, from_json(row.content)) for row in queries.suspended(me.id)],
    )


@room.post("/review/attempts")
@needs("learn")
def begin() -> Any:
    started = actions.begin(me, now())
    return redirect(url_for("attempts.attempt", attempt_id=started.public_id), 303)


def own_review(attempt_id: str) -> Attempt:
    found = attempts.attempt(attempt_id, me.id)
    if found.purpose != REVIEW:
        raise NotFound
    return found


@room.get("/review/attempts/<attempt_id>")
@needs("learn")
def finish(attempt_id: str) -> Any:
    """How a review went: what was right, and what comes back when."""
    found = own_review(attempt_id)
    if found.submitted_at is None:
        return redirect(url_for("attempts.attempt", attempt_id=attempt_id))
    return render_template("review/finish.html", attempt=found, **outcome_of(found))


def outcome_of(found: Attempt) -> dict[str, Any]:
    """What the page of a finished review tells: each question once, as it was answered first."""
    at = now()
    first: dict[int, PresentedQuestion] = {}
    repaired: set[int] = set()
    slots = attempts.slots_with_items(found.id)
    back = held({question for _slot, question, _item in slots}, at)
    for slot, question, item in slots:
        shown = presented_to_learner(slot, item, at, held=question in back)
        if first.setdefault(question, shown) is not shown and shown.outcome == "right":
            repaired.add(question)
    answered = {question: one for question, one in first.items() if one.slot.answered and question not in back}
    cards = queries.cards(me.id, list(answered))
    courses = courses_of({question: one.item for question, one in answered.items()})
    today = queries.today(me.id, at)
    days = {question: spacing.as_day(one.due_at, today.chosen.where) for question, one in cards.items()}
    return {
        "asked": answered,
        "right": [one for one in answered.values() if one.outcome == "right"],
        "repaired": len(repaired),
        "skipped": sum(1 for one in first.values() if not one.slot.answered),
        "held": len(back),
        "courses": courses,
        "passages": passages_of(answered, courses),
        "beside": {question: panels.of("result of a question", attempt=found, asked=one)
                   for question, one in answered.items()},
        "names": queries.public_ids(list(answered)),
        "cards": cards,
        "days": days,
        "tomorrow": spacing.day_named(today.day) + spacing.DAY,
        "returns": sorted(Counter(day for one, day in days.items() if not cards[one].suspended_at).items()),
        "can_undo": bool(queries.ratings_in(found, at)),
        "today": today,
    }  # fmt: skip


def passages_of(answered: Mapping[int, PresentedQuestion], courses: Mapping[int, Course]) -> dict[int, Any]:
    """The passages behind each question, by its id; a statement or two for each course."""
    by_course: dict[int, Any] = {}
    for course in {one.id for one in courses.values()}:
        items = [answered[question].item for question, one in courses.items() if one.id == course]
        by_course[course] = shelf.behind(course, items, language())
    return {question: by_course[course.id] for question, course in courses.items()}


@room.post("/review/attempts/<attempt_id>/undo")
@needs("learn")
def undo(attempt_id: str) -> Any:
    """Take back the last rating of the review."""
    found = own_review(attempt_id)
    last = actions.undo(me, found, now())
    flash(_("The rating of question %(n)s doesn't count now. The question comes back.", n=last.position), "success")
    return redirect(url_for("review.finish", attempt_id=attempt_id), 303)


@room.get("/review/attempts/<attempt_id>/questions/<int:position>/repair")
@needs("learn")
def repair(attempt_id: str, position: int) -> Any:
    """The sentence that a missed question cites, with its key words to be filled in."""
    found = repair_of(missed(attempt_id, position), now())
    if found is None:
        return redirect(url_for("attempts.question", attempt_id=attempt_id, position=position))
    return repair_page(attempt_id, position, found)


@room.post("/review/attempts/<attempt_id>/questions/<int:position>/repair")
@needs("learn")
def fill(attempt_id: str, position: int) -> Any:
    """Look at what was filled in, or show it; once it is right, or seen, the question comes again."""
    do = request.form.get("do", "")
    found = repair_of(missed(attempt_id, position), now(), request.form.getlist("blank") if do == "fill" else None)
    done = do == "fill" and found is not None and found.is_done
    if done:
        flash(_("All blanks are filled. Now the question once more."), "success")
    if done or do == "again" or found is None:
        again = actions.ask_again(me, attempt_id, position, now())
        return redirect(url_for("attempts.question", attempt_id=attempt_id, position=again.position), 303)
    return repair_page(attempt_id, position, found, shown=do == "show", tried=do == "fill")


def missed(attempt_id: str, position: int) -> Slot:
    slot = attempts.slot(attempt_id, position, me.id)
    if not actions.may_be_asked_again(slot, now()):
        raise NotFound
    return slot


def repair_page(attempt_id: str, position: int, found: Repair, *, shown: bool = False, tried: bool = False) -> str:
    return render_template(
        "review/repair.html", repair=found, attempt_id=attempt_id, position=position,
        shown=shown or found.is_only_read, tried=tried,
    )  # fmt: skip


def way_to_repair(attempt: Attempt, asked: PresentedQuestion, passages: Passages, **_about: Any) -> Markup:
    """Beside a question that was missed: the way to repair it."""
    told = asked.reveal.correctness and actions.can_be_asked_again(asked.slot)
    if not told or to_repair(asked, passages) is None:
        return Markup()
    return Markup(render_template("review/_repair_panel.html", attempt=attempt, asked=asked))  # noqa: S704


DONE = {
    "suspend": lambda: _("The question is put aside. It comes back when you want it to."),
    "resume": lambda: _("The question is in your review again."),
    "sooner": lambda: _("The question comes back tomorrow."),
}


@room.post("/review/questions/<question>")
@needs("learn")
def act(question: str) -> Any:
    """Put a question aside, take it up again, or bring it back sooner."""
    do = request.form.get("do", "")
    if do not in DONE:
        raise NotFound
    actions.act(me, question, do, now())
    flash(DONE[do](), "success")
    return redirect(safe_next(request.form.get("next"), url_for("review.today")), 303)


@room.route("/review/preferences", methods=["GET", "POST"])
@needs("learn")
def preferences() -> Any:
    form = PreferencesForm(obj=queries.preferences(me.id))
    if form.validate_on_submit():
        actions.choose(me, form.chosen(), now())
        flash(_("Your preferences are saved."), "success")
        return redirect(url_for("review.preferences"), 303)
    return render_template("review/preferences.html", form=form), 422 if form.errors else 200
