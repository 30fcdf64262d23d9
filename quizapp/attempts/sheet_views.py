"""All questions of an attempt on one page. A form saves them together; scripts save each one by itself, as it is given,
at the question's own address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from quizapp.accounts.visitor import me
from quizapp.attempts import answering, presence, queries
from quizapp.attempts.blanks import Unfinished, refuse_unfinished
from quizapp.attempts.disclosure import held_places, slot_reveal
from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.presentation import (
    PresentedQuestion,
    another_try,
    arranged_item,
    cited_by,
    in_words,
    occasion,
    presented_to_learner,
)
from quizapp.attempts.record import is_after_due
from quizapp.attempts.sitting import FLAGS, own, seconds_left
from quizapp.clock import now
from quizapp.errors import ResponseError
from quizapp.formats.items import Item
from quizapp.permissions import needs
from quizapp.texts.clean import is_whole, whole
from quizapp.web import controls
from quizapp.web.i18n import translated

room = Blueprint("sheet", __name__)


@dataclass(frozen=True)
class RefusedResponse:
    """Why an answer wasn't taken. `theirs`: what is stored instead, where another page was faster. `unfinished`: it is
    taken as it is when that is said once more."""

    problem: str
    typed: controls.Fields
    to_mend: bool = False
    theirs: str = ""
    unfinished: bool = False


@dataclass(frozen=True)
class OnSheet:
    """One question of the page."""

    asked: PresentedQuestion
    refused: RefusedResponse | None = None

    @property
    def suffix(self) -> str:
        return suffix(self.asked.slot.position)

    @property
    def state(self) -> controls.State:
        """How its control looks; its fields, and what says why an answer can't be taken, are unlike those of others."""
        state = self.asked.state
        described = "" if state.disabled else f"control-problem{self.suffix}"
        invalid = self.refused is not None and self.refused.to_mend
        return replace(state, suffix=self.suffix, describedby=described, invalid=invalid)


def suffix(position: int) -> str:
    """What the names of a question's fields end with."""
    return f"-q{position}"


@room.get("/attempts/<attempt_id>/questions")
@needs("learn")
def sheet(attempt_id: str) -> Any:
    at = now()
    found = own(attempt_id, at)
    if found.submitted_at is not None:
        return redirect(url_for("attempts.results", attempt_id=attempt_id))
    if not found.rules.on_one_page:
        return redirect(url_for("attempts.attempt", attempt_id=attempt_id))
    presence.see(found, 1, at)
    return page(found, at, {})


@room.post("/attempts/<attempt_id>/questions")
@needs("learn")
def save(attempt_id: str) -> Any:
    """Save all that the form has, and go where its button leads. What can't be taken is shown again, and keeps nothing
    else from being saved."""
    at = now()
    do, _dash, number = request.form.get("do", "save").partition("-")
    found = queries.attempt(attempt_id, me.id)
    if not found.rules.on_one_page:
        return redirect(url_for("attempts.attempt", attempt_id=attempt_id), 303)
    refused: dict[int, RefusedResponse] = {}
    held = held_places(found, at) if do == "hint" else ()
    for slot, _question, item in queries.slots_with_items(found.id):
        here = number == str(slot.position)
        if do == "hint" and here and another_try(slot, item, slot_reveal(slot, at, slot.position in held)):
            answering.try_with_hint(slot, at)
        elif f"seq{suffix(slot.position)}" in request.form:
            why = take(slot, item, at, check=do == "check" and here, flagged=FLAGS.get(do) if here else None)
            refused |= {slot.position: why} if why else {}
    found = own(attempt_id, at)
    if found.submitted_at is not None:
        for why in {one.problem for one in refused.values()}:
            flash(why, "warning")
        return redirect(url_for("attempts.results", attempt_id=attempt_id), 303)
    if refused:
        return page(found, at, refused), 422 if all(one.to_mend for one in refused.values()) else 409
    if do == "finish":
        return redirect(url_for("attempts.summary", attempt_id=attempt_id), 303)
    if do == "save":
        flash(_("All your answers are saved."), "success")
    anchor = f"question-{number}" if is_whole(number) else None
    return redirect(url_for("attempts.sheet.sheet", attempt_id=attempt_id, _anchor=anchor), 303)


def take(slot: Slot, item: Item, at: datetime, *, check: bool, flagged: bool | None) -> RefusedResponse | None:
    """Save what the form has for a question; why not, where it can't be taken. One that is checked isn't asked."""
    if slot.checked_at is not None:
        return None
    sent, arranged = fields_of(slot.position), arranged_item(slot, item)
    try:
        response = arranged.read(sent)
        if check:
            refuse_unfinished(item, response, anyway="anyway" in sent)
        answering.give_answer(slot, response, whole(sent.get("seq", ""), -1), at, check=check, flagged=flagged)
    except answering.Stale as error:
        return RefusedResponse(translated(error), arranged.sent(sent), theirs=in_words(error.slot, error.slot.response))
    except (answering.Closed, ResponseError) as error:
        to_mend, unfinished = isinstance(error, ResponseError), isinstance(error, Unfinished)
        return RefusedResponse(translated(error), arranged.sent(sent), to_mend, unfinished=unfinished)
    return None


def fields_of(position: int) -> MultiDict[str, str]:
    """What the form sent for one question, by the names that its control knows."""
    end = suffix(position)
    pairs = request.form.items(multi=True)
    return MultiDict((name.removesuffix(end), value) for name, value in pairs if name.endswith(end))


def section(found: Attempt, slot: Slot, at: datetime, total: int) -> str:
    """One question of the page as it stands now, for a script to put in its place."""
    shown = presented_to_learner(slot, slot.item, at, held=slot.position in held_places(found, at))
    quiz = occasion(found)
    return render_template(
        "attempts/_sheet_question.html",
        attempt=found,
        quiz=quiz,
        one=OnSheet(shown),
        total=total,
        passages=cited_by(quiz, [shown]),
    )


def page(found: Attempt, at: datetime, refused: Mapping[int, RefusedResponse]) -> Any:
    held = held_places(found, at)
    questions = []
    for slot, _question, item in queries.slots_with_items(found.id):
        why = refused.get(slot.position)
        shown = presented_to_learner(slot, item, at, why.typed if why else None, held=slot.position in held)
        questions.append(OnSheet(shown, why))
    quiz = occasion(found)
    response = make_response(
        render_template(
            "attempts/sheet.html",
            attempt=found,
            quiz=quiz,
            questions=questions,
            passages=cited_by(quiz, [one.asked for one in questions]),
            seconds_left=seconds_left(found, at),
            is_late=is_after_due(found, at),
            announcements=presence.announced_to(found),
        )
    )
    response.headers["Cache-Control"] = "private, no-store"
    return response
