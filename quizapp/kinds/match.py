"""Matching: for each row, the right one of the options. The fraction is that of the rows matched rightly.

Options may be right for several rows or for none. Two options that read the same are the same to a learner, so
either is right. Source of the rule: Moodle, question type "match".
"""

from __future__ import annotations

from operator import itemgetter
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import (
    Body,
    Listing,
    Response,
    Score,
    by_id,
    feedback_of,
    notes_of,
    say,
    want_id,
    want_mapping,
    want_response,
)
from quizapp.kinds.checks import check_entries, check_feedback, check_keys, check_scoring, check_text, entries, mapping
from quizapp.kinds.fields import FEEDBACK, TEXT, Belongs, Field, Rows

NAME = "match"
LABEL = N_("Matching")
ASKS = N_("For each row, the option that belongs to it.")
CONTROL = "match"
MANUAL = False
LISTS = {"rows": Listing(), "options": Listing("always")}
MARKED = "rows"
NEW: Body = {"options": [{}, {}, {}], "rows": [{}, {}, {}]}
BLANK: Response = {"pairs": {"r1": ""}}
FORM = (
    Rows(
        name="options", label=N_("Options to choose from"), one=N_("Option"), add=N_("Add an option"), ids="o", least=2,
        fields=(TEXT,),
    ),
    Rows(
        name="rows", label=N_("Rows to match"), one=N_("Row"), add=N_("Add a row"), ids="r", least=2,
        fields=(TEXT, Belongs(name="option", label=N_("Belongs to"), of="options"), FEEDBACK),
    ),
)  # fmt: skip
RULES: tuple[Field, ...] = ()

ROWS = [
    {"id": "r1", "text": {"ko": "프랑스", "en": "France"}},
    {"id": "r2", "text": {"ko": "일본", "en": "Japan"}},
    {"id": "r3", "text": {"ko": "이집트", "en": "Egypt"}},
]
OPTIONS = [
    {"id": "o1", "text": {"ko": "카이로", "en": "Cairo"}},
    {"id": "o2", "text": {"ko": "도쿄", "en": "Tokyo"}},
    {"id": "o3", "text": {"ko": "파리", "en": "Paris"}},
    {"id": "o4", "text": {"ko": "리옹", "en": "Lyon"}},
]


def example(*key: str) -> Body:
    """The example with these options as the key, row by row."""
    return {"rows": [row | {"option": option} for row, option in zip(ROWS, key, strict=True)], "options": OPTIONS}


EXAMPLE: Body = example("o3", "o2", "o1")
OTHER: Body = example("o1", "o4", "o2")


def check(body: Any) -> list[Problem]:
    """A row or more, and two options or more, under different ids; each row names one of the options."""
    problems = check_keys(body, ("rows", "options", "scoring"))
    body = mapping(body)
    problems += check_scoring(body)
    problems += check_entries(body.get("rows"), 1, ("id", "text", "option", "feedback"), "rows")
    problems += check_entries(body.get("options"), 2, ("id", "text"), "options")
    known = {str(option.get("id")) for _, option in entries(body.get("options"))}
    for index, option in entries(body.get("options")):
        problems += check_text(option.get("text"), "options", index, "text")
    for index, row in entries(body.get("rows")):
        problems += check_text(row.get("text"), "rows", index, "text") + check_feedback(row, "rows", index)
        if not isinstance(row.get("option"), str) or row["option"] not in known:
            problems.append(
                Problem(
                    N_("This row has no right option. Choose the one that belongs to it."),
                    code="no-right",
                    path=("rows", index, "option"),
                )
            )
    return problems


def public(body: Body) -> dict[str, Any]:
    """Rows and options, each sorted by id, so that their order doesn't say which belong together."""
    return {part: sorted(map(public_entry, body[part]), key=itemgetter("id")) for part in ("rows", "options")}


def public_entry(entry: dict[str, Any]) -> dict[str, Any]:
    return {"id": entry["id"], "text": entry["text"]}


def score(body: Body, response: Response | None) -> Score:
    rows, options = by_id(body["rows"]), by_id(body["options"])
    pairs = want_mapping(want_response(response, "pairs"), "pairs", rows)
    for option in pairs.values():
        want_id(option, options, "pairs")
    if not pairs:
        return Score(0.0)
    parts = {
        name: float(name in pairs and options[pairs[name]]["text"] == options[row["option"]]["text"])
        for name, row in rows.items()
    }
    paired = [rows[name] for name in rows if name in pairs]
    right = int(sum(parts.values()))
    return Score(right / len(parts), parts, feedback_of(paired), notes=notes_of(paired), tally=(right, len(parts)))


def solution(body: Body, language: str = "") -> Response:
    return {"pairs": {row["id"]: row["option"] for row in body["rows"]}}


def text(body: Body, response: Response | None, language: str) -> str:
    """Each answered row with its option: `France → Paris; Japan → Tokyo`."""
    pairs = (response or {}).get("pairs") or {}
    options = {option["id"]: say(option["text"], language) for option in body["options"]}
    return "\n".join(
        f"{say(row['text'], language)} → {options[pairs[row['id']]]}"
        for row in body["rows"]
        if pairs.get(row["id"]) in options
    )
