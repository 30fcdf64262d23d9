"""What every page shares: error pages, security headers, filters, static files, and the way back to a page."""

from __future__ import annotations

import hashlib
import html
import re
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, current_app, g, jsonify, render_template, request, url_for
from flask.globals import request_ctx
from flask_babel import gettext
from flask_login import AnonymousUserMixin, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from markupsafe import Markup
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

from quizapp import backups, i18n
from quizapp.clock import now
from quizapp.db import db
from quizapp.errors import N_, Conflict, NotFound, QuizError
from quizapp.kinds.cloze import MARKER
from quizapp.markup import render, render_text, words
from quizapp.maths import FormulaError, mathml
from quizapp.permissions import LoginNeeded, public, wants_json

csrf = CSRFProtect()
site = Blueprint("site", __name__)

AWAY = (OperationalError, InterfaceError, PoolTimeout)
"""How a database says that it can't at present: locked, full, stopped, or out of connections."""
RETRY_AFTER = 5
A_YEAR = 31_536_000
LARGEST_INTEGER = 2**31 - 1
GAP = re.compile(MARKER.pattern + "(?![^<>]*>)")
"""A marker in the words of HTML that nh3 wrote, not in an attribute."""
TEX_ERROR = 'class="tex-error"'
BROKEN_FORMULA = re.compile(rf'<code {TEX_ERROR} title="[^"]*">([^<]*)</code>')


class Word(UnicodeConverter):
    """A word in an address, without control characters: no database has such a name, and PostgreSQL refuses NUL."""

    def to_python(self, value: str) -> str:
        if not value.isprintable():
            raise ValidationError
        return value


class Number(IntegerConverter):
    """A number in an address, not larger than a database's integer."""

    def __init__(self, map: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(map, *args, **{"max": LARGEST_INTEGER, **kwargs})


HEADERS = {
    "Content-Security-Policy": "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}

# What Werkzeug says in English, said for people.
STATUS = {
    400: N_("The request can't be read. Go back, reload the page and try again."),
    403: N_("This is not allowed."),
    404: N_("There is nothing at this address. Check it, or go back to the start page."),
    405: N_("This address doesn't take that kind of request. Go back and use the page's own buttons."),
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


def init(app: Flask) -> None:
    csrf.init_app(app)
    app.register_blueprint(site)
    app.jinja_env.globals["url_for"] = address
    app.after_request(add_headers)
    app.teardown_request(end_reading)
    app.url_defaults(add_version)
    app.context_processor(page_context)
    app.add_template_global(asset)
    app.add_template_global(form_token, "csrf_token")  # for imported macros, which see no context
    app.add_template_filter(md)
    app.add_template_filter(md_inline)
    app.add_template_filter(md_words)
    app.add_template_filter(explained)
    app.add_template_filter(formulas)
    app.add_template_filter(gap_parts)
    app.url_map.converters |= {"default": Word, "string": Word, "int": Number}
    app.register_error_handler(QuizError, quiz_error)
    app.register_error_handler(LoginNeeded, login_needed)
    app.register_error_handler(CSRFError, csrf_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(IntegrityError, collision)
    for error in AWAY:
        app.register_error_handler(error, database_away)
    app.register_error_handler(500, server_error)


@site.get("/healthz")
@public
def healthz() -> Any:
    """200 when the database answers with its revision, 503 when not; JSON in both cases."""
    database = db.engine.dialect.name
    backup = backup_state()
    try:
        db.session.execute(text("SELECT version_num FROM alembic_version"))
    except SQLAlchemyError as error:
        current_app.logger.error("health: %s", getattr(error, "orig", error))
        return jsonify(status="unavailable", database=database, **backup), 503
    return jsonify(status="ok", database=database, **backup)


def backup_state() -> dict[str, Any]:
    """How the scheduled backups stand; nothing where none are."""
    folder = current_app.config["SETTINGS"].backups
    if folder is None:
        return {}
    age = backups.age(folder)
    overdue = age is None or age > 2 * backups.EVERY
    return {"backup": {"age_hours": None if age is None else round(age.total_seconds() / 3600, 1), "overdue": overdue}}


@site.get("/about/<page>")
@public
def static_page(page: str) -> str:
    """A page without data: one file in `templates/pages/`."""
    name = f"pages/{page}.html"
    if name not in current_app.jinja_env.list_templates():
        raise NotFound
    return render_template(name)


def add_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", f"max-age={A_YEAR}; includeSubDomains")
    if request.endpoint not in ("static", "bootstrap.static"):
        response.headers.setdefault("Cache-Control", "private, no-cache")
        response.vary.update(("Cookie", "Accept-Language"))
    return response


def end_reading(_error: BaseException | None) -> None:
    """End the request's session here: a connection that broke meanwhile would else undo a finished reply."""
    try:
        db.session.remove()
    except AWAY as error:
        current_app.logger.error("the connection broke: %s", getattr(error, "orig", error))
        db.session.registry.clear()


def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Name a static file's content in its address, so that browsers may keep it for ever."""
    if endpoint == "static" and "v" not in values:
        values["v"] = static_version(values["filename"])


@lru_cache
def static_version(name: str) -> str:
    file = current_app.config["PACKAGE"] / "static" / name
    return hashlib.sha256(file.read_bytes()).hexdigest()[:10]


def asset(name: str) -> str:
    """The address of a static file."""
    return fixed(request.script_root, "static", name)


def address(endpoint: str, **values: Any) -> str:
    """`url_for` for templates."""
    return url_for(endpoint, **values) if values else fixed(request.script_root, endpoint)


@lru_cache(maxsize=512)
def fixed(_root: str, endpoint: str, file: str = "") -> str:
    """An address that is the same on every page. A page names two dozen of them, so each is made once."""
    return url_for(endpoint, filename=file) if file else url_for(endpoint)


def form_token() -> str:
    """The token of this page's forms, made once for all of them."""
    return g.get("csrf_token") or generate_csrf()


def page_context() -> dict[str, Any]:
    return {
        "csrf_token": form_token,
        "locale": i18n.language(),
        "theme": i18n.choose_theme(),
        "now": now(),
        "nav_has": lambda endpoint: endpoint in current_app.view_functions,
    }


def md(value: Any, media: Any = None) -> Markup:
    """A text as safe HTML blocks in the page's language."""
    return explained(render_text(value, i18n.language(), media=media))


def md_inline(value: Any, media: Any = None) -> Markup:
    """A text as safe HTML without paragraphs."""
    return explained(render_text(value, i18n.language(), inline=True, media=media))


def md_words(value: Any) -> str:
    """A text as letters only, for the options of a list; a formula is its LaTeX."""
    return Markup(words(render_text(value, i18n.language(), inline=True))).striptags()  # noqa: S704 -- nh3 cleaned it


def formulas(words: str) -> Markup:
    """Words as they stand, but for their formulas: an answer that a kind has put into words."""
    return explained(render(words, "words"))


def explained(markup: str) -> Markup:
    """Cleaned HTML, with what is wrong with its broken formulas said in the page's language."""
    if TEX_ERROR in markup:
        markup = BROKEN_FORMULA.sub(
            lambda found: f'<code {TEX_ERROR} title="{why(found[1])}">{found[1]}</code>', markup
        )
    return Markup(markup)  # noqa: S704 -- nh3 cleaned it


def why(latex: str) -> str:
    """Why the formula can't be shown, for an attribute."""
    try:
        mathml(html.unescape(latex))
    except FormulaError as error:
        return html.escape(i18n.translated(error))
    return html.escape(i18n.translated(FormulaError()))


def gap_parts(value: Any, gaps: list[dict[str, Any]]) -> list[tuple[Markup, dict[str, Any] | None]]:
    """A cloze's text, cut at its markers: the HTML before each gap with the gap, and what comes after the last."""
    by_name = {gap["id"]: gap for gap in gaps}
    pieces = GAP.split(explained(render_text(value, i18n.language(), gaps=tuple(by_name))))
    marked = [*(by_name.get(name) for name in pieces[1::2]), None]
    return [(Markup(piece), gap) for piece, gap in zip(pieces[::2], marked, strict=True)]  # noqa: S704 -- nh3 cleaned it


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
    return resend(400, gettext(CSRF_EXPIRED))


def login_needed(error: LoginNeeded) -> tuple[Any, int]:
    """A form of somebody whose log-in has ended: it is held here until there is a new one."""
    try:
        held = not (wants_json() or files_sent())
    except RequestEntityTooLarge:
        held = False  # more than anybody may send who isn't known
    return resend(error.status, gettext(LOG_IN_FIRST)) if held else quiz_error(error)


def files_sent() -> bool:
    """Whether the form holds files, which can't be held for another try. A field left empty sends a nameless one."""
    return any(file.filename for file in request.files.values())


def resend(status: int, message: str) -> tuple[str, int]:
    """A page that holds what was sent, to send it again."""
    typed = [(name, value) for name, values in request.form.lists() for value in values if name != "csrf_token"]
    return render_template("pages/_resend.html", status=status, message=message, typed=typed), status


def same_origin() -> bool:
    origin = request.headers.get("Origin")
    return origin is None or urlsplit(origin).netloc == request.host


def problem_page(status: int, message: str, field: str | None = None) -> tuple[Any, int]:
    """The one shape of an error: a page for people, JSON for our scripts."""
    if wants_json():
        return jsonify({"error": status, "message": message} | ({"field": field} if field else {})), status
    reference = g.get("request_id", "") if status >= 500 else ""
    page = render_template("pages/_error.html", status=status, message=message, field=field, reference=reference)
    return page, status


def safe_next(target: str | None, otherwise: str) -> str:
    """`target` if it is an address of this site, else `otherwise`: no open redirect."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return otherwise
    return target if not any(ord(character) < 32 for character in target) else otherwise


def page_number() -> int:
    """The page asked for by `page` in the address or the form, from 1; anything else is page 1."""
    asked = request.values.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


def home_url() -> str:
    return url_for("progress.home") if current_user.is_authenticated else url_for("courses.catalogue")
