"""Reads of accounts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select

from quizapp.accounts.models import LoginFailure, User
from quizapp.db import db

BY_PUBLIC_ID = select(User).where(User.public_id == bindparam("name"))


def by_session(session_id: str) -> User | None:
    """The user of a session, or None if it belongs to an earlier epoch."""
    public_id, _, epoch = session_id.partition(".")
    user = db.session.scalar(BY_PUBLIC_ID, {"name": public_id})
    return user if user is not None and str(user.epoch) == epoch else None


def by_email(email: str) -> User | None:
    return db.session.scalar(select(User).where(User.email == email))


def failures_since(keys: list[str], since: datetime) -> dict[str, int]:
    """How many log-ins failed since then, by key."""
    rows = db.session.execute(
        select(LoginFailure.key, func.count())
        .where(LoginFailure.key.in_(keys), LoginFailure.at > since)
        .group_by(LoginFailure.key)
    )
    return dict(rows.all())
