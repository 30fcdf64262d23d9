"""Collects the questions of one file: each is checked, placed, counted, and kept or left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from quizapp.errors import N_, Problem, Severity
from quizapp.formats.base import Reading
from quizapp.formats.embedded import take_out
from quizapp.formats.items import ITEM_KEYS, Item
from quizapp.formats.remarks import remarks
from quizapp.formats.schema import check_body, check_stem
from quizapp.formats.unshown import MISSING, unshown

MAX_QUESTIONS = 50_000
"""How many are read of one file, kept or not, so that it takes bounded memory and time."""
MAX_PROBLEMS = 2_000
"""How many are told of one file. Of the others only the number is."""
MAX_WEIGHT = 1_000_000
"""Of a question without its files: its characters, and VALUE for each of the values that it is made of."""
MAX_WHOLE = 160_000_000
"""The same of all questions of a file together."""
VALUE_WEIGHT = 50
WEIGHED = tuple(name for name in ITEM_KEYS if name not in ("media", "provenance"))


def drop_shared_id(item: Item, first: Item) -> list[Problem]:
    """Take away the id that `first` has, if that is another question."""
    if first.content() == item.content():
        return []
    problem = Problem(
        N_("Another question in this file already has the identifier “%(id)s”; this question is read without it."),
        {"id": item.id},
        code="shared-id",
        severity="loss",
        text=item.id,
    )
    item.id = ""
    return [problem]


NAME = 80
"""Characters of a question's name that are shown beside what is wrong with it."""


@dataclass
class Collector:
    """Fills `reading` so that found = items + skipped + failed holds after every step.

    `loose_ids`: in this format an id is unique only within its category or document, if at all.
    """

    format: str
    loose_ids: bool = False
    reading: Reading = field(default_factory=Reading)
    _first: dict[str, Item] = field(default_factory=dict)
    _untold: dict[str, int] = field(default_factory=dict)
    _weight: int = 0

    @property
    def is_full(self) -> bool:
        """Whether the file may hold no further question; a reader then reports the next, and ends."""
        return self.reading.found >= MAX_QUESTIONS or self._weight > MAX_WHOLE

    def fail(self, problems: Iterable[Problem], line: int | None = None, place: str = "", name: str = "") -> None:
        """Count a question that can't be used, and say why. `name`: as in `take`."""
        self.reading.found += 1
        self.reading.failed += 1
        self.report(problems, line, place, name)

    def take(
        self, item: Item, problems: Iterable[Problem] = (), line: int | None = None, place: str = "", name: str = ""
    ) -> None:
        """Keep the item unless it has an error or shares its id with an earlier one.

        `name` shows which question it is, where a problem quotes nothing of it and its line wouldn't tell.
        """
        take_out(item)
        weight = weight_of(item)
        if weight > MAX_WEIGHT:
            self.fail([QUESTION_TOO_LARGE], line, place, name)
            return
        problems = [*problems, *check_stem(item), *check_body(item.kind, item.response, item.scoring)]
        if any(problem.is_error for problem in problems):
            self.fail(problems, line, place, name)
            return
        problems += self.drop_shared_id(item)
        if item.id in self._first:
            self.refuse_same_id(item, line, place)
            return
        missing = [words for one in problems if one.code in MISSING for words in map(str, one.values.values())]
        problems += [*remarks(item), *unshown(item, missing)]
        if item.id:
            self._first[item.id] = item
        noted = {
            "line": line,
            "place": place,
            "losses": [problem.message for problem in problems if problem.severity == "loss"],
            "doubts": [problem.message for problem in problems if problem.severity == "warning"],
        }
        own = {"format": self.format, **item.provenance}
        item.provenance = own | {key: value for key, value in noted.items() if value}
        self.keep(item, weight)
        self.report(problems, line, place, name)

    def keep(self, item: Item, weight: int) -> None:
        self.reading.found += 1
        self.reading.items.append(item)
        self._weight += weight

    def take_over(self, part: Reading) -> bool:
        """Take over what was read elsewhere, up to as many questions as a file may hold; whether some were too many."""
        kept = 0
        for item in part.items:
            if self.is_full:
                break
            self.keep(item, weight_of(item))
            kept += 1
        over = len(part.items) - kept
        self.reading.found += part.found - kept
        self.reading.skipped += part.skipped
        self.reading.failed += part.failed + over
        self.report(part.problems)
        self.reading.title = self.reading.title or part.title
        return over > 0

    def drop_shared_id(self, item: Item) -> list[Problem]:
        """Take away an id that another question has, where the format allows that."""
        first = self._first.get(item.id) if self.loose_ids else None
        return drop_shared_id(item, first) if first is not None else []

    def refuse_many(self, line: int | None = None, place: str = "") -> None:
        """Count the first question beyond what a file may hold, and say that it and the rest are left out."""
        self.fail([TOO_MANY_QUESTIONS], line, place)

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

    def report(self, problems: Iterable[Problem], line: int | None = None, place: str = "", name: str = "") -> None:
        """Note problems; those without a line or place of their own get these. The last says how many are untold."""
        for problem in problems:
            if len(self.reading.problems) < MAX_PROBLEMS:
                here = problem.at(line=problem.line or line, place=problem.place or place)
                self.reading.problems.append(replace(here, text=here.text or name[:NAME]) if name else here)
            elif self._untold:
                self._untold["count"] += 1
                if problem.is_error and not self.reading.problems[-1].is_error:
                    self.reading.problems[-1] = and_so_on(self._untold, "error")
            else:
                self._untold["count"] = 1
                self.reading.problems.append(and_so_on(self._untold, "error" if problem.is_error else "warning"))


TOO_MANY_QUESTIONS = Problem(
    N_("A file can hold at most %(limit)s questions, or fewer long ones; this one and all that follow were left out."),
    {"limit": MAX_QUESTIONS},
    code="many",
    mend=N_("Split the file into smaller ones."),
)
QUESTION_TOO_LARGE = Problem(
    N_("This question is larger than any page could show."),
    code="large",
    mend=N_("Look for a quotation mark or a bracket that never closes, or split the question."),
)


def and_so_on(untold: dict[str, int], severity: Severity) -> Problem:
    return Problem(
        N_("And so on: there are %(count)s more remarks like these."),
        untold,
        code="more",
        severity=severity,
        mend=N_("Fix the problems above first, and have the file read again."),
    )


def weight_of(item: Item) -> int:
    """What the item weighs; of one beyond MAX_WEIGHT not all is looked at."""
    weight, rest = 0, [part for name in WEIGHED if (part := getattr(item, name))]
    while rest and weight <= MAX_WEIGHT:
        value = rest.pop()
        if type(value) is str:
            weight += len(value)
        elif type(value) is dict:
            weight += VALUE_WEIGHT * len(value)
            rest += value.values()
        elif type(value) is list:
            weight += VALUE_WEIGHT * len(value)
            rest += value
    return weight
