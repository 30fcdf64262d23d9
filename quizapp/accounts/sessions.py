"""Sessions on the server: one row for each browser in which somebody is logged in.

The cookie holds a token that nobody can guess, the row its hash. Ending a session deletes its row, so that a copy of
the cookie is worth nothing from then on. When a session was last seen is written outside of requests, by `touch`: no
page costs a write.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from quizapp.accounts import queries
from quizapp.accounts.models import GUEST, LoginSession, User
from quizapp.db import atomic, db
from quizapp.errors import N_, QuizError

SEEN_EVERY = timedelta(hours=1)
"""How far behind `seen_at` may be."""
KEPT_FOR = timedelta(days=60)
"""After so long unseen a session is over; its cookie ends after a month."""

BROWSERS = {
    "KAKAOTALK": "KakaoTalk",
    "Whale/": "Whale",
    "SamsungBrowser/": "Samsung Internet",
    "Edg": "Edge",
    "OPR/": "Opera",
    "Firefox/": "Firefox",
    "FxiOS/": "Firefox",
    "CriOS/": "Chrome",
    "Chrome/": "Chrome",
    "Safari/": "Safari",
}
SYSTEMS = {
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Mac OS X": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}
"""What a browser's name of itself contains, and what it is. The first that fits counts: most claim to be others too."""


class PasswordChanged(QuizError):
    status = 403
    template = N_("The password was changed a moment ago. Log in with the new one.")


def begin(user: User, device: str, now: datetime, instead_of: str = "") -> str:
    """A new session, which ends the one of the token `instead_of`; the token for its cookie.

    Raises PasswordChanged if that happened since the user was read: what was proved then is worth nothing now.
    """
    token, proved = f"{user.public_id}.{secrets.token_urlsafe(24)}", user.epoch
    with atomic():
        if queries.current(user).epoch != proved:
            raise PasswordChanged
        if instead_of:
            end(instead_of)
        db.session.add(
            LoginSession(user_id=user.id, token_hash=digest(token), device=device[:80], created_at=now, seen_at=now)
        )
    return token


def end(token: str) -> None:
    """Log out: whoever else holds the token is logged out too."""
    with atomic():
        db.session.execute(delete(LoginSession).where(LoginSession.token_hash == digest(token)))


def end_one(user: User, session_id: int) -> None:
    """Log one of the user's own browsers out; somebody else's isn't found, and stays."""
    with atomic():
        db.session.execute(delete(LoginSession).where(LoginSession.id == session_id, LoginSession.user_id == user.id))


def end_all(user: User, but: int | None = None) -> None:
    """Log the user out everywhere, but for the session `but`."""
    with atomic():
        db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.id != (but or 0)))


def touch(session_ids: Iterable[int], now: datetime) -> None:
    """Write down that these sessions were seen just now."""
    with atomic():
        db.session.execute(update(LoginSession).where(LoginSession.id.in_(session_ids)).values(seen_at=now))


def sweep(now: datetime) -> None:
    """Delete the sessions that are over. A guest's stays, being the only way to what the guest has done."""
    guests = select(User.id).where(User.role == GUEST)
    with atomic():
        db.session.execute(
            delete(LoginSession).where(LoginSession.seen_at < now - KEPT_FOR, LoginSession.user_id.not_in(guests))
        )


def digest(token: str) -> str:
    """What is stored of a token. It has 192 random bits, so its hash needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def device(user_agent: str) -> str:
    """What a browser says it is, in a few words: "Chrome · Windows"; "" where it says nothing that is known."""
    found = (next((name for mark, name in marks.items() if mark in user_agent), "") for marks in (BROWSERS, SYSTEMS))
    return " · ".join(filter(None, found))
