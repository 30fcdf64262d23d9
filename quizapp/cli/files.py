"""Question files: read in the format that they have, written in the one that is wanted."""

from __future__ import annotations

from pathlib import Path

import click

from quizapp.cli.site import report, with_place
from quizapp.formats import FORMATS
from quizapp.formats.base import Reading
from quizapp.formats.items import Item
from quizapp.formats.text import ENCODINGS

FORMAT = click.Choice(sorted(FORMATS))
ENCODING = click.option(
    "--encoding",
    type=click.Choice(list(ENCODINGS)),
    help="The encoding of a text, if it isn't recognised correctly.",
)


def read_file(path: Path, name: str | None = None, encoding: str | None = None) -> Reading:
    """Read a question file; its format is told by `name`, else by content and suffix."""
    from quizapp.uploads.content import ReadingOptions
    from quizapp.uploads.reading import content_in

    content = content_in(path.read_bytes(), path.name, ReadingOptions(name or "", "", encoding or ""))
    if not content.form and not encoding:
        known, problem = ", ".join(sorted(FORMATS)), content.reading.problems[0]
        raise click.ClickException(f"{path}:1: {problem.message} Name the format; it is one of: {known}.")
    return content.reading


def by_suffix(path: Path) -> str:
    """The format that a file's suffix names; the first registered one of several."""
    for name, form in FORMATS.items():
        if path.suffix.lower() in form.SUFFIXES:
            return name
    raise click.ClickException(f"{path}: the suffix doesn't say which format. Use --to.")


def write_file(items: list[Item], dst: Path, name: str, partial: bool) -> None:
    """Write items, saying what the format can't carry."""
    form = FORMATS[name]
    told = [form.carries(item) for item in items]
    report(with_place(problem, dst) for problems in told for problem in problems)
    carried = [place for place, problems in enumerate(told) if not any(problem.is_error for problem in problems)]
    if len(carried) < len(items) and not partial:
        raise click.ClickException("nothing was written. Choose another format, or use --partial.")
    dst.write_bytes(form.write([items[place] for place in carried], [told[place] for place in carried]))
    click.echo(f"{dst}: {len(carried)} of {len(items)} questions written.", err=True)
