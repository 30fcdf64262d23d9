"""Pages of accounts: sign up, log in and out, settings, and the choice of language and theme."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user

from quizapp.accounts import actions, mail_views, queries, recovery, sessions
from quizapp.accounts.forms import AddressForm, DeleteForm, LogInForm, NameForm, PasswordForm, SignUpForm
from quizapp.accounts.visitor import address_here, enter, guest_here, leave, me, session_here
from quizapp.clock import now
from quizapp.errors import QuizError
from quizapp.permissions import needs, public
from quizapp.web import panels
from quizapp.web.i18n import LOCALES, THEMES, choose_locale, translated
from quizapp.web.pages import home_url, safe_next

room = Blueprint("accounts", __name__)
room.register_blueprint(mail_views.room)


@room.route("/signup", methods=["GET", "POST"])
@public
def signup() -> Any:
    if current_user.is_authenticated and not current_user.is_guest:
        return redirect(home_url())
    if queries.can_send_mail():
        return signup_by_mail()
    form = SignUpForm()
    if form.validate_on_submit():
        try:
            user = recovery.sign_up_at_once(
                guest_here(),
                form.email.data or "",
                form.name.data or "",
                form.password.data or "",
                choose_locale(),
                address_here(),
                now(),
            )
        except QuizError as error:
            form.email.errors = [translated(error)]
        else:
            enter(user)
            flash(_("Your account is ready. Everything you do is kept from now on."), "success")
            return redirect(safe_next(request.args.get("next"), home_url()))
    return render_template("accounts/signup.html", form=form), 422 if form.errors else 200


def signup_by_mail() -> Any:
    """Ask for the address only; the rest follows by a link, so that the page says nothing of who has an account."""
    form = AddressForm()
    if form.validate_on_submit():
        try:
            recovery.ask_to_sign_up(form.email.data or "", choose_locale(), address_here(), now())
        except QuizError as error:
            form.email.errors = [translated(error)]
        else:
            return render_template("accounts/sent.html", email=form.email.data, can_send=True)
    return render_template("accounts/signup.html", form=form), 422 if form.errors else 200


@room.route("/login", methods=["GET", "POST"])
@public
def login() -> Any:
    if current_user.is_authenticated and not current_user.is_guest:
        return redirect(safe_next(request.args.get("next"), home_url()))
    form = LogInForm()
    problem = ""
    if form.validate_on_submit():
        try:
            user = actions.log_in(form.email.data or "", form.password.data or "", address_here(), now())
        except QuizError as error:
            problem = translated(error)
        else:
            guest = guest_here()
            if guest is not None:
                actions.claim(guest, user)
            enter(user)
            return redirect(safe_next(request.args.get("next"), home_url()))
    page = render_template("accounts/login.html", form=form, problem=problem)
    return page, 422 if form.errors or problem else 200


@room.post("/logout")
@public
def logout() -> Any:
    leave()
    flash(_("You are logged out."), "info")
    return redirect(url_for("progress.catalogue"))


@room.post("/preferences")
@public
def preferences() -> Any:
    """Remember language and theme: in the account, or in the session of somebody without one."""
    locale = request.form.get("locale") if request.form.get("locale") in LOCALES else None
    theme = request.form.get("theme") if request.form.get("theme") in THEMES else None
    if current_user.is_authenticated:
        actions.prefer(me, locale, theme)
    else:
        session.permanent = True
        session.update({key: value for key, value in (("locale", locale), ("theme", theme)) if value})
    return redirect(safe_next(request.form.get("next"), home_url()))


@room.get("/settings")
@needs("account")
def settings() -> Any:
    return settings_page()


def settings_page(status: int = 200, **forms: Any) -> Any:
    """The settings with the forms given, fresh ones for the rest."""
    forms = {
        "name_form": NameForm(formdata=None, name=current_user.name),
        "password_form": PasswordForm(formdata=None),
        "delete_form": DeleteForm(formdata=None),
    } | forms
    return render_template(
        "accounts/settings.html",
        sessions=queries.sessions_of(me.id),
        this_session=session_here(),
        staying=panels.of("deletion", user=me, now=now()),
        unconfirmed=queries.can_send_mail() and me.confirmed_at is None,
        **forms,
    ), status


@room.post("/settings/name")
@needs("account")
def name() -> Any:
    form = NameForm()
    if not form.validate():
        return settings_page(422, name_form=form)
    actions.rename(me, form.name.data or "")
    flash(_("Your name is saved."), "success")
    return redirect(url_for("accounts.settings"))


@room.post("/settings/password")
@needs("account")
def password() -> Any:
    form = PasswordForm()
    if form.validate():
        try:
            user = actions.change_password(me, form.old.data or "", form.new.data or "", address_here(), now())
        except QuizError as error:
            form.old.errors = [translated(error)]
        else:
            enter(user)
            flash(_("Your password is changed. Other devices have to log in again."), "success")
            return redirect(url_for("accounts.settings"))
    return settings_page(422, password_form=form)


@room.post("/settings/sessions")
@needs("account")
def log_out_elsewhere() -> Any:
    """Log one other browser out, or all others."""
    chosen = request.form.get("session", "")
    if chosen == "others":
        sessions.end_all(me, but=session_here())
        flash(_("You are logged out on all other devices."), "success")
    elif chosen.isascii() and chosen.isdecimal() and len(chosen) < 10:
        sessions.end_one(me, int(chosen))
        flash(_("That device is logged out."), "success")
    return redirect(url_for("accounts.settings"))


@room.post("/settings/deletion")
@needs("account")
def delete() -> Any:
    form = DeleteForm()
    if form.validate():
        try:
            actions.delete_account(me, form.password.data or "", address_here(), now())
        except QuizError as error:
            form.password.errors = [translated(error)]
        else:
            leave()
            flash(_("Your account is deleted."), "info")
            return redirect(url_for("progress.catalogue"))
    return settings_page(422, delete_form=form)
