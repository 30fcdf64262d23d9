"""Pages that show how far a learner is: home, a course, a lesson; and the download of one's own data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, current_app, jsonify, redirect, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from quizapp.accounts import queries as accounts
from quizapp.accounts.visitor import learner_or_guest, me
from quizapp.attempts import check_actions, checks, tries
from quizapp.attempts import queries as attempts
from quizapp.attempts.checks import Check
from quizapp.attempts.disclosure import released
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.attempts.presentation import in_words
from quizapp.clock import now
from quizapp.courses import queries as courses
from quizapp.courses.checks import Name
from quizapp.courses.models import Course, Lesson
from quizapp.errors import Conflict, NotFound, ResponseError
from quizapp.kinds.base import say
from quizapp.notes import places
from quizapp.notes import queries as notes
from quizapp.notes.marks import Marks
from quizapp.permissions import needs, public, wants_json
from quizapp.progress import actions, queries
from quizapp.progress.newcomer import first_check
from quizapp.quizzes import queries as quizzes
from quizapp.review import actions as review_actions
from quizapp.review import queries as reviews
from quizapp.rules import scores
from quizapp.rules.modes import NOTHING, Reveal
from quizapp.texts.clean import whole
from quizapp.texts.directives import Directive
from quizapp.texts.lessons import lesson_page
from quizapp.web import panels
from quizapp.web.i18n import language, translated
from quizapp.web.pages import safe_next

room = Blueprint("progress", __name__)


def here() -> int | None:
    return me.id if me.is_authenticated else None


@room.get("/")
@public
def start() -> Any:
    """The first page: home for who has one, the catalogue for a newcomer."""
    return redirect(url_for("progress.home" if me.is_authenticated else "progress.catalogue"))


@room.get("/home")
@needs("learn")
def home() -> str:
    """What to go on with, and how far one is in each course."""
    user_id, at = me.id, now()
    today = review_actions.today(user_id, at)
    unfinished = tries.all_unfinished(user_id, at)
    found = queries.own_courses(user_id)
    everything = queries.of_courses(found, user_id, at, {one.id: dict(one.levels or ()) for one in found})
    begun = {one.id for one in found if one.enrolled} | {one.course_id for one in unfinished}
    begun |= {one.course.id for one in everything if one.started}
    return render_template(
        "progress/home.html",
        panels=panels.of("home"),
        today=today,
        unfinished=unfinished,
        mine=[one for one in everything if one.course.id in begun],
        others=[one for one in everything if one.course.id not in begun],
    )


@room.get("/courses")
@public
def catalogue() -> str:
    """The courses, and for a newcomer a question to answer at once: the first check of the first lesson."""
    found = courses.catalogue()
    seen = queries.of_courses(found, None, now())
    new = not me.is_authenticated or me.is_guest
    return render_template(
        "progress/catalogue.html",
        courses=seen,
        rounds=courses.rounds_of(found, None, now()),
        first=first_check(seen[0], here(), now()) if new and seen else None,
    )


@room.get("/courses/<slug>")
@public
def course(slug: str) -> str:
    found = courses.course(slug)
    if me.is_authenticated:
        review_actions.keep_up(me.id)
    progress = queries.of_courses([found], here(), now())[0]
    return render_template(
        "progress/course.html",
        course=found,
        content=found.content,
        round=courses.rounds_of([found], here(), now())[found.id],
        missing=courses.missing_for_a_place(me if me.is_authenticated else None),
        progress=progress,
        counts=quizzes.question_counts(progress.quizzes),
    )


@room.get("/courses/<slug>/lessons/<lesson_slug>")
@public
def lesson(slug: str, lesson_slug: str) -> str:
    """A lesson to read, with its checks to answer; `again` names the one that is to be answered once more."""
    found = courses.course(slug)
    one = courses.lesson(found, lesson_slug)
    page = lesson_page(say(one.body, language()))
    asked = checks.on_page(one.id, page.directives, here(), now())
    again = request.args.get("again", "")
    return reader(found, one, {name: replace(check, again=check.question.public_id == again)
                               for name, check in asked.items()})  # fmt: skip


def reader(found: Course, one: Lesson, asked: dict[Name, Check]) -> str:
    progress = queries.of_courses([found], here(), now())[0]
    lessons = progress.lessons
    place = [lesson.id for lesson in lessons].index(one.id)
    return render_template(
        "progress/lesson.html",
        course=found,
        lesson=one,
        page=lesson_page(say(one.body, language())),
        checks=asked,
        passages=checks.cited(found.id, asked.values()),
        beside={name: panels_of(check) for name, check in asked.items()},
        marks=Marks(found.slug, one.slug, notes.anchors(me.id, found.id, one.slug)) if me.is_authenticated else None,
        before=lessons[place - 1] if place else None,
        after=lessons[place + 1] if place + 1 < len(lessons) else None,
        progress=progress,
        read=lessons[place],
        back=back_to_question(),
    )


def panels_of(check: Check) -> Markup:
    """What other rooms show beside a check that is answered."""
    answered = bool(check.given) and not check.again
    return panels.of("check", attempt=check.given[-1].attempt, asked=check.asked) if answered else Markup()


def back_to_question() -> str:
    """The question that led here, "" for none: an address of an attempt."""
    back = safe_next(request.args.get("back"), "")
    return back if back.startswith("/attempts/") else ""


@room.post("/courses/<slug>/lessons/<lesson_slug>/checks/<question_id>")
@public
def answer_check(slug: str, lesson_slug: str, question_id: str) -> Any:
    """Take the answer to a check. Scripts get the check anew, as HTML; a form goes back to it in its lesson."""
    found = courses.course(slug)
    one = courses.lesson(found, lesson_slug)
    asked = checks.on_page(one.id, directives_of(one), here(), now())
    name = next((name for name, check in asked.items() if check.question.public_id == question_id), None)
    if name is None:
        raise NotFound
    check = asked[name]
    try:
        response = checks.response_in(check, request.form)
        user = learner_or_guest()
        check_actions.answer(user, one, check, response, whole(request.form.get("seen", "")), now())
    except (ResponseError, Conflict) as error:
        refused = checks.refused_check(check, request.form, translated(error))
        if wants_json():
            return jsonify(message=refused.problem), error.status
        return reader(found, one, {**asked, name: refused}), error.status
    back = url_for("progress.lesson", slug=slug, lesson_slug=lesson_slug, _anchor=f"said-{question_id}")
    if not wants_json():
        return redirect(back, 303)
    fresh = checks.on_page(one.id, [check.named], user.id, now())
    markup = render_template(
        "progress/check.html", course=found, lesson=one, check=fresh[name],
        passages=checks.cited(found.id, fresh.values()), beside={name: panels_of(fresh[name])},
    )  # fmt: skip
    return jsonify(html=markup, csrf=generate_csrf())


def directives_of(lesson: Lesson) -> list[Directive]:
    """The lesson's directives, in whatever language they stand."""
    return [one for body in lesson.body.values() for one in lesson_page(body).directives]


@room.post("/courses/<slug>/lessons/<lesson_slug>/progress")
@needs("learn")
def read(slug: str, lesson_slug: str) -> Any:
    """Remember how far the lesson was read: sent by the page while reading, or by its button at the end."""
    found = courses.course(slug)
    one = courses.lesson(found, lesson_slug)
    share = request.form.get("share", 0.0, type=float)
    done = "done" in request.form
    actions.read_lesson(me, one, share if share == share else 0.0, done, now())
    if not done:
        return "", 204
    place = [lesson.id for lesson in found.lessons].index(one.id)
    if place + 1 < len(found.lessons):
        return redirect(url_for("progress.lesson", slug=slug, lesson_slug=found.lessons[place + 1].slug), 303)
    return redirect(url_for("progress.course", slug=slug), 303)


@room.get("/settings/data")
@needs("account")
def data() -> Response:
    """All that is stored of the learner, as a JSON file."""
    user, at = me, now()
    everything = attempts.everything_of(user.id)
    reveals = attempts.reveals(everything, at)
    written = {
        "account": {
            "email": user.email,
            "name": user.name,
            "role": user.role,
            "locale": user.locale,
            "theme": user.theme,
            "created_at": user.created_at,
        },
        "sessions": [
            {"device": one.device, "created_at": one.created_at, "seen_at": one.seen_at}
            for one in accounts.sessions_of(user.id)
        ],
        "attempts": [data_of(one, reveals, at) for one in everything],
        **queries.everything_of(user.id),
        "review": reviews.everything_of(user.id),
        "notes": places.everything_of(user.id, at),
    }
    body = current_app.json.dumps(written, ensure_ascii=False, indent=2, sort_keys=False)
    return Response(
        body,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="quizapp-data.json"'},
    )


def data_of(one: Attempt, reveals: Mapping[int, Reveal], at: datetime) -> dict[str, Any]:
    """An attempt as its learner may have it now, with every answer that was given."""
    may = released(one, at)
    return {
        "released": may,
        "quiz": one.quiz.title if one.quiz else {},
        "purpose": one.purpose,
        "started_at": one.started_at,
        "submitted_at": one.submitted_at,
        "mark": one.mark if may else None,
        "max_mark": one.max_mark,
        "questions": [
            {
                "question": slot.version.question.key if reveals[slot.id].response else "",
                "version": slot.version.number,
                "flagged": slot.flagged,
                "answers": answers_data(slot, reveals[slot.id] if may else NOTHING),
            }
            for slot in one.slots
        ],
    }


OWN_ROWS = (scores.LEARNER, scores.CHECK, scores.HINT, scores.LATE)


def answers_data(slot: Slot, reveal: Reveal) -> list[dict[str, Any]]:
    """The rows of its record. That somebody else has scored it tells how it stands: such a row waits for that, unless
    it has words for the learner that show before."""
    return [
        answer_data(slot, one, reveal)
        for one in slot.answers
        if reveal.correctness or one.source in OWN_ROWS or (reveal.feedback and one.comment)
    ]


def answer_data(slot: Slot, answer: Answer, reveal: Reveal) -> dict[str, Any]:
    """Ids can follow the key (a, b, c in the right order): they wait for the moment of the right answer."""
    return {
        "at": answer.at,
        "source": answer.source,
        "text": in_words(slot, answer.response),
        "response": answer.response if reveal.solution else None,
        "fraction": answer.fraction if reveal.correctness else None,
        "comment": answer.comment if reveal.feedback else "",
    }
