"""Single choice: one option of several.

The fraction is that of the chosen option; it may be negative, and is never below the lowest option or 0. Several
options may be wholly right: whichever of them is chosen earns 1.
Source of the rule: Moodle, question type "multichoice" with one answer.
"""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import Body, Listing, Response, Score, by_id, feedback_of, notes_of, say, want_id, want_response
from quizapp.kinds.checks import (
    check_entries,
    check_feedback,
    check_flag,
    check_fraction,
    check_keys,
    check_scoring,
    check_text,
    entries,
    fraction_of,
    mapping,
)
from quizapp.kinds.fields import FEEDBACK, SHARE, TEXT, Field, Flag, Rows

NAME = "choice"
LABEL = N_("Single choice")
ASKS = N_("One of several choices is right.")
CONTROL = "choice"
MANUAL = False
LISTS = {"choices": Listing()}
MARKED = "choices"
NEW: Body = {"choices": [{"fraction": 1}, {}, {}, {}]}
BLANK: Response = {"choice": ""}
CHOICES = Rows(
    name="choices", label=N_("Choices"), one=N_("Choice"), add=N_("Add a choice"), ids="c", least=2, movable=True,
    fields=(
        TEXT,
        SHARE,
        Flag(name="pinned", label=N_("Stays in its place when choices are shuffled"), folded=True),
        FEEDBACK,
    ),
)  # fmt: skip
FORM = (CHOICES,)
RULES: tuple[Field, ...] = ()

EXAMPLE: Body = {
    "choices": [
        {"id": "a", "text": {"ko": "세종", "en": "Sejong"}, "fraction": 1},
        {
            "id": "b",
            "text": {"ko": "태종", "en": "Taejong"},
            "fraction": 0,
            "feedback": {"ko": "세종의 아버지입니다.", "en": "He was Sejong's father."},
        },
        {"id": "c", "text": {"ko": "문종", "en": "Munjong"}, "fraction": -0.5},
    ],
}
OTHER: Body = {
    "choices": [
        {"id": "a", "text": {"ko": "세종", "en": "Sejong"}, "fraction": 0},
        {"id": "b", "text": {"ko": "태종", "en": "Taejong"}, "fraction": 0},
        {"id": "c", "text": {"ko": "문종", "en": "Munjong"}, "fraction": 1},
    ],
}


def check(body: Any) -> list[Problem]:
    """Two options or more, one of them wholly right."""
    problems = check_keys(body, ("choices", "scoring"))
    body = mapping(body)
    problems += check_scoring(body) + check_choices(body.get("choices"))
    if not any(fraction_of(choice) == 1 for _, choice in entries(body.get("choices"))):
        problems.append(Problem(N_("No choice is right. Choose the right one."), code="no-right", path=("choices",)))
    return problems


def check_choices(choices: Any) -> list[Problem]:
    """Two options or more, each with an id, a text and a fraction."""
    problems = check_entries(choices, 2, ("id", "text", "fraction", "feedback", "pinned"), "choices")
    for index, choice in entries(choices):
        problems += check_text(choice.get("text"), "choices", index, "text")
        problems += check_fraction(choice.get("fraction", 0), "choices", index, "fraction")
        problems += check_feedback(choice, "choices", index)
        problems += check_flag(choice.get("pinned", False), "choices", index, "pinned")
    return problems


def public(body: Body) -> dict[str, Any]:
    return {"choices": [public_choice(choice) for choice in body["choices"]]}


def public_choice(choice: Any) -> dict[str, Any]:
    """A choice without its key: id, text, and whether shuffling leaves it in place."""
    shown = {"id": choice["id"], "text": choice["text"]}
    return shown | ({"pinned": True} if choice.get("pinned") else {})


def score(body: Body, response: Response | None) -> Score:
    given = want_response(response, "choice").get("choice")
    if given is None or given == "":
        return Score(0.0)
    choices = by_id(body["choices"])
    chosen = choices[want_id(given, choices, "choice")]
    fraction = float(chosen.get("fraction", 0))
    return Score(fraction, {chosen["id"]: fraction}, feedback_of([chosen]), notes=notes_of([chosen]))


def solution(body: Body, language: str = "") -> Response:
    return {"choice": max(body["choices"], key=lambda choice: choice.get("fraction", 0))["id"]}


def text(body: Body, response: Response | None, language: str) -> str:
    given = (response or {}).get("choice")
    return "; ".join(say(choice["text"], language) for choice in body["choices"] if choice["id"] == given)
