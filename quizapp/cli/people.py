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
    """Give an account a new password: asked for at a terminal, else the first line of the standard input.

    Every device is logged out.
    """
    from quizapp.accounts import actions, passwords

    if sys.stdin.isatty():
        password = click.prompt("New password", hide_input=True, confirmation_prompt=True)
    else:
        password = sys.stdin.readline().rstrip("\r\n")
    if not passwords.MIN_LENGTH <= len(password) <= passwords.MAX_LENGTH:
        raise click.ClickException(
            f"use {passwords.MIN_LENGTH} to {passwords.MAX_LENGTH} characters; a few words in a row are good."
        )
    with site():
        actions.set_password(email.lower(), password, clock.now())
    click.echo(f"{email} has a new password, and is logged out everywhere.")


@click.group()
def mail() -> None:
    """Mail."""


@mail.command("test")
@click.argument("email")
def mail_test(email: str) -> None:
    """Send a test mail at once, and say what the server says."""
    from smtplib import SMTPException

    from quizapp.accounts import letters
    from quizapp.operation import smtp

    with site():
        settings = config.from_environment().mail
        if settings is None:
            raise click.ClickException("QUIZAPP_SMTP_URL isn't set, so this site sends no mail.")
        try:
            smtp.send(settings, email, letters.words("test", "en", settings.site))
        except (OSError, SMTPException, UnicodeError, ValueError) as error:
            raise click.ClickException(f"{settings.host}:{settings.port}: {error}") from error
    click.echo(f"{settings.host}:{settings.port} took a mail to {email}. Look whether it arrives.")
