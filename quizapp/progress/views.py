"""Pages that show how far a learner is: home, a course, a lesson; and the download of one's own data."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, current_app, redirect, render_template, request, url_for

from quizapp.accounts import queries as accounts
from quizapp.accounts.visitor import me
from quizapp.attempts import queries as attempts
from quizapp.attempts.presentation import in_words
from quizapp.attempts.showing import released
from quizapp.clock import now
from quizapp.courses import queries as courses
from quizapp.kinds.base import say
from quizapp.permissions import needs, public
from quizapp.progress import actions, queries
from quizapp.quizzes import queries as quizzes
from quizapp.texts.markup import lesson_page
from quizapp.web.i18n import language
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
    user_id = me.id
    found = courses.catalogue(user_id)
    enrolled = {course.id for course in found if course.enrolled}
    everything = queries.of_courses(found, user_id, now())
    return render_template(
        "progress/home.html",
        unfinished=attempts.all_unfinished(user_id, now()),
        mine=[one for one in everything if one.started or one.course.id in enrolled],
        others=[one for one in everything if not (one.started or one.course.id in enrolled)],
    )


@room.get("/courses")
@public
def catalogue() -> str:
    found = courses.catalogue(None)
    return render_template(
        "progress/catalogue.html",
        courses=queries.of_courses(found, None, now()),
        rounds=courses.rounds_of(found, None, now()),
    )


@room.get("/courses/<slug>")
@public
def course(slug: str) -> str:
    found = courses.course(slug)
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
    found = courses.course(slug)
    one = courses.lesson(found, lesson_slug)
    progress = queries.of_courses([found], here(), now())[0]
    lessons = progress.lessons
    place = [lesson.id for lesson in lessons].index(one.id)
    return render_template(
        "progress/lesson.html",
        course=found,
        lesson=one,
        page=lesson_page(say(one.body, language())),
        before=lessons[place - 1] if place else None,
        after=lessons[place + 1] if place + 1 < len(lessons) else None,
        progress=progress,
        read=lessons[place],
        back=back_to_question(),
    )


def back_to_question() -> str:
    """The question that led here, "" for none: an address of an attempt."""
    back = safe_next(request.args.get("back"), "")
    return back if back.startswith("/attempts/") else ""


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
        "attempts": [
            {
                "released": may,
                "quiz": one.quiz.title if one.quiz else {},
                "purpose": one.purpose,
                "started_at": one.started_at,
                "submitted_at": one.submitted_at,
                "mark": one.mark if may else None,
                "max_mark": one.max_mark,
                "questions": [
                    {
                        "question": slot.version.question.key,
                        "version": slot.version.number,
                        "flagged": slot.flagged,
                        "answers": [
                            {
                                "at": answer.at,
                                "source": answer.source,
                                "text": in_words(slot, answer.response),
                                # Ids can follow the key (a, b, c in the right order): none before that may be seen.
                                "response": answer.response if may else None,
                                "fraction": answer.fraction if may else None,
                                "comment": answer.comment if may else "",
                            }
                            for answer in slot.answers
                        ],
                    }
                    for slot in one.slots
                ],
            }
            for one in attempts.everything_of(user.id)
            for may in [released(one, at)]
        ],
        **queries.everything_of(user.id),
    }
    body = current_app.json.dumps(written, ensure_ascii=False, indent=2, sort_keys=False)
    return Response(
        body,
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="quizapp-data.json"'},
    )
