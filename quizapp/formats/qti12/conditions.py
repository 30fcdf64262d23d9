"""The conditions of QTI 1.2, as predicates on a response."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from quizapp.errors import N_
from quizapp.formats.qti.documents import local
from quizapp.formats.qti.numbers import parsed_number
from quizapp.formats.qti.refusals import Unsupported

Given = Mapping[str, Sequence[str]]
"""The values given to each response, in order."""
ConditionTest = Callable[[Given, bool], bool]
"""Takes what was given and whether an earlier condition held; returns whether this one holds."""
COMPARE: dict[str, Callable[[float, float], bool]] = {
    "vargt": lambda given, bound: given > bound,
    "vargte": lambda given, bound: given >= bound,
    "varlt": lambda given, bound: given < bound,
    "varlte": lambda given, bound: given <= bound,
}
PASSED_OVER = ("qticomment", "interpretvar", "displayfeedback", "setvar", "conditionvar", "respcond_extension")


def every_test(tests: Sequence[ConditionTest]) -> ConditionTest:
    return lambda given, matched: all(test(given, matched) for test in tests)


def any_test(tests: Sequence[ConditionTest]) -> ConditionTest:
    return lambda given, matched: any(test(given, matched) for test in tests)


def read_test(element: Any, single: set[str]) -> ConditionTest:
    """The test that an element of a condition stands for."""
    name = local(element)
    if name in ("conditionvar", "and"):
        return read_all(element, single if name == "conditionvar" else set())
    if name == "or":
        return any_test([read_test(child, single) for child in element if local(child) not in ("", *PASSED_OVER)])
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
        return compared(COMPARE[name], response, parsed_number(value))
    raise Unsupported(N_("It is scored by “%(name)s”, which isn't known here."), name=name or "?")


def read_all(element: Any, single: set[str]) -> ConditionTest:
    """All of the tests below an element; several values for a response that holds only one are alternatives."""
    alternatives: dict[str, list[ConditionTest]] = {}
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
    return every_test([*tests, *(any_test(group) for group in alternatives.values())])


def holds_all(given: Sequence[str], wanted: Sequence[str], exact: bool) -> bool:
    return set(given) == set(wanted) if exact else set(wanted) <= set(given)


def equal_to(response: str, value: str, element: Any) -> ConditionTest:
    index = element.get("index")
    if index is not None and not index.isascii():
        raise Unsupported(N_("The place “%(index)s” in an order isn't a number."), index=index)
    if index is not None and index.isdigit():
        place = int(index) - 1
        return lambda given, matched: list(given.get(response, ()))[place : place + 1] == [value]
    if element.get("case", "").lower() == "no":
        return lambda given, matched: value.casefold() in [one.strip().casefold() for one in given.get(response, ())]
    return lambda given, matched: value in [one.strip() for one in given.get(response, ())]


def compared(compare: Callable[[float, float], bool], response: str, bound: float | None) -> ConditionTest:
    def test(given: Given, matched: bool) -> bool:
        values = [parsed_number(one) for one in given.get(response, ())]
        return bound is not None and any(value is not None and compare(value, bound) for value in values)

    return test
