"""`quizapp ...`: the commands. Each one reads its arguments, calls actions, and prints what came of it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizapp import clock, config
from quizapp.banks.import_progress import READING, Listener, unheard
from quizapp.errors import Problem, QuizError
from quizapp.formats import FORMATS
from quizapp.formats.base import Reading
from quizapp.formats.items import Item
from quizapp.formats.text import ENCODINGS, decode

if TYPE_CHECKING:
    from quizapp.accounts.models import User
    from quizapp.rules.copies import Source

ROLES = click.Choice(["learner", "instructor", "admin"])
FORMAT = click.Choice(sorted(FORMATS))
ENCODING = click.Choice(list(ENCODINGS))
SOURCE = click.Path(exists=True, dir_okay=False, path_type=Path)
SOURCE_HELP = "A text that the content is about: what is worded like it is told."
ENCODING_HELP = "The encoding of a text, where the file itself doesn't tell it rightly."


@click.group()
@click.version_option(package_name="quizapp")
def main() -> None:
    """Quizzes and courses in the browser."""


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


@main.command()
@click.option("--demo", is_flag=True, help="Load the courses in questions/ and make the demo accounts first.")
def serve(demo: bool) -> None:
    """Bring the database up to date and serve it under gunicorn."""
    from quizapp.app import create_app
    from quizapp.operation import metrics
    from quizapp.operation.server import run

    try:
        settings = config.from_environment()
        metrics.prepare(settings.metrics_token)
    except QuizError as error:
        raise click.ClickException(error.message) from error
    with site():
        if demo:
            load_demo()
    run(settings, create_app)


@main.command()
def demo() -> None:
    """Load the courses in questions/ and make a demo learner and a demo instructor."""
    with site():
        load_demo()


def load_demo() -> None:
    from quizapp.operation import demo

    problems = demo.load(config.from_environment().questions, clock.now())
    report(problems)
    for email, password, role in demo.ACCOUNTS:
        click.echo(f"  {role:<11} {email:<24} {password}")


@main.command()
@click.argument("paths", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--source", type=SOURCE, help=SOURCE_HELP)
def check(paths: tuple[Path, ...], source: Path | None) -> None:
    """Check the content in questions/ (or PATHS) and the database: integrity, and every score computed again.

    The cards of the review and the levels of mastery are compared with what the answers make; on a large site those of
    100 learners, each day others.

    Citations whose passage is gone are named too, and what is wrong with the directives of stored lessons. They are for
    an instructor to renew, and don't fail the check, nor do warnings.
    """
    from quizapp.attempts import queries as attempts
    from quizapp.citations import queries as passages
    from quizapp.courses import checks
    from quizapp.db import integrity_problems
    from quizapp.operation.repair import flaws
    from quizapp.progress import audit

    found = check_content(paths or (config.beside("questions"),), source=source)
    with site():
        broken = [*integrity_problems(), *attempts.wrong_scores()]
        broken += [f"{flaw.where}: {flaw.what} (quizapp repair mends it)" for flaw in flaws(clock.now())]
        compared, learners = audit.chosen(clock.now(), audit.PART)
        uncited = passages.broken()
        unasked = [*checks.all_flaws()]
    for line in broken:
        click.echo(f"database: {line}")
    for line in uncited:
        click.echo(f"citation: {line}")
    for line in unasked:
        click.echo(f"lesson: {line}")
    if len(compared) < learners:
        click.echo(f"cards and levels: those of {len(compared)} of {learners} learners were compared, each day others")
    if found or broken:
        sys.exit(1)
    click.echo("Content, database and scores are sound.")


@main.command()
def repair() -> None:
    """Mend what was stored before its texts were cleaned: add versions, put names and types right. Back up first."""
    from quizapp.operation.repair import repair as mend

    with site():
        for flaw in mend(clock.now()):
            click.echo(f"{flaw.where}: {flaw.what}: mended")


# --- banks ---


@main.group()
def bank() -> None:
    """Question banks: check, convert, import, export."""


@bank.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--encoding", type=ENCODING, help=ENCODING_HELP)
@click.option("--source", type=SOURCE, help=SOURCE_HELP)
def bank_check(paths: tuple[Path, ...], encoding: str | None, source: Path | None) -> None:
    """Check question files and course folders; print every problem as path:line: message.

    Warnings say what had better be worded anew, such as keys that can be guessed by their length. They fail nothing.
    """
    if check_content(paths, encoding, source):
        sys.exit(1)


def check_content(paths: Iterable[Path], encoding: str | None = None, source: Path | None = None) -> int:
    """Report all problems of files and folders; the number of errors among them."""
    from quizapp.rules.copies import Source

    text = Source(decoded(source)) if source else None
    problems = [problem for path in paths for problem in problems_of(path, encoding, text)]
    report(problems)
    return sum(1 for problem in problems if problem.is_error)


def decoded(path: Path) -> str:
    try:
        return decode(path.read_bytes())[0]
    except QuizError as error:
        raise click.ClickException(f"{path}: {error.message}") from error


def problems_of(path: Path, encoding: str | None, source: Source | None) -> list[Problem]:
    from quizapp.content.authoring import remarks_on_course, remarks_on_reading
    from quizapp.content.folder import read_course

    if path.is_file():
        reading = read_file(path, encoding=encoding)
        return [placed(one, path) for one in (*reading.problems, *remarks_on_reading(reading, source))]
    courses = [path] if (path / "course.yaml").is_file() else sorted(one.parent for one in path.glob("*/course.yaml"))
    if not courses:
        raise click.ClickException(f"{path}: no course.yaml in it or in its folders.")
    read = [(course, read_course(course)) for course in courses]
    return [one for course, found in read for one in (*found.problems, *remarks_on_course(course, found, source))]


def placed(problem: Problem, path: Path) -> Problem:
    return problem.at(place=f"{path}:{problem.place}" if problem.place else str(path))


def report(problems: Iterable[Problem]) -> None:
    """Print problems as `path:line: message`; those that aren't errors say what they are."""
    for problem in problems:
        kind = "" if problem.is_error else f"{problem.severity}: "
        mend = f" {problem.mend % problem.values}" if problem.mend else ""
        click.echo(f"{problem.place}:{problem.line or 1}: {kind}{problem.message}{mend}", err=True)


def read_file(path: Path, name: str | None = None, encoding: str | None = None) -> Reading:
    """Read a question file; its format is told by `name`, else by content and suffix."""
    from quizapp.uploads.content import ReadingOptions
    from quizapp.uploads.reading import content_in

    content = content_in(path.read_bytes(), path.name, ReadingOptions(name or "", "", encoding or ""))
    if not content.form and not encoding:
        known, problem = ", ".join(sorted(FORMATS)), content.reading.problems[0]
        raise click.ClickException(f"{path}:1: {problem.message} It can be named; it is one of: {known}.")
    return content.reading


@bank.command("convert")
@click.argument("src", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("dst", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source", type=FORMAT, help="The format of SRC, where its content doesn't tell.")
@click.option("--to", "target", type=FORMAT, help="The format of DST, where its suffix doesn't tell.")
@click.option("--encoding", type=ENCODING, help=ENCODING_HELP)
@click.option("--partial", is_flag=True, help="Write what can be written, and leave the rest out.")
def bank_convert(src: Path, dst: Path, source: str, target: str | None, encoding: str | None, partial: bool) -> None:
    """Turn a question file into another format; `--to json` writes the canonical items."""
    reading = read_file(src, source, encoding)
    report(placed(problem, src) for problem in reading.problems)
    if reading.errors and not partial:
        raise click.ClickException("nothing was written. Mend the lines above, or use --partial.")
    write_file(reading.items, dst, target or by_suffix(dst), partial)


def by_suffix(path: Path) -> str:
    """The format that a file's suffix names; the first registered one of several."""
    for name, form in FORMATS.items():
        if path.suffix.lower() in form.SUFFIXES:
            return name
    raise click.ClickException(f"{path}: the suffix doesn't tell the format. Use --to.")


def write_file(items: list[Item], dst: Path, name: str, partial: bool) -> None:
    """Write items, saying what the format can't carry."""
    form = FORMATS[name]
    carried = []
    for item in items:
        problems = form.carries(item)
        report(placed(problem, dst) for problem in problems)
        if not any(problem.is_error for problem in problems):
            carried.append(item)
    if len(carried) < len(items) and not partial:
        raise click.ClickException("nothing was written. Choose another format, or use --partial.")
    dst.write_bytes(form.write(carried))
    click.echo(f"{dst}: {len(carried)} of {len(items)} questions written.", err=True)


@bank.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", required=True, metavar="EMAIL", help="The instructor whose bank it is.")
@click.option("--bank", "slug", help="The bank's name; the file's own, or the file's name, where it isn't given.")
@click.option("--from", "source", type=FORMAT, help="The format, where the content doesn't tell.")
@click.option("--encoding", type=ENCODING, help=ENCODING_HELP)
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--partial", is_flag=True, help="Import what can be read, and leave the rest out.")
def bank_import(
    paths: tuple[Path, ...],
    owner: str,
    slug: str | None,
    source: str | None,
    encoding: str | None,
    dry_run: bool,
    partial: bool,
) -> None:
    """Import question files as a diff: what is new is added, what has changed gets a new version.

    Each file is one transaction: all of it is imported, or nothing. A file that can't be read keeps no other back.
    """
    from quizapp.accounts import queries as accounts

    failed = 0
    with site():
        user = accounts.by_email(owner.lower())
        if user is None or not user.can("banks"):
            raise click.ClickException(f"{owner} is not an instructor on this site.")
        for path in paths:
            try:
                with progress_line(path.name) as progress:
                    progress(READING, 0, 0)
                    reading = read_file(path, source, encoding)
                import_file(path, user, slug, reading, dry_run=dry_run, partial=partial)
            except (QuizError, click.ClickException) as error:
                failed += 1
                click.echo(f"Error: {error.message}", err=True)
    if failed:
        sys.exit(1)


def import_file(path: Path, user: User, slug: str | None, reading: Reading, *, dry_run: bool, partial: bool) -> None:
    """Import what was read of one file, and say what came of it."""
    from quizapp.banks import actions

    report(placed(problem, path) for problem in reading.problems)
    if reading.errors and not partial:
        raise click.ClickException(f"nothing of {path} was imported. Mend the lines above, or use --partial.")
    slug = slug or str(reading.meta.get("bank") or actions.slug_of(path.stem))
    title = reading.title or {"en": path.stem}
    with progress_line(path.name) as progress:
        found = actions.import_items(user, slug, title, reading.items, clock.now(), dry_run=dry_run, progress=progress)
    losses = sum(1 for problem in reading.problems if problem.severity == "loss")
    click.echo(
        f"{slug}: found {reading.found} = added {len(found.added)} + changed {len(found.changed)} "
        f"+ same {len(found.same)} + skipped {reading.skipped + len(found.repeated)} + failed {reading.failed}"
        + (f"; {losses} losses, listed above" if losses else "")
        + (" (dry run: nothing was stored)" if dry_run else "")
    )


@contextmanager
def progress_line(name: str) -> Iterator[Listener]:
    """A line that says how far an import is, on a terminal only; it is wiped away at the end."""
    if not sys.stderr.isatty():
        yield unheard
        return

    def show(stage: str, done: int, total: int) -> None:
        count = f" {done:,} of {total:,}" if total else ""
        click.echo(f"\r\x1b[K{name}: {stage}{count}", err=True, nl=False)

    try:
        yield show
    finally:
        click.echo("\r\x1b[K", err=True, nl=False)


@bank.command("export")
@click.argument("slug")
@click.argument("dst", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--to", "target", type=FORMAT)
@click.option("--partial", is_flag=True)
def bank_export(slug: str, dst: Path, target: str | None, partial: bool) -> None:
    """Write a bank's questions to a file."""
    from quizapp.banks import queries

    with site():
        write_file(queries.items(queries.bank(slug).id), dst, target or by_suffix(dst), partial)


# --- users ---


@main.group()
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


@main.group()
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


# --- keeping ---


@main.command()
@click.argument("dst", type=click.Path(dir_okay=False, path_type=Path))
def backup(dst: Path) -> None:
    """Write the whole database into one SQLite file, while the site goes on."""
    from quizapp.app import create_app
    from quizapp.operation import transfer

    with site():
        click.echo(json.dumps(transfer.backup(dst, create_app)))


@main.command()
@click.argument("src", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--yes", is_flag=True, help="Replace what is there without asking.")
def restore(src: Path, yes: bool) -> None:
    """Put a backup in the place of the database. Stop the server first."""
    from quizapp.app import create_app
    from quizapp.operation import transfer

    if not yes:
        click.confirm("This replaces everything in the database. Go on?", abort=True)
    try:
        click.echo(json.dumps(transfer.restore(src, create_app)))
    except QuizError as error:
        raise click.ClickException(error.message) from error


@main.group()
def db() -> None:
    """The database itself."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the schema up to date. `serve` does it by itself."""
    with site():
        click.echo("The schema is up to date.")


@db.command("copy")
@click.argument("src")
@click.argument("dst")
def db_copy(src: str, dst: str) -> None:
    """Copy a whole site from one database to an empty other one (addresses), and prove that they are equal."""
    from quizapp.app import create_app
    from quizapp.operation import transfer

    try:
        click.echo(json.dumps(transfer.copy_site(config.normalised(src), config.normalised(dst), create_app)))
    except QuizError as error:
        raise click.ClickException(error.message) from error


if __name__ == "__main__":
    main()
