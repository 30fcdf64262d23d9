"""A day's review: which of the questions that are due are asked today, in what order; what a learner chose. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import date, datetime, timedelta
from functools import cache, cached_property
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from quizapp.rules.drawing import DrawableQuestion, compatible
from quizapp.rules.spacing import day_named

SECONDS = {"choice": 25, "truefalse": 15, "number": 30, "text": 30}
OTHERWISE = 45
"""How long a question of a kind takes a learner of whom nothing is known yet."""
PLAUSIBLE = range(5, 181)
ENOUGH = 5
"""Of how many answers a kind's seconds are measured."""
MINUTES = range(1, 61)
WEEK = range(8)
BEFORE, AHEAD = timedelta(days=366), timedelta(days=3653)
"""How long ago, and how far ahead, the day of an exam may be: a year, and ten."""


@dataclass(frozen=True)
class Preferences:
    """How a learner reviews. `zone` is where their days begin, `exam` the day for which more is wanted.

    certainty: whether "sure, maybe, guess" is asked for.  goal: days a week, 0 for none.
    streak: whether days in a row are counted; `rest` of a week's may go by without breaking them.
    """

    minutes: int = 5
    certainty: bool = True
    goal: int = 4
    streak: bool = True
    rest: int = 2
    zone: str = "Asia/Seoul"
    exam: str = ""

    @classmethod
    def of(cls, chosen: Mapping[str, Any]) -> Preferences:
        """From what is stored; what can't be a value leaves the default."""
        return cls(**{name: value for name, value in chosen.items() if fits(name, value)})

    @property
    def chosen(self) -> dict[str, Any]:
        """What differs from the defaults."""
        return {one.name: getattr(self, one.name) for one in fields(self) if getattr(self, one.name) != one.default}

    @cached_property
    def where(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

    @property
    def exam_on(self) -> date | None:
        return date.fromisoformat(self.exam) if self.exam else None

    @property
    def exam_day(self) -> datetime | None:
        """The day of the exam as `spacing` names days."""
        return day_named(self.exam_on) if self.exam_on else None


def fits(name: str, value: Any) -> bool:
    """Whether a preference can have this value."""
    default = asdict(Preferences()).get(name)
    if default is None or type(value) is not type(default):
        return False
    if name == "exam":
        return value == "" or is_date(value)
    bounds: dict[str, Collection[Any]] = {"minutes": MINUTES, "goal": WEEK, "rest": range(7), "zone": zones()}
    return name not in bounds or value in bounds[name]


def can_have_exam(day: date, today: date) -> bool:
    return -BEFORE <= day - today <= AHEAD


@cache
def zones() -> frozenset[str]:
    """The names of the time zones that this machine knows; they are read from its disk once."""
    return frozenset(available_timezones())


def is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


# --- the questions of a day ---


@dataclass(frozen=True)
class DueQuestion:
    """A question that is due. `group` is what it is about: its bank and objective."""

    question: DrawableQuestion
    kind: str
    group: tuple[Any, ...]
    due: datetime
    missed_sure: bool = False


@dataclass(frozen=True)
class Plan:
    """What is asked today, and how many of those that are due wait for another day."""

    asked: Sequence[DueQuestion] = ()
    left: int = 0
    seconds: float = field(default=0)

    @property
    def minutes(self) -> int:
        """How long it takes, as people say it: never 0."""
        return max(1, round(self.seconds / 60))


def measured(times: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Seconds a question by kind, from a learner's own: the median of those that were spent on it and nothing else."""
    by_kind: dict[str, list[float]] = defaultdict(list)
    for kind, seconds in times:
        if PLAUSIBLE.start <= seconds < PLAUSIBLE.stop:
            by_kind[kind].append(seconds)
    return {kind: median(found) for kind, found in by_kind.items() if len(found) >= ENOUGH}


def seconds_of(kind: str, own: Mapping[str, float]) -> float:
    return own.get(kind, SECONDS.get(kind, OTHERWISE))


def plan(waiting: Iterable[DueQuestion], minutes: int, own: Mapping[str, float]) -> Plan:
    """As many of the questions as fit the minutes, one at least: what was missed as sure first, then what has been due
    longest. No two that answer one another. However much has piled up, a day asks no more; the rest waits."""
    order = sorted(waiting, key=lambda one: (not one.missed_sure, one.due, one.question.id))
    suitable = set(compatible((one.question for one in order), (), among_themselves=True))
    asked: list[DueQuestion] = []
    spent = 0.0
    for one in order:
        takes = seconds_of(one.kind, own)
        if one.question not in suitable or (asked and spent + takes > minutes * 60):
            continue
        asked.append(one)
        spent += takes
    return Plan(interleaved(asked), len(order) - len(asked), spent)


def interleaved(order: Sequence[DueQuestion]) -> list[DueQuestion]:
    """In turn of what they are about, the first ones early: two of one group follow each other only where nothing
    else is left."""
    groups: dict[tuple[Any, ...], list[DueQuestion]] = defaultdict(list)
    for one in order:
        groups[one.group].append(one)
    found: list[DueQuestion] = []
    while groups:
        last = found[-1].group if found else None
        others = [name for name in groups if name != last] or list(groups)
        # The largest group goes first where it would otherwise be left over at the end.
        largest = max(others, key=lambda name: len(groups[name]))
        left = sum(map(len, groups.values()))
        name = largest if 2 * len(groups[largest]) >= left else others[0]
        found.append(groups[name].pop(0))
        rest = groups.pop(name)
        if rest:
            groups[name] = rest
    return found


# --- days in a row ---


def in_a_row(active: Collection[date], today: date, rest: int) -> int:
    """How many days were used, back from today, until more than `rest` days of one week went by unused.

    Today isn't over, so it breaks nothing.
    """
    count, day = 0, today
    unused: dict[date, int] = defaultdict(int)
    while active and day >= min(active):
        if day in active:
            count += 1
        elif day != today:
            week = monday(day)
            unused[week] += 1
            if unused[week] > rest:
                break
        day -= timedelta(days=1)
    return count


def monday(day: date) -> date:
    """The day on which its week begins."""
    return day - timedelta(days=day.weekday())


def this_week(active: Iterable[date], today: date) -> int:
    return sum(1 for day in set(active) if monday(today) <= day <= today)
