"""Essay: a long text, graded by a person. Only a blank one has a score at once: 0."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import Body, Listing, Response, Score, want_response, want_string
from quizapp.kinds.checks import check_keys, check_scoring, check_text, mapping
from quizapp.kinds.fields import Field, Number, Words

NAME = "essay"
LABEL = N_("Essay")
ASKS = N_("A longer text that a person grades.")
CONTROL = "essay"
MANUAL = True
LISTS: dict[str, Listing] = {}
MARKED = ""
NEW: Body = {}
BLANK: Response = {"text": "\u3000"}
FORM = (
    Number(name="min_words", label=N_("Words at least")),
    Number(name="max_words", label=N_("Words at most")),
    Number(name="min_characters", label=N_("Characters at least")),
    Number(name="max_characters", label=N_("Characters at most")),
    Words(name="template", label=N_("Text to start from"), folded=True),
    Words(name="grader_notes", label=N_("Notes for the grader"), rows=3),
)
RULES: tuple[Field, ...] = ()

PAIRS = (("min_words", "max_words"), ("min_characters", "max_characters"))
"""A Korean page counts characters, spaces included, an English one words; without limits of its own, the other's."""
LIMITS = tuple(key for pair in PAIRS for key in pair)
MAX_LIMIT = 10_000

EXAMPLE: Body = {
    "min_words": 50,
    "max_words": 300,
    "min_characters": 200,
    "max_characters": 1200,
    "template": {"ko": "나는 …라고 생각한다.", "en": "I think that …"},
    "grader_notes": {"ko": "근거가 둘 이상이면 만점입니다.", "en": "Two reasons or more earn full marks."},
}
OTHER: Body = EXAMPLE | {"grader_notes": {"ko": "길이만 보세요.", "en": "Look at the length only."}}


def check(body: Any) -> list[Problem]:
    """Limits that can be kept, and texts that say something."""
    problems = check_keys(body, (*LIMITS, "template", "grader_notes", "scoring"))
    body = mapping(body)
    problems += check_scoring(body)
    for key in ("template", "grader_notes"):
        problems += check_text(body[key], key) if body.get(key) else []
    return [*problems, *check_limits(body)]


def check_limits(body: dict[str, Any]) -> Iterator[Problem]:
    wrong = [key for key in LIMITS if body.get(key) is not None and not is_limit(body[key])]
    for key in wrong:
        yield Problem(
            N_("A limit is a whole number from 1 to %(most)s."), {"most": MAX_LIMIT}, code="limit", path=(key,)
        )
    for least, most in () if wrong else PAIRS:
        if (body.get(least) or 1) > (body.get(most) or MAX_LIMIT):
            yield Problem(
                N_("At least %(least)s and at most %(most)s can't both be met: swap them, or drop one."),
                {"least": body[least], "most": body[most]},
                code="limit",
                path=(least,),
            )


def is_limit(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MAX_LIMIT


def public(body: Body) -> dict[str, Any]:
    return {key: body[key] for key in (*LIMITS, "template") if body.get(key)}


def score(body: Body, response: Response | None) -> Score:
    given = want_string(want_response(response, "text"), "text")
    return Score(None if given.strip() else 0.0)


def solution(body: Body, language: str = "") -> None:
    """None: there is no one right text."""
    return


def text(body: Body, response: Response | None, language: str) -> str:
    given = (response or {}).get("text")
    return given if isinstance(given, str) else ""
