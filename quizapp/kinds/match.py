"""Matching: each row gets one of the options; an option may serve several rows, or none (a distractor).

The fraction is right rows / rows. Source of the rule: Moodle, question type "match".
"""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds._old import (
    Body,
    Response,
    Score,
    by_id,
    check_entries,
    check_keys,
    check_one_of,
    check_scoring,
    check_text,
    say,
    want_id,
    want_mapping,
)

NAME = "match"
CONTROL = "match"
MANUAL = False

EXAMPLE: Body = {
    "rows": [
        {"id": "r1", "text": {"ko": "대한민국", "en": "Korea"}, "option": "o1"},
        {
            "id": "r2",
            "text": {"ko": "일본", "en": "Japan"},
            "option": "o2",
            "feedback": {"ko": "1868년부터 수도입니다.", "en": "The capital since 1868."},
        },
    ],
    "options": [
        {"id": "o1", "text": {"ko": "서울", "en": "Seoul"}},
        {"id": "o2", "text": {"ko": "도쿄", "en": "Tokyo"}},
        {"id": "o3", "text": {"ko": "베이징", "en": "Beijing"}},
    ],
}
OTHER: Body = {
    "rows": [
        {"id": "r1", "text": {"ko": "대한민국", "en": "Korea"}, "option": "o3"},
        {"id": "r2", "text": {"ko": "일본", "en": "Japan"}, "option": "o1"},
    ],
    "options": EXAMPLE["options"],
}


def check(body: Body) -> list[Problem]:
    """A row or more, two options or more, and every row's option is one of them."""
    problems = check_keys(body, ("rows", "options")) + check_scoring(body, ())
    problems += check_entries(body.get("rows"), 1, ("id", "text", "option", "feedback"), "rows")
    problems += check_entries(body.get("options"), 2, ("id", "text"), "options")
    if problems:
        return problems
    for key in ("rows", "options"):
        for index, entry in enumerate(body[key]):
            problems += check_text(entry.get("text"), key, index, "text")
    options = by_id(body["options"])
    for index, row in enumerate(body["rows"]):
        if row.get("option") is None:
            problems.append(Problem(N_("This row has no right option."), code="no-right", path=("rows", index)))
        else:
            problems += check_one_of(row["option"], options, "rows", index, "option")
        if row.get("feedback"):
            problems += check_text(row["feedback"], "rows", index, "feedback")
    return problems


def public(body: Body) -> dict[str, Any]:
    return {
        key: sorted(({"id": entry["id"], "text": entry["text"]} for entry in body[key]), key=lambda entry: entry["id"])
        for key in ("rows", "options")
    }


def score(body: Body, response: Response | None) -> Score:
    rows, options = by_id(body["rows"]), by_id(body["options"])
    pairs = {row: want_id(option, options, "pairs") for row, option in want_mapping(response or {}, "pairs", rows).items()
             if option}  # fmt: skip
    if not pairs:
        return Score(0.0)
    parts = {name: float(pairs[name] == row["option"]) for name, row in rows.items() if name in pairs}
    feedback = tuple(row["feedback"] for name, row in rows.items() if name in pairs and row.get("feedback"))
    return Score(sum(parts.values()) / len(rows), parts, feedback)


def solution(body: Body) -> Response:
    return {"pairs": {row["id"]: row["option"] for row in body["rows"]}}


def text(body: Body, response: Response | None, language: str) -> str:
    pairs, options = (response or {}).get("pairs", {}), by_id(body["options"])
    return "; ".join(
        f"{say(row['text'], language)} → {say(options[pairs[row['id']]]['text'], language)}"
        for row in body["rows"]
        if pairs.get(row["id"]) in options
    )
