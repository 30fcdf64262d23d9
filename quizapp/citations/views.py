"""Citations: the passage picker, how they stand after a lesson has changed, and which passages no question cites."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.banks import queries as banks
from quizapp.banks.models import PUBLIC, Bank, Question
from quizapp.citations import actions
from quizapp.citations import queries as passages
from quizapp.citations.coverage import LessonCoverage, coverage_of
from quizapp.citations.queries import CitingQuestion, TracedCitation
from quizapp.citations.remark_views import room as remarks
from quizapp.clock import now
from quizapp.courses import checks, queries, shelf
from quizapp.courses.shelf import FoundPassage
from quizapp.errors import NotFound
from quizapp.permissions import needs
from quizapp.rules.anchors import STATES
from quizapp.texts.clean import line, whole
from quizapp.web.i18n import in_language
from quizapp.web.pages import page_number, safe_next

room = Blueprint("citations", __name__)
room.register_blueprint(remarks)

PAGE = 25

# --- the picker ---


def citations_of_question(bank: Bank, question: Question, can_edit: bool) -> Markup:
    """A question's panel: what it cites, and how that stands."""
    citations = passages.of_question(bank, question)
    if not citations:
        return Markup()
    back = url_for("banks.question", slug=bank.slug, public_id=question.public_id)
    page = render_template("citations/_question_panel.html", citations=citations, can_edit=can_edit, back=back)
    return Markup(page)  # noqa: S704 -- a template


@room.get("/passages")
@needs("banks")
def search() -> Any:
    """Passages for the picker, twenty at a time, as JSON.

    `q` words, `course`, `lesson` and `anchor` slugs, `page`; all may be absent.
    """
    sent = {name: line(request.args.get(name), banks.MAX_WORDS) for name in ("q", "course", "lesson", "anchor")}
    found, more = shelf.search(sent["q"], sent["course"], sent["lesson"], sent["anchor"], page_number())
    return jsonify(passages=[as_json(one) for one in found], more=more)


def as_json(found: FoundPassage) -> dict[str, str]:
    return {
        "course": found.lesson.course.slug,
        "course_title": in_language(found.lesson.course.title),
        "lesson": found.place.lesson,
        "lesson_title": in_language(found.lesson.title),
        "section": in_language(found.section),
        "anchor": found.place.anchor,
        "text": in_language(dict(found.wording)),
        "quote": found.quote,
    }


@room.get("/passages/picker")
@needs("banks")
def picker() -> str:
    """The dialog in which a passage is chosen, for the script that opens it."""
    return render_template("citations/picker.html", lessons=shelf.lesson_list())


# --- how citations stand ---


@room.get("/courses/<slug>/citations")
@needs("banks")
def index(slug: str) -> str:
    """The citations of a course that no longer hold, in the banks that the user may read, a page at a time."""
    course = queries.course(slug)
    found = [one for one in visible_citations(passages.of_course(course, me.id)) if not one.standing.holds]
    counts = {state: sum(1 for one in found if one.standing.state == state) for state in STATES if state != "intact"}
    state = request.args.get("state", "")
    listed = [one for one in found if state not in counts or one.standing.state == state]
    listed.sort(key=lambda one: STATES.index(one.standing.state))
    page, editable = page_number(), {bank.id for bank in banks.editable_banks(me.id)}
    shown = listed[(page - 1) * PAGE : page * PAGE]
    return render_template(
        "citations/passages.html",
        course=course,
        citations=shown,
        questions=passages.questions(one.question.id for one in shown),
        editable=editable,
        movable=sum(1 for one in found if one.standing.state == "moved" and one.question.bank_id in editable),
        counts=counts,
        state=state if state in counts else "",
        page=page,
        pages=-(-len(listed) // PAGE),
    )


def visible_citations(citations: Sequence[TracedCitation]) -> list[TracedCitation]:
    """Those of questions that the user may read."""
    mine = {bank.id for bank in banks.own_and_shared_banks(me.id)}
    return [one for one in citations if is_visible(one.question, mine)]


def is_visible(question: CitingQuestion, mine: set[int]) -> bool:
    return question.bank_id in mine or question.visibility == PUBLIC


@room.post("/banks/<slug>/questions/<public_id>/citations")
@needs("banks")
def recite(slug: str, public_id: str) -> Any:
    """Cite a passage again, where it is and as it reads now: a new version of the question."""
    bank = banks.editable_bank(slug, me.id)
    question = banks.question(bank.id, public_id)
    index, seen = request.form.get("index", ""), whole(request.form.get("version", ""))
    found = next((one for one in passages.of_question(bank, question) if str(one.index) == index), None)
    if found is None or found.standing.place is None:
        raise NotFound
    actions.recite(question, {found.index: found.renewed}, seen, me, now())
    flash(_("The question cites the passage as it is now."), "success")
    back = url_for("banks.question", slug=slug, public_id=public_id)
    return redirect(safe_next(request.form.get("next"), back), 303)


@room.post("/courses/<slug>/citations/moved")
@needs("banks")
def recite_moved(slug: str) -> Any:
    """Cite all moved passages of a course where they are now, in the banks that the user may change; all or none."""
    course = queries.course(slug)
    editable = {bank.id for bank in banks.editable_banks(me.id)}
    moved = [one for one in passages.of_course(course, me.id)
             if one.standing.state == "moved" and one.question.bank_id in editable]  # fmt: skip
    renewed: dict[int, dict[int, dict[str, str]]] = {}
    for one in moved:
        renewed.setdefault(one.question.id, {})[one.index] = one.renewed
    numbers = {one.question.id: one.question.number for one in moved}
    questions = passages.questions(renewed)
    actions.recite_all([(questions[name], places, numbers[name]) for name, places in renewed.items()], me, now())
    flash(
        ngettext("%(num)s question follows its passage.", "%(num)s questions follow their passages.", len(renewed)),
        "success",
    )
    return redirect(url_for("citations.index", slug=slug), 303)


# --- coverage ---


@room.get("/courses/<slug>/coverage")
@needs("banks")
def coverage(slug: str) -> str:
    """Every passage of the course, painted by how many questions cite it."""
    course = queries.course(slug)
    lessons = shelf.Shelf(course.id).lessons
    citations = passages.of_course(course, me.id)
    return render_template(
        "citations/coverage.html",
        course=course,
        flaws=checks.flaws_of(course),
        coverage=coverage_of(lessons, citations),
        astray=sum(1 for one in visible_citations(citations) if not one.standing.holds),
    )


@room.get("/courses/<slug>/coverage/<lesson_slug>")
@needs("banks")
def lesson(slug: str, lesson_slug: str) -> str:
    """One lesson's passages in reading order, each with the questions that cite it."""
    course = queries.course(slug)
    one = queries.lesson(course, lesson_slug)
    (found,) = coverage_of([one], passages.of_course(course, me.id))
    mine, editable = {bank.id for bank in banks.own_and_shared_banks(me.id)}, banks.editable_banks(me.id)
    shown = {q.id for part in found.passages for q in part.questions if is_visible(q, mine)}
    return render_template(
        "citations/lesson.html",
        course=course,
        flaws=checks.flaws_of(course).get(lesson_slug, []),
        coverage=found,
        questions=passages.questions(shown),
        banks=editable,
        into=bank_to_write_into(found, editable),
    )


def bank_to_write_into(coverage: LessonCoverage, editable: Sequence[Bank]) -> Bank | None:
    """The bank for a new question: the one asked for, else the one whose questions cite the lesson most."""
    wanted = request.args.get("bank", "")
    cited = Counter(question.bank for part in coverage.passages for question in part.questions)
    by_use = sorted(editable, key=lambda bank: -cited[bank.slug])
    return next((bank for bank in by_use if bank.slug == wanted), by_use[0] if by_use else None)
