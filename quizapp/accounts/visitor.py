"""Who is here: the user of this request's session."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from flask import Flask, current_app, g, request, session
from flask_login import LoginManager, current_user, login_user, logout_user

from quizapp.accounts import actions, queries, sessions
from quizapp.accounts.models import User
from quizapp.clock import now
from quizapp.web.i18n import choose_locale, choose_theme

me = cast("User", current_user)
"""Who is here: the user of this request's session."""

SEEN_KEY = "quizapp.seen"
TOKEN_KEY = "_user_id"  # noqa: S105 -- where Flask-Login keeps what it gives to the loader


def init(app: Flask) -> None:
    manager = LoginManager(app)
    manager.user_loader(load)
    app.extensions[SEEN_KEY] = {}
    app.before_request(renew_session)


def load(token: str) -> User | None:
    """The user of the token in the cookie; None when its session has ended."""
    found = queries.by_session(sessions.digest(token))
    if found is None:
        return None
    user, g.login_session, seen_at = found
    at = now()
    if at - seen_at >= sessions.SEEN_EVERY:
        current_app.extensions[SEEN_KEY][g.login_session] = at
    return user


def write_seen(at: datetime) -> None:
    """Write down which sessions this process has seen; outside of requests, which need not wait for it."""
    seen: dict[int, datetime] = current_app.extensions[SEEN_KEY]
    if some := [seen.popitem()[0] for _ in range(len(seen))]:
        sessions.touch(some, at)


def renew_session() -> None:
    """Send the cookie of a session that is kept anew once a day, so that it ends a month after the last visit."""
    today = now().toordinal()
    if session.permanent and session.get("day") != today:
        session["day"] = today


def enter(user: User) -> None:
    """Begin a fresh session for the user: nothing of an earlier one is kept (session fixation)."""
    token = sessions.begin(user, sessions.device(request.user_agent.string), now(), token_here())
    session.clear()
    login_user(user, remember=not user.is_guest)
    session[TOKEN_KEY] = token


def leave() -> None:
    """End the session here and on the server, with the cookie that remembers it."""
    sessions.end(token_here())
    session.clear()
    logout_user()


def token_here() -> str:
    """The token of this request; from the cookie that remembers, it comes into the session when the user is loaded."""
    return session.get(TOKEN_KEY, "") if current_user.is_authenticated else ""


def address_here() -> str:
    """The network address of who asks."""
    return request.remote_addr or ""


def session_here() -> int:
    """The id of the session of a request that somebody with an account makes."""
    return g.login_session


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
