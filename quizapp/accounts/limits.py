"""Limits on tries: rows, so that they hold over all workers and hosts.

A password is tried for an account *from a network*: ten wrong ones close that way to the account for a while, and no
other, so nobody can lock somebody out from elsewhere. All that comes from one network has a limit of its own, a
generous one (a school may stand behind one address).
A try is counted before it is made and given back if it was right: forty at once are ten tries and thirty refusals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from flask import current_app
from sqlalchemy import delete, func, select

from quizapp.accounts.models import LoginFailure
from quizapp.db import atomic, db, take_turns
from quizapp.errors import N_, TooMany

WINDOW = timedelta(minutes=15)
TRIES = 10
"""Wrong passwords within WINDOW for one account from one network."""


class TooManyTries(TooMany):
    template = N_("Too many failed log-ins. Try again in %(minutes)s minutes.")

    def __init__(self) -> None:
        super().__init__(minutes=WINDOW // timedelta(minutes=1))


class TooManyMails(TooManyTries):
    template = N_("Too many emails were requested from here. Try again in %(minutes)s minutes.")


def of_password(email: str, address: str) -> dict[str, int]:
    """The limits of a try at an account's password: key -> how many within WINDOW."""
    return {pair(email, address): TRIES} | of_network("password", address)


def of_network(what: str, address: str, share: int = 1) -> dict[str, int]:
    """The limit of all tries of this sort from one network: the setting's number, or a share of it."""
    most = current_app.config["SETTINGS"].tries_per_address
    return {digest(f"{what} {network(address)}"): max(TRIES, most // share)}


def pair(email: str, address: str) -> str:
    """The key of an account's tries from one network."""
    return digest(f"{email} {network(address)}")


def take_mail(address: str, now: datetime) -> None:
    """Count a mail that is asked for from this address. Raises TooManyMails."""
    take(of_network("mail", address), now, TooManyMails)


def take(limits: Mapping[str, int], now: datetime, refusal: type[TooManyTries] = TooManyTries) -> list[int]:
    """Count a try under each key; the rows, to be given back. Raises the refusal, and counts nothing, at a limit."""
    with atomic():
        take_turns(limits)
        counted = dict(
            db.session.execute(
                select(LoginFailure.key, func.count())
                .where(LoginFailure.key.in_(limits), LoginFailure.at > now - WINDOW)
                .group_by(LoginFailure.key)
            ).all()
        )
        if any(counted.get(key, 0) >= most for key, most in limits.items()):
            raise refusal
        rows = [LoginFailure(key=key, at=now) for key in limits]
        db.session.add_all(rows)
        db.session.flush()
    return [row.id for row in rows]


def give_back(taken: list[int], forgiven: str = "") -> None:
    """The try was right: it doesn't count, and neither do the earlier ones under the key `forgiven`."""
    with atomic():
        db.session.execute(delete(LoginFailure).where(LoginFailure.id.in_(taken) | (LoginFailure.key == forgiven)))


def sweep(now: datetime) -> None:
    """Forget what no limit counts any more."""
    with atomic():
        db.session.execute(delete(LoginFailure).where(LoginFailure.at <= now - WINDOW))


def network(address: str) -> str:
    """The network of an address: one household has 2^64 addresses of IPv6, and one of IPv4."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


def digest(text: str) -> str:
    """What is kept in place of an email or an address."""
    return hashlib.sha256(text.encode()).hexdigest()
