"""The response processing of QTI 1.2, evaluated for any response.

Files express the key in many ways: one condition with all right choices, one for each, scores set or added, wrong
choices denied or subtracted. Instead of recognising each way, `Scoring.score` works out what a response earns, and
the readers of kinds ask it. What can't be worked out raises Unsupported, and the question is kept unchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.refusals import MOST_TESTS, Unsupported
from quizapp.formats.qti12.conditions import ConditionTest, Given, every_test, read_test

ACTIONS: dict[str, Callable[[float, float], float]] = {
    "set": lambda score, value: value,
    "add": lambda score, value: score + value,
    "subtract": lambda score, value: score - value,
    "multiply": lambda score, value: score * value,
    "divide": lambda score, value: score / value if value else score,
}


@dataclass
class Condition:
    """One `respcondition`: when it holds, how it changes the score, and what it shows."""

    element: Any
    test: ConditionTest
    changes: list[tuple[str, float]]
    feedback: list[str]
    stops: bool

    @property
    def gives(self) -> bool:
        """Whether it can give points."""
        return any(value > 0 and action in ("set", "add") for action, value in self.changes)

    @cached_property
    def named(self) -> set[str]:
        """The responses that it compares with nothing."""
        tests = [test for node in self.element if local(node) == "conditionvar" for test in affirmed(node)]
        return {test.get("respident", "") for test in tests if not (test.text or "").strip()}

    @property
    def points(self) -> float:
        """What it gives by itself."""
        return sum(value for action, value in self.changes if action in ("set", "add"))


@dataclass
class Scoring:
    """The response processing of one item."""

    conditions: list[Condition] = field(default_factory=list)
    maximum: float | None = None
    start: float = 0
    size: int = 0
    spent: int = 0

    def score(self, given: Given) -> float:
        """What a response earns, in the file's own points."""
        score = self.start
        for condition in self.holding(given):
            for action, value in condition.changes:
                score = ACTIONS[action](score, value)
        return score - self.start

    def holding(self, given: Given) -> Iterator[Condition]:
        """The conditions that hold for a response, up to one that ends the processing."""
        self.spent += self.size
        if self.spent > MOST_TESTS:
            raise Unsupported(N_("Working out what is right in it would take too long."))
        matched = False
        for condition in self.conditions:
            if condition.test(given, matched):
                yield condition
                matched = matched or bool(condition.changes)
                if condition.stops:
                    return

    def whole(self, best: float) -> float:
        """The full score: the declared maximum, unless it is exceeded."""
        return max(self.maximum or 0, best)

    def tests(self, response: str, names: Sequence[str]) -> Iterator[tuple[Condition, Any]]:
        """The comparisons of these names with one response that aren't negated and earn points."""
        for condition in self.conditions:
            if condition.gives:
                for element in condition.element.iter("{*}" + "conditionvar"):
                    for found in affirmed(element):
                        if local(found) in names and found.get("respident") == response:
                            yield condition, found


def affirmed(element: Any) -> Iterator[Any]:
    """The comparisons below an element that aren't negated."""
    for child in element:
        if local(child) in ("and", "or", "conditionvar"):
            yield from affirmed(child)
        elif local(child) != "not":
            yield child


def read_scoring(item: Any, single: set[str]) -> Scoring:
    """The response processing of an item. `single`: the responses that hold one value at most."""
    processing = [child for child in item if local(child) == "resprocessing"]
    if not processing:
        return Scoring()
    conditions = [child for part in processing for child in part if local(child) == "respcondition"]
    variable = score_variable(conditions)
    declared = [node for part in processing for node in part.iter("{*}decvar") if variable_of(node) == variable]
    maximum = parsed_number(declared[0].get("maxvalue")) if declared else None
    start = parsed_number(declared[0].get("defaultval")) if declared else None
    found = [read_condition(node, variable, maximum, single) for node in conditions]
    return Scoring(found, maximum, start or 0, sum(1 for part in processing for _ in part.iter()))


def variable_of(element: Any) -> str:
    return (element.get("varname") or element.get("variablename") or "SCORE").upper()


def score_variable(conditions: list[Any]) -> str:
    """The variable that holds the score: SCORE, else the only one with a name like that, else the only one at all."""
    names = {variable_of(node) for condition in conditions for node in condition if local(node) == "setvar"}
    scores = {name for name in names if "SCORE" in name} or names or {"SCORE"}
    if "SCORE" not in scores and len(scores) > 1:
        raise Unsupported(N_("It is scored in several ways at once."))
    return "SCORE" if "SCORE" in scores else scores.pop()


def read_condition(element: Any, variable: str, maximum: float | None, single: set[str]) -> Condition:
    changes = []
    for node in element:
        if local(node) == "setvar" and variable_of(node) == variable:
            action = (node.get("action") or "Set").lower()
            value = value_of(node, maximum)
            if action not in ACTIONS or value is None:
                raise Unsupported(N_("Its score is changed in a way that isn't known here."))
            changes.append((action, value))
    tests = [read_test(node, single) for node in element if local(node) == "conditionvar"]
    shown = [node.get("linkrefid", "") for node in element if local(node) == "displayfeedback"]
    return Condition(element, every_test(tests), changes, shown, element.get("continue", "").lower() == "no")


def value_of(node: Any, maximum: float | None) -> float | None:
    """The number of a setvar; `SCORE.max` is the maximum."""
    written = (node.text or "").strip()
    if written.lower().endswith(".max"):
        return maximum or 100.0
    return parsed_number(written)
