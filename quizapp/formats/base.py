"""What all formats share: their protocol, what reading gives, and what writing may refuse."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from quizapp.errors import N_, Problem, QuizError
from quizapp.formats.items import Item


@dataclass(frozen=True)
class SheetColumns:
    """The columns of a table in a file and how they were taken, to be shown and changed.

    shape: what tables with the same headings share. name: of the sheet; "" where there is but one.
    headings and examples: a cell of each column, "" where it is blank. meanings: an English heading of our own sheet
    for each column, "" for one that is left out. guessed: whether the headings alone don't say all of it.
    """

    shape: str
    name: str
    headings: tuple[str, ...]
    examples: tuple[str, ...]
    meanings: tuple[str, ...]
    guessed: bool


@dataclass
class Reading:
    """What a file held.

    items: the questions that can be used, in the file's order (with losses noted in `provenance["losses"]`).
    problems: everything to report, by line: errors (a question left out), warnings and losses.
    found: how many questions the file held; found = len(items) + skipped + failed.
    skipped: questions left out on purpose (a duplicate within the file). failed: unreadable ones.
    title: the bank's name, where the file has one. encoding: how the bytes were read; "" for packages.
    tables: of a sheet, how its columns were taken.
    """

    items: list[Item] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    found: int = 0
    skipped: int = 0
    failed: int = 0
    title: dict[str, str] = field(default_factory=dict)
    meta: dict[str, Any] = field(default_factory=dict)
    encoding: str = ""
    tables: list[SheetColumns] = field(default_factory=list)

    @property
    def errors(self) -> list[Problem]:
        return [problem for problem in self.problems if problem.is_error]


class FormatError(QuizError):
    """The whole file can't be read: not this format, too large, unsafe."""

    status = 422


def unreadable(error: FormatError) -> Reading:
    """The reading of a file that can't be read at all: nothing, and why."""
    problem = Problem(error.template, error.values, code="unreadable", line=error.values.get("line"))
    return Reading(problems=[problem])


class CannotCarry(QuizError):
    """A format can't hold some of the items at all; `problems` says which (path = index of the item)."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__(
            N_("This format can't carry %(count)s of the questions: %(first)s"),
            count=len(problems),
            first=problems[0].message,
        )


Told = Sequence[Sequence[Problem]]
"""What `carries` says of each of several items."""


class Format(Protocol):
    """A file format: one module or folder of this package. Pure: bytes in, items out, and back.

    `sniff` tells from the first bytes (and only from them) how likely the file is of this format, 0 to 1.
    `read` never raises for a bad file: what is wrong stands in `problems`. `carries` lists what writing one item
    would lose (severity "loss") or that it can't be written at all ("error"). `write` raises CannotCarry if any
    item has an error there; else read(write(items)) gives the items back up to those losses. `told` is what `carries`
    has said of each item, by who has asked already; else `write` asks.
    """

    @property
    def NAME(self) -> str: ...
    @property
    def LABEL(self) -> str: ...
    @property
    def SUFFIXES(self) -> tuple[str, ...]: ...
    @property
    def MIME(self) -> str: ...
    @property
    def SAMPLE(self) -> bytes: ...

    def sniff(self, data: bytes) -> float: ...
    def read(self, data: bytes, language: str | None = None) -> Reading: ...
    def carries(self, item: Item) -> list[Problem]: ...
    def write(self, items: Iterable[Item], told: Told | None = None) -> bytes: ...


class SheetFormat(Format, Protocol):
    """A format that people fill in by hand: `template` gives a blank file with a guide and an example of each kind.

    `chosen`, where somebody said what the columns are: by the shape of a table, the meanings as in SheetColumns.
    """

    def read(
        self, data: bytes, language: str | None = None, chosen: Mapping[str, Sequence[str]] | None = None
    ) -> Reading: ...
    def template(self, language: str) -> bytes: ...


def refuse_uncarried(items: list[Item], carries: Callable[[Item], list[Problem]], told: Told | None = None) -> None:
    """Raise CannotCarry if any of the items can't be written, by what `carries` says or has `told` of each."""
    said = map(carries, items) if told is None else told
    errors = [problem.at(path=(index,)) for index, found in enumerate(said) for problem in found if problem.is_error]
    if errors:
        raise CannotCarry(errors)


HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


def language_of(text: str) -> str:
    """The language of a file that doesn't name it: "ko" where the text has Hangul, else "en"."""
    return "ko" if HANGUL.search(text) else "en"


def written_language(item: Item) -> str:
    """The language in which a format of one language writes the item."""
    return next(iter(item.languages), "ko")
