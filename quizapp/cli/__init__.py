"""`quizapp ...`: the commands. Each one reads its arguments, calls actions, and prints what came of it."""

from __future__ import annotations

import click

from quizapp.cli import banks, checking, keeping, people, serving


@click.group()
@click.version_option(package_name="quizapp")
def main() -> None:
    """Quizzes and courses in the browser."""


for command in (
    serving.serve,
    serving.demo,
    checking.check,
    checking.repair,
    banks.bank,
    people.user,
    people.mail,
    keeping.backup,
    keeping.restore,
    keeping.db,
):
    main.add_command(command)
