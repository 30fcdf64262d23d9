"""Pages of attempts: a quiz's start page, the player, the overview before handing in, and the results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import address_here, learner_or_guest, me
from quizapp.attempts import actions, answering, entrance, live_views, presence, queries, sheet_views, tries
from quizapp.attempts.blanks import Unfinished, refuse_unfinished
from quizapp.attempts.disclosure import held_places, released, slot_reveal
from quizapp.attempts.models import REVIEW, Slot
from quizapp.attempts.overdue import as_of
from quizapp.attempts.presentation import (
    another_try,
    arranged_question,
    cited_by,
    in_words,
    occasion,
    points_waiting,
    presented_results,
    presented_to_learner,
)
from quizapp.attempts.record import is_after_due
from quizapp.attempts.sitting import FLAGS, live, own, seconds_left
from quizapp.clock import now
from quizapp.errors import N_, Conflict, NotFound, QuizError, ResponseError
from quizapp.permissions import needs, public, wants_json
from quizapp.quizzes import queries as quizzes
from quizapp.quizzes.held import score_waits
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.quizzes.people_queries import allowance_of, begins_in, closes_for, is_over, quiz_for, sitter_of
from quizapp.rules.settings import setting_words
from quizapp.texts.clean import is_whole, whole
from quizapp.web import controls, panels
from quizapp.web.i18n import ZONE, language, translated
from quizapp.web.pages import wants_part

room = Blueprint("attempts", __name__)
room.register_blueprint(live_views.room)
room.register_blueprint(sheet_views.room)


@room.get("/quizzes/<public_id>")
@public
def quiz(public_id: str) -> Any:
    """A quiz before it starts: what it asks, how it is taken, one's own tries so far, and whose a code is."""
    found, code = quizzes.quiz(public_id), request.args.get("code")
    return start_page(found, request.args, sitter=entrance.whose_code(found, code) if code else None)


def start_page(
    found: Quiz, typed: Mapping[str, str], problem: QuizError | None = None, sitter: Sitter | None = None
) -> str:
    """`typed`: what was filled in before, or came with the link. `sitter`: whose code that is."""
    user_id, at = me.id if me.is_authenticated else None, now()
    running = tries.unfinished(user_id, found.id) if user_id else None
    entry = sitter or (sitter_of(found.id, me) if user_id else None)
    more = allowance_of(found.owner_id, user_id, entry.number if entry else None)
    history = tries.history(user_id, found.id) if user_id else []
    return render_template(
        "attempts/quiz.html",
        quiz=found,
        typed=typed,
        problem=problem and translated(problem),
        field=getattr(problem, "field", ""),
        sitter=sitter,
        wanted=entrance.details_wanted(me if user_id else None, found),
        seconds_to_opening=begins_in(found, at),
        closes_at=closes_for(found, more),
        due_at=found.rules.due_at + more.later if found.rules.due_at else None,
        is_over=is_over(found, more, at),
        score_waits=score_waits(found, at),
        more=more,
        rules=found.rules,
        feedback=_(setting_words("feedback").values[found.rules.feedback]),
        size=quizzes.size_of(found),
        running=running if running and not running.is_over(at) else None,
        history=history,
        practice=lambda: any(queries.missed(one, at) for one in history),
        released=lambda one: released(one, at),
        tries_left=tries.left(user_id, found, more, entry.id if entry else None),
        score=tries.quiz_scores(user_id, at, found.id).get(found.id) if user_id else None,
        counts=_(setting_words("grade_by").values[found.rules.grade_by]),
    )


@room.post("/quizzes/<public_id>/attempts")
@public
def start(public_id: str) -> Any:
    found, at, form = quizzes.quiz(public_id), now(), request.form
    user = me if me.is_authenticated else None
    running = tries.unfinished(user.id, found.id) if user else None
    given = {label: form.get(f"given-{label}", "") for label in entrance.details_wanted(user, found)}
    ticket = entrance.Ticket(form.get("access_code", ""), form.get("code", ""), given)
    sitter = None
    try:
        if running is not None and not running.is_over(at) and not ticket.code:
            attempt = running
        else:
            sitter, said = entrance.admit(user, found, ticket, address_here(), at)
            attempt = entrance.begin(learner_or_guest(), found, sitter, said, at)
    except (entrance.NotAdmitted, entrance.TooManyCodes, Conflict) as error:
        is_last = isinstance(error, actions.NoFurtherAttempt)
        before = entrance.come_back(learner_or_guest(), sitter, at) if is_last and sitter and ticket.code else None
        if before is None:
            return start_page(found, form, error), error.status
        return redirect(url_for("attempts.attempt", attempt_id=before.public_id), 303)
    return redirect(url_for("attempts.question", attempt_id=attempt.public_id, position=1), 303)


@room.post("/quizzes/<public_id>/preview")
@needs("banks")
def preview(public_id: str) -> Any:
    """Look at one's own quiz as a learner sees it."""
    found = quiz_for(public_id, me, "see")
    attempt = actions.preview(me, found, now())
    flash(_("This is a preview: none of it counts or shows in the results."), "info")
    return redirect(url_for("attempts.question", attempt_id=attempt.public_id, position=1), 303)


@room.get("/attempts/<attempt_id>")
@needs("learn")
def attempt(attempt_id: str) -> Any:
    """Where one left off: the first question without an answer, or the results."""
    found = own(attempt_id, now())
    if found.submitted_at is not None:
        return redirect(url_for("attempts.results", attempt_id=attempt_id))
    if found.rules.one_way:
        return redirect(url_for("attempts.question", attempt_id=attempt_id, position=found.reached))
    if found.rules.on_one_page:
        return redirect(url_for("attempts.sheet.sheet", attempt_id=attempt_id))
    slots = queries.overview(found)
    place = next((slot.position for slot in slots if not slot.answered), None)
    if place is None:
        return redirect(url_for("attempts.summary", attempt_id=attempt_id))
    return redirect(url_for("attempts.question", attempt_id=attempt_id, position=place))


@room.get("/attempts/<attempt_id>/questions/<int:position>")
@needs("learn")
def question(attempt_id: str, position: int) -> Any:
    at = now()
    here = queries.opened(attempt_id, position, me.id)
    found = as_of(here.slot.attempt, at)
    if found.submitted_at is not None:
        return redirect(url_for("attempts.results", attempt_id=attempt_id))
    if found.rules.on_one_page:
        return redirect(
            url_for(
                "attempts.sheet.sheet", attempt_id=attempt_id, _anchor=f"question-{position}" if position > 1 else None
            )
        )
    if found.rules.one_way and position != found.reached:
        reached = url_for("attempts.question", attempt_id=attempt_id, position=found.reached, instead_of=position)
        return redirect(reached)
    return live(player(here, at, problem=instead_of(position) if found.rules.one_way else ""))


def instead_of(position: int) -> str:
    """Why this question is shown and not another one that was asked for; "" where it was this."""
    asked_for = whole(request.args.get("instead_of", ""), position)
    if asked_for == position:
        return ""
    passed = N_("You have gone on from that question, and there is no way back. This is the one where you are.")
    return _(passed) if asked_for < position else _(answering.Ahead.template)


def player(
    here: queries.Opened,
    at: datetime,
    *,
    typed: controls.Fields | None = None,
    problem: str = "",
    to_mend: bool = False,
    unfinished: bool = False,
    theirs: str = "",
) -> str:
    """A question's page. `problem` says why an answer wasn't taken; `to_mend`: by a change of the answer it will be;
    `unfinished`: by the same once more, too."""
    slot, found = here.slot, here.slot.attempt
    held = held_places(found, at)
    shown = presented_to_learner(slot, slot.item, at, typed, held=slot.position in held)
    presence.see(found, slot.position, at)
    quiz = occasion(found, shown)
    passages = cited_by(quiz, [shown])
    return render_template(
        "attempts/question.html",
        attempt=found,
        quiz=quiz,
        slots=queries.overview(found, held, here.rows),
        asked=shown,
        passages=passages,
        beside=panels.of("question of an attempt", attempt=found, asked=shown, passages=passages),
        seconds_left=seconds_left(found, at),
        is_late=is_after_due(found, at),
        announcements=presence.announced_to(found),
        problem=problem,
        to_mend=to_mend,
        unfinished=unfinished,
        theirs=theirs,
    )


@room.post("/attempts/<attempt_id>/questions/<int:position>")
@needs("learn")
def answer(attempt_id: str, position: int) -> Any:
    """Take an answer. Scripts get JSON; a form goes on to where its button leads."""
    at = now()
    do = request.form.get("do", "stay")
    try:
        slot = queries.slot(attempt_id, position, me.id)
        if do == "hint":
            return after_hint(slot, at)
        answering.refuse_ahead(slot)
        onwards = slot.attempt.rules.one_way and do == f"go-{position + 1}"
        if onwards and slot.checked_at is not None and not slot.attempt.is_over(at):
            actions.go_on(slot.attempt, position)
            return jsonify(seq=slot.seq) if wants_json() else redirect(onward(attempt_id, position, do), 303)
        arranged = arranged_question(slot)
        response = arranged.read(request.form)
        if do == "check":
            refuse_unfinished(slot.item, response, anyway="anyway" in request.form)
        slot = answering.give_answer(
            slot, response, sent_seq(), at, check=do == "check", flagged=FLAGS.get(do), certainty=sent_certainty()
        )
        if onwards:
            actions.go_on(slot.attempt, position)
    except answering.Stale as error:
        return stale(error, arranged_question(error.slot))
    except (answering.Closed, answering.Ahead, ResponseError) as error:
        return not_taken(error, attempt_id, position, at)
    if wants_json():
        said = {
            "seq": slot.seq,
            "saved_at": (slot.saved_at or at).astimezone(ZONE).strftime("%H:%M:%S"),
            "text": arranged.words(slot.response, language()),
        }
        return jsonify(said | (verdict(attempt_id, position, at) if wants_part() else {}))
    return redirect(onward(attempt_id, position, do), 303)


def after_hint(slot: Slot, at: datetime) -> Any:
    """A checked response opened again with one more hint, if there is another try; else the page as it stands."""
    answering.refuse_out_of_sight(slot, at)
    attempt_id, position = slot.attempt.public_id, slot.position
    reveal = slot_reveal(slot, at, position in held_places(slot.attempt, at))
    if another_try(slot, slot.item, reveal):
        answering.try_with_hint(slot, at)
    if wants_json():
        return jsonify(verdict(attempt_id, position, at))
    return redirect(url_for("attempts.question", attempt_id=attempt_id, position=position, _anchor="hints"), 303)


def verdict(attempt_id: str, position: int, at: datetime) -> dict[str, str]:
    """The page of a question as it stands now, or its place on the page of all, for a script to show at once."""
    here = queries.opened(attempt_id, position, me.id)
    found = here.slot.attempt
    if found.rules.on_one_page:
        return {"part": sheet_views.section(found, here.slot, at, len(here.rows))}
    return {"part": player(here, at)}


def sent_seq() -> int:
    """The sequence number that the form was made with."""
    sent = request.form.get("seq", "")
    if not is_whole(sent):
        raise ResponseError("seq", N_("Your answer arrived incomplete. Reload the page and answer again."))
    return int(sent)


def sent_certainty() -> int | None:
    """How sure the learner is, 1 to 3; None where nothing of that is said."""
    sent = request.form.get("certainty", "")
    return int(sent) if sent in ("1", "2", "3") else None


def onward(attempt_id: str, position: int, do: str) -> str:
    """Where a button of the player leads."""
    if do == "finish":
        return url_for("attempts.summary", attempt_id=attempt_id)
    if do == "check":
        return url_for("attempts.question", attempt_id=attempt_id, position=position, _anchor="verdict")
    place = do.removeprefix("go-")
    target = whole(place, position) if do.startswith("go-") else position
    return url_for("attempts.question", attempt_id=attempt_id, position=target)


def stale(error: answering.Stale, arranged: controls.ArrangedItem) -> Any:
    """Show both answers: the one sent now and the one that is stored."""
    slot = error.slot
    theirs = in_words(slot, slot.response)
    message = translated(error)
    if wants_json():
        fields = arranged.fields(slot.response)
        return jsonify(error="stale", message=message, seq=slot.seq, theirs=theirs, fields=fields), 409
    at = now()
    fresh = queries.opened(slot.attempt.public_id, slot.position, me.id)
    return live(player(fresh, at, typed=arranged.sent(request.form), problem=message, theirs=theirs)), 409


def not_taken(error: QuizError, attempt_id: str, position: int, at: datetime) -> Any:
    """Say why an answer wasn't taken, beside what was typed."""
    message = translated(error)
    if wants_json():
        field, kept = getattr(error, "field", None), getattr(error, "kept", None)
        return jsonify(error=error.status, message=message, field=field, kept=kept), error.status
    found = own(attempt_id, at)
    if found.rules.one_way and position != found.reached and found.submitted_at is None:
        return live(player(queries.opened(attempt_id, found.reached, me.id), at, problem=message)), error.status
    here = queries.opened(attempt_id, position, me.id)
    if found.submitted_at is not None and not slot_reveal(here.slot, at).response:
        flash(message, "warning")
        return redirect(url_for("attempts.results", attempt_id=attempt_id), 303)
    typed, to_mend = arranged_question(here.slot).sent(request.form), isinstance(error, ResponseError)
    unfinished = isinstance(error, Unfinished)
    page = player(here, at, typed=typed, problem=message, to_mend=to_mend, unfinished=unfinished)
    return live(page), error.status


@room.get("/attempts/<attempt_id>/summary")
@needs("learn")
def summary(attempt_id: str) -> Any:
    """Everything at a glance before handing in, with a word on what is still empty."""
    at = now()
    found = own(attempt_id, at)
    if found.submitted_at is not None:
        return redirect(url_for("attempts.results", attempt_id=attempt_id))
    page = render_template(
        "attempts/summary.html",
        attempt=found,
        quiz=occasion(found),
        slots=queries.overview(found, held_places(found, at)),
        seconds_left=seconds_left(found, at),
        announcements=presence.announced_to(found),
    )
    return live(page)


@room.post("/attempts/<attempt_id>/submission")
@needs("learn")
def submission(attempt_id: str) -> Any:
    actions.submit(me, attempt_id, now())
    results = url_for("attempts.results", attempt_id=attempt_id)
    return jsonify(results=results) if wants_json() else redirect(results, 303)


@room.get("/attempts/<attempt_id>/results")
@needs("learn")
def results(attempt_id: str) -> Any:
    at = now()
    found = own(attempt_id, at)
    if found.submitted_at is None:
        return redirect(url_for("attempts.attempt", attempt_id=attempt_id))
    if found.purpose == REVIEW:
        return redirect(url_for("review.finish", attempt_id=attempt_id))
    questions = presented_results(found, at)
    return render_template(
        "attempts/results.html",
        attempt=found,
        quiz=found.quiz,
        released=released(found, at),
        questions=[one for one in questions if one.reveal.response],
        passages=cited_by(found.quiz, questions),
        points_waiting=points_waiting(one.slot for one in questions),
        held_back=any(one.reveal.held for one in questions),
        missed=sum(1 for one in questions if one.outcome in ("wrong", "partial", "empty")),
        panels=panels.of("results", attempt=found),
        beside={one.slot.id: panels.of("result of a question", attempt=found, asked=one) for one in questions},
    )


@room.post("/attempts/<attempt_id>/practice")
@needs("learn")
def practice(attempt_id: str) -> Any:
    found = own(attempt_id, now())
    if found.submitted_at is None:
        raise NotFound
    started = actions.practise(me, found, now())
    flash(_("Practice: right or wrong is shown at once, and nothing counts towards your score."), "info")
    return redirect(url_for("attempts.question", attempt_id=started.public_id, position=1), 303)
