"""Multiple response: any number of several options.

Of c right options, t were chosen, with w wrong ones, n in all. The methods of scoring:

- `sum`: `min(max(0, sum of the chosen fractions), 1)` (Moodle, question type "multichoice")
- `net-correct`, the default: `max(0, (t - w) / c)`
- `coverage`: `(t / c) (t / n)`
- `each-answer`: right decisions, to choose or to leave, of all options (edX, "each answer" credit)
- `all-or-nothing`: 1 if the right options and no others were chosen

For all but `sum`, an option is right if its fraction is above 0. A response without a choice earns 0 by every method.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import Body, Listing, Response, Score, feedback_of, notes_of, say, want_ids, want_response
from quizapp.kinds.checks import check_keys, check_one_of, check_scoring, entries, fraction_of, mapping
from quizapp.kinds.choice import CHOICES, check_choices
from quizapp.kinds.choice import public as public
from quizapp.kinds.fields import OneOf

NAME = "multiple"
LABEL = N_("Multiple response")
ASKS = N_("Any number of choices is right.")
CONTROL = "multiple"
MANUAL = False
LISTS = {"choices": Listing()}
MARKED = "choices"
NEW: Body = {"choices": [{"fraction": 1}, {"fraction": 1}, {}, {}]}
BLANK: Response = {"choices": []}
FORM = (CHOICES,)
RULES = (
    OneOf(
        name="method",
        label=N_("How it is scored"),
        values=(
            ("", N_("Right choices minus wrong ones")),
            ("each-answer", N_("Every right decision counts, to choose or to leave")),
            ("coverage", N_("Share of the right ones found, times share of the chosen ones that are right")),
            ("sum", N_("Sum of the shares of the chosen ones")),
            ("all-or-nothing", N_("All or nothing")),
        ),
    ),
)

METHODS = ("net-correct", "sum", "coverage", "each-answer", "all-or-nothing")
ROUNDING = 0.01
"""How far the right fractions of a `sum` may miss 1: three times 0.33 is meant to be 1."""

EXAMPLE: Body = {
    "choices": [
        {"id": "a", "text": {"ko": "고래", "en": "Whale"}, "fraction": 1},
        {
            "id": "b",
            "text": {"ko": "상어", "en": "Shark"},
            "fraction": 0,
            "feedback": {"ko": "상어는 물고기입니다.", "en": "Sharks are fish."},
        },
        {"id": "c", "text": {"ko": "박쥐", "en": "Bat"}, "fraction": 1},
    ],
}
OTHER: Body = {
    "choices": [
        {"id": "a", "text": {"ko": "고래", "en": "Whale"}, "fraction": -1},
        {"id": "b", "text": {"ko": "상어", "en": "Shark"}, "fraction": 1},
        {"id": "c", "text": {"ko": "박쥐", "en": "Bat"}, "fraction": 0},
    ],
    "scoring": {"method": "sum"},
}


def check(body: Any) -> list[Problem]:
    """Two options or more, one of them right; for `sum`, the right ones can reach 1."""
    problems = check_keys(body, ("choices", "scoring"))
    body = mapping(body)
    problems += check_scoring(body, "method") + check_choices(body.get("choices"))
    method = mapping(body.get("scoring")).get("method", METHODS[0])
    problems += check_one_of(method, METHODS, "scoring", "method")
    reachable = sum(max(0.0, fraction_of(choice)) for _, choice in entries(body.get("choices")))
    if reachable == 0:
        problems.append(
            Problem(
                N_("No choice is right. Choose one or more that are."),
                code="no-right",
                path=("choices",),
            )
        )
    elif method == "sum" and reachable < 1 - ROUNDING:
        problems.append(
            Problem(
                N_("The right choices add up to %(sum)s only: make their shares add up to 1."),
                {"sum": f"{reachable:.4g}"},
                code="no-full-mark",
                path=("choices",),
            )
        )
    return problems


def score(body: Body, response: Response | None) -> Score:
    fractions = {choice["id"]: float(choice.get("fraction", 0)) for choice in body["choices"]}
    chosen = set(want_ids(want_response(response, "choices"), "choices", fractions))
    if not chosen:
        return Score(0.0)
    method = body.get("scoring", {}).get("method", METHODS[0])
    entries = [choice for choice in body["choices"] if choice["id"] in chosen]
    feedback, notes = feedback_of(entries), notes_of(entries)
    if method == "sum":
        parts = {name: fraction for name, fraction in fractions.items() if name in chosen}
        return Score(sum_of(fractions, chosen), parts, feedback, notes=notes)
    right = {name for name, fraction in fractions.items() if fraction > 0}
    parts = {name: float(name in right) for name in fractions if name in chosen}
    tally = counted(method, right, chosen, len(fractions))
    return Score(share(method, right, chosen, len(fractions)), parts, feedback, notes=notes, tally=tally)


def sum_of(fractions: dict[str, float], chosen: Collection[str]) -> float:
    """The sum of the chosen fractions. All the right options and no wrong one are 1, however they were rounded."""
    if all((fraction > 0) == (name in chosen) for name, fraction in fractions.items() if fraction != 0):
        return 1.0
    return round(min(max(0.0, sum(fractions[name] for name in chosen)), 1.0), 5)


def counted(method: str, right: set[str], chosen: set[str], options: int) -> tuple[int, int] | None:
    """How many of how many, by a method that counts."""
    if method == "each-answer":
        return options - len(chosen ^ right), options
    return (max(0, len(chosen & right) - len(chosen - right)), len(right)) if method == "net-correct" else None


def share(method: str, right: set[str], chosen: set[str], options: int) -> float:
    """What the chosen options earn by a method that asks only which of them are right."""
    if tally := counted(method, right, chosen, options):
        return tally[0] / tally[1]
    if method == "coverage":
        hits = len(chosen & right)
        return hits / len(right) * hits / len(chosen)
    return float(chosen == right)


def solution(body: Body, language: str = "") -> Response:
    return {"choices": [choice["id"] for choice in body["choices"] if choice.get("fraction", 0) > 0]}


def text(body: Body, response: Response | None, language: str) -> str:
    given = (response or {}).get("choices") or ()
    return "\n".join(say(choice["text"], language) for choice in body["choices"] if choice["id"] in given)
