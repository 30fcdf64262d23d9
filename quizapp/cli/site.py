"""What the commands share: the site that they work on, and how they say what they found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from quizapp.errors import Problem, QuizError


@contextmanager
def site() -> Iterator[None]:
    """The application's context, on a database that is up to date; errors become one clear line."""
    from quizapp.app import create_app
    from quizapp.db import upgrade

    try:
        with create_app().app_context():
            upgrade()
            yield
    except QuizError as error:
        raise click.ClickException(error.message) from error


def report(problems: Iterable[Problem]) -> None:
    """Print problems as `path:line: message`; those that aren't errors say what they are."""
    for problem in problems:
        kind = "" if problem.is_error else f"{problem.severity}: "
        mend = f" {problem.mend % problem.values}" if problem.mend else ""
        click.echo(f"{problem.place}:{problem.line or 1}: {kind}{problem.message}{mend}", err=True)


def with_place(problem: Problem, path: Path) -> Problem:
    return problem.at(place=f"{path}:{problem.place}" if problem.place else str(path))
