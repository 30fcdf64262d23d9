"""Cloze: a text with gaps, marked `{{g1}}`, each a small question of the kind text, number or choice.

The fraction is the mean of the gaps, each counting by its `weight` (1 if it has none).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds import choice, number
from quizapp.kinds import text as short
from quizapp.kinds.base import (
    Body,
    Kind,
    Listing,
    Response,
    Score,
    is_nothing,
    say,
    want_id,
    want_mapping,
    want_response,
    want_string,
)
from quizapp.kinds.checks import (
    check_entries,
    check_keys,
    check_one_of,
    check_scoring,
    check_text,
    entries,
    is_number,
    mapping,
)
from quizapp.kinds.fields import Cases, Field, Group, Number, Rows, Words

NAME = "cloze"
LABEL = N_("Text with gaps")
ASKS = N_("A text with words or numbers to fill in.")
CONTROL = "gaps"
MANUAL = False
LISTS = {"gaps": Listing("never", choosable=False), "choices": Listing()}
MARKED = "gaps"
NEW: Body = {"gaps": [{"answers": [{"fraction": 1}]}]}
BLANK: Response = {"gaps": {"g1": "", "g2": "  "}}

PLAYABLE: tuple[Kind, ...] = (short, number, choice)
GAP_KINDS = {kind.NAME: kind for kind in PLAYABLE}
OWN_KEYS = ("id", "kind", "weight")
PART_KEYS = ("answers", "choices", "units", "scoring")
MARKER = re.compile(r"\{\{([A-Za-z0-9_-]+)\}\}")


def fields_of(kind: Kind) -> tuple[Field, ...]:
    """The fields of a gap of this kind."""
    rules = (Group(name="scoring", label=N_("Scoring"), fields=kind.RULES),) if kind.RULES else ()
    return (*kind.FORM, *rules)


FORM = (
    Words(name="text", label=N_("Text, with {{g1}} where the first gap is"), rows=5),
    Rows(
        name="gaps", label=N_("Gaps"), one=N_("Gap"), add=N_("Add a gap"), ids="g", least=1,
        fields=(
            Cases(
                name="kind",
                label=N_("Kind of gap"),
                again=N_("Show the fields of this kind of gap"),
                values=(
                    ("text", N_("A word to type")),
                    ("number", N_("A number to type")),
                    ("choice", N_("One of several choices")),
                ),
                cases={kind.NAME: fields_of(kind) for kind in PLAYABLE},
            ),
            Number(name="weight", label=N_("Weight among the gaps")),
        ),
    ),
)  # fmt: skip
RULES: tuple[Field, ...] = ()

SENTENCE = {
    "ko": "훈민정음은 {{g1}}이 {{g2}}년에 만들었으며, 글자는 모두 {{g3}}자였다.",
    "en": "Hunminjeongeum was made by {{g1}} in {{g2}}; it had {{g3}} letters.",
}
EXAMPLE: Body = {
    "text": SENTENCE,
    "gaps": [
        {"id": "g1", "kind": "choice", "choices": choice.EXAMPLE["choices"]},
        {"id": "g2", "kind": "number", "answers": [{"value": "1443", "fraction": 1}], "weight": 2},
        {"id": "g3", "kind": "text", "answers": [{"text": "28", "fraction": 1}, {"text": "스물여덟", "fraction": 1}]},
    ],
}
OTHER: Body = {
    "text": SENTENCE,
    "gaps": [
        {"id": "g1", "kind": "choice", "choices": choice.OTHER["choices"]},
        {"id": "g2", "kind": "number", "answers": [{"value": "1446", "tolerance": "3", "fraction": 1}]},
        {"id": "g3", "kind": "text", "answers": [{"text": "seventeen", "fraction": 1}], "scoring": {"case": True}},
    ],
}


def check(body: Any) -> list[Problem]:
    """In every language, one marker for each gap; each gap a body of its kind; no id twice."""
    problems = check_keys(body, ("text", "gaps", "scoring"))
    body = mapping(body)
    problems += check_scoring(body) + check_text(body.get("text"), "text")
    problems += check_entries(body.get("gaps"), 1, (*OWN_KEYS, *PART_KEYS), "gaps")
    for index, gap in entries(body.get("gaps")):
        problems += check_gap(gap, "gaps", index)
    return problems or check_markers(body)


def check_gap(gap: dict[str, Any], *path: str | int) -> list[Problem]:
    problems = check_one_of(gap.get("kind"), GAP_KINDS, *path, "kind")
    weight = gap.get("weight", 1)
    if not is_number(weight) or not 0 < weight <= 1000:
        problems.append(
            Problem(N_("A weight is a number above 0, at most 1000."), code="weight", path=(*path, "weight"))
        )
    if isinstance(gap.get("kind"), str) and gap["kind"] in GAP_KINDS:
        problems += [problem.at(path=path) for problem in GAP_KINDS[gap["kind"]].check(part_of(gap))]
    return problems


def check_markers(body: Body) -> list[Problem]:
    """Whether each language's text has one marker for each gap, and none besides."""
    gaps = [gap["id"] for gap in body["gaps"]]
    problems = []
    for language, written in body["text"].items():
        if language == "format" or not written.strip():
            continue
        found = Counter(MARKER.findall(written))
        problems += [
            Problem(template, {"id": name}, code="marker", path=("text", language))
            for name in dict.fromkeys([*gaps, *found])
            if (template := wrong_marker(name in gaps, found[name]))
        ]
    return problems


def wrong_marker(has_gap: bool, count: int) -> str:
    """What is wrong with a marker that stands `count` times in a text; "" if nothing is."""
    if not has_gap:
        return N_("The marker {{%(id)s}} has no gap: declare it among the gaps, or take the marker out.")
    if count == 0:
        return N_("The gap “%(id)s” has no marker in this text: write {{%(id)s}} where it belongs.")
    return N_("The marker {{%(id)s}} appears more than once in this text: keep only one of them.") if count > 1 else ""


def in_order(body: Body, language: str) -> list[dict[str, Any]]:
    """The gaps as the text of this language comes to them; by that they are numbered."""
    places = {name: place for place, name in enumerate(MARKER.findall(say(body["text"], language)))}
    return sorted(body["gaps"], key=lambda gap: places.get(gap["id"], len(places)))


def part_of(gap: dict[str, Any]) -> Body:
    """The body of a gap's own kind."""
    return {key: value for key, value in gap.items() if key not in OWN_KEYS}


def public(body: Body) -> dict[str, Any]:
    """The text and the gaps; nothing of a gap tells how long its answer is."""
    gaps = [
        {"id": gap["id"], "kind": gap["kind"], **GAP_KINDS[gap["kind"]].public(part_of(gap))} for gap in body["gaps"]
    ]
    return {"text": body["text"], "gaps": gaps}


def score(body: Body, response: Response | None) -> Score:
    gaps = {gap["id"]: gap for gap in body["gaps"]}
    given = want_mapping(want_response(response, "gaps"), "gaps", gaps)
    scores = {name: score_gap(gap, given.get(name)) for name, gap in gaps.items()}
    parts = {name: part.fraction or 0.0 for name, part in scores.items()}
    if all(is_nothing(value) for value in given.values()):
        return Score(0.0)
    notes = {name: part.feedback[0] for name, part in scores.items() if part.feedback}
    weights = {name: gap.get("weight", 1) for name, gap in gaps.items()}
    total = sum(weights[name] * fraction for name, fraction in parts.items())
    return Score(
        total / sum(weights.values()),
        parts,
        tuple(said for part in scores.values() for said in part.feedback),
        "; ".join(part.reading for part in scores.values() if part.reading),
        notes,
        tally_of(list(parts.values())) if len(set(weights.values())) == 1 else None,
    )


def tally_of(fractions: list[float]) -> tuple[int, int] | None:
    """How many gaps of how many are right; None where one of them is so in part."""
    return (int(sum(fractions)), len(fractions)) if set(fractions) <= {0.0, 1.0} else None


def score_gap(gap: dict[str, Any], given: Any) -> Score:
    """What one gap earned. Raises ResponseError naming `gaps` if it isn't a text, or no option of a choice."""
    if is_nothing(given):
        return Score(0.0)
    written = want_string({"gaps": given}, "gaps")
    if gap["kind"] == "choice":
        want_id(written, [option["id"] for option in gap["choices"]], "gaps")
    return GAP_KINDS[gap["kind"]].score(part_of(gap), {answer_key(gap): written})


def answer_key(gap: dict[str, Any]) -> str:
    """The part of the response of a gap's own kind that its answer is."""
    return "choice" if gap["kind"] == "choice" else "text"


def solution(body: Body, language: str = "") -> Response:
    answers = {}
    for gap in body["gaps"]:
        right = GAP_KINDS[gap["kind"]].solution(part_of(gap), language) or {}
        answers[gap["id"]] = right[answer_key(gap)]
    return {"gaps": answers}


def text(body: Body, response: Response | None, language: str) -> str:
    """The gaps as the text comes to them, numbered: `(1) Sejong; (2) —`."""
    given = (response or {}).get("gaps") or {}
    said = [
        GAP_KINDS[gap["kind"]].text(part_of(gap), {answer_key(gap): given.get(gap["id"])}, language)
        for gap in in_order(body, language)
    ]
    return "\n".join(f"({place}) {words or '—'}" for place, words in enumerate(said, 1)) if any(said) else ""
