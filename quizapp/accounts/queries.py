"""Reads of accounts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import current_app
from sqlalchemy import bindparam, select
from sqlalchemy.orm import defer

from quizapp.accounts.models import LoginSession, Mail, User
from quizapp.db import db, locked
from quizapp.errors import NotFound
from quizapp.permissions import LoginNeeded

BY_TOKEN = (
    select(User, LoginSession.id, LoginSession.seen_at)
    .join(LoginSession, LoginSession.user_id == User.id)
    .where(LoginSession.token_hash == bindparam("token_hash"))
    .options(defer(User.password_hash), defer(User.created_at), defer(User.confirmed_at))  # which hardly a page needs
)
DEVICES, MAILS = 50, 200


def by_session(token_hash: str) -> tuple[User, int, datetime] | None:
    """The user of a session, with its id and when it was last seen; None if it has ended."""
    row = db.session.execute(BY_TOKEN, {"token_hash": token_hash}).first()
    return (row[0], row[1], row[2]) if row else None


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


def by_id(user_id: int | None) -> User:
    """The user of this id. Raises NotFound."""
    found = db.session.get(User, user_id) if user_id is not None else None
    if found is None:
        raise NotFound
    return found


def current_mail(mail_id: int) -> Mail | None:
    """The newest row of a mail, locked until the commit."""
    return db.session.scalar(locked(select(Mail).where(Mail.id == mail_id)))


def newest_mails() -> Sequence[Mail]:
    """What the outbox page shows: the newest first."""
    return db.session.scalars(select(Mail).order_by(Mail.id.desc()).limit(MAILS)).all()


def current(user: User) -> User:
    """The user's newest row, locked until the commit. Raises LoginNeeded if it was deleted in the meantime."""
    found = db.session.scalar(locked(select(User).where(User.id == user.id)))
    if found is None:
        raise LoginNeeded
    return found


def can_send_mail() -> bool:
    """Whether the site has an SMTP server."""
    return current_app.config["SETTINGS"].mail is not None
