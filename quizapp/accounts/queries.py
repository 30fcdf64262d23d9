"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import bindparam, select

from quizapp.accounts.models import LoginSession, User
from quizapp.db import db, locked
from quizapp.permissions import LoginNeeded

BY_TOKEN = (
    select(User, LoginSession)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token_hash"))
)
DEVICES = 50


def by_session(token_hash: str) -> tuple[User, LoginSession] | None:
    """The user of a session, with it; None if it has ended."""
    row = db.session.execute(BY_TOKEN, {"token_hash": token_hash}).first()
    return (row[0], row[1]) if row else None


def sessions_of(user_id: int) -> Sequence[LoginSession]:
    """Where the user is logged in, the one seen last first."""
    return db.session.scalars(
        select(LoginSession)
        .where(LoginSession.user_id == user_id)
        .order_by(LoginSession.seen_at.desc(), LoginSession.id.desc())
        .limit(DEVICES)
    ).all()


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def current(user: User) -> User:
    """The user's newest row, locked until the commit. Raises LoginNeeded if it was deleted in the meantime."""
    found = db.session.scalar(locked(select(User).where(User.id == user.id)))
    if found is None:
        raise LoginNeeded
    return found
