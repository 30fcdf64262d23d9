"""Pages of a quiz while it is taken: the live view for those who hold it, and the word that the player asks for."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext, to_user_timezone
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.attempts import conduct, ending, live, presence, queries
from quizapp.attempts.presentation import name_of, number_of, person_of
from quizapp.clock import now
from quizapp.errors import Conflict, NotFound
from quizapp.permissions import needs
from quizapp.quizzes import people_actions
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.people_queries import can, quiz_for
from quizapp.rules.settings import AT_ONCE, setting_words
from quizapp.texts.clean import line, lines, whole
from quizapp.web import panels

room = Blueprint("live", __name__)

MAX_WORDS = 500


def while_taken_panel(quiz: Quiz) -> Markup:
    """On a quiz's settings, while people sit at it: what of a change reaches them."""
    count = live.going_on(quiz.id, now())
    if not count:
        return Markup()
    labels = [_(setting_words(name).label) for name in AT_ONCE]
    return Markup(render_template("attempts/_while_taken.html", quiz=quiz, count=count, labels=labels))  # noqa: S704


@room.get("/quizzes/<public_id>/live")
@needs("grade")
def live_page(public_id: str) -> str:
    """Who is at which question, and what can be done about it."""
    quiz, at = quiz_for(public_id, me, "see"), now()
    return render_template(
        "attempts/live.html",
        **rows_of(quiz),
        may_edit=can(me, quiz, "edit"),
        announcements=live.announcements(quiz.id),
        log=live.log(quiz),
        person_of=person_of,
        closed=quiz.is_closed(at),
    )


@room.get("/quizzes/<public_id>/live/rows")
@needs("grade")
def rows(public_id: str) -> str:
    """The part of the page that changes by itself."""
    return render_template("attempts/_live_rows.html", **rows_of(quiz_for(public_id, me, "see")))


def rows_of(quiz: Quiz) -> dict[str, Any]:
    at = now()
    found = live.sittings(quiz, at)
    return {
        "quiz": quiz,
        "sittings": found,
        "absent": live.no_shows(quiz.id),
        "shared": live.shared_numbers(quiz.id),
        "counts": {state: sum(one.state == state for one in found) for state in ("on", "away", "over", "done")},
        "name_of": name_of,
        "number_of": number_of,
        "now": at,
    }


@room.post("/quizzes/<public_id>/live")
@needs("grade")
def act(public_id: str) -> Any:
    """More minutes, a hand-in and the like, for those who are ticked or for all."""
    quiz, form = quiz_for(public_id, me, "grade"), request.form
    if form.get("do") not in conduct.ACTS:
        raise NotFound
    whom = None if form.get("whom") == "all" else form.getlist("attempt")
    try:
        minutes = number_of_minutes(form.get("minutes", ""))
        done = conduct.act(quiz, form["do"], whom, minutes, line(form.get("reason"), MAX_WORDS), me, now())
        flash(*act_message(form["do"], done, minutes))
    except Conflict as error:
        flash(_(error.template, **error.values), "danger")
    return redirect(url_for("attempts.live.live_page", public_id=public_id), 303)


def act_message(name: str, done: int, minutes: float) -> tuple[str, str]:
    """What an act did to how many, or why it did nothing; and the tone of that."""
    if not done:
        nothing = {
            "extend": _("Nobody got more minutes: they have handed in, or have no time limit."),
            "hand-in": _("Nothing to hand in: they have handed in already."),
            "reopen": _("Nothing to reopen: they haven't handed in."),
        }
        return nothing[name], "warning"
    more = f"{minutes:g}"
    said = {
        "extend": ngettext(
            "%(num)s person has %(minutes)s more minutes.", "%(num)s people have %(minutes)s more minutes.", done,
            minutes=more,
        ),
        "hand-in": ngettext("Handed in for %(num)s person.", "Handed in for %(num)s people.", done),
        "reopen": ngettext("Reopened for %(num)s person.", "Reopened for %(num)s people.", done),
        "again": ngettext("%(num)s person may try once more.", "%(num)s people may try once more.", done),
        "incident": ngettext("Noted for %(num)s person.", "Noted for %(num)s people.", done),
    }  # fmt: skip
    return said[name], "success"


def number_of_minutes(text: str) -> float:
    """The minutes that were typed; 0 for none, which an act that needs some refuses."""
    return float(whole(text.strip()))


@room.post("/quizzes/<public_id>/announcements")
@needs("grade")
def announce(public_id: str) -> Any:
    """A word to everybody who sits there now."""
    quiz, text = quiz_for(public_id, me, "grade"), lines(request.form.get("text"))[:MAX_WORDS]
    if text:
        people_actions.announce(quiz, text, me, now())
        flash(_("Everybody taking the quiz sees it within 15 seconds."), "success")
    else:
        flash(_("Write something to be shown."), "danger")
    return redirect(url_for("attempts.live.live_page", public_id=public_id), 303)


@room.get("/quizzes/<public_id>/release")
@needs("grade")
def before_release(public_id: str) -> str:
    """What is still to come or to be done before learners see scores and right answers, and whether to go ahead."""
    quiz = quiz_for(public_id, me, "grade")
    return render_template(
        "attempts/release.html",
        quiz=quiz,
        may_edit=can(me, quiz, "edit"),
        writing=live.going_on(quiz.id, now()),
        waiting=panels.of("release", quiz=quiz),
    )


@room.post("/quizzes/<public_id>/release")
@needs("grade")
def release(public_id: str) -> Any:
    """Let learners see now what shows after closing, or take that back. What is unfinished is asked about first."""
    quiz = quiz_for(public_id, me, "grade")
    if request.form.get("release") == "0":
        ending.withhold(quiz, me, now())
        flash(_("Scores and answers are held back again until the quiz is over."), "success")
    elif not request.form.get("sure") and (live.going_on(quiz.id, now()) or panels.of("release", quiz=quiz)):
        return redirect(url_for("attempts.live.before_release", public_id=public_id), 303)
    else:
        ending.release(quiz, me, now())
        flash(_("Learners see their scores and the right answers now."), "success")
    return redirect(url_for("attempts.live.live_page", public_id=public_id, _anchor="release"), 303)


@room.get("/attempts/<attempt_id>/status")
@needs("learn")
def status(attempt_id: str) -> Any:
    """What a page of the player has to know meanwhile: the time left, what was announced, and whether it is over."""
    at = now()
    attempt = queries.attempt(attempt_id, me.id)
    position = whole(request.args.get("position", ""))
    if position and not attempt.is_over(at):
        presence.see(attempt, position, at)
    left = (attempt.due_at - at).total_seconds() if attempt.due_at else None
    return jsonify(
        due_at=attempt.due_at.isoformat() if attempt.due_at else None,
        seconds_left=left,
        ended=attempt.is_over(at),
        announcements=[
            {"id": one.id, "text": one.text, "at": to_user_timezone(one.at).strftime("%H:%M")}
            for one in presence.announced_to(attempt)
        ],
    )
