"""The ways that lead through a mailbox: signing up, a new password, and the confirmation of an address.

What is asked for is answered the same whether or not the address is known; only its mailbox learns the difference.
"""

from __future__ import annotations

from datetime import datetime

from quizapp.accounts import limits, mails, passwords, queries
from quizapp.accounts.actions import note, sign_up, store_password
from quizapp.accounts.models import Mail, User
from quizapp.db import atomic
from quizapp.errors import N_, Conflict, NotFound


class TooManySignUps(limits.TooManyTries):
    template = N_("Too many sign-ups with addresses that have an account. Try again in %(minutes)s minutes.")


class TooManyAccounts(limits.TooManyTries):
    template = N_("Too many accounts were made from here. Try again in %(minutes)s minutes.")


def sign_up_at_once(
    guest: User | None, email: str, name: str, password: str, locale: str, address: str, now: datetime
) -> User:
    """An account without a mail, on a site that sends none. Raises Conflict if the email is taken.

    Whoever can see that somebody is in now also sees that somebody isn't: without a mailbox to answer to, a known
    address can't be kept a secret. So the number of such answers to one network is limited, and that of its accounts.
    Raises TooManySignUps, and TooManyAccounts.
    """
    limits.take(limits.of_network("account", address), now, TooManyAccounts)
    taken = limits.take(limits.of_network("signup", address, share=10), now, TooManySignUps)
    user = sign_up(guest, email, name, password, locale, now)
    limits.give_back(taken)
    return user


def ask_to_sign_up(email: str, locale: str, address: str, now: datetime) -> None:
    """Send a link with which to finish signing up, or the news that there is an account already."""
    limits.take_mail(address, now)
    with atomic():
        user = queries.by_email(email)
        mails.queue_mail("known" if user else "signup", email, (user and user.locale) or locale, now, user)


def finish_sign_up(token: str, guest: User | None, name: str, password: str, locale: str, now: datetime) -> User:
    """The account that the link was sent for. Raises LinkOver, and Conflict if there is one meanwhile."""
    link = mails.usable_link("signup", token, now)
    return sign_up(guest, link.email, name, password, locale, now, token=token)


def ask_for_reset(email: str, locale: str, address: str, now: datetime) -> None:
    """Send a link with which to choose a new password, if there is such an account."""
    limits.take_mail(address, now)
    with atomic():
        user = queries.by_email(email)
        if user is not None:
            mails.queue_mail("reset", email, user.locale or locale, now, user)


def reset(token: str, password: str, address: str, now: datetime) -> User:
    """Set a new password by a link, which proves the address too; every session ends. Raises LinkOver.

    Wrong passwords from this network are forgiven: whoever forgot it has tried a few.
    """
    mails.usable_link("reset", token, now)
    password_hash = passwords.hashed(password)
    with atomic():
        user = queries.by_id(mails.use_link("reset", token, now).user_id)
        user = store_password(user, password_hash, now)
        user.confirmed_at = user.confirmed_at or now
        limits.give_back([], limits.pair(user.email or "", address))
    return user


def ask_to_confirm(user: User, locale: str, now: datetime) -> None:
    """Send the user a link that confirms the address."""
    with atomic():
        if user.confirmed_at is None and user.email:
            mails.queue_mail("confirm", user.email, user.locale or locale, now, user)


def confirm(token: str, now: datetime) -> None:
    """The address is the user's. Raises LinkOver."""
    with atomic():
        link = mails.use_link("confirm", token, now)
        user = queries.current(queries.by_id(link.user_id))
        if user.email != link.email:
            raise mails.LinkOver
        user.confirmed_at = user.confirmed_at or now


def hand_over(admin: User, mail_id: int, now: datetime) -> Mail:
    """An admin passes a mail on that wasn't sent: it is done with, and the log says who has read it.

    Raises NotFound, and Conflict if it was sent in the meantime.
    """
    with atomic():
        mail = queries.current_mail(mail_id)
        if mail is None:
            raise NotFound
        if mail.sent_at is not None:
            raise Conflict(N_("This email has been dealt with already. Ask for a new one."))
        mail.sent_at, mail.due_at, mail.tries = now, None, 0
        note(admin, "mail.hand-over", f"{mail.kind}: user {mail.user_id}", now)
    return mail
