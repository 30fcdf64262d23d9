"""Cloze: a text with gaps, `{{id}}`, each of which is a small question of another kind.

A gap's body is that of its kind (text, number or choice). The fraction is the mean of the gaps', weighted by
`weight` (1 where it isn't given). Source of the rule: Moodle, question type "multianswer".
"""

from __future__ import annotations

import re
from typing import Any

from quizapp.errors import N_, Problem, ResponseError
from quizapp.kinds import choice, number
from quizapp.kinds import text as short
from quizapp.kinds._old import (
    Body,
    Kind,
    Response,
    Score,
    by_id,
    check_entries,
    check_keys,
    check_one_of,
    check_scoring,
    check_text,
    say,
    want_mapping,
)
from quizapp.rules.marks import tidy

NAME = "cloze"
CONTROL = "gaps"
MANUAL = False

GAP_KINDS: dict[str, Kind] = {kind.NAME: kind for kind in (short, number, choice)}
MARKER = re.compile(r"\{\{([^{}\s]{1,40})\}\}")

EXAMPLE: Body = {
    "text": {
        "ko": "{{g1}}은 {{g2}}년에 창제되어 {{g3}} 때 반포되었습니다.",
        "en": "{{g1}} was created in {{g2}} and proclaimed under {{g3}}.",
    },
    "gaps": [
        {"id": "g1", "kind": "text", "answers": [{"text": "훈민정음", "fraction": 1}, {"text": "Hunminjeongeum"}]},
        {"id": "g2", "kind": "number", "weight": 2, "answers": [{"value": "1443", "fraction": 1}]},
        {"id": "g3", "kind": "choice", "choices": choice.EXAMPLE["choices"]},
    ],
}
OTHER: Body = {
    "text": EXAMPLE["text"],
    "gaps": [
        {"id": "g1", "kind": "text", "answers": [{"text": "한글", "fraction": 1}]},
        {"id": "g2", "kind": "number", "answers": [{"value": "1446", "fraction": 1}]},
        {"id": "g3", "kind": "choice", "choices": choice.OTHER["choices"]},
    ],
}


def gap_body(gap: Body) -> Body:
    """The body of the gap's own kind."""
    return {key: value for key, value in gap.items() if key not in ("id", "kind", "weight")}


def check(body: Body) -> list[Problem]:
    """Every marker has its gap and every gap its marker, in each language; each gap passes its kind's check."""
    problems = check_keys(body, ("text", "gaps")) + check_scoring(body, ())
    problems += check_text(body.get("text"), "text")
    keys = ("id", "kind", "weight", "answers", "choices", "units")
    problems += check_entries(body.get("gaps"), 1, keys, "gaps")
    if problems:
        return problems
    for index, gap in enumerate(body["gaps"]):
        problems += check_gap(gap, index)
    names = {gap["id"] for gap in body["gaps"]}
    for language, sentence in body["text"].items():
        marked = MARKER.findall(sentence)
        if language == "format" or not sentence.strip():
            continue
        for name in sorted(set(marked) ^ names):
            problems.append(
                Problem(
                    N_("“{{%(id)s}}” has to stand both in the text and among the gaps."),
                    {"id": name},
                    code="gap",
                    path=("text", language),
                )  # fmt: skip
            )
        if len(marked) != len(set(marked)):
            problems.append(Problem(N_("A gap stands twice in the text."), code="gap", path=("text", language)))
    return problems


def check_gap(gap: Body, index: int) -> list[Problem]:
    unknown = check_one_of(gap.get("kind"), GAP_KINDS, "gaps", index, "kind")
    if unknown:
        return unknown
    problems = [problem.at(path=("gaps", index)) for problem in GAP_KINDS[gap["kind"]].check(gap_body(gap))]
    weight = gap.get("weight", 1)
    if not isinstance(weight, (int, float)) or isinstance(weight, bool) or not 0 < weight <= 1000:
        problems.append(Problem(N_("A weight is a number above 0."), code="weight", path=("gaps", index, "weight")))
    return problems


def public(body: Body) -> dict[str, Any]:
    gaps = []
    for gap in body["gaps"]:
        shown = {"id": gap["id"], "kind": gap["kind"]}
        gaps.append(shown | (choice.public(gap) if gap["kind"] == "choice" else {}))
    return {"text": body["text"], "gaps": gaps}


def gap_response(gap: Body, given: Any) -> Response:
    if not isinstance(given, str):
        raise ResponseError("gaps", N_("“%(field)s” must be text."), field=f"gaps.{gap['id']}")
    return {"choice": given} if gap["kind"] == "choice" else {"text": given}


def score(body: Body, response: Response | None) -> Score:
    gaps = by_id(body["gaps"])
    given = want_mapping(response or {}, "gaps", gaps)
    parts: dict[str, float] = {}
    feedback: tuple[Any, ...] = ()
    for name, gap in gaps.items():
        if name in given:
            scored = GAP_KINDS[gap["kind"]].score(gap_body(dict(gap)), gap_response(dict(gap), given[name]))
            parts[name] = scored.fraction or 0.0
            feedback += scored.feedback
    weights = {name: float(gap.get("weight", 1)) for name, gap in gaps.items()}
    earned = sum(weights[name] * fraction for name, fraction in parts.items())
    return Score(tidy(earned / sum(weights.values())), parts, feedback)


def solution(body: Body) -> Response:
    solved = {gap["id"]: GAP_KINDS[gap["kind"]].solution(gap_body(gap)) or {} for gap in body["gaps"]}
    return {"gaps": {name: one.get("choice") or one.get("text", "") for name, one in solved.items()}}


def text(body: Body, response: Response | None, language: str) -> str:
    """The sentence with what was filled in."""
    given, gaps = (response or {}).get("gaps", {}), by_id(body["gaps"])

    def filled(match: re.Match[str]) -> str:
        gap = gaps.get(match[1])
        if gap is None or not isinstance(given.get(match[1]), str):
            return "____"
        one = gap_response(dict(gap), given[match[1]])
        return f"[{GAP_KINDS[gap['kind']].text(gap_body(dict(gap)), one, language)}]"

    return MARKER.sub(filled, say(body["text"], language))
