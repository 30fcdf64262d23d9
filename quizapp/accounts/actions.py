"""What can be done to accounts: sign up, log in, change, take away."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from quizapp.accounts import passwords, queries
from quizapp.accounts.models import GUEST, AuditEntry, LoginFailure, User
from quizapp.db import atomic, db, locked
from quizapp.errors import N_, Conflict, NotFound, QuizError, TooMany
from quizapp.events import claimed
from quizapp.texts.clean import line

MAX_NAME = 80
WINDOW = timedelta(minutes=15)
MAX_FAILURES = {"account": 10, "address": 50}
"""Failed log-ins within WINDOW: for one account, and from one address (a school may share one)."""


class WrongPassword(QuizError):
    status = 403
    template = N_("Email and password don't match. Check both; capital letters count.")


def start_guest(locale: str, theme: str, now: datetime) -> User:
    """A guest: an account without a name that can be kept by signing up."""
    with atomic():
        guest = User(role=GUEST, locale=locale, theme=theme, created_at=now)
        db.session.add(guest)
    return guest


def sign_up(guest: User | None, email: str, name: str, password: str, locale: str | None, now: datetime) -> User:
    """A learner's account; a guest becomes it and keeps everything. Raises Conflict if the email is taken."""
    password_hash, name = passwords.hashed(password), line(name, MAX_NAME)
    try:
        with atomic():
            user = current(guest) if guest else User(created_at=now, locale=locale)
            user.email, user.name, user.password_hash, user.role = email, name, password_hash, "learner"
            user.epoch = (user.epoch or 0) + 1
            db.session.add(user)
            db.session.flush()
    except IntegrityError as error:
        raise Conflict(N_("There is an account with this email already. Log in, or use another address.")) from error
    return user


def create(email: str, name: str, password: str, role: str, now: datetime) -> User:
    """An account of any role, made by an operator. Raises Conflict if the email is taken."""
    user = sign_up(None, email, name, password, None, now)
    with atomic():
        user.role = role
    return user


def give_role(email: str, role: str, now: datetime) -> None:
    """Give an account another role. Raises NotFound."""
    with atomic():
        user = queries.by_email(email)
        if user is None:
            raise NotFound(N_("There is no account with the email %(email)s."), email=email)
        user.role = role
        note(None, "role", f"{email}: {role}", now)


def log_in(email: str, password: str, address: str, now: datetime) -> User:
    """The user, if email and password match.

    Raises TooMany after too many failures of this account or from this address, whichever worker counted them,
    and WrongPassword otherwise; which of the two was wrong is not said.
    """
    keys = {"account": digest(email), "address": digest(address)}
    counts = queries.failures_since(list(keys.values()), now - WINDOW)
    if any(counts.get(key, 0) >= MAX_FAILURES[name] for name, key in keys.items()):
        raise TooMany(N_("Too many failed log-ins. Try again in %(minutes)s minutes."), minutes=15)
    user = queries.by_email(email)
    db.session.commit()
    right = passwords.verified(password, user.password_hash if user else None)
    with atomic():
        db.session.execute(delete(LoginFailure).where(LoginFailure.at < now - WINDOW))
        if user is not None and right:
            db.session.execute(delete(LoginFailure).where(LoginFailure.key == keys["account"]))
            return user
        db.session.add_all(LoginFailure(key=key, at=now) for key in keys.values())
    raise WrongPassword


def claim(guest: User, user: User) -> None:
    """Give all that a guest did to the account that the guest logged in to, and let the guest go."""
    with atomic():
        claimed.send(guest, user=user)
        db.session.execute(delete(User).where(User.id == guest.id, User.role == GUEST))


def digest(text: str) -> str:
    """What the log of failures keeps in place of an email or an address."""
    return hashlib.sha256(text.encode()).hexdigest()


def change_password(user: User, old: str, new: str) -> User:
    """Set a new password and end every other session. Raises WrongPassword if the old one is wrong."""
    if not passwords.verified(old, user.password_hash):
        raise WrongPassword(N_("The current password is wrong."))
    password_hash = passwords.hashed(new)
    with atomic():
        user = current(user)
        user.password_hash, user.epoch = password_hash, user.epoch + 1
    return user


def rename(user: User, name: str) -> None:
    with atomic():
        current(user).name = line(name, MAX_NAME)


def prefer(user: User, locale: str | None, theme: str | None) -> None:
    """Remember language and theme; None leaves one as it is."""
    with atomic():
        user = current(user)
        user.locale, user.theme = locale or user.locale, theme or user.theme


def delete_account(user: User, password: str) -> None:
    """Take the account away with everything that is the learner's own. Raises Conflict while it owns banks.

    What others rely on (a bank, a course) has to be given away first.
    """
    if not passwords.verified(password, user.password_hash):
        raise WrongPassword(N_("The password is wrong, so nothing was deleted."))
    try:
        with atomic():
            db.session.execute(delete(User).where(User.id == user.id))
    except IntegrityError as error:
        raise Conflict(
            N_("You own question banks or courses. Hand them over first; then the account can go.")
        ) from error


def note(user: User | None, verb: str, target: str, now: datetime) -> None:
    """Write an act of an instructor or an admin into the audit log; joins the caller's transaction."""
    with atomic():
        db.session.add(AuditEntry(user_id=user.id if user else None, verb=verb, target=line(target, 200), at=now))


def current(user: User) -> User:
    """The user's newest row, locked until the commit."""
    return db.session.scalars(locked(select(User).where(User.id == user.id))).one()
