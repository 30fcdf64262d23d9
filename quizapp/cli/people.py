"""`quizapp user ...`, `quizapp mail ...`: accounts, and the mail that they get."""

from __future__ import annotations

import sys

import click

from quizapp import clock, config
from quizapp.cli.site import site

ROLES = click.Choice(["learner", "instructor", "admin"])


@click.group()
def user() -> None:
    """Accounts."""


@user.command("add")
@click.argument("email")
@click.option("--name", default="")
@click.option("--role", type=ROLES, default="learner")
@click.password_option()
def user_add(email: str, name: str, role: str, password: str) -> None:
    """Make an account."""
    from quizapp.accounts import actions

    with site():
        actions.create(email.lower(), name or email.partition("@")[0], password, role, clock.now())
    click.echo(f"{email} is {role}.")


@user.command("role")
@click.argument("email")
@click.argument("role", type=ROLES)
def user_role(email: str, role: str) -> None:
    """Give an account another role."""
    from quizapp.accounts import actions

    with site():
        actions.give_role(email.lower(), role, clock.now())
    click.echo(f"{email} is {role}.")


@user.command("password")
@click.argument("email")
def user_password(email: str) -> None:
    """Give an account a new password: asked for at a terminal, otherwise the first line of standard input.

    Every device is logged out.
    """
    from quizapp.accounts import actions, passwords

    if sys.stdin.isatty():
        password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH:
        raise click.ClickException(
            f"use {passwords.MIN_LENGTH} to {passwords.MAX_LENGTH} characters; a few words in a row work well."
        )
    with site():
        actions.set_password(email.lower(), password, clock.now())
    click.echo(f"{email} has a new password, and is logged out everywhere.")


@click.group()
def mail() -> None:
    """Email."""


@mail.command("test")
@click.argument("email")
def mail_test(email: str) -> None:
    """Send a test email at once, and show the server's reply."""
    from smtplib import SMTPException

    from quizapp.accounts import letters
    from quizapp.operation import smtp

    with site():
        settings = config.from_environment().mail
        if settings is None:
            raise click.ClickException("QUIZAPP_SMTP_URL isn't set, so this site doesn't send email.")
        try:
            smtp.send(settings, email, letters.words("test", "en", settings.site))
        except (OSError, SMTPException, UnicodeError, ValueError) as error:
            raise click.ClickException(f"{settings.host}:{settings.port}: {error}") from error
    click.echo(f"{settings.host}:{settings.port} accepted an email to {email}. Check whether it arrives.")
