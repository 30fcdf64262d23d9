"""What the mails say, in the language of whom they go to: plain text, with one link where there is something to do."""

from __future__ import annotations

from dataclasses import dataclass

from flask import current_app
from flask_babel import force_locale, gettext

from quizapp.errors import N_

IGNORE = N_("If that wasn't you, you don't have to do anything.")


@dataclass(frozen=True)
class Letter:
    """A mail in words."""

    subject: str
    body: str


SUBJECTS = {
    "signup": N_("Finish signing up at %(host)s"),
    "known": N_("You have an account at %(host)s"),
    "confirm": N_("Confirm your address for %(host)s"),
    "reset": N_("A new password for %(host)s"),
    "changed": N_("Your password at %(host)s was changed"),
    "rescored": N_("Your score at %(host)s has changed"),
    "test": N_("A test email from %(host)s"),
}
ENDPOINTS = {
    "signup": "accounts.mail.finish",
    "known": "accounts.login",
    "confirm": "accounts.mail.confirm",
    "reset": "accounts.mail.reset",
    "changed": "accounts.mail.forgot",
    "rescored": "progress.home",
    "test": "progress.start",
}
"""Where the link of each mail leads."""
BODIES = {
    "signup": (
        N_("Somebody wants to sign up at %(site)s with this address. To choose your name and your password, open:"),
        N_("The link works once, for a day. If that wasn't you, do nothing: without the link there is no account."),
    ),
    "known": (
        N_("Somebody wants to sign up at %(site)s with this address. But you have an account already; log in here:"),
        N_("If you forgot the password, choose “Forgot your password?” there. %(ignore)s"),
    ),
    "confirm": (
        N_("To confirm that this address is yours, open:"),
        N_("The link works once, for a day. %(ignore)s"),
    ),
    "reset": (
        N_("Somebody asked for a new password for your account at %(site)s. To choose one, open:"),
        N_("The link works once, for an hour. %(ignore)s Your password stays as it is."),
    ),
    "changed": (
        N_("The password of your account at %(site)s was changed just now, and every other device was logged out. "
           "If that wasn't you, choose a new one at once:"),
        "",
    ),
    "rescored": (
        N_("A question that you answered at %(site)s has been scored again. See what changed, and why:"),
        "",
    ),
    "test": (N_("If you can read this, %(site)s can send mail."), ""),
}  # fmt: skip


def words(kind: str, locale: str, site: str, token: str = "") -> Letter:
    """A mail of this kind in words. `site` is the site's address; `token` that of the link, where it has one."""
    host = site.partition("://")[2]
    with force_locale(locale):
        values = {"site": site, "host": host, "ignore": gettext(IGNORE)}
        before, after = (gettext(part) % values if part else "" for part in BODIES[kind])
        hello = gettext(N_("Hello,"))
        subject = gettext(SUBJECTS[kind]) % values
    link = site + address(ENDPOINTS[kind], token)
    return Letter(subject, "\n\n".join(filter(None, (hello, before, link, after))) + "\n")


def address(endpoint: str, token: str) -> str:
    """The path of a page, without a request whose host could be asked."""
    return current_app.url_map.bind("").build(endpoint, {"token": token} if token else {})
