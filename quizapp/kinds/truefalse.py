"""True or false: a statement to judge. All or nothing."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import Body, Listing, Response, Score, say, want_id, want_response
from quizapp.kinds.checks import check_flag, check_keys, check_scoring, check_text, mapping
from quizapp.kinds.fields import Field, Group, Truth, Words

NAME = "truefalse"
LABEL = N_("True or false")
ASKS = N_("A statement to judge.")
CONTROL = "choice"
MANUAL = False
LISTS = {"choices": Listing()}
MARKED = "choices"
NEW: Body = {}
BLANK: Response = {"choice": ""}
FORM = (
    Truth(name="answer", label=N_("The statement is")),
    Group(
        name="feedback",
        label=N_("Feedback"),
        fields=(
            Words(name="true", label=N_("Feedback for “true”"), folded=True),
            Words(name="false", label=N_("Feedback for “false”"), folded=True),
        ),
    ),
)
RULES: tuple[Field, ...] = ()

WORDS = {"true": {"ko": "참", "en": "True"}, "false": {"ko": "거짓", "en": "False"}}

EXAMPLE: Body = {
    "answer": True,
    "feedback": {"false": {"ko": "1443년에 만들어졌습니다.", "en": "It was made in 1443."}},
}
OTHER: Body = {"answer": False}


def check(body: Any) -> list[Problem]:
    problems = check_keys(body, ("answer", "feedback", "scoring"))
    body = mapping(body)
    problems += check_scoring(body) + check_flag(body.get("answer"), "answer")
    feedback = body.get("feedback", {})
    problems += check_keys(feedback, tuple(WORDS), "feedback")
    for name, said in mapping(feedback).items():
        problems += check_text(said, "feedback", name)
    return problems


def public(body: Body) -> dict[str, Any]:
    """The two choices, which stay where they are."""
    return {"choices": [{"id": name, "text": words, "pinned": True} for name, words in WORDS.items()]}


def score(body: Body, response: Response | None) -> Score:
    given = want_response(response, "choice").get("choice")
    if given is None or given == "":
        return Score(0.0)
    chosen = want_id(given, WORDS, "choice")
    fraction = float(chosen == solution(body)["choice"])
    said = body.get("feedback", {}).get(chosen)
    return Score(fraction, {chosen: fraction}, (said,) if said else (), notes={chosen: said} if said else {})


def solution(body: Body, language: str = "") -> Response:
    return {"choice": "true" if body["answer"] else "false"}


def text(body: Body, response: Response | None, language: str) -> str:
    given = (response or {}).get("choice")
    return "".join(say(words, language) for name, words in WORDS.items() if name == given)
