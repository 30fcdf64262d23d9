"""The forms of accounts."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import DataRequired, Email, EqualTo, Length

from quizapp.accounts.passwords import MAX_LENGTH, MIN_LENGTH
from quizapp.texts.clean import line
from quizapp.web.i18n import _l


def tidy_email(text: str | None) -> str:
    return line(text).lower()


def email_field() -> EmailField:
    return EmailField(
        _l("Email"),
        filters=[tidy_email],
        validators=[
            DataRequired(_l("Enter your email address.")),
            Email(_l("This isn't an email address: it needs an @ and a domain, like name@example.com.")),
            Length(max=254),
        ],
        render_kw={"autocomplete": "email"},
    )


def name_field() -> StringField:
    return StringField(
        _l("Name"),
        filters=[line],
        validators=[DataRequired(_l("Enter the name that instructors will see.")), Length(max=80)],
        render_kw={"autocomplete": "name"},
    )


def new_password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[
            DataRequired(_l("Choose a password.")),
            Length(MIN_LENGTH, MAX_LENGTH, _l("Use at least %(min)d characters. A few words in a row work well.")),
        ],
        render_kw={"autocomplete": "new-password"},
    )


def password_field(label: str) -> PasswordField:
    return PasswordField(
        label,
        validators=[DataRequired(_l("Enter your password.")), Length(max=MAX_LENGTH)],
        render_kw={"autocomplete": "current-password"},
    )


class SignUpForm(FlaskForm):
    name = name_field()
    email = email_field()
    password = new_password_field(_l("Password"))


class AddressForm(FlaskForm):
    email = email_field()


class FinishForm(FlaskForm):
    name = name_field()
    password = new_password_field(_l("Password"))


class LogInForm(FlaskForm):
    email = email_field()
    password = password_field(_l("Password"))


class NameForm(FlaskForm):
    name = name_field()


class ResetForm(FlaskForm):
    new = new_password_field(_l("New password"))
    again = PasswordField(
        _l("New password once more"),
        validators=[EqualTo("new", _l("The two new passwords differ. Type the same one twice."))],
        render_kw={"autocomplete": "new-password"},
    )


class PasswordForm(ResetForm):
    old = password_field(_l("Current password"))


class DeleteForm(FlaskForm):
    password = password_field(_l("Password, to be sure"))
