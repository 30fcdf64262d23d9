"""Pages that a mail leads to, or that ask for one; and the outbox, for admins.

A link's page only shows a form: mail programs fetch links by themselves, and what they fetch must change nothing.
"""

from __future__ import annotations

from typing import Any

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quizapp.accounts import actions, mails, queries, recovery
from quizapp.accounts.forms import AddressForm, FinishForm, ResetForm
from quizapp.accounts.visitor import address_here, enter, guest_here, me
from quizapp.clock import now
from quizapp.errors import QuizError
from quizapp.permissions import needs, public
from quizapp.web.i18n import choose_locale, translated
from quizapp.web.pages import home_url

room = Blueprint("mail", __name__)


def token() -> str:
    """The token of the link that was followed. It stands in the query, which is never logged."""
    return request.args.get("token", "")


@room.route("/forgot", methods=["GET", "POST"])
@public
def forgot() -> Any:
    """Ask for a new password; the answer is the same for every address."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            recovery.ask_for_reset(form.email.data or "", choose_locale(), address_here(), now())
        except QuizError as error:
            form.email.errors = [translated(error)]
        else:
            return render_template("accounts/sent.html", email=form.email.data, can_send=queries.can_send_mail())
    page = render_template("accounts/forgot.html", form=form, can_send=queries.can_send_mail())
    return page, 422 if form.errors else 200


@room.route("/reset", methods=["GET", "POST"])
@public
def reset() -> Any:
    """Choose a new password, by a link."""
    mails.usable_link("reset", token(), now())
    form = ResetForm()
    if form.validate_on_submit():
        user = recovery.reset(token(), form.new.data or "", address_here(), now())
        if (guest := guest_here()) is not None:
            actions.claim(guest, user)
        enter(user)
        flash(_("Your password is changed. Other devices have to log in again."), "success")
        return redirect(home_url())
    return render_template("accounts/reset.html", form=form), 422 if form.errors else 200


@room.route("/signup/finish", methods=["GET", "POST"])
@public
def finish() -> Any:
    """Name and password, by the link that was sent to the address."""
    link = mails.usable_link("signup", token(), now())
    form = FinishForm()
    if form.validate_on_submit():
        user = recovery.finish_sign_up(
            token(), guest_here(), form.name.data or "", form.password.data or "", choose_locale(), now()
        )
        enter(user)
        flash(_("Your account is ready. Everything you do is kept from now on."), "success")
        return redirect(home_url())
    return render_template("accounts/finish.html", form=form, email=link.email), 422 if form.errors else 200


@room.route("/confirm", methods=["GET", "POST"])
@public
def confirm() -> Any:
    """Confirm an address, by a link; in any browser, logged in or not."""
    link = mails.usable_link("confirm", token(), now())
    if request.method == "POST":
        recovery.confirm(token(), now())
        flash(_("Your address is confirmed."), "success")
        return redirect(home_url())
    return render_template("accounts/confirm.html", email=link.email)


@room.post("/settings/confirmation")
@needs("account")
def ask_to_confirm() -> Any:
    recovery.ask_to_confirm(me, choose_locale(), now())
    flash(_("Check your email: it has a link that confirms your address."), "info")
    return redirect(url_for("accounts.settings"))


@room.get("/outbox")
@needs("users")
def outbox() -> Any:
    return render_template("accounts/outbox.html", mails=queries.newest_mails(), can_send=queries.can_send_mail())


@room.post("/outbox/<int:mail_id>")
@needs("users")
def hand_over(mail_id: int) -> Any:
    """Show a mail that wasn't sent, to pass it on; its link is made now, and shown this once."""
    mail = recovery.hand_over(me, mail_id, now())
    settings = current_app.config["SETTINGS"]
    site = settings.mail.site if settings.mail else request.url_root.rstrip("/")
    return render_template("accounts/handed.html", mail=mail, letter=mails.letter_of(mail, site, now()))
