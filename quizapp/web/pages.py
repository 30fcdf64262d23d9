"""What every page shares: security headers, addresses, static files, and the way back to a page."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import Any, BinaryIO

from flask import Blueprint, Flask, Response, current_app, render_template, request, send_file, session, url_for
from flask_compress import Compress
from flask_login import current_user
from flask_wtf.csrf import CSRFError, CSRFProtect, generate_csrf
from werkzeug.routing import IntegerConverter, UnicodeConverter, ValidationError

from quizapp.clock import now
from quizapp.db import AWAY, db
from quizapp.errors import NotFound
from quizapp.permissions import public
from quizapp.texts.clean import whole
from quizapp.web import i18n, styles

compress = Compress()
site = Blueprint("site", __name__)

LASTING = "max-age=31536000; includeSubDomains"
SAME_FOR_ALL = ("static", "bootstrap.static", "styles.sheet", "styles.script")
"""The endpoints whose replies are the same for everybody."""
PART = "X-Part"
"""The header by which our scripts ask for a page's main part only, and by which an answer says that it is one."""
COMPRESSED = ("text/css", "text/javascript", "application/javascript", "image/svg+xml")
"""What is compressed: pages hold secrets beside what others typed, and files are the same for everybody."""
LARGEST_INTEGER = 2**31 - 1
MAX_PAGE = 10**6


class TokenCheck(CSRFProtect):
    """Flask-WTF's check of the tokens of forms. Under https it reads the referrer, which may be no address at all."""

    def protect(self, apply_exemptions: bool = False) -> None:
        try:
            super().protect(apply_exemptions)
        except ValueError as error:
            raise CSRFError("The referrer is no address.") from error


csrf = TokenCheck()


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
VARY = ("Cookie", "Accept-Language", PART)
OF_PAGES = HEADERS | {"Cache-Control": "private, no-cache", "Vary": ", ".join(VARY)}
NEEDLESS = (
    "Permissions-Policy", "Cross-Origin-Opener-Policy",
    "Content-Disposition", "Expires", "Last-Modified", "Accept-Ranges",
)  # fmt: skip
"""With styles and scripts: only a page obeys the first two, and the others repeat Cache-Control and ETag, or say what
nobody asks of a small file. Each of a page's files has a head, which weighs as much as a small script."""


def init(app: Flask) -> None:
    csrf.init_app(app)
    compress.init_app(app)
    app.register_blueprint(site)
    app.register_blueprint(styles.room)
    app.jinja_env.globals["url_for"] = address
    app.after_request(add_headers)
    app.teardown_request(end_reading)
    app.url_defaults(add_version)
    app.context_processor(page_context)
    app.add_template_global(asset)
    app.add_template_global(stylesheet)
    app.add_template_global(form_token, "csrf_token")  # for imported macros, which see no context
    app.url_map.converters |= {"default": Word, "string": Word, "int": Number}


@site.get("/about/<page>")
@public
def static_page(page: str) -> str:
    """A page without data: one file in `templates/pages/`. Those that begin with an underscore are for ourselves."""
    name = f"pages/{page}.html"
    if page.startswith("_") or name not in current_app.jinja_env.list_templates():
        raise NotFound
    return render_template(name)


def add_headers(response: Response) -> Response:
    """What every page says of itself, and what files needn't; a value that a view has given stays."""
    wanted, headers = HEADERS, response.headers
    if request.endpoint in SAME_FOR_ALL:
        wanted = {name: value for name, value in HEADERS.items() if name not in NEEDLESS}
        for name in NEEDLESS:
            headers.pop(name, None)
    else:
        wanted = OF_PAGES
        if "Vary" in headers:
            response.vary.update(VARY)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        wanted = wanted | {"Strict-Transport-Security": LASTING}
    given = {name.lower() for name, _value in headers}
    for name, value in wanted.items():
        if name.lower() not in given:
            headers.add(name, value)
    return compress.after_request(response) if response.mimetype in COMPRESSED else response


def taken_away(content: BinaryIO, mimetype: str, name: str) -> Response:
    """A file to take away, of what there is now and of this person's: nothing on the way keeps it."""
    reply = send_file(content, mimetype, as_attachment=True, download_name=name, max_age=0)
    reply.headers["Cache-Control"] = "private, no-store"
    return reply


def end_reading(_error: BaseException | None) -> None:
    """End the request's session here: a connection that broke meanwhile would otherwise discard a finished response."""
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
    return fixed(request.script_root, "static", filename=name)


def stylesheet() -> str:
    """The address of what styles every page."""
    return fixed(request.script_root, "styles.sheet", version=styles.sheets_version())


def address(endpoint: str, **values: Any) -> str:
    """`url_for` for templates."""
    return fixed(i18n.environ().get("SCRIPT_NAME", ""), endpoint, **values)


@lru_cache(maxsize=4096)
def fixed(_root: str, endpoint: str, **values: Any) -> str:
    """An address within this site, which is the same on every page: a page names dozens, so each is made once."""
    return url_for(endpoint, **values)


def form_token() -> str:
    """The token of this page's forms, the same for as long as the session has them."""
    kept = session.get("csrf_token")
    return signed(current_app.secret_key, kept) if kept else generate_csrf()


@lru_cache(maxsize=4096)
def signed(_key: str, _kept: str) -> str:
    """The session's token with its signature. They never run out, so to sign them anew for each page says nothing."""
    return generate_csrf()


def wants_part() -> bool:
    """Whether a script asks for the page, to put its main part in the place of the one before."""
    return PART in request.headers


def page_context() -> dict[str, Any]:
    token = form_token()
    return {
        "layout": "part.html" if wants_part() else "base.html",
        "csrf_token": lambda: token,
        "locale": i18n.language(),
        "theme": i18n.choose_theme(),
        "now": now(),
        "endpoint_and_rooms": frozenset((request.endpoint, *request.blueprints)),
    }


def safe_next(target: str | None, otherwise: str) -> str:
    """`target` if it is an address of this site, else `otherwise`: no open redirect."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return otherwise
    return target if not any(ord(character) < 32 for character in target) else otherwise


def page_number() -> int:
    """The page asked for by `page` in the address or the form, from 1; anything else is page 1."""
    return min(max(1, whole(request.values.get("page", "1"), 1)), MAX_PAGE)


def home_url() -> str:
    return url_for("progress.home") if current_user.is_authenticated else url_for("progress.catalogue")
