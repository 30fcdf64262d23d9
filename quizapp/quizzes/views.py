"""Quizzes made in the browser: one's own list, the form, picking by hand, and the link to share."""

from __future__ import annotations

from typing import Any

import segno
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup
from pydantic import ValidationError

from quizapp.accounts.visitor import me
from quizapp.banks import queries as banks
from quizapp.banks.models import Bank
from quizapp.clock import now
from quizapp.errors import N_, Conflict, NotFound, Path
from quizapp.permissions import needs
from quizapp.quizzes import actions, conflicts, freezing, new_views, people_queries, people_views, queries
from quizapp.quizzes.conflicts import EditConflict, content, mark_of
from quizapp.quizzes.forms import QuizForm
from quizapp.quizzes.held import held_elsewhere, holds, open_elsewhere
from quizapp.quizzes.models import Quiz
from quizapp.quizzes.state import state_of
from quizapp.rules.settings import MOMENTS, PARTS, QuizSettings, Shows, setting_words
from quizapp.texts.clean import is_whole, line
from quizapp.web import panels
from quizapp.web.fields import ROW_ACTIONS, fields_at, form_value, name_of_field, prune
from quizapp.web.pages import page_number

room = Blueprint("quizzes", __name__, url_prefix="/quizzes")
for part in (new_views, people_views):
    room.register_blueprint(part.room)


def uses_of_bank(bank: Bank) -> Markup:
    """A panel of a bank's settings: which quizzes draw from it, whose they are, and which hold its questions."""
    uses = queries.drawing_from(bank)
    closed = {quiz.id for quiz in uses if quiz.reader_id is not None and queries.closed_banks(quiz)}
    holding = {quiz.id for quiz in uses if quiz.id not in closed and holds(quiz, now())}
    page = render_template("quizzes/_bank_panel.html", uses=uses, closed=closed, holding=holding)
    return Markup(page)  # noqa: S704 -- a template


@room.get("")
@needs("banks")
def index() -> str:
    """One's own quizzes, the newest first."""
    page = page_number()
    found, count = queries.own_quizzes(me.id, page, request.args.get("archived") == "1")
    at = now()
    return render_template(
        "quizzes/index.html",
        quizzes=found,
        counts=queries.question_counts(found),
        states={quiz.id: state_of(quiz, at) for quiz in found},
        beside=panels.beside("quizzes", found),
        banks=banks.own_and_shared_banks(me.id),
        archived=request.args.get("archived") == "1",
        page=page,
        pages=-(-count // queries.PAGE),
    )


def choosable(quiz: Quiz) -> list[Bank]:
    """The banks that a quiz may draw from: its owner's own, those shared with the owner, and public ones that it draws
    from. Somebody else who changes it may choose those that both may read, and keep what it draws from."""
    known = {bank.slug: bank for bank in banks.own_and_shared_banks(quiz.owner_id)}
    known |= {bank.slug: bank for bank in banks.public_of({"sources": quiz.sources}) if bank.slug not in known}
    if quiz.owner_id == me.id:
        return list(known.values())
    mine = {bank.slug for bank in banks.own_and_shared_banks(me.id)} | {source["bank"] for source in quiz.sources}
    return [bank for slug, bank in known.items() if slug in mine]


@room.get("/<public_id>/edit")
@needs("banks")
def edit(public_id: str) -> str:
    quiz = editable(public_id)
    return page(quiz, QuizForm(data=content(quiz)), mark_of(quiz))


@room.post("/<public_id>/edit")
@needs("banks")
def save(public_id: str) -> Any:
    quiz = editable(public_id)
    form, seen = QuizForm(request.form), request.form.get("seen", "")
    do, _colon, name = request.form.get("do", "").partition(":")
    if do in ROW_ACTIONS:
        data = form.data
        focus = ROW_ACTIONS[do](data, name)
        return page(quiz, QuizForm(data=data), seen, focus=focus)
    prune(form)
    form = QuizForm(data=form.data)
    sent = form_value(form)
    problems = problems_of(quiz, sent)
    if not problems and do != "pick":
        problems = too_many(quiz, sent)
    if problems:
        return page(quiz, form, seen, problems=problems), 422
    try:
        actions.write_quiz(quiz, sent, seen, mark_of, me, now())
    except Conflict:
        theirs, mine = content(quiz), actions.checked(sent, [source["bank"] for source in sent["sources"]])
        merged = conflicts.merged(seen, theirs, mine)
        told = conflicts.edit_conflict(quiz, seen, theirs, mine)
        return page(quiz, QuizForm(data=merged), mark_of(quiz), conflict=told), 409
    if do == "pick":
        place = name.rpartition("-")[2]
        return redirect(url_for("quizzes.pick", public_id=public_id, place=place), 303)
    flash(_("The quiz is saved."), "success")
    return redirect(url_for("quizzes.share", public_id=public_id), 303)


def editable(public_id: str) -> Quiz:
    """A quiz made in the browser that one may change: one's own, or one that is shared for that. Raises NotFound."""
    found = people_queries.quiz_for(public_id, me, "edit")
    if found.course_id is not None:
        raise NotFound
    return found


Problems = list[tuple[Path, str]]
"""What is wrong with a form: the path of the field, and a sentence for people."""


def problems_of(quiz: Quiz, sent: dict[str, Any]) -> Problems:
    """What keeps the quiz from being one."""
    found: Problems = []
    try:
        actions.checked(sent, {bank.slug for bank in choosable(quiz)} | {bank.slug for bank in banks.public_of(sent)})
    except ValidationError as error:
        for one in error.errors():
            path: Path = tuple("sources" if step == "from" else step for step in one["loc"])
            named = next((step for step in reversed(path) if step in WORDS), "")
            found.append((path, _(WORDS.get(str(named), N_("This can't be used. Check it.")))))
    return found


def too_many(quiz: Quiz, sent: dict[str, Any]) -> Problems:
    """The sets that are to draw more questions than suit them."""
    rows = sent["sources"]
    sizes = queries.sizes_of([(row, quiz.owner_id) for row in rows])
    return [
        (
            ("sources", place, "count"),
            ngettext(
                "Only %(num)s question matches. Draw fewer, or allow more questions below.",
                "Only %(num)s questions match. Draw fewer, or allow more questions below.",
                size,
            )
            if size
            else _("No question matches. Choose another bank, or allow more questions below."),
        )
        for place, (row, size) in enumerate(zip(rows, sizes, strict=True))
        if row.get("count", 0) > size
    ]


WORDS = {
    "title": N_("Give the quiz a title, in at least one language."),
    "bank": N_("Choose a bank that you can read."),
    "count": N_("Enter a whole number from 1 to 10000, or leave it empty for all."),
    "sources": N_("Say where the questions come from."),
    "access_code": N_("Enter a code of at most 40 characters."),
    **{name: setting_words(name).mend for name in QuizSettings.model_fields if setting_words(name).mend},
}
"""What to give instead of a value that is refused, by the field's name."""


def page(
    quiz: Quiz,
    form: QuizForm,
    seen: str,
    *,
    problems: Problems | None = None,
    conflict: EditConflict | None = None,
    focus: str = "",
) -> str:
    said: dict[str, list[str]] = {}
    named: dict[str, str] = {}
    for path, words in problems or ():
        fields = list(fields_at(form, path))
        id = fields[-1].id if fields else ""
        said.setdefault(id, []).append(words)
        named[id] = name_of_field(fields)
    form.offer(choosable(quiz), banks.facets)
    rows = [form_value(row) for row in form["sources"].entries]  # type: ignore[attr-defined]
    sizes = queries.sizes_of([({"bank": "", **row}, quiz.owner_id) for row in rows])
    return render_template(
        "quizzes/edit.html",
        quiz=quiz,
        form=form,
        seen=seen,
        said=said,
        named=named,
        conflict=conflict,
        focus=focus,
        sizes=sizes,
        panels=panels.of("quiz settings", quiz=quiz),
    )


@room.get("/<public_id>/sources/<int:place>/questions")
@needs("banks")
def pick(public_id: str, place: int) -> str:
    """The questions of a source's bank, to be ticked; a page at a time."""
    quiz = editable(public_id)
    bank, picked = source_at(quiz, place)
    words, number = line(request.args.get("q"), banks.MAX_WORDS), page_number()
    found, count = banks.page(bank.id, banks.Filters(words=words), number)
    return render_template(
        "quizzes/pick.html",
        quiz=quiz,
        place=place,
        bank=bank,
        words=words,
        questions=found,
        picked=picked,
        count=count,
        page=number,
        pages=-(-count // banks.PAGE),
    )


@room.post("/<public_id>/sources/<int:place>/questions")
@needs("banks")
def picked(public_id: str, place: int) -> Any:
    """Take over the ticks of the page, and go on to another one or back to the quiz."""
    quiz = editable(public_id)
    bank, _ids = source_at(quiz, place)
    ticked, listed = request.form.getlist("question"), request.form.getlist("listed")
    actions.pick_questions(quiz, place, bank, listed, ticked, me, now())
    do = request.form.get("do", "")
    number = do.removeprefix("go-")
    if is_whole(number):
        words = line(request.form.get("q"), banks.MAX_WORDS)
        return redirect(url_for("quizzes.pick", public_id=public_id, place=place, page=number, q=words or None), 303)
    return redirect(url_for("quizzes.edit", public_id=public_id), 303)


def source_at(quiz: Quiz, place: int) -> tuple[Bank, list[str]]:
    """The bank of one of the quiz's sources, and what is picked of it. Raises NotFound."""
    if place >= len(quiz.sources):
        raise NotFound
    source = quiz.sources[place]
    return banks.visible_bank(source["bank"], me.id), source.get("questions", [])


@room.get("/<public_id>/share")
@needs("banks")
def share(public_id: str) -> str:
    """The link and its QR code, for a message, a projector or paper."""
    quiz = editable(public_id)
    address = url_for("attempts.quiz", public_id=quiz.public_id, _external=True)
    carried = {"access": quiz.access_code} if quiz.access_code else {}
    scanned = url_for("attempts.quiz", public_id=quiz.public_id, _external=True, **carried)
    return render_template(
        "quizzes/share.html",
        quiz=quiz,
        rules=quiz.rules,
        address=address,
        code=segno.make(scanned, micro=False).svg_inline(scale=8, border=2, omitsize=True),
        size=queries.size_of(quiz),
        on_roster=people_queries.roster_size(quiz.id),
        shown=shown_by_moment(quiz.rules),
        who=_(setting_words("who").values[quiz.rules.who]),
        counts=_(setting_words("grade_by").values[quiz.rules.grade_by]),
        open_elsewhere=open_elsewhere(quiz, now()),
        held_elsewhere=held_elsewhere(quiz, now()),
        changed=freezing.changed_since(quiz) if quiz.frozen_at else 0,
    )


@room.post("/<public_id>/versions")
@needs("banks")
def take_versions(public_id: str) -> Any:
    """Of a quiz that is frozen: ask from now on what its banks have now."""
    quiz = editable(public_id)
    if quiz.frozen_at is None:
        raise Conflict(N_("This quiz isn't frozen: it asks what its banks have anyway."))
    freezing.freeze_again(quiz, me, now())
    flash(_("Whoever begins from now on gets the new versions. What has begun goes on as it was."), "success")
    return redirect(url_for("quizzes.share", public_id=public_id), 303)


def shown_by_moment(rules: QuizSettings) -> list[tuple[str, list[str]]]:
    """What learners will see when: each moment with the parts of a question that show from then on."""
    return [
        (_(called), parts)
        for when, called in MOMENTS.items()
        if (parts := [within(_(setting_words(part, Shows).label)) for part in PARTS if rules.when(part) == when])
    ]


def within(label: str) -> str:
    """A label as it stands within a sentence."""
    return label[:1].lower() + label[1:]


@room.post("/<public_id>/archive")
@needs("banks")
def archive(public_id: str) -> Any:
    """Take a quiz out of use, or bring it back. What was answered of it stays."""
    quiz = editable(public_id)
    archived = request.form.get("archived") != "0"
    actions.archive_quiz(quiz, archived, me, now())
    flash(
        _("The quiz is archived: its link no longer works, its results stay.")
        if archived
        else _("The quiz is in use again."),
        "success",
    )
    return redirect(url_for("quizzes.index"), 303)


@room.post("/<public_id>/copy")
@needs("banks")
def copy(public_id: str) -> Any:
    made = actions.copy_quiz(editable(public_id), me, now())
    flash(_("This is the copy. It has a link of its own."), "success")
    return redirect(url_for("quizzes.edit", public_id=made.public_id), 303)
