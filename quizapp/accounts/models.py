"""Users, their sessions, the log of failed log-ins, and the mails to them."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp import permissions
from quizapp.db import Model, UTCDateTime
from quizapp.ids import public_id

GUEST, DELETED = "guest", "deleted"


class User(UserMixin, Model):
    """A person, or a guest who hasn't signed up yet (no email, no password; `role` is "guest"). "deleted" is whoever
    has left and whose examination attempts are kept for a while: nothing says who it was.

    `epoch` counts the changes of password, so that what was proved with an earlier one begins no session.
    `confirmed_at`: when the address was proved to be this person's, by a link in a mail or by an operator's word.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    email: Mapped[str | None] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(80), default="")
    password_hash: Mapped[str | None] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(12), default=GUEST)
    locale: Mapped[str | None] = mapped_column(String(2))
    theme: Mapped[str] = mapped_column(String(5), default="auto")
    epoch: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    @property
    def is_guest(self) -> bool:
        return self.role == GUEST

    def can(self, verb: str) -> bool:
        """Whether this person's role has the verb."""
        return permissions.can(self.role, verb)


class LoginSession(Model):
    """One browser in which somebody is logged in. The cookie holds the token, the row its hash; no row, no session.

    `device` says what the browser called itself, "" where it didn't, or for the sessions from before there were rows.
    `seen_at` is up to an hour behind.
    """

    __tablename__ = "login_sessions"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    device: Mapped[str] = mapped_column(String(80), default="")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class LoginFailure(Model):
    """One failed log-in. Kept in the database, so that the limit holds over all workers and hosts."""

    __tablename__ = "login_failures"
    __table_args__ = (Index("ix_login_failures_key_at", "key", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(80))
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class Mail(Model):
    """A mail in the outbox: what it is about and whom it goes to. Its words, and its link, are made when it is sent.

    `due_at` is when it is to be tried next, None when it is done with: sent, handed over by an admin, or given up.
    """

    __tablename__ = "mails"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    locale: Mapped[str] = mapped_column(String(2))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
    tries: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    error: Mapped[str] = mapped_column(String(300), default="")

    @property
    def state(self) -> str:
        """waiting, sent, handed (an admin took it) or failed."""
        if self.sent_at is not None:
            return "sent" if self.tries else "handed"
        return "failed" if self.due_at is None else "waiting"


class MailLink(Model):
    """A link that was sent to an address: it works once, until `expires_at`. The mail has the token, the row its hash.

    `purpose` is "signup", "confirm" or "reset"; `user_id` is None where there is no account yet.
    """

    __tablename__ = "mail_links"
    __table_args__ = (Index("ix_mail_links_email_purpose", "email", "purpose"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[str] = mapped_column(String(10))
    email: Mapped[str] = mapped_column(String(254))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


class AuditEntry(Model):
    """An act of an instructor or an admin: who did what to which object, and when."""

    __tablename__ = "audit_entries"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    verb: Mapped[str] = mapped_column(String(40))
    target: Mapped[str] = mapped_column(String(200), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime, index=True)
