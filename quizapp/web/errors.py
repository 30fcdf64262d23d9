"""What goes wrong in a request, as a page for people or JSON for our scripts: what it is, and how to mend it.

No page of these is a dead end for what somebody typed: a form that came too late is held, to be sent again.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, g, jsonify, render_template, request
from flask.globals import request_ctx
from flask_babel import gettext
from flask_login import AnonymousUserMixin
from flask_wtf.csrf import CSRFError, generate_csrf
from markupsafe import escape
from sqlalchemy.exc import IntegrityError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from quizapp.db import AWAY, db
from quizapp.errors import N_, Conflict, QuizError
from quizapp.kinds.base import MAX_RESPONSE_CHARACTERS
from quizapp.permissions import LoginNeeded, wants_json
from quizapp.web import i18n

RETRY_AFTER = 5
MAX_HELD = 1024 * 1024
"""Bytes of a form, as HTML writes them, that a page holds to be sent again. An essay in Korean may have 150 kB."""
MAX_SHOWN = 2 * MAX_RESPONSE_CHARACTERS

# What Werkzeug says in English, said for people.
STATUS = {
    400: N_("The request can't be read. Go back, reload the page and try again."),
    403: N_("This is not allowed."),
    404: N_("There is nothing at this address. Check it, or go back to the start page."),
    405: N_("This address doesn't accept that kind of request. Go back and use the page's own buttons."),
    413: N_("That is larger than this page accepts. Send less at once."),
    415: N_("That type of content isn't accepted here."),
    429: N_("Too many tries. Wait a little and try again."),
    500: N_("Something failed on our side. What was saved before is safe; reload the page and try again."),
    503: N_("The database doesn't answer. What was saved before is safe; try again in a moment."),
}
LOG_IN_FIRST = N_("You are logged out. Log in in another tab, then send this again: nothing of it is lost.")
CSRF_EXPIRED = N_(
    "This form was open for too long, so it wasn't sent. What you entered is below: check it and send it again."
)
TOO_LATE_AND_LARGE = N_(
    "This form was open for too long, so it wasn't sent, and it is too large to be held here. Go back, copy what you "
    "entered, and reload that page."
)


def init(app: Flask) -> None:
    app.register_error_handler(QuizError, quiz_error)
    app.register_error_handler(LoginNeeded, login_needed)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(IntegrityError, collision)
    for error in AWAY:
        app.register_error_handler(error, database_away)
    app.register_error_handler(500, server_error)


def quiz_error(error: QuizError) -> tuple[Any, int]:
    return problem_page(error.status, i18n.translated(error), field=getattr(error, "field", None))


def http_error(error: HTTPException) -> Any:
    status = error.code or 500
    if status < 400 or request_ctx.url_adapter is None:
        return error  # a redirect, or a host that can't be one: no page can say its own address then
    answer = problem_page(status, gettext(STATUS[status]) if status in STATUS else error.description or error.name)
    response = current_app.make_response(answer)
    response.headers.extend((k, v) for k, v in error.get_headers() if k in ("Allow", "Retry-After"))
    return response


def server_error(error: Exception) -> Any:
    cause = getattr(error, "original_exception", error)
    if isinstance(cause, AWAY):
        return database_away(cause)
    db.session.rollback()
    return problem_page(500, gettext(STATUS[500]))


def collision(error: IntegrityError) -> tuple[Any, int]:
    """Two requests wrote the same at once and the other one was first; nothing of this one is stored."""
    current_app.logger.warning("%s %s: %s", request.method, request.path, error.orig)
    db.session.rollback()
    return quiz_error(Conflict())


def database_away(error: Exception) -> Any:
    """The page is made without the user, whom only the database knows."""
    current_app.logger.error("%s %s: %s", request.method, request.path, getattr(error, "orig", error))
    db.session.rollback()
    g._login_user = AnonymousUserMixin()
    response = current_app.make_response(problem_page(503, gettext(STATUS[503])))
    response.headers["Retry-After"] = str(RETRY_AFTER)
    return response


def csrf_error(_error: CSRFError) -> Any:
    """A stale form from our own page can be sent again as it was; one from elsewhere is only refused."""
    if wants_json():
        answer = jsonify(error="csrf", message=gettext(CSRF_EXPIRED), csrf_token=generate_csrf())
        return answer, 400
    ours = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin" and same_origin()
    if not ours or files_sent():
        return problem_page(400, gettext(STATUS[400]))
    return resend(400, gettext(CSRF_EXPIRED)) or problem_page(400, gettext(TOO_LATE_AND_LARGE))


def login_needed(error: LoginNeeded) -> tuple[Any, int]:
    """A form of somebody whose log-in has ended: it is held here until there is a new one."""
    try:
        page = None if wants_json() or files_sent() else resend(error.status, gettext(LOG_IN_FIRST))
    except RequestEntityTooLarge:
        page = None  # more than anybody may send who isn't known
    return page or quiz_error(error)


def files_sent() -> bool:
    """Whether the form holds files, which can't be held for another try. A field left empty sends a nameless one."""
    return any(file.filename for file in request.files.values())


def resend(status: int, message: str) -> tuple[str, int] | None:
    """A page that holds what was sent, to send it again; None for more than a page should hold."""
    typed = [(name, value) for name, values in request.form.lists() for value in values if name != "csrf_token"]
    if sum(len(escape(part).encode()) for pair in typed for part in pair) > MAX_HELD:
        return None
    page = render_template(
        "pages/_resend.html", status=status, message=message, typed=typed, shown=places_repeated(typed)
    )
    return page, status


def places_repeated(typed: Sequence[tuple[str, str]]) -> set[int]:
    """The places of those fields that the page repeats for people to read, in all no more than a long essay.

    Codes, numbers and addresses tell nobody anything; what somebody wrote does.
    """
    found, left = set(), MAX_SHOWN
    for place, (name, value) in enumerate(typed):
        if name != "next" and (" " in value or len(value) > 20) and len(value) <= left:
            left -= len(value)
            found.add(place)
    return found


def same_origin() -> bool:
    origin = request.headers.get("Origin")
    try:
        return origin is None or urlsplit(origin).netloc == request.host
    except ValueError:  # it is no address
        return False


def problem_page(status: int, message: str, field: str | None = None) -> tuple[Any, int]:
    """The one shape of an error: a page for people, JSON for our scripts."""
    if wants_json():
        return jsonify({"error": status, "message": message} | ({"field": field} if field else {})), status
    reference = g.get("request_id", "") if status >= 500 else ""
    page = render_template("pages/_error.html", status=status, message=message, field=field, reference=reference)
    return page, status
