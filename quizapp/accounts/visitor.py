"""Who is here: the user of this request's session."""

from __future__ import annotations

from typing import cast

from flask import Flask, session
from flask_login import LoginManager, current_user, login_user, logout_user

from quizapp.accounts import actions, queries
from quizapp.accounts.models import User
from quizapp.clock import now
from quizapp.web.i18n import choose_locale, choose_theme

me = cast("User", current_user)
"""Who is here: the user of this request's session."""


def init(app: Flask) -> None:
    manager = LoginManager(app)
    manager.user_loader(queries.by_session)
    app.before_request(renew_session)


def renew_session() -> None:
    """Send the cookie of a session that is kept anew once a day, so that it ends a month after the last visit."""
    today = now().toordinal()
    if session.permanent and session.get("day") != today:
        session["day"] = today


def enter(user: User) -> None:
    """Begin a fresh session for the user: nothing of an earlier one is kept (session fixation)."""
    session.clear()
    login_user(user, remember=not user.is_guest)


def leave() -> None:
    """End the session here, with the cookie that remembers it."""
    session.clear()
    logout_user()


def learner_or_guest() -> User:
    """Who is here; a newcomer becomes a guest, whose work can be kept by signing up."""
    if current_user.is_authenticated:
        return me
    guest = actions.start_guest(choose_locale(), choose_theme(), now())
    enter(guest)
    session.permanent = True
    return guest


def guest_here() -> User | None:
    return me if me.is_authenticated and me.is_guest else None
