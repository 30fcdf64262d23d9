"""What can be done to accounts: sign up, log in, change, take away."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.exc import IntegrityError

from quizapp.accounts import limits, mails, passwords, queries, sessions
from quizapp.accounts.models import GUEST, AuditEntry, Mail, MailLink, User
from quizapp.db import atomic, db, give_connection_back, locked
from quizapp.errors import N_, Conflict, NotFound, QuizError
from quizapp.events import claimed, leaving
from quizapp.texts.clean import line

MAX_NAME = 80


class WrongPassword(QuizError):
    status = 403
    template = N_("Email and password don't match. Check both; capital letters matter.")


def start_guest(locale: str, theme: str, now: datetime) -> User:
    """A guest: an account without a name that can be kept by signing up."""
    with atomic():
        guest = User(role=GUEST, locale=locale, theme=theme, created_at=now)
        db.session.add(guest)
    return guest


def sign_up(
    guest: User | None,
    email: str,
    name: str,
    password: str,
    locale: str | None,
    now: datetime,
    *,
    role: str = "learner",
    token: str = "",
    confirmed: bool = False,
) -> User:
    """An account, a learner's unless said; a guest becomes it and keeps everything. Raises Conflict if the email is
    taken.

    `token` is that of a link to the address, which is used up and confirms it. Raises LinkOver. `confirmed`: the
    address is known to be theirs.
    """
    password_hash, name = passwords.hashed(password), line(name, MAX_NAME)
    try:
        with atomic():
            user = queries.current(guest) if guest else User(created_at=now, locale=locale)
            if token:
                mails.use_link("signup", token, now)
            if token or confirmed:
                user.confirmed_at = now
            user.email, user.name, user.password_hash, user.role = email, name, password_hash, role
            user.epoch = (user.epoch or 0) + 1
            db.session.add(user)
            db.session.flush()
            sessions.end_all(user)
    except IntegrityError as error:
        raise Conflict(N_("There is an account with this email already. Log in, or use another address.")) from error
    return user


def create(email: str, name: str, password: str, role: str, now: datetime) -> User:
    """An account of any role, made by an operator, who knows the address. Raises Conflict if the email is taken."""
    return sign_up(None, email, name, password, None, now, role=role, confirmed=True)


def give_role(email: str, role: str, now: datetime) -> None:
    """Give an account another role. Raises NotFound."""
    with atomic():
        account_of(email).role = role
        note(None, "role", f"{email}: {role}", now)


def log_in(email: str, password: str, address: str, now: datetime) -> User:
    """The user, if email and password match.

    Raises TooManyTries after too many failures, and WrongPassword otherwise; which of the two was wrong is not said.
    """
    user = user_with_password(email, password, address, now)
    if user is None:
        raise WrongPassword
    return user


def user_with_password(email: str, password: str, address: str, now: datetime) -> User | None:
    """The user whose email and password these are; None if they don't match. Raises TooManyTries.

    Every place that takes a password asks here, so that none of them is a way around the limits.
    """
    taken = limits.take(limits.of_password(email, address), now)
    user = queries.by_email(email)
    give_connection_back()
    right = passwords.verified(password, user.password_hash if user else None)
    if user is None or not right:
        return None
    limits.give_back(taken, limits.pair(email, address))
    return user


def claim(guest: User, user: User) -> None:
    """Give all that a guest did to the account that the guest logged in to, and let the guest go. Whatever else the
    guest begins meanwhile waits for that, and then finds nobody."""
    with atomic():
        if db.session.scalar(locked(select(User).where(User.id == guest.id, User.role == GUEST))) is None:
            return  # claimed in another tab, or an account by now
        claimed.send(guest, user=user)
        db.session.execute(delete(User).where(User.id == guest.id, User.role == GUEST))


def change_password(user: User, old: str, new: str, address: str, now: datetime) -> User:
    """Set a new password and end every session. Raises WrongPassword if the old one is wrong, and TooManyTries."""
    if user_with_password(user.email or "", old, address, now) is None:
        raise WrongPassword(N_("The current password is wrong."))
    return store_password(user, passwords.hashed(new), now)


def set_password(email: str, new: str, now: datetime) -> None:
    """Give an account a new password, by an operator. Raises NotFound."""
    password_hash = passwords.hashed(new)
    with atomic():
        user = account_of(email)
        store_password(user, password_hash, now)
        note(None, "password", f"user {user.id}", now)


def store_password(user: User, password_hash: str, now: datetime) -> User:
    """Whoever knew the old password, or holds a copy of a cookie, is out from now on; the owner is told by mail."""
    with atomic():
        user = queries.current(user)
        user.password_hash, user.epoch = password_hash, user.epoch + 1
        sessions.end_all(user)
        if user.email and queries.can_send_mail():
            mails.queue_mail("changed", user.email, user.locale or "ko", now, user)
    return user


def account_of(email: str) -> User:
    """The account of this address. Raises NotFound."""
    user = queries.by_email(email)
    if user is None:
        raise NotFound(N_("There is no account with the email %(email)s."), email=email)
    return user


def rename(user: User, name: str) -> None:
    with atomic():
        queries.current(user).name = line(name, MAX_NAME)


def prefer(user: User, locale: str | None, theme: str | None) -> None:
    """Remember language and theme; None leaves one as it is."""
    with atomic():
        user = queries.current(user)
        user.locale, user.theme = locale or user.locale, theme or user.theme


def delete_account(user: User, password: str, address: str, now: datetime) -> None:
    """Take the account away with everything that is the learner's own. Raises Conflict while it owns banks.

    What others rely on (a bank, a course) has to be given away first; results that they hold stay for a while, without
    a name (see `events.leaving`).
    """
    if user_with_password(user.email or "", password, address, now) is None:
        raise WrongPassword(N_("The password is wrong, so nothing was deleted."))
    try:
        with atomic():
            user = queries.current(user)
            leaving.send(user, now=now)
            forget_address(user.email or "")
            db.session.execute(delete(User).where(User.id == user.id))
    except IntegrityError as error:
        raise Conflict(
            N_("You own question banks or courses. Hand them over first; then the account can be deleted.")
        ) from error


def forget_address(email: str) -> None:
    """Within a transaction: what was sent to the address, or noted about it, goes."""
    for model in (Mail, MailLink):
        db.session.execute(delete(model).where(model.email == email))
    forget_target(AuditEntry.target.startswith(f"{email}: ", autoescape=True))


def forget_target(*which: ColumnElement[bool]) -> None:
    """Within a transaction: these lines of the audit log don't say any more whom they were about."""
    db.session.execute(update(AuditEntry).where(*which).values(target="deleted person"))


def note(user: User | None, verb: str, target: str, now: datetime) -> None:
    """Write an act of an instructor or an admin into the audit log; joins the caller's transaction."""
    with atomic():
        db.session.add(AuditEntry(user_id=user.id if user else None, verb=verb, target=line(target, 200), at=now))
