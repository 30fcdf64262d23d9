"""`quizapp check`, `quizapp repair`: whether content and database are sound."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizapp import clock, config
from quizapp.cli.files import read_file
from quizapp.cli.site import report, site, with_place
from quizapp.errors import Problem, QuizError
from quizapp.formats.text import decode

if TYPE_CHECKING:
    from quizapp.rules.copies import SourceText

SOURCE = click.option(
    "--source",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A text that the content is about: sentences copied from it are reported.",
)


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@SOURCE
def check(paths: tuple[Path, ...], source: Path | None) -> None:
    """Check the content in questions/ (or PATHS) and the database: its integrity, and every score computed again.

    The cards of the review and the levels of mastery are compared with what the answers make of them; on a large site,
    those of 100 learners, each day of others.

    Citations whose passage is gone are listed too, and mistakes in the directives of stored lessons. They are for an
    instructor to correct and don't fail the check; nor do warnings.
    """
    from quizapp.attempts import queries as attempts
    from quizapp.citations import queries as passages
    from quizapp.courses import checks
    from quizapp.db import integrity_problems
    from quizapp.operation.repair import flaws
    from quizapp.progress import audit

    found = check_content(paths or (config.bundled("questions"),), source=source)
    with site():
        broken = [*integrity_problems(), *attempts.wrong_scores()]
        broken += [f"{flaw.where}: {flaw.what} (quizapp repair fixes it)" for flaw in flaws(clock.now())]
        compared, learners = audit.learners_of_today(clock.now(), audit.PART)
        uncited = passages.broken()
        unasked = [*checks.all_flaws()]
    for line in broken:
        click.echo(f"database: {line}")
    for line in uncited:
        click.echo(f"citation: {line}")
    for line in unasked:
        click.echo(f"lesson: {line}")
    if len(compared) < learners:
        click.echo(f"cards and levels: those of {len(compared)} of {learners} learners were compared, others each day")
    if found or broken:
        sys.exit(1)
    click.echo("Content, database and scores are sound.")


@click.command()
def repair() -> None:
    """Fix what was stored before its texts were cleaned: add versions, correct names and types. Back up first."""
    from quizapp.operation.repair import repair as mend

    with site():
        for flaw in mend(clock.now()):
            click.echo(f"{flaw.where}: {flaw.what}: fixed")


def check_content(paths: Iterable[Path], encoding: str | None = None, source: Path | None = None) -> int:
    """Report all problems of files and folders; the number of errors among them."""
    from quizapp.rules.copies import SourceText

    text = SourceText(decoded(source)) if source else None
    problems = [problem for path in paths for problem in problems_of(path, encoding, text)]
    report(problems)
    return sum(1 for problem in problems if problem.is_error)


def decoded(path: Path) -> str:
    try:
        return decode(path.read_bytes())[0]
    except QuizError as error:
        raise click.ClickException(f"{path}: {error.message}") from error


def problems_of(path: Path, encoding: str | None, source: SourceText | None) -> list[Problem]:
    from quizapp.content.authoring import remarks_on_course, remarks_on_reading
    from quizapp.content.folder import read_course

    if path.is_file():
        reading = read_file(path, encoding=encoding)
        return [with_place(one, path) for one in (*reading.problems, *remarks_on_reading(reading, source))]
    courses = [path] if (path / "course.yaml").is_file() else sorted(one.parent for one in path.glob("*/course.yaml"))
    if not courses:
        raise click.ClickException(f"{path}: no course.yaml in it or in its folders.")
    read = [(course, read_course(course)) for course in courses]
    return [one for course, found in read for one in (*found.problems, *remarks_on_course(course, found, source))]
