"""Essay: free text that a person grades. A response has no fraction until then; an empty one earns 0."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds._old import Body, Response, Score, check_keys, check_scoring, check_text, is_blank, want_string

NAME = "essay"
CONTROL = "essay"
MANUAL = True

EXAMPLE: Body = {
    "min_words": 30,
    "max_words": 300,
    "template": {"ko": "주장: \n근거: ", "en": "Claim: \nReasons: "},
    "grader_notes": {"ko": "근거가 둘 이상인지 봅니다.", "en": "Look for two reasons or more."},
}
OTHER: Body = EXAMPLE | {"grader_notes": {"ko": "반론을 다루는지 봅니다.", "en": "Look for a counter-argument."}}


def check(body: Body) -> list[Problem]:
    """Limits are whole numbers of words, the lower not above the upper."""
    problems = check_keys(body, ("min_words", "max_words", "template", "grader_notes")) + check_scoring(body, ())
    limits = {key: body[key] for key in ("min_words", "max_words") if body.get(key) is not None}
    for key, value in limits.items():
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            problems.append(Problem(N_("A number of words is a whole number from 1."), code="words", path=(key,)))
    if not problems and len(limits) == 2 and limits["min_words"] > limits["max_words"]:
        problems.append(Problem(N_("The least number of words is above the most."), code="words", path=("min_words",)))
    for key in ("template", "grader_notes"):
        if body.get(key):
            problems += check_text(body[key], key)
    return problems


def public(body: Body) -> dict[str, Any]:
    return {key: body[key] for key in ("min_words", "max_words", "template") if body.get(key)}


def score(body: Body, response: Response | None) -> Score:
    want_string(response or {}, "text")
    return Score(0.0 if is_blank(response) else None)


def solution(body: Body) -> None:
    return None


def text(body: Body, response: Response | None, language: str) -> str:
    return (response or {}).get("text", "")
