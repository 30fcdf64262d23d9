"""Numerical: a typed number, compared with the accepted answers. The first that matches gives its fraction.

An answer a with the tolerance t takes, by its type: nominal `a - t` to `a + t`; relative `a - |a| t` to
`a + |a| t`; geometric `a / (1 + t)` to `a (1 + t)`. The value `*` takes any number. All of it is exact.

A question may declare units; a value typed with one is multiplied by its factor before it is compared. Where
`unit_penalty` is above 0 the unit is asked for: a missing, unknown or wrong one costs that share of what the
response earned, or with `unit_penalty_of: question` of the whole question, but never more than was earned.
Without a penalty the unit may be left out. See `readings` for how a number is read.

Source of the rule: Moodle, question type "numerical".
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds import readings
from quizapp.kinds.base import Body, Listing, Response, Score, excerpt, feedback_of, nfc, want_response, want_string
from quizapp.kinds.checks import (
    check_feedback,
    check_fraction,
    check_keys,
    check_list,
    check_not_negative,
    check_number,
    check_one_of,
    check_positive,
    check_scoring,
    check_share,
    entries,
    mapping,
)
from quizapp.kinds.fields import Line, Number, OneOf, Rows, answers

NAME = "number"
LABEL = N_("Number")
ASKS = N_("A number, with a tolerance and units.")
CONTROL = "number"
MANUAL = False
LISTS: dict[str, Listing] = {}
MARKED = ""
NEW: Body = {"answers": [{"fraction": 1}]}
BLANK: Response = {"text": "", "unit": "m"}
FORM = (
    answers(
        Line(name="value", label=N_("Accepted number")),
        Line(name="tolerance", label=N_("Tolerance")),
        OneOf(
            name="type",
            label=N_("The tolerance is"),
            values=(
                ("", N_("an amount more or less")),
                ("relative", N_("a share of the number")),
                ("geometric", N_("a factor")),
            ),
        ),
    ),
    Rows(
        name="units", label=N_("Units"), one=N_("Unit"), add=N_("Add a unit"), folded=True,
        fields=(
            Line(name="name", label=N_("Unit")),
            Line(name="factor", label=N_("Factor to the answer's unit")),
        ),
    ),
)  # fmt: skip
RULES = (
    Number(name="unit_penalty", label=N_("Share of the points lost for a missing or wrong unit, 0 to 1")),
    OneOf(
        name="unit_penalty_of",
        label=N_("It is a share of"),
        values=(("", N_("what the answer earned")), ("question", N_("the whole question"))),
    ),
)

TYPES = ("nominal", "relative", "geometric")
PENALTIES_OF = ("response", "question")
ROUNDING = Fraction(1, 10**12)
"""Share of the answer by which a converted value may miss: a factor such as 1/3600 can't be written exactly."""

EXAMPLE: Body = {
    "answers": [
        {"value": "3.14", "tolerance": "0.005", "fraction": 1},
        {
            "value": "3",
            "tolerance": "0.2",
            "fraction": 0.5,
            "feedback": {"ko": "더 정확하게 답해 주세요.", "en": "Give it more exactly."},
        },
    ],
    "units": [{"name": "m", "factor": "1"}, {"name": "cm", "factor": "0.01"}],
}
OTHER: Body = {
    "answers": [{"value": "-2500", "tolerance": "0.1", "type": "relative", "fraction": 1}],
    "units": [{"name": "cm", "factor": "1"}, {"name": "m", "factor": "100"}],
}


def check(body: Any) -> list[Problem]:
    """One answer or more, one with the fraction 1 that no earlier one catches; units with a name and a factor."""
    problems = check_keys(body, ("answers", "units", "scoring"))
    body = mapping(body)
    problems += check_list(body.get("answers"), 1, ("value", "tolerance", "type", "fraction", "feedback"), "answers")
    for index, answer in entries(body.get("answers")):
        problems += check_answer(answer, "answers", index)
    problems += check_list(body.get("units", []), 0, ("name", "factor"), "units")
    for index, unit in entries(body.get("units")):
        problems += check_unit(unit, "units", index)
    problems += check_penalty(body)
    return problems or check_reachable(body)


def check_answer(answer: dict[str, Any], *path: str | int) -> list[Problem]:
    value = answer.get("value")
    return [
        *([] if value == "*" else check_number(value, *path, "value")),
        *check_not_negative(answer.get("tolerance", "0"), *path, "tolerance"),
        *check_one_of(answer.get("type", TYPES[0]), TYPES, *path, "type"),
        *check_fraction(answer.get("fraction", 0), *path, "fraction"),
        *check_feedback(answer, *path),
    ]


def check_unit(unit: dict[str, Any], *path: str | int) -> list[Problem]:
    problems = check_positive(unit.get("factor"), *path, "factor")
    name = unit.get("name")
    if not isinstance(name, str) or not name.strip():
        problems.append(Problem(N_("The name of this unit is missing."), code="no-text", path=(*path, "name")))
    return problems


def check_penalty(body: dict[str, Any]) -> list[Problem]:
    scoring = mapping(body.get("scoring"))
    problems = [
        *check_scoring(body, "unit_penalty", "unit_penalty_of"),
        *check_share(scoring.get("unit_penalty", 0), "scoring", "unit_penalty"),
        *check_one_of(scoring.get("unit_penalty_of", PENALTIES_OF[0]), PENALTIES_OF, "scoring", "unit_penalty_of"),
    ]
    if scoring.get("unit_penalty") and not body.get("units"):
        problems.append(
            Problem(
                N_("A wrong unit should cost points, but there are no units: declare them, or drop the penalty."),
                code="no-units",
                path=("units",),
            )
        )
    return problems


def check_reachable(body: Body) -> list[Problem]:
    """Whether some response earns 1."""
    if score(body, solution(body)).fraction == 1:
        return []
    if penalty(body) and not own_units(body):
        return [
            Problem(
                N_("A wrong unit should cost points, but no unit is the answer's own: give one the factor “1”."),
                code="no-units",
                path=("units",),
            )
        ]
    return [
        Problem(
            N_("No number earns 100%%. Choose one that does, and put it before any answer that accepts it too."),
            code="no-right",
            path=("answers",),
        )
    ]


def public(body: Body) -> dict[str, Any]:
    """The units by name, to choose from; none where the unit is part of what is asked."""
    if penalty(body):
        return {"units": []}
    return {"units": [{"name": name} for name in sorted(unit["name"] for unit in body.get("units", []))]}


def penalty(body: Body) -> float:
    return float(body.get("scoring", {}).get("unit_penalty", 0))


def score(body: Body, response: Response | None) -> Score:
    given = want_response(response, "text", "unit")
    typed, unit = want_string(given, "text"), want_string(given, "unit")
    reading = readings.read(typed, declared(body))
    if reading is None:
        return Score(0.0)
    factor = factor_of(body, reading.unit or unit)
    shown = str(reading) if reading.unit or not unit else f"{reading} {excerpt(unit.strip())}"
    for answer in body["answers"]:
        if takes(answer, reading.value * (factor or 1), converted=factor not in (None, 1)):
            cost = 0.0 if factor or not body.get("units") else penalty(body)
        elif penalty(body) and takes(answer, reading.value):
            cost = penalty(body)
        else:
            continue
        fraction = float(answer.get("fraction", 0))
        return Score(charged(body, fraction, cost), feedback=feedback_of([answer]), reading=shown)
    return Score(0.0, reading=shown)


def factor_of(body: Body, name: str) -> Fraction | None:
    """The factor of a unit; None for one that isn't declared, and for none."""
    alike = readings.plain_unit(name)
    for unit in body.get("units", []):
        if readings.plain_unit(nfc(unit["name"])) == alike:
            return exact(unit["factor"])
    return None


def declared(body: Body) -> frozenset[str]:
    """The names of the units, as they are compared."""
    return frozenset(readings.plain_unit(nfc(unit["name"])) for unit in body.get("units", []))


def own_units(body: Body) -> list[str]:
    """The units in which the answers are written."""
    return [unit["name"] for unit in body.get("units", []) if exact(unit["factor"]) == 1]


@lru_cache(maxsize=4096)
def exact(written: str) -> Fraction:
    """An author's number. Each answer to its question is compared with it."""
    return Fraction(written)


def takes(answer: dict[str, Any], value: Fraction, *, converted: bool = False) -> bool:
    """Whether an answer takes a value; one that was `converted` from another unit may be off by rounding."""
    if answer["value"] == "*":
        return True
    right, tolerance = exact(answer["value"]), exact(answer.get("tolerance", "0"))
    rounding = abs(right) * ROUNDING if converted else 0
    match answer.get("type", TYPES[0]):
        case "relative":
            low, high = right - abs(right) * tolerance, right + abs(right) * tolerance
        case "geometric":
            low, high = sorted((right / (1 + tolerance), right * (1 + tolerance)))
        case _:
            low, high = right - tolerance, right + tolerance
    return low - rounding <= value <= high + rounding


def charged(body: Body, fraction: float, cost: float) -> float:
    """The fraction less what a wrong unit costs; never below 0 for that."""
    of_question = body.get("scoring", {}).get("unit_penalty_of") == "question"
    taken = cost if of_question else cost * fraction
    return round(max(0.0, fraction - taken), 7) if cost and fraction > 0 else fraction


def solution(body: Body, language: str = "") -> Response:
    """The first answer that earns 1, with the answer's own unit if there is one."""
    examples = list(right_responses(body))
    right = (response for response in examples if score(body, response).fraction == 1)
    return next(right, examples[0])


def right_responses(body: Body) -> Iterable[Response]:
    units = own_units(body)
    for answer in body["answers"]:
        written = "0" if answer["value"] == "*" else answer["value"]
        yield {"text": f"{written} {units[0]}" if units else written}


def text(body: Body, response: Response | None, language: str) -> str:
    """What was typed, with the unit; a unit alone is no answer."""
    parts = [(response or {}).get(key) for key in ("text", "unit")]
    return " ".join(part for part in parts if isinstance(part, str) and part.strip()) if parts[0] else ""
