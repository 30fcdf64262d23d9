"""The response processing of QTI 2 and 3, as something that can be tried out.

The templates and the rules that files write out themselves are worked out alike: `Processing.score` tells what a
response earns, `feedback` what it brings up. A rule that isn't known here raises Unsupported, and the question is
kept as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_
from quizapp.formats._qti12_scoring import Unsupported, number
from quizapp.formats._qti_package import local

Given = Mapping[str, Sequence[str]]
"""Response identifier -> the values given."""
Value = Any
"""None, a bool, a number, a text, or a list of these."""


@dataclass
class Declaration:
    """A response that is declared: what is right, and what each value is worth."""

    identifier: str
    cardinality: str
    base: str
    correct: list[str]
    mapping: dict[str, float] = field(default_factory=dict)
    folded: dict[str, float] = field(default_factory=dict)
    default: float = 0
    lower: float | None = None
    upper: float | None = None

    @property
    def is_number(self) -> bool:
        return self.base in ("integer", "float")

    def worth(self, values: Sequence[str], bounded: bool) -> float:
        """What the mapping gives for these values, each counted once."""
        total = sum(
            self.mapping.get(value, self.folded.get(value.casefold(), self.default)) for value in dict.fromkeys(values)
        )
        if bounded and self.lower is not None:
            total = max(total, self.lower)
        return min(total, self.upper) if bounded and self.upper is not None else total

    def is_correct(self, values: Sequence[str]) -> bool:
        return bool(self.correct) and same(self.cast(values), self.cast(self.correct), self.cardinality == "ordered")

    def cast(self, values: Sequence[str]) -> list[Value]:
        """The values, pairs without an order of their own in a fixed one, numbers as numbers."""
        if self.is_number:
            return [number(value) for value in values]
        return [" ".join(sorted(value.split())) if self.base == "pair" else value for value in values]


def same(one: list[Value], other: list[Value], ordered: bool) -> bool:
    return one == other if ordered else sorted(one, key=str) == sorted(other, key=str)


def read_declaration(element: Any) -> Declaration:
    declaration = Declaration(
        element.get("identifier", ""), element.get("cardinality", "single"), element.get("baseType", ""), []
    )
    for child in element:
        if local(child) == "correctResponse":
            declaration.correct = [" ".join((node.text or "").split()) for node in child if local(node) == "value"]
        elif local(child) == "mapping":
            declaration.default = number(child.get("defaultValue")) or 0
            declaration.lower, declaration.upper = number(child.get("lowerBound")), number(child.get("upperBound"))
            read_entries(child, declaration)
        elif local(child) == "areaMapping":
            raise Unsupported(N_("It is scored by areas of a picture."))
    return declaration


def read_entries(mapping: Any, declaration: Declaration) -> None:
    for entry in mapping:
        if local(entry) == "mapEntry":
            key, worth = " ".join((entry.get("mapKey") or "").split()), number(entry.get("mappedValue")) or 0
            declaration.mapping[key] = worth
            if entry.get("caseSensitive", "true").lower() == "false":
                declaration.folded[key.casefold()] = worth


@dataclass
class Processing:
    """What becomes of a response. `outcomes` holds what the outcomes are before."""

    declarations: dict[str, Declaration]
    outcomes: dict[str, Value]
    rules: Any = None
    template: str = ""

    def score(self, given: Given, bounded: bool = True) -> float:
        """The SCORE of a response."""
        if self.template:
            declaration = next(iter(self.declarations.values()))
            values = given.get(declaration.identifier, ())
            if self.template == "match":
                return float(declaration.is_correct(values))
            return declaration.worth(values, bounded) if values else 0.0
        value = as_number(Run(self, given, bounded).result().get("SCORE"))
        return value or 0.0

    def feedback(self, given: Given) -> set[tuple[str, str]]:
        """(outcome, value) of all outcomes that are identifiers."""
        outcomes = self.outcomes if self.template else Run(self, given, True).result()
        return {
            (name, one)
            for name, value in outcomes.items()
            for one in (value if isinstance(value, list) else [value])
            if isinstance(one, str)
        }


class Leave(Exception):
    """`exitResponse`: the processing ends."""


@dataclass
class Run:
    """One response being processed."""

    processing: Processing
    given: Given
    bounded: bool

    def result(self) -> dict[str, Value]:
        self.outcomes = dict(self.processing.outcomes)
        try:
            self.follow(self.processing.rules if self.processing.rules is not None else ())
        except Leave:
            pass
        return self.outcomes

    def follow(self, rules: Any) -> None:
        for rule in rules:
            name = local(rule)
            if name == "setOutcomeValue":
                self.outcomes[rule.get("identifier", "")] = self.value(rule[0]) if len(rule) else None
            elif name == "responseCondition":
                self.branch(rule)
            elif name == "responseProcessingFragment":
                self.follow(rule)
            elif name == "exitResponse":
                raise Leave
            elif name:
                raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=name)

    def branch(self, condition: Any) -> None:
        for part in condition:
            if local(part) == "responseElse":
                self.follow(part)
                return
            if local(part) in ("responseIf", "responseElseIf") and len(part) and self.value(part[0]) is True:
                self.follow(part[1:])
                return

    def value(self, expression: Any) -> Value:
        evaluate = EXPRESSIONS.get(local(expression))
        if evaluate is None:
            raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=local(expression) or "?")
        return evaluate(self, expression)

    def values(self, expression: Any) -> list[Value]:
        return [self.value(child) for child in expression if local(child)]

    def variable(self, expression: Any) -> Value:
        name = expression.get("identifier", "")
        declaration = self.processing.declarations.get(name)
        if declaration is None:
            return self.outcomes.get(name)
        return held(declaration, declaration.cast(self.given.get(name, ())))

    def correct(self, expression: Any) -> Value:
        declaration = self.declared(expression)
        return held(declaration, declaration.cast(declaration.correct))

    def declared(self, expression: Any) -> Declaration:
        found = self.processing.declarations.get(expression.get("identifier", ""))
        if found is None:
            raise Unsupported(N_("It is scored by a response that isn't declared."))
        return found

    def mapped(self, expression: Any) -> Value:
        declaration = self.declared(expression)
        values = self.given.get(declaration.identifier, ())
        return declaration.worth(values, self.bounded) if values else 0.0


def held(declaration: Declaration, values: list[Value]) -> Value:
    """What a variable holds: None for nothing, one value, or a list; `Ordered` keeps that order matters."""
    if not values:
        return None
    if declaration.cardinality == "single":
        return values[0]
    return tuple(values) if declaration.cardinality == "ordered" else values


def as_number(value: Value) -> float | None:
    if isinstance(value, bool) or value is None:
        return None
    return float(value) if isinstance(value, (int, float)) else number(value) if isinstance(value, str) else None


def matches(one: Value, other: Value) -> bool | None:
    if one is None or other is None:
        return None
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return same(list(one), list(other), isinstance(one, tuple) or isinstance(other, tuple))
    numbers = as_number(one), as_number(other)
    return numbers[0] == numbers[1] if None not in numbers else one == other


def base_value(run: Run, expression: Any) -> Value:
    written, base = " ".join((expression.text or "").split()), expression.get("baseType", "")
    if base == "boolean":
        return written.lower() in ("true", "1")
    return number(written) if base in ("integer", "float") else written


def folded(values: list[Value], fold: Callable[[list[float]], float]) -> float | None:
    """A sum or product of numbers and of lists of them; None if one is missing."""
    numbers = [as_number(one) for value in values for one in (value if isinstance(value, (list, tuple)) else [value])]
    return None if None in numbers else fold([one for one in numbers if one is not None])


def product(numbers: list[float]) -> float:
    total = 1.0
    for one in numbers:
        total *= one
    return total


def compare(test: Callable[[float, float], bool]) -> Callable[[Run, Any], Value]:
    def evaluate(run: Run, expression: Any) -> Value:
        numbers = [as_number(value) for value in run.values(expression)][:2]
        return test(numbers[0], numbers[1]) if len(numbers) == 2 and None not in numbers else None  # type: ignore[arg-type]

    return evaluate


def all_true(run: Run, expression: Any) -> Value:
    return all(value is True for value in run.values(expression))


def any_true(run: Run, expression: Any) -> Value:
    return any(value is True for value in run.values(expression))


def not_true(run: Run, expression: Any) -> Value:
    value = next(iter(run.values(expression)), None)
    return None if value is None else not value


def is_null(run: Run, expression: Any) -> Value:
    return next(iter(run.values(expression)), None) in (None, "", [], ())


def match(run: Run, expression: Any) -> Value:
    values = run.values(expression)
    return matches(values[0], values[1]) if len(values) == 2 else None


def member(run: Run, expression: Any) -> Value:
    values = run.values(expression)
    if len(values) != 2 or None in values:
        return None
    return values[0] in (values[1] if isinstance(values[1], (list, tuple)) else [values[1]])


def contains(run: Run, expression: Any) -> Value:
    values = run.values(expression)
    if len(values) != 2 or not all(isinstance(value, (list, tuple)) for value in values):
        return None
    return set(values[1]) <= set(values[0])


def string_match(run: Run, expression: Any) -> Value:
    values = run.values(expression)
    if len(values) != 2 or None in values:
        return None
    one, other = map(str, values)
    if expression.get("caseSensitive", "true").lower() == "false":
        one, other = one.casefold(), other.casefold()
    return other in one if expression.get("substring", "false").lower() == "true" else one == other


def equal(run: Run, expression: Any) -> Value:
    numbers = [as_number(value) for value in run.values(expression)]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    one, other = numbers[0], numbers[1]
    mode = expression.get("toleranceMode", "exact")
    bounds = [number(part) or 0 for part in (expression.get("tolerance") or "0").split()][:2]
    below, above = bounds[0], bounds[-1]
    if mode == "relative":
        below, above = abs(one) * below / 100, abs(one) * above / 100
    slack = 1e-9 * max(1.0, abs(one))
    return one == other if mode == "exact" else one - below - slack <= other <= one + above + slack


def collected(run: Run, expression: Any) -> list[Value]:
    return [
        one
        for value in run.values(expression)
        for one in (value if isinstance(value, (list, tuple)) else [value])
        if one is not None
    ]


def subtract(run: Run, expression: Any) -> Value:
    numbers = [as_number(value) for value in run.values(expression)]
    return numbers[0] - numbers[1] if len(numbers) == 2 and None not in numbers else None  # type: ignore[operator]


def divide(run: Run, expression: Any) -> Value:
    numbers = [as_number(value) for value in run.values(expression)]
    return numbers[0] / numbers[1] if len(numbers) == 2 and None not in numbers and numbers[1] else None  # type: ignore[operator]


EXPRESSIONS: dict[str, Callable[[Run, Any], Value]] = {
    "variable": Run.variable,
    "correct": Run.correct,
    "mapResponse": Run.mapped,
    "baseValue": base_value,
    "null": lambda run, expression: None,
    "and": all_true,
    "or": any_true,
    "not": not_true,
    "isNull": is_null,
    "match": match,
    "member": member,
    "contains": contains,
    "stringMatch": string_match,
    "equal": equal,
    "multiple": collected,
    "ordered": lambda run, expression: tuple(collected(run, expression)),
    "containerSize": lambda run, expression: float(len(collected(run, expression))),
    "sum": lambda run, expression: folded(run.values(expression), sum),
    "product": lambda run, expression: folded(run.values(expression), product),
    "subtract": subtract,
    "divide": divide,
    "gt": compare(lambda one, other: one > other),
    "gte": compare(lambda one, other: one >= other),
    "lt": compare(lambda one, other: one < other),
    "lte": compare(lambda one, other: one <= other),
}
TEMPLATES = (("map_response_point", ""), ("map_response", "map"), ("match_correct", "match"), ("CC2_match", "match"))


def read_processing(item: Any) -> Processing:
    """The processing of an item. Raises Unsupported for a template that isn't known."""
    declarations = {
        one.identifier: one for node in item if local(node) == "responseDeclaration" for one in [read_declaration(node)]
    }
    outcomes = {node.get("identifier", ""): default_of(node) for node in item if local(node) == "outcomeDeclaration"}
    rules = next((node for node in item if local(node) == "responseProcessing"), None)
    template = ""
    if rules is not None and not len(rules) and (written := rules.get("template") or rules.get("templateLocation")):
        template = next((name for mark, name in TEMPLATES if mark in written), "")
        if not template:
            raise Unsupported(N_("It is scored by the template “%(name)s”, which isn't known here."), name=written)
    elif rules is None or not len(rules):
        template = "map" if any(one.mapping for one in declarations.values()) else "match"
    return Processing(declarations, outcomes, rules, template if declarations else "")


def default_of(declaration: Any) -> Value:
    """What an outcome is before the processing: numbers are 0."""
    values = [(node.text or "").strip() for node in declaration.iter("value")]
    base = declaration.get("baseType", "")
    if base in ("integer", "float"):
        return number(values[0]) if values else 0.0
    if declaration.get("cardinality") in ("multiple", "ordered"):
        return values
    return values[0] if values else None


def every(element: Any, name: str) -> Iterator[Any]:
    """The elements of a name below one, None being none."""
    return iter(()) if element is None else element.iter(name)
