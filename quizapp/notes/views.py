"""Pages of bookmarks and notes: all of one's own, and the note on a passage or a question."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, get_template_attribute, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.attempts import queries as attempts
from quizapp.attempts.models import PREVIEW, Attempt
from quizapp.attempts.presentation import PresentedQuestion
from quizapp.clock import now
from quizapp.courses import queries as courses
from quizapp.courses.shelf import wording_of
from quizapp.errors import N_, Conflict, NotFound
from quizapp.notes import actions, places, queries
from quizapp.notes.forms import NoteForm
from quizapp.notes.marks import Marks
from quizapp.notes.models import Bookmark
from quizapp.permissions import needs, wants_json
from quizapp.texts.clean import line
from quizapp.web import panels
from quizapp.web.i18n import translated
from quizapp.web.pages import page_number

room = Blueprint("notes", __name__)

MAX_WORDS = 200
MAX_ANCHOR = 80


@room.get("/notes")
@needs("learn")
def index() -> str:
    """One's bookmarks and notes, the newest first; those with certain words."""
    words, page = line(request.args.get("q"), MAX_WORDS), page_number()
    count = queries.count_bookmarks_with(me.id, words)
    found = queries.bookmarks_with(me.id, words, (page - 1) * queries.PAGE, queries.PAGE)
    return render_template(
        "notes/index.html",
        notes=places.of(found, now()),
        words=words,
        count=count,
        page=page,
        pages=-(-count // queries.PAGE),
    )


@room.route("/notes/lessons/<slug>/<lesson_slug>", methods=["GET", "POST"])
@needs("learn")
def passage(slug: str, lesson_slug: str) -> Any:
    """The note on a passage of a lesson; `anchor` names it. Scripts get and send the form within the lesson."""
    course = courses.course(slug)
    lesson = courses.lesson(course, lesson_slug)
    anchor = line(request.args.get("anchor"), MAX_ANCHOR)
    wording = wording_of(lesson.body, anchor)
    if wording is None:
        raise NotFound
    found = queries.of_place(me.id, course.id, lesson.slug, anchor)
    fresh = Bookmark(course_id=course.id, lesson=lesson.slug, anchor=anchor)
    back = url_for("progress.lesson", slug=slug, lesson_slug=lesson_slug, _anchor=anchor or None)
    return edited(
        found,
        lambda note: actions.keep_passage(me, lesson, anchor, note, now()),
        lambda: places.ShownBookmark(found or fresh, places.INTACT, lesson.title, wording),
        back,
        Marks(slug, lesson_slug, ()),
    )


@room.route("/attempts/<attempt_id>/questions/<int:position>/note", methods=["GET", "POST"])
@needs("learn")
def question(attempt_id: str, position: int) -> Any:
    """The note on a question that one has met in an attempt."""
    slot = attempts.slot(attempt_id, position, me.id)
    if slot.attempt.purpose == PREVIEW:
        raise NotFound
    found = queries.of_question(me.id, slot.question_id)
    one = Bookmark(question_id=slot.question_id, version_id=slot.version_id, user_id=me.id, id=0)
    noted = places.of([found or one], now())[0]
    return edited(
        found,
        lambda note: actions.keep_question(me, slot, note, now()),
        lambda: noted,
        places.back_to(slot),
    )


@room.route("/notes/<note_id>", methods=["GET", "POST"])
@needs("learn")
def note(note_id: str) -> Any:
    """A note that there is, whatever has become of its place."""
    found = queries.own(me.id, note_id)
    return edited(
        found,
        lambda note: actions.rewrite(me, note_id, note),
        lambda: places.of([found], now())[0],
        url_for("notes.index"),
    )


def edited(
    found: Bookmark | None,
    keep: Callable[[str], object],
    looked_up: Callable[[], places.ShownBookmark],
    back: str,
    marks: Marks | None = None,
) -> Any:
    """The form of a note, or what was sent by it done."""
    form = NoteForm(obj=found)
    problem, status = "", 200
    if request.method == "POST" and request.form.get("do") == "remove":
        if found is not None:
            actions.remove(me, found.public_id)
        return done(_("The bookmark is removed."), back, marks, kept=False)
    if form.validate_on_submit():
        try:
            keep(form.note.data or "")
            return done(_("Saved under “My notes”."), back, marks, kept=True)
        except Conflict as error:
            problem, status = translated(error), error.status
    status = 422 if form.errors else status
    address = request.full_path.rstrip("?")
    if wants_json() and marks is not None:
        draw = get_template_attribute("notes/_form.html", "note_form")
        return jsonify(html=draw(form, address, found is not None, back, problem)), status
    page = render_template(
        "notes/edit.html", form=form, noted=looked_up(), address=address, kept=found is not None, back=back,
        problem=problem,
    )  # fmt: skip
    return page, status


def done(message: str, back: str, marks: Marks | None, *, kept: bool) -> Any:
    """On to where the bookmark is; a script gets the link of the passage anew."""
    if wants_json() and marks is not None:
        anchor = line(request.args.get("anchor"), MAX_ANCHOR)
        fresh = Marks(marks.course, marks.lesson, {anchor} if kept else ())
        return jsonify(mark=fresh.link(anchor), message=message, csrf=generate_csrf())
    flash(message, "success")
    return redirect(back, 303)


def way_to_note(attempt: Attempt, asked: PresentedQuestion, **_more: Any) -> Markup:
    """Beside a question that is answered for good: the way to mark it, and to write a note on it."""
    if attempt.purpose == PREVIEW or (attempt.submitted_at is None and asked.slot.checked_at is None):
        return Markup()
    where = {"attempt_id": attempt.public_id, "position": asked.slot.position}
    return panels.way(N_("Bookmark or note"), "notes.question", **where)
