"""`quizapp backup`, `quizapp restore`, `quizapp db ...`: the database as a whole."""

from __future__ import annotations

import json
from pathlib import Path

import click

from quizapp import config
from quizapp.cli.site import site
from quizapp.errors import QuizError


@click.command()
@click.argument("dst", type=click.Path(dir_okay=False, path_type=Path))
def backup(dst: Path) -> None:
    """Write the whole database into one SQLite file, while the site is running."""
    from quizapp.app import create_app
    from quizapp.operation import transfer

    with site():
        click.echo(json.dumps(transfer.backup(dst, create_app)))


@click.command()
@click.argument("src", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
def restore(src: Path, yes: bool) -> None:
    """Replace the database by a backup. Stop the server first."""
    from quizapp.app import create_app
    from quizapp.operation import transfer

    if not yes:
        click.confirm("This replaces everything in the database. Continue?", abort=True)
    try:
        click.echo(json.dumps(transfer.restore(src, create_app)))
    except QuizError as error:
        raise click.ClickException(error.message) from error


@click.group()
def db() -> None:
    """The database itself."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema up to date. `serve` does so by itself."""
    with site():
        click.echo("The schema is up to date.")


@db.command("copy")
@click.argument("src")
@click.argument("dst")
def db_copy(src: str, dst: str) -> None:
    """Copy a whole site from one database to another, empty one (both by their addresses), and prove them equal."""
    from quizapp.app import create_app
    from quizapp.operation import transfer

    try:
        click.echo(json.dumps(transfer.copy_site(config.normalised(src), config.normalised(dst), create_app)))
    except QuizError as error:
        raise click.ClickException(error.message) from error
