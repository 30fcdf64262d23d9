"""`quizapp bank ...`: question banks."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from quizapp import clock
from quizapp.banks.diff import ADDED, CHANGED, Diff
from quizapp.banks.import_progress import READING, Listener, no_listener
from quizapp.cli.checking import SOURCE, check_content
from quizapp.cli.files import ENCODING, FORMAT, by_suffix, read_file, write_file
from quizapp.cli.site import report, site, with_place
from quizapp.errors import N_, Problem, QuizError
from quizapp.formats.base import Reading
from quizapp.kinds.base import say

if TYPE_CHECKING:
    from quizapp.accounts.models import User


@click.group()
def bank() -> None:
    """Question banks: check, convert, import, export."""


@bank.command("check")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@ENCODING
@SOURCE
def bank_check(paths: tuple[Path, ...], encoding: str | None, source: Path | None) -> None:
    """Check question files and course folders; print every problem as path:line: message.

    Warnings point out what had better be reworded, such as keys that can be guessed by their length. They fail nothing.
    """
    if check_content(paths, encoding, source):
        sys.exit(1)


@bank.command("convert")
@click.argument("src", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("dst", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--from", "source", type=FORMAT, help="The format of SRC, if it isn't clear from its content.")
@click.option("--to", "target", type=FORMAT, help="The format of DST, if it isn't clear from its suffix.")
@ENCODING
@click.option("--partial", is_flag=True, help="Write what can be written, and leave the rest out.")
def bank_convert(src: Path, dst: Path, source: str, target: str | None, encoding: str | None, partial: bool) -> None:
    """Turn a question file into another format; `--to json` writes the canonical items."""
    reading = read_file(src, source, encoding)
    report(with_place(problem, src) for problem in reading.problems)
    if reading.errors and not partial:
        raise click.ClickException("nothing was written. Fix the lines above, or use --partial.")
    write_file(reading.items, dst, target or by_suffix(dst), partial)


@bank.command("import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--owner", required=True, metavar="EMAIL", help="The instructor whose bank it is.")
@click.option("--bank", "slug", help="The bank's name; by default the one in the file, or else the file's name.")
@click.option("--from", "source", type=FORMAT, help="The format, if it isn't clear from the content.")
@ENCODING
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--partial", is_flag=True, help="Import what can be read, and leave the rest out.")
@click.option(
    "--as-new", is_flag=True, help="Add questions without an id, whatever question of the bank they are like."
)
def bank_import(
    paths: tuple[Path, ...],
    owner: str,
    slug: str | None,
    source: str | None,
    encoding: str | None,
    dry_run: bool,
    partial: bool,
    as_new: bool,
) -> None:
    """Import question files as a diff: what is new is added, what has changed gets a new version.

    A question without an id changes the one whose number, name or wording it has, and each of them is reported.
    Each file is one transaction: all of it is imported, or nothing. A file that can't be read doesn't keep others back.
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
                import_file(path, user, slug, reading, dry_run=dry_run, partial=partial, as_new=as_new)
            except (QuizError, click.ClickException) as error:
                failed += 1
                click.echo(f"Error: {error.message}", err=True)
    if failed:
        sys.exit(1)


def import_file(
    path: Path, user: User, slug: str | None, reading: Reading, *, dry_run: bool, partial: bool, as_new: bool
) -> None:
    """Import what was read of one file, and say what came of it."""
    from quizapp.banks import actions

    report(with_place(problem, path) for problem in reading.problems)
    if reading.errors and not partial:
        raise click.ClickException(f"nothing of {path} was imported. Fix the lines above, or use --partial.")
    slug = slug or str(reading.meta.get("bank") or actions.slug_of(path.stem))
    title = reading.title or {"en": path.stem}
    with progress_line(path.name) as progress:
        found = actions.import_items(
            user, slug, title, reading.items, clock.now(), dry_run=dry_run, match=not as_new, progress=progress
        )
    report(with_place(problem, path) for problem in without_an_id(found))
    losses = sum(1 for problem in reading.problems if problem.severity == "loss")
    click.echo(
        f"{slug}: found {reading.found} = added {len(found.added)} + changed {len(found.changed)} "
        f"+ same {len(found.same)} + skipped {reading.skipped + len(found.repeated)} + failed {reading.failed}"
        + (f"; {losses} losses, listed above" if losses else "")
        + (" (dry run: nothing was stored)" if dry_run else "")
    )


def without_an_id(found: Diff) -> Iterator[Problem]:
    """What was made of questions that no id names, though they are like others."""
    for one in found.comparisons:
        item = one.incoming.item
        line, place = item.provenance.get("line"), str(item.provenance.get("place", ""))
        values = {"text": " ".join(say(item.stem, "ko").split())[:80]}
        if one.guessed and one.status == CHANGED:
            template = N_("“%(text)s” has no id and was taken for a newer wording of a question of the bank.")
            mend = N_("If it is another question, import it with --as-new.")
            yield Problem(template, values, code="matched", severity="warning", line=line, place=place, mend=mend)
        elif one.status == ADDED and one.incoming.key in found.alike:
            template = N_("“%(text)s” is very similar to a question of the bank, and is added beside it.")
            yield Problem(template, values, code="alike", severity="warning", line=line, place=place)


@contextmanager
def progress_line(name: str) -> Iterator[Listener]:
    """A line that says how far an import is, on a terminal only; it is wiped away at the end."""
    if not sys.stderr.isatty():
        yield no_listener
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
