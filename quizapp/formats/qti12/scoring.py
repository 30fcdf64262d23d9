"""The response processing of QTI 1.2, as something that can be tried out.

Files say what is right in many ways: one condition with all right choices, one for each, scores set or added, wrong
choices denied or subtracted. Instead of recognising the ways, `Scoring.score` works out what a response earns, and
the kinds ask it. What can't be worked out raises Unsupported, and the question is kept as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from quizapp.errors import N_, QuizError
from quizapp.formats.qti.package import local

MOST_PARTS, CLOSE = 1000, 1e-10
"""A share that is so close to one of so many parts is meant to be it."""

Given = Mapping[str, Sequence[str]]
"""Response ident -> the values given, in their order."""
Test = Callable[[Given, bool], bool]
"""(what was given, whether an earlier condition held) -> whether this one holds."""

COMPARE: dict[str, Callable[[float, float], bool]] = {
    "vargt": lambda given, bound: given > bound,
    "vargte": lambda given, bound: given >= bound,
    "varlt": lambda given, bound: given < bound,
    "varlte": lambda given, bound: given <= bound,
}
ACTIONS: dict[str, Callable[[float, float], float]] = {
    "set": lambda score, value: value,
    "add": lambda score, value: score + value,
    "subtract": lambda score, value: score - value,
    "multiply": lambda score, value: score * value,
    "divide": lambda score, value: score / value if value else score,
}
MOST_TESTS = 400_000
"""How many elements of rules are gone through for one question: a file can't keep the server busy for long."""
PASSED_OVER = ("qticomment", "interpretvar", "displayfeedback", "setvar", "conditionvar", "respcond_extension")


class Unsupported(QuizError):
    """The question is sound, but we can't play it: it is kept as it is."""

    template = N_("This question can't be played here.")


@dataclass
class Condition:
    """One `respcondition`: when it holds, how it changes the score, and what it shows."""

    element: Any
    test: Test
    changes: list[tuple[str, float]]
    feedback: list[str]
    stops: bool

    @property
    def gives(self) -> bool:
        """Whether it can give points."""
        return any(value > 0 and action in ("set", "add") for action, value in self.changes)

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
        """The conditions that hold for a response, up to the one that ends the processing."""
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
        """What counts as wholly right: the declared maximum, unless it is exceeded."""
        return max(self.maximum or 0, best)

    def tests(self, response: str, names: Sequence[str]) -> Iterator[tuple[Condition, Any]]:
        """The comparisons of these names with one response that give points, and aren't denied."""
        for condition in self.conditions:
            if condition.gives:
                for element in condition.element.iter("{*}" + "conditionvar"):
                    for found in affirmed(element):
                        if local(found) in names and found.get("respident") == response:
                            yield condition, found


def affirmed(element: Any) -> Iterator[Any]:
    """The comparisons below an element that must or may hold."""
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
    maximum = number(declared[0].get("maxvalue")) if declared else None
    start = number(declared[0].get("defaultval")) if declared else None
    found = [read_condition(node, variable, maximum, single) for node in conditions]
    return Scoring(found, maximum, start or 0, sum(1 for part in processing for _ in part.iter()))


def variable_of(element: Any) -> str:
    return (element.get("varname") or element.get("variablename") or "SCORE").upper()


def score_variable(conditions: list[Any]) -> str:
    """The variable that holds the score: SCORE, or the only one that is called so, or the only one at all."""
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
    return Condition(element, all_of(tests), changes, shown, element.get("continue", "").lower() == "no")


def value_of(node: Any, maximum: float | None) -> float | None:
    """The number of a setvar; `SCORE.max` is the maximum."""
    written = (node.text or "").strip()
    if written.lower().endswith(".max"):
        return maximum or 100.0
    return number(written)


def number(written: str | None) -> float | None:
    try:
        value = float((written or "").replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e12 else None


def share_of(score: float, whole: float) -> float:
    """A score as a share of the whole, from -1 to 1: a third where it is written as one, a whole number as an int."""
    share = max(-1.0, min(1.0, score / whole))
    near = Fraction(share).limit_denominator(MOST_PARTS)
    share = float(near) if abs(near - share) < CLOSE else round(share, 10)
    return int(share) if share == int(share) else share


def all_of(tests: Sequence[Test]) -> Test:
    return lambda given, matched: all(test(given, matched) for test in tests)


def any_of(tests: Sequence[Test]) -> Test:
    return lambda given, matched: any(test(given, matched) for test in tests)


def read_test(element: Any, single: set[str]) -> Test:
    """What an element of a condition asks."""
    name = local(element)
    if name in ("conditionvar", "and"):
        return read_all(element, single if name == "conditionvar" else set())
    if name == "or":
        return any_of([read_test(child, single) for child in element if local(child) not in ("", *PASSED_OVER)])
    if name == "not":
        inner = read_all(element, set())
        return lambda given, matched: not inner(given, matched)
    if name == "other":
        return lambda given, matched: not matched
    response, value = element.get("respident", ""), (element.text or "").strip()
    if name == "unanswered":
        return lambda given, matched: not given.get(response)
    if name == "varequal":
        return equal_to(response, value, element)
    if name == "varsubset":
        wanted = [part.strip() for part in value.split(",")]
        exact = element.get("setmatch", "Exact").lower() == "exact" and response not in single
        return lambda given, matched: holds_all(given.get(response, ()), wanted, exact)
    if name in COMPARE:
        return compared(COMPARE[name], response, number(value))
    raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=name or "?")


def read_all(element: Any, single: set[str]) -> Test:
    """All of the tests below; several values of a response that can hold only one are alternatives."""
    alternatives: dict[str, list[Test]] = {}
    tests = []
    for child in element:
        if local(child) in ("", *PASSED_OVER):
            continue
        test = read_test(child, single)
        response = child.get("respident")
        if local(child) == "varequal" and response in single:
            alternatives.setdefault(response, []).append(test)
        else:
            tests.append(test)
    return all_of([*tests, *(any_of(group) for group in alternatives.values())])


def holds_all(given: Sequence[str], wanted: Sequence[str], exact: bool) -> bool:
    return set(given) == set(wanted) if exact else set(wanted) <= set(given)


def equal_to(response: str, value: str, element: Any) -> Test:
    index = element.get("index")
    if index is not None and not index.isascii():
        raise Unsupported(N_("The place “%(index)s” in an order isn't a number."), index=index)
    if index is not None and index.isdigit():
        place = int(index) - 1
        return lambda given, matched: list(given.get(response, ()))[place : place + 1] == [value]
    if element.get("case", "").lower() == "no":
        return lambda given, matched: value.casefold() in [one.strip().casefold() for one in given.get(response, ())]
    return lambda given, matched: value in [one.strip() for one in given.get(response, ())]


def compared(compare: Callable[[float, float], bool], response: str, bound: float | None) -> Test:
    def test(given: Given, matched: bool) -> bool:
        values = [number(one) for one in given.get(response, ())]
        return bound is not None and any(value is not None and compare(value, bound) for value in values)

    return test
