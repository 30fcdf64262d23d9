"""Collects the questions of one file: each is checked, placed, counted, and kept or left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading
from quizapp.formats.embedded import take_out
from quizapp.formats.items import Item
from quizapp.formats.remarks import remarks
from quizapp.formats.schema import check_body, check_stem
from quizapp.formats.unshown import unshown

MAX_QUESTIONS = 50_000
"""How many are kept of one file, so that reading it takes bounded memory. The rest is counted and reported."""


def freed(item: Item, first: Item) -> list[Problem]:
    """Take away the id that `first` has, if that is another question."""
    if first.content() == item.content():
        return []
    problem = Problem(
        N_("The identifier “%(id)s” is another question's already in this file; this question is read without it."),
        {"id": item.id},
        code="shared-id",
        severity="loss",
        text=item.id,
    )
    item.id = ""
    return [problem]


@dataclass
class Collector:
    """Fills `reading` so that found = items + skipped + failed holds after every step.

    `loose_ids`: in this format an id is unique only within its category or document, if at all.
    """

    format: str
    loose_ids: bool = False
    reading: Reading = field(default_factory=Reading)
    _first: dict[str, Item] = field(default_factory=dict)
    _full: bool = False

    def fail(self, problems: Iterable[Problem], line: int | None = None, place: str = "") -> None:
        """Count a question that can't be used, and say why."""
        self.reading.found += 1
        self.reading.failed += 1
        self.report(problems, line, place)

    def take(self, item: Item, problems: Iterable[Problem] = (), line: int | None = None, place: str = "") -> None:
        """Keep the item unless it has an error or shares its id with an earlier one."""
        if len(self.reading.items) >= MAX_QUESTIONS:
            self.refuse_many(line, place)
            return
        take_out(item)
        problems = [*problems, *check_stem(item), *check_body(item.kind, item.response, item.scoring)]
        if any(problem.is_error for problem in problems):
            self.fail(problems, line, place)
            return
        problems += self.freed(item)
        if item.id in self._first:
            self.refuse_same_id(item, line, place)
            return
        problems += [*remarks(item), *unshown(item)]
        if item.id:
            self._first[item.id] = item
        where = {"line": line, "place": place}
        losses = [problem.message for problem in problems if problem.severity == "loss"]
        doubts = [problem.message for problem in problems if problem.severity == "warning"]
        item.provenance = {
            "format": self.format,
            **item.provenance,
            **{key: value for key, value in where.items() if value},
            **({"losses": losses} if losses else {}),
            **({"doubts": doubts} if doubts else {}),
        }
        self.reading.found += 1
        self.reading.items.append(item)
        self.report(problems, line, place)

    def freed(self, item: Item) -> list[Problem]:
        """Take away an id that another question has, where the format allows that."""
        first = self._first.get(item.id) if self.loose_ids else None
        return freed(item, first) if first is not None else []

    def refuse_many(self, line: int | None, place: str) -> None:
        """Count a question beyond what a file may hold; only the first of them is reported."""
        problem = Problem(
            N_("A file may hold %(limit)s questions at most; this one and all after it were left out."),
            {"limit": MAX_QUESTIONS},
            code="many",
            mend=N_("Split the file into smaller ones."),
        )
        self.fail([] if self._full else [problem], line, place)
        self._full = True

    def refuse_same_id(self, item: Item, line: int | None, place: str) -> None:
        """Leave out a question that repeats an earlier one; another question under its id is an error."""
        same = item.content() == self._first[item.id].content()
        problem = Problem(
            N_("The question “%(id)s” appears twice in this file."),
            {"id": item.id},
            code="same-id",
            severity="warning" if same else "error",
            text=item.id,
            mend=N_("It was read once.") if same else N_("Give one of them another identifier."),
        )
        if not same:
            self.fail([problem], line, place)
            return
        self.reading.found += 1
        self.reading.skipped += 1
        self.report([problem], line, place)

    def report(self, problems: Iterable[Problem], line: int | None = None, place: str = "") -> None:
        """Note problems; those without a line or place of their own get these."""
        self.reading.problems += (
            problem.at(line=problem.line or line, place=problem.place or place) for problem in problems
        )
