"""The fold of a slot's record: what its rows, in their order, amount to. See ADR 0016.

Rows are data, and so is what comes of them: nothing here knows a database. A row says what happened; only the fold says
what counts. Override beats grader beats live regrade beats what was earned at the time.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import fsum
from typing import Any

from quizapp.kinds.base import Response, is_blank, nfc
from quizapp.rules import marks

LEARNER, CHECK, HINT, LATE, ADMIT, DECLINE = "learner", "check", "hint", "late", "admit", "decline"
GRADER, OVERRIDE, REGRADE, UNDO = "grader", "override", "regrade", "undo"
GIVEN = (LEARNER, CHECK, ADMIT)
"""The rows that say what the response is. Their fraction is the score of that response alone."""
AGAIN, FULL, DROP, ACCEPT = "again", "full", "drop", "accept"
POLICIES = (AGAIN, FULL, DROP, ACCEPT)
HIGHEST, AVERAGE, FIRST, LATEST = "highest", "average", "first", "last"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a slot's record, as far as a score needs it.

    detail: `certainty` (1 to 3) of a response; `policy` and `keep_higher` of a regrade; `of`, the number of the row
    that an admission or a refusal is about, or that an undo without a batch takes back. after_due: it was added after
    the due date.
    """

    source: str
    response: Response | None = None
    fraction: float | None = None
    comment: str = ""
    detail: Mapping[str, Any] | None = None
    batch_id: int | None = None
    seq: int = 0
    after_due: bool = False


@dataclass(frozen=True, slots=True)
class Try:
    """A response that was checked, or the newest one: `fraction` is the score of it alone (-1 to 1; None: a person
    has still to grade it). `after_due`: it was first given after the due date."""

    response: Response | None
    fraction: float | None
    certainty: int | None = None
    after_due: bool = False


Earn = Callable[[Sequence[Try], int], float | None]
"""A behaviour: what the tries, the oldest first, and the number of hints taken have earned. Never asked without one."""


def last(tries: Sequence[Try], hints: int) -> float | None:
    """The plain behaviour: what the newest response is worth."""
    return tries[-1].fraction


@dataclass(frozen=True, slots=True)
class SlotStanding:
    """What a slot says. `checked`: the newest response was checked. `dropped`: it counts neither way."""

    response: Response | None = None
    fraction: float | None = None
    comment: str = ""
    answered: bool = False
    tries: int = 0
    hints: int = 0
    certainty: int | None = None
    checked: bool = False
    dropped: bool = False


@dataclass(slots=True)
class Record:
    """The rows so far, sorted by what they bear upon."""

    checked: list[Try] = field(default_factory=list)
    newest: Try | None = None
    is_checked: bool = False
    hints: int = 0
    graded: Row | None = None
    override: Row | None = None
    regrades: list[Row] = field(default_factory=list)

    def give(self, row: Row, after_due: bool) -> None:
        """A response. What was said of another one says nothing of it; what a person set aside from any, stays."""
        if self.newest is None or row.response != self.newest.response:
            self.graded, self.regrades = None, []
        else:
            after_due = self.newest.after_due
        self.newest = Try(row.response, row.fraction, (row.detail or {}).get("certainty"), after_due)
        self.is_checked = row.source == CHECK
        if self.is_checked:
            self.checked.append(self.newest)

    @property
    def tries(self) -> list[Try]:
        """What a behaviour looks at: the checked responses, and the newest one."""
        return self.checked if self.is_checked or self.newest is None else [*self.checked, self.newest]


def record_of(rows: Iterable[Row]) -> Record:
    rows = list(rows)
    undone = {row.batch_id for row in rows if row.source == UNDO and row.batch_id is not None}
    taken_back = withdrawn(rows)
    record, dead = Record(), None
    for row in rows:
        if row.source == ADMIT and row.seq in taken_back:
            dead = row.seq
        elif row.source in GIVEN:
            dead = None
            record.give(row, first_given(row, rows).after_due)
        elif row.source == HINT:
            record.hints += 1
        elif row.source == OVERRIDE:
            record.override = row
        elif row.source == UNDO and about(row) == dead:
            dead = None
        elif dead is None and row.source == GRADER:
            record.graded = row
        elif dead is None and row.source == REGRADE and row.batch_id not in undone:
            record.regrades.append(row)
    return record


def about(row: Row) -> int | None:
    """The number of the row that this one is about."""
    return (row.detail or {}).get("of")


def withdrawn(rows: Iterable[Row]) -> set[int | None]:
    """The numbers of the rows that were taken back, one by one."""
    return {about(row) for row in rows if row.source == UNDO and row.batch_id is None}


def first_given(row: Row, rows: Sequence[Row]) -> Row:
    """The row with which a response came: of one that was admitted, that of its coming."""
    return next((one for one in rows if one.seq == about(row)), row) if row.source == ADMIT else row


def decided(rows: Iterable[Row]) -> dict[int, Row | None]:
    """By the number of each late response: the row that admits or declines it, None as long as nobody has decided."""
    rows = list(rows)
    found: dict[int, Row | None] = {row.seq: None for row in rows if row.source == LATE}
    taken_back = withdrawn(rows)
    for row in rows:
        of = about(row)
        if row.source in (ADMIT, DECLINE) and row.seq not in taken_back and of in found:
            found[of] = row
    return found


def fold(rows: Iterable[Row], earn: Earn = last) -> SlotStanding:
    """What a slot's rows amount to. Rows of a batch that was undone are dead, whatever came after them. Late responses
    count for nothing until they are admitted; where that is taken back, what was said of the response meanwhile is
    dead too."""
    record = record_of(rows)
    newest, tries = record.newest, record.tries
    fraction, dropped = regraded(earn(tries, record.hints) if tries else None, record.regrades)
    comment = ""
    if record.graded is not None:
        fraction, comment = record.graded.fraction, record.graded.comment
    if record.override is not None:
        fraction, dropped, comment = record.override.fraction, False, record.override.comment or comment
    return SlotStanding(
        response=newest.response if newest else None,
        fraction=fraction,
        comment=comment,
        answered=newest is not None and not is_blank(newest.response),
        tries=len(record.checked),
        hints=record.hints,
        certainty=newest.certainty if newest else None,
        checked=record.is_checked,
        dropped=dropped,
    )


def regraded(fraction: float | None, regrades: Iterable[Row]) -> tuple[float | None, bool]:
    """The fraction after these live regrades, one upon the other, and whether the last of them drops the question."""
    dropped = False
    for row in regrades:
        rule = row.detail or {}
        dropped = rule.get("policy") == DROP
        if not dropped:
            fraction = higher(fraction, row.fraction) if rule.get("keep_higher") else row.fraction
    return fraction, dropped


def deciding(rows: Iterable[Row], earn: Earn = last) -> Row | None:
    """The row by which a score counts that isn't what was earned at the time; None where it is that.

    Scored again to the same, it counts by the new key all the same.
    """
    record = record_of(rows)
    if record.override is not None or record.graded is not None:
        return record.override or record.graded
    fraction, found = earn(record.tries, record.hints) if record.tries else None, None
    for row in record.regrades:
        was, (fraction, dropped) = fraction, regraded(fraction, [row])
        again = (row.detail or {}).get("policy") == AGAIN and fraction == row.fraction
        if dropped or again or fraction != was:
            found = row
    return found


def higher(one: float | None, other: float | None) -> float | None:
    """The higher of two fractions; a number where one of them still waits."""
    return other if one is None else one if other is None else max(one, other)


def by_policy(
    rows: Iterable[Row],
    policy: str,
    score: Callable[[Response | None], float | None],
    earn: Earn = last,
    accepted: Collection[Any] = (),
) -> float | None:
    """The fraction of a regrade's row: what the tries earn by `score`, a response -> the fraction of it alone.

    "full" is 1 whatever was answered, "drop" is None, and "accept" takes for right what means one of `accepted` (see
    `sameness`).
    """
    if policy == FULL:
        return 1.0
    if policy == DROP:
        return None
    record = record_of(rows)

    def worth(response: Response | None) -> float | None:
        return 1.0 if accepted and sameness(response) in accepted else score(response)

    again = [replace(one, fraction=worth(one.response)) for one in record.tries]
    return earn(again, record.hints) if again else score(None)


def sameness(value: Any) -> Any:
    """What two responses have in common that mean the same: texts without differences of case and white space."""
    if isinstance(value, str):
        return " ".join(nfc(value).split()).casefold()
    if isinstance(value, Mapping):
        return tuple(sorted((key, sameness(part)) for key, part in value.items()))
    if isinstance(value, list | tuple):
        return tuple(sameness(part) for part in value)
    return value


def of_tries(method: str, shares: Sequence[float | None]) -> float | None:
    """A person's score at a quiz from the shares of its points that the tries have earned, the oldest first.

    A try whose grade is still to come is None: it is neither the highest nor in the average, and where it is the one
    that counts, there is no score yet.
    """
    if method == FIRST:
        return shares[0] if shares else None
    if method == LATEST:
        return shares[-1] if shares else None
    known = [share for share in shares if share is not None]
    if not known:
        return None
    return fsum(known) / len(known) if method == AVERAGE else max(known)


@dataclass(frozen=True, slots=True)
class Total:
    mark: float
    max_mark: float
    waiting: int


def total(slots: Iterable[tuple[float | None, float, bool, bool]]) -> Total:
    """An attempt's figures from its slots: fraction, points, answered, dropped. What is dropped counts neither way;
    `waiting` are the responses that a person has still to grade."""
    counting = [(fraction, points, answered) for fraction, points, answered, dropped in slots if not dropped]
    return Total(
        marks.total(marks.mark(fraction or 0, points) for fraction, points, _ in counting),
        marks.possible(points for _, points, _ in counting),
        sum(1 for fraction, _, answered in counting if answered and fraction is None),
    )
