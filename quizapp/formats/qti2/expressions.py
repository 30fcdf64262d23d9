"""The expressions of QTI 2 and 3 that we can evaluate. Any other raises Unsupported.

A value is None, a bool, a number, a text, or a list of these; a tuple where order matters.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.refusals import Unsupported
from quizapp.formats.qti2.declarations import Declaration, Given
from quizapp.formats.qti2.values import Value, as_number, folded, matches, product


@dataclass
class Evaluation:
    """What expressions are evaluated from: the responses, what was given, and the outcomes so far."""

    declarations: dict[str, Declaration]
    outcomes: dict[str, Value]
    given: Given
    bounded: bool

    def value(self, expression: Any) -> Value:
        evaluate = EXPRESSIONS.get(local(expression))
        if evaluate is None:
            raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=local(expression) or "?")
        return evaluate(self, expression)

    def values(self, expression: Any) -> list[Value]:
        return [self.value(child) for child in expression if local(child)]

    def variable(self, expression: Any) -> Value:
        name = expression.get("identifier", "")
        declaration = self.declarations.get(name)
        if declaration is None:
            return self.outcomes.get(name)
        return declaration.value_of(self.given.get(name, ()))

    def correct(self, expression: Any) -> Value:
        declaration = self.declared(expression)
        return declaration.value_of(declaration.correct)

    def declared(self, expression: Any) -> Declaration:
        found = self.declarations.get(expression.get("identifier", ""))
        if found is None:
            raise Unsupported(N_("It is scored by a response that isn't declared."))
        return found

    def mapped(self, expression: Any) -> Value:
        declaration = self.declared(expression)
        values = self.given.get(declaration.identifier, ())
        return declaration.worth(values, self.bounded) if values else 0.0


def base_value(run: Evaluation, expression: Any) -> Value:
    written, base = " ".join((expression.text or "").split()), expression.get("baseType", "")
    if base == "boolean":
        return written.lower() in ("true", "1")
    return parsed_number(written) if base in ("integer", "float") else written


def compare(test: Callable[[float, float], bool]) -> Callable[[Evaluation, Any], Value]:
    def evaluate(run: Evaluation, expression: Any) -> Value:
        numbers = [as_number(value) for value in run.values(expression)][:2]
        return test(numbers[0], numbers[1]) if len(numbers) == 2 and None not in numbers else None  # type: ignore[arg-type]

    return evaluate


def all_true(run: Evaluation, expression: Any) -> Value:
    return all(value is True for value in run.values(expression))


def any_true(run: Evaluation, expression: Any) -> Value:
    return any(value is True for value in run.values(expression))


def not_true(run: Evaluation, expression: Any) -> Value:
    value = next(iter(run.values(expression)), None)
    return None if value is None else not value


def is_null(run: Evaluation, expression: Any) -> Value:
    return next(iter(run.values(expression)), None) in (None, "", [], ())


def match(run: Evaluation, expression: Any) -> Value:
    values = run.values(expression)
    return matches(values[0], values[1]) if len(values) == 2 else None


def member(run: Evaluation, expression: Any) -> Value:
    values = run.values(expression)
    if len(values) != 2 or None in values:
        return None
    return values[0] in (values[1] if isinstance(values[1], (list, tuple)) else [values[1]])


def contains(run: Evaluation, expression: Any) -> Value:
    values = run.values(expression)
    if len(values) != 2 or not all(isinstance(value, (list, tuple)) for value in values):
        return None
    return set(values[1]) <= set(values[0])


def string_match(run: Evaluation, expression: Any) -> Value:
    values = run.values(expression)
    if len(values) != 2 or None in values:
        return None
    one, other = map(str, values)
    if expression.get("caseSensitive", "true").lower() == "false":
        one, other = one.casefold(), other.casefold()
    return other in one if expression.get("substring", "false").lower() == "true" else one == other


def equal(run: Evaluation, expression: Any) -> Value:
    numbers = [as_number(value) for value in run.values(expression)]
    if len(numbers) != 2 or numbers[0] is None or numbers[1] is None:
        return None
    one, other = numbers[0], numbers[1]
    mode = expression.get("toleranceMode", "exact")
    bounds = [parsed_number(part) or 0 for part in (expression.get("tolerance") or "0").split()][:2]
    below, above = bounds[0], bounds[-1]
    if mode == "relative":
        below, above = abs(one) * below / 100, abs(one) * above / 100
    slack = 1e-9 * max(1.0, abs(one))
    return one == other if mode == "exact" else one - below - slack <= other <= one + above + slack


def collected(run: Evaluation, expression: Any) -> list[Value]:
    return [
        one
        for value in run.values(expression)
        for one in (value if isinstance(value, (list, tuple)) else [value])
        if one is not None
    ]


def subtract(run: Evaluation, expression: Any) -> Value:
    numbers = [as_number(value) for value in run.values(expression)]
    return numbers[0] - numbers[1] if len(numbers) == 2 and None not in numbers else None  # type: ignore[operator]


def divide(run: Evaluation, expression: Any) -> Value:
    numbers = [as_number(value) for value in run.values(expression)]
    return numbers[0] / numbers[1] if len(numbers) == 2 and None not in numbers and numbers[1] else None  # type: ignore[operator]


EXPRESSIONS: dict[str, Callable[[Evaluation, Any], Value]] = {
    "variable": Evaluation.variable,
    "correct": Evaluation.correct,
    "mapResponse": Evaluation.mapped,
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
