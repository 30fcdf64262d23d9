"""Pages about the people of a quiz: its roster with their links, who else looks after it, and what is given to whom."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from quizapp.accounts.visitor import me
from quizapp.clock import now
from quizapp.errors import Conflict, Problem
from quizapp.formats.text import guarded
from quizapp.permissions import needs
from quizapp.quizzes import people_actions, people_queries
from quizapp.quizzes.forms import AccommodationForm
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.quizzes.people_actions import RosterChange
from quizapp.quizzes.people_queries import VERBS
from quizapp.quizzes.roster import Roster, roster_in_file, roster_in_text, text_of
from quizapp.texts.clean import file_name, line
from quizapp.web.i18n import in_language, translated
from quizapp.web.pages import taken_away

room = Blueprint("people", __name__)
MOST_LISTED = 5
"""Sentences of one sort about a roster."""


@room.get("/<public_id>/people")
@needs("banks")
def people(public_id: str) -> str:
    return page(people_queries.quiz_for(public_id, me, "edit"))


def page(quiz: Quiz, reading: Roster | None = None, typed: str = "", problem: str = "") -> str:
    """The roster, and who the quiz is shared with. `reading`: what was sent last and isn't on the roster yet."""
    return render_template(
        "quizzes/people.html",
        quiz=quiz,
        roster=people_queries.roster(quiz.id),
        members=people_queries.members(quiz.id),
        verbs=VERBS,
        link=lambda sitter: link_of(quiz, sitter),
        reading=reading,
        typed=typed,
        problem=problem,
        places=people_queries.matched_entries(quiz.id, reading.entries) if reading else [],
    )


def link_of(quiz: Quiz, sitter: Sitter) -> str:
    return url_for("attempts.quiz", public_id=quiz.public_id, code=sitter.code, _external=True)


@room.post("/<public_id>/roster")
@needs("banks")
def roster(public_id: str) -> Any:
    """Look at a roster that was pasted or sent as a file, and put it in place."""
    quiz = people_queries.quiz_for(public_id, me, "edit")
    file, typed = request.files.get("file"), request.form.get("people", "")
    reading = roster_in_file(file.read()) if file and file.filename else roster_in_text(typed)
    if request.form.get("do") != "add" or not reading.entries:
        as_text = text_of([*reading.entries, *reading.refused], headings()) if reading.entries else typed
        return page(quiz, reading, as_text), 422 if reading.problems and not reading.entries else 200
    try:
        entered = people_actions.add_to_roster(quiz, reading.entries, me, now())
    except Conflict as error:
        return page(quiz, reading, typed, translated(error)), error.status
    tell(entered, reading.problems)
    if reading.refused:
        return page(quiz, typed=text_of(reading.refused, headings()))
    return redirect(url_for("quizzes.people.people", public_id=public_id), 303)


def tell(entered: RosterChange, problems: Sequence[Problem]) -> None:
    """Say what was done to a roster, and what was not, line by line."""
    added = ngettext(
        "%(num)s person was added to the roster.", "%(num)s people were added to the roster.", entered.added
    )
    flash(added if entered.added else _("Nobody new: they were on the roster already."), "success")
    left_out = [placed_problem(one) for one in problems]
    renamed = [
        _("%(number)s was “%(before)s” so far, and is “%(after)s” now.", number=number, before=before, after=after)
        for number, before, after in entered.renamed
    ]
    for sentences in (renamed, left_out):
        for one in sentences[:MOST_LISTED]:
            flash(one, "warning")
        if len(sentences) > MOST_LISTED:
            more = len(sentences) - MOST_LISTED
            flash(ngettext("And %(num)s more like that.", "And %(num)s more like that.", more), "warning")


def placed_problem(one: Problem) -> str:
    where = f"{_('Line %(n)s', n=one.line)}: " if one.line else ""
    return where + translated(one)


def headings() -> list[str]:
    """Of a roster's columns, in the reader's language; a roster is read by them too."""
    return [_("Name"), _("Student number"), _("Email")]


@room.post("/<public_id>/roster/<int:sitter_id>/removal")
@needs("banks")
def take_off(public_id: str, sitter_id: int) -> Any:
    quiz = people_queries.quiz_for(public_id, me, "edit")
    used = people_actions.take_off_roster(quiz, sitter_id, me, now())
    flash(_("The code no longer works. What was answered with it stays.") if used else _("Removed."), "success")
    return redirect(url_for("quizzes.people.people", public_id=public_id), 303)


@room.get("/<public_id>/roster.csv")
@needs("banks")
def codes(public_id: str) -> Any:
    """Everybody's code and link, to be sent or printed."""
    quiz = people_queries.quiz_for(public_id, me, "edit")
    text = io.StringIO()
    rows = [[*headings(), _("Code"), _("Link")]]
    rows += [[one.name, one.number, one.email or "", one.code, link_of(quiz, one)]
             for one in people_queries.roster(quiz.id)]  # fmt: skip
    csv.writer(text).writerows([guarded(cell) for cell in row] for row in rows)
    file = io.BytesIO(text.getvalue().encode("utf-8-sig"))
    return taken_away(file, "text/csv", file_name(f"{in_language(quiz.title)} {_('Roster')}", "csv"))


@room.get("/<public_id>/cards")
@needs("banks")
def cards(public_id: str) -> str:
    """A card for each person with the address and the code, to be printed and cut."""
    quiz = people_queries.quiz_for(public_id, me, "edit")
    address = url_for("attempts.quiz", public_id=quiz.public_id, _external=True)
    return render_template("quizzes/cards.html", quiz=quiz, roster=people_queries.roster(quiz.id), address=address)


@room.post("/<public_id>/members")
@needs("banks")
def share(public_id: str) -> Any:
    """Share the quiz with another instructor: to see, to grade, or to edit too."""
    quiz = people_queries.quiz_for(public_id, me, "edit")
    try:
        email = line(request.form.get("email"), 254).lower()
        other = people_actions.share_with(quiz, email, request.form.get("verb", ""), me, now())
    except Conflict as error:
        return page(quiz, problem=translated(error)), error.status
    flash(_("The quiz is shared with %(name)s.", name=other.name), "success")
    return redirect(url_for("quizzes.people.people", public_id=public_id), 303)


@room.post("/<public_id>/members/<member_id>/removal")
@needs("banks")
def unshare(public_id: str, member_id: str) -> Any:
    quiz = people_queries.quiz_for(public_id, me, "edit")
    people_actions.end_sharing(quiz, member_id, me, now())
    flash(_("The quiz isn't shared with them any more."), "success")
    return redirect(url_for("quizzes.people.people", public_id=public_id), 303)


@room.get("/accommodations")
@needs("banks")
def accommodations() -> str:
    """Who is given more time, tries or days: entered once, and true for every quiz of the instructor."""
    return accommodations_page(AccommodationForm())


def accommodations_page(form: AccommodationForm) -> str:
    entries = people_queries.accommodations(me.id)
    names = people_queries.names_of(me.id, {one.number for one, _user in entries if one.number})
    return render_template("quizzes/accommodations.html", form=form, entries=entries, names=names)


@room.post("/accommodations")
@needs("banks")
def accommodate() -> Any:
    form = AccommodationForm()
    if form.validate_on_submit():
        try:
            people_actions.accommodate(me, form.email.data or "", form.number.data or "", form.given(), now())
        except Conflict as error:
            form.email.errors = [translated(error)]
        else:
            flash(_("It applies to all your quizzes, including those in progress."), "success")
            number = form.number.data or ""
            if not form.email.data and number not in people_queries.names_of(me.id, {number}):
                flash(
                    _("“%(number)s” is on none of your rosters yet. Check that it is right.", number=number), "warning"
                )
            return redirect(url_for("quizzes.people.accommodations"), 303)
    return accommodations_page(form), 422


@room.post("/accommodations/<int:accommodation_id>/removal")
@needs("banks")
def end_accommodation(accommodation_id: int) -> Any:
    people_actions.end_accommodation(me, accommodation_id, now())
    flash(_("It is withdrawn, from quizzes in progress too."), "success")
    return redirect(url_for("quizzes.people.accommodations"), 303)
