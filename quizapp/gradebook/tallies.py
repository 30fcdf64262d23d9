"""What the first attempts at a quiz say of each version of its questions, counted by the database: equal ones together.

What compares an item with the rest of the mark looks only at attempts that have a mark: those of which nothing waits
for a grade.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from json import loads
from typing import Any

from sqlalchemy import case, func, select

from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.overdue import Over
from quizapp.banks.models import QuestionVersion
from quizapp.db import db
from quizapp.rules.items import Cell, ItemFigures, Option, item_figures


@dataclass(frozen=True)
class VersionFigures:
    """One version of a question. `full`: the share that earned all points. `waiting` responses have no score yet,
    `dropped` ones count for nothing; neither is in any figure."""

    version_id: int
    max_mark: float
    figures: ItemFigures
    full: float = 0.0
    weight: float | None = None
    waiting: int = 0
    dropped: int = 0


def firsts(over: Over) -> Any:
    """Each person's first attempt: its id, its mark, and whether something of it waits for a grade."""
    first = select(func.min(Attempt.id).label("id")).where(*over.where).group_by(Attempt.user_id).subquery()
    waits = case((over.waiting > 0, 1), else_=0).label("waits")
    return select(Attempt.id, over.mark.label("mark"), waits).join(first, first.c.id == Attempt.id).subquery("firsts")


def first_marks(over: Over) -> dict[tuple[float, bool], int]:
    """How many first attempts have which mark; and whether something of them waits."""
    first = firsts(over).c
    found: Counter[tuple[float, bool]] = Counter()
    for mark, waits, n in db.session.execute(
        select(first.mark, first.waits, func.count()).group_by(first.mark, first.waits)
    ):
        found[round(mark or 0.0, 5), bool(waits)] += n
    return found


def of_quiz(over: Over) -> dict[int, Tally]:
    """Every version that was asked in a first attempt, by its id."""
    first = firsts(over)
    grouped = (
        Slot.version_id,
        Slot.max_mark,
        Slot.response["choice"].as_string(),
        Slot.response["choices"].as_string(),
        case((Slot.dropped, "dropped"), (Slot.fraction.is_(None) & Slot.answered, "waits"), else_="scored"),
        func.coalesce(Slot.fraction, 0) * Slot.max_mark,
        first.c.mark,
        first.c.waits,
    )
    labelled = [one.label(f"g{place}") for place, one in enumerate(grouped)]
    rows: Any = db.session.execute(
        select(*labelled, func.count()).join(first, first.c.id == Slot.attempt_id).group_by(*labelled)
    )
    by_version: dict[int, Tally] = defaultdict(Tally)
    for version_id, max_mark, choice, choices, state, x, mark, unfinished, n in rows:
        cell = (round(x, 5), round(mark or 0.0, 5), chosen_of(choice, choices))
        by_version[version_id].add(max_mark, cell, state, not unfinished, n)
    return by_version


def by_question(by_version: dict[int, Tally]) -> list[Tally]:
    """The same with the versions of a question taken together: who was asked an earlier one was asked the question."""
    questions = db.session.execute(
        select(QuestionVersion.id, QuestionVersion.question_id).where(QuestionVersion.id.in_(by_version))
    )
    found: dict[int, Tally] = defaultdict(Tally)
    for version_id, question_id in questions:
        found[question_id].take(by_version[version_id])
    return list(found.values())


def chosen_of(choice: str | None, choices: str | None) -> tuple[str, ...]:
    """The options of a response; "" is said for none, in kinds that have options as in those that don't."""
    several = loads(choices) if choices and choices.startswith("[") else []
    return tuple(one for one in several if isinstance(one, str)) or (choice or "",)


Counted = tuple[float, float, tuple[str, ...]]
"""x, the mark, and the options that were chosen."""


class Tally:
    """Cells of one version: of all responses that have a score, and of those in attempts that have a mark."""

    def __init__(self) -> None:
        self.scored: Counter[Counted] = Counter()
        self.whole: Counter[Counted] = Counter()
        self.states: Counter[str] = Counter()
        self.max_mark = 0.0

    def add(self, max_mark: float, cell: Counted, state: str, has_mark: bool, n: int) -> None:
        self.states[state] += n
        self.max_mark = max(self.max_mark, max_mark)
        if state == "scored":
            self.scored[cell] += n
            if has_mark:
                self.whole[cell] += n

    def take(self, other: Tally) -> None:
        for mine, theirs in ((self.scored, other.scored), (self.whole, other.whole), (self.states, other.states)):
            mine.update(theirs)  # type: ignore[arg-type] -- each with its like
        self.max_mark = max(self.max_mark, other.max_mark)

    @property
    def asked(self) -> int:
        """How many were asked it, without those for whom it counts for nothing."""
        return self.states["scored"] + self.states["waits"]

    def figures(self, version_id: int) -> VersionFigures:
        everything, compared = (
            item_figures((Cell(x, mark, n, chosen) for (x, mark, chosen), n in cells.items()), self.max_mark)
            for cells in (self.scored, self.whole)
        )
        nothing = Option(0, None, 0, 0)
        options = {
            name: replace(compared.options.get(name, nothing), chosen=one.chosen)
            for name, one in everything.options.items()
        }
        full = sum(n for (x, _, _), n in self.scored.items() if x >= self.max_mark)
        return VersionFigures(
            version_id,
            self.max_mark,
            replace(compared, count=everything.count, facility=everything.facility, sd=everything.sd, options=options),
            full=full / everything.count if everything.count else 0.0,
            waiting=self.states["waits"],
            dropped=self.states["dropped"],
        )
