"""The outbox, and the links in mails.

A mail is a row, written in the transaction of what causes it, so that there is never one without the other. It is sent
later and outside of requests (`operation.smtp`): whoever sends it claims the row by putting its next try off, so that
of several processes and hosts one sends it, and it is tried again if that one dies. The token of a link is made when
the mail is sent, and only its hash is stored.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, delete, func, select, update

from quizapp.accounts import letters
from quizapp.accounts.models import Mail, MailLink, User
from quizapp.accounts.sessions import digest
from quizapp.db import atomic, db, locked, take_turns
from quizapp.errors import N_, QuizError

LASTING = {"signup": timedelta(days=1), "confirm": timedelta(days=1), "reset": timedelta(hours=1)}
"""The purposes of links, and how long one works."""
ASKED_FOR = ("signup", "known", "confirm", "reset")
"""Mails that anybody can ask for; one address gets no more than MAX_MAILS of them in PER, whoever asks."""
MAX_MAILS, PER = 3, timedelta(hours=1)
TRIES = 8
STALE = timedelta(days=1)
"""Nobody waits for a mail any more that is older, as those of a time without a server are."""
KEPT_FOR = timedelta(days=30)


class LinkOver(QuizError):
    status = 410
    template = N_("This link was used already, or it is too old. Ask for a new one.")


def queue_mail(kind: str, email: str, locale: str, now: datetime, user: User | None = None) -> None:
    """Put a mail into the outbox; joins the caller's transaction. Whoever asks for too many gets no more of them."""
    with atomic():
        if kind in ASKED_FOR:
            take_turns([email])
            lately = select(func.count(Mail.id)).where(
                Mail.email == email, Mail.kind.in_(ASKED_FOR), Mail.created_at > now - PER
            )
            if (db.session.scalar(lately) or 0) >= MAX_MAILS:
                return
        db.session.add(
            Mail(kind=kind, email=email, locale=locale, created_at=now, due_at=now, user_id=user.id if user else None)
        )


def claim(now: datetime) -> Mail | None:
    """The mail that is to be sent next, put off for as long as this try may take; None where there is none."""
    waiting = Mail.due_at <= now, Mail.created_at > now - STALE
    due = select(Mail).where(*waiting).order_by(Mail.due_at, Mail.id).limit(1)
    if db.session.scalar(due) is None:
        return None
    with atomic():
        mail = db.session.scalar(due.with_for_update(skip_locked=True).execution_options(populate_existing=True))
        if mail is not None:
            mail.tries += 1
            mail.due_at = None if mail.tries == TRIES else now + timedelta(minutes=2**mail.tries)
    return mail


def mark_sent(mail: Mail, now: datetime) -> None:
    """The mail is done with."""
    write_down(mail, sent_at=now, due_at=None, error="")


def mark_failed(mail: Mail, error: str, for_good: bool) -> None:
    """Remember why; the mail is tried again when it is due, unless that is of no use."""
    write_down(mail, error=error[:300], **({"due_at": None} if for_good else {}))


def write_down(mail: Mail, **values: Any) -> None:
    """What became of a mail; its row may have gone with its account."""
    with atomic():
        db.session.execute(update(Mail).where(Mail.id == mail.id).values(values))


def make_link(mail: Mail, now: datetime) -> str:
    """The token of a new link for what the mail is about; "" where it has none."""
    if mail.kind not in LASTING:
        return ""
    token = secrets.token_urlsafe(32)
    with atomic():
        db.session.add(
            MailLink(
                token_hash=digest(token),
                purpose=mail.kind,
                email=mail.email,
                user_id=mail.user_id,
                expires_at=now + LASTING[mail.kind],
            )
        )
    return token


def letter_of(mail: Mail, site: str, now: datetime) -> letters.Letter:
    """The mail in words, with a link that is made for it. `site` is the site's address."""
    return letters.words(mail.kind, mail.locale, site, make_link(mail, now))


def usable_link(purpose: str, token: str, now: datetime) -> MailLink:
    """The link of the token. Raises LinkOver."""
    return alive(db.session.scalar(of_token(purpose, token)), now)


def use_link(purpose: str, token: str, now: datetime) -> MailLink:
    """The link, used up with all others that were sent to the address for this. Joins the caller's transaction."""
    with atomic():
        link = alive(db.session.scalar(locked(of_token(purpose, token))), now)
        db.session.execute(delete(MailLink).where(MailLink.email == link.email, MailLink.purpose == purpose))
    return link


def of_token(purpose: str, token: str) -> Select[Any]:
    return select(MailLink).where(MailLink.token_hash == digest(token), MailLink.purpose == purpose)


def alive(link: MailLink | None, now: datetime) -> MailLink:
    if link is None or link.expires_at <= now:
        raise LinkOver
    return link


def sweep(now: datetime) -> None:
    """Delete links that work no more, and mails of long ago."""
    with atomic():
        db.session.execute(delete(MailLink).where(MailLink.expires_at <= now))
        db.session.execute(delete(Mail).where(Mail.created_at <= now - KEPT_FOR))
