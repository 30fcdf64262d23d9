"""The application: `create_app` is the table of contents of its rooms, of the panels that they lend each other, and of
what happens where an event is sent."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from werkzeug.middleware.proxy_fix import ProxyFix

from quizapp import clock, config, events
from quizapp.accounts import views as accounts
from quizapp.accounts import visitor
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempt_actions
from quizapp.attempts import ending, live_views, presence, retention
from quizapp.attempts import views as attempts
from quizapp.banks import views as banks
from quizapp.citations import remark_views
from quizapp.citations import views as citations
from quizapp.courses import actions as course_actions
from quizapp.courses import views as courses
from quizapp.db import db, engine_options, prepare
from quizapp.gradebook import at_work_views, challenge_views, regrades
from quizapp.gradebook import models as gradebook_models  # noqa: F401 -- its tables
from quizapp.gradebook import views as gradebook
from quizapp.gradebook.actions import challenges as challenge_actions
from quizapp.notes import actions as note_actions
from quizapp.notes import views as notes
from quizapp.operation import health, logs, metrics
from quizapp.progress import actions as progress_actions
from quizapp.progress import views as progress
from quizapp.quizzes import views as quizzes
from quizapp.review import actions as review_actions
from quizapp.review import views as review
from quizapp.search import views as search
from quizapp.uploads import views as uploads
from quizapp.web import bodies, cookies, errors, i18n, pages, panels, templating

ROOMS = (
    accounts, banks, uploads, courses, quizzes, citations, attempts, notes, review, search, progress, gradebook, health,
)  # fmt: skip


class Application(Flask):
    """Flask with the templates' own environment, and bounds on what is sent."""

    jinja_environment = templating.Pages
    request_class = bodies.Request
    session_interface = cookies.Cookies()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        """Nothing here is asynchronous, so Flask needn't look whether it is, some fifteen times a request."""
        return func


def create_app(settings: config.Settings | None = None, **overrides: Any) -> Flask:
    """The application with all its rooms. `overrides` are Flask settings, for tests."""
    settings = settings or config.from_environment()
    app = Application("quizapp", template_folder=str(config.bundled("templates")))
    app.config.update(flask_settings(settings), **overrides)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, *[settings.proxies] * 3)  # address, scheme and host

    db.init_app(app)
    with app.app_context():
        prepare(db.engine)
    Migrate(app, db, directory=str(config.PACKAGE / "migrations"), render_as_batch=True)
    Bootstrap5(app)
    for part in (i18n, logs, pages, templating, errors, metrics, visitor, presence):
        part.init(app)
    for room in ROOMS:
        app.register_blueprint(room.room)

    panels.add(app, "banks, first", uploads.waiting_uploads)
    panels.add(app, "banks, last", uploads.blank_sheets)
    panels.add(app, "objective", courses.words_of_objective)
    panels.add(app, "bank", remark_views.panel_of_bank)
    panels.add(app, "editor", remark_views.remarks_of_draft)
    panels.add(app, "bank settings", quizzes.uses_of_bank)
    panels.add(app, "quiz settings", live_views.while_taken_panel)
    panels.add(app, "question", citations.citations_of_question)
    panels.add(app, "question", regrades.answers_of_question)
    panels.add(app, "deletion", retention.leaving_panel)
    panels.add(app, "home", challenge_views.notices_at_home)
    panels.add(app, "home", at_work_views.waiting_at_home)
    panels.add(app, "quizzes", at_work_views.beside_quizzes)
    panels.add(app, "release", at_work_views.waiting_before_release)
    panels.add(app, "results", challenge_views.notices_on_results)
    panels.add(app, "check", challenge_views.way_to_challenge)
    panels.add(app, "check", notes.way_to_note)
    panels.add(app, "result of a question", challenge_views.way_to_challenge)
    panels.add(app, "result of a question", notes.way_to_note)
    panels.add(app, "question of an attempt", review.way_to_repair)
    panels.add(app, "question of an attempt", challenge_views.way_to_challenge)
    panels.add(app, "question of an attempt", notes.way_to_note)
    events.rescheduled.connect(ending.on_rescheduled)
    events.answered.connect(review_actions.on_answered)
    events.reopened.connect(review_actions.on_reopened)
    events.submitted.connect(ending.on_submitted)
    events.submitted.connect(review_actions.on_submitted)
    events.released.connect(progress_actions.on_released)
    events.released.connect(review_actions.on_released)
    events.rescored.connect(review_actions.on_rescored)
    events.reviewed.connect(progress_actions.on_reviewed)
    events.remade.connect(progress_actions.on_remade)
    events.claimed.connect(on_claimed)
    events.moved.connect(challenge_actions.on_moved)
    events.leaving.connect(retention.on_leaving)
    return app


def on_claimed(guest: User, user: User) -> None:
    """In this order, which a signal doesn't keep: what is learnt follows from the attempts."""
    now = clock.now()
    for room in (course_actions, note_actions, progress_actions, challenge_actions):
        room.on_claimed(guest, user)
    for room in (attempt_actions, review_actions):
        room.on_claimed(guest, user, now)


def flask_settings(settings: config.Settings) -> dict[str, Any]:
    path = config.sqlite_path(settings.database_url)
    prefix = "__Host-" if settings.secure_cookies else ""
    return {
        "SETTINGS": settings,
        "PACKAGE": config.PACKAGE,
        "SECRET_KEY": settings.secret_key,
        "SQLALCHEMY_DATABASE_URI": f"sqlite:///{path}" if path else settings.database_url,
        "SQLALCHEMY_ENGINE_OPTIONS": engine_options(settings.database_url, settings.pooler),
        # A browser takes a cookie of that prefix from this very host only, and by HTTPS only.
        "SESSION_COOKIE_NAME": f"{prefix}session",
        "REMEMBER_COOKIE_NAME": f"{prefix}remember_token",
        "REMEMBER_COOKIE_DURATION": timedelta(days=30),
        "SESSION_PROTECTION": None,  # of Flask-Login, by address and browser; a session of ours is a row that can end
        "SESSION_REFRESH_EACH_REQUEST": False,  # once a day is enough: see accounts.visitor
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": settings.secure_cookies,
        "REMEMBER_COOKIE_HTTPONLY": True,
        "REMEMBER_COOKIE_SAMESITE": "Lax",
        "REMEMBER_COOKIE_SECURE": settings.secure_cookies,
        "WTF_CSRF_TIME_LIMIT": None,
        "MAX_CONTENT_LENGTH": 2 * 1024 * 1024,
        "MAX_FORM_MEMORY_SIZE": 2 * 1024 * 1024,
        "MAX_FORM_PARTS": bodies.MAX_FIELDS,
        "SEND_FILE_MAX_AGE_DEFAULT": 31_536_000,
        "BOOTSTRAP_SERVE_LOCAL": True,
        "COMPRESS_REGISTER": False,  # see pages.add_headers
        "COMPRESS_MIMETYPES": pages.COMPRESSED,
        "COMPRESS_ALGORITHM": ["br", "gzip"],
        "COMPRESS_ALGORITHM_STREAMING": ["br", "gzip"],
        "COMPRESS_BR_LEVEL": 9,
        "COMPRESS_STREAMS": True,
    }
