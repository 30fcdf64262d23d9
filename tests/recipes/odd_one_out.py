"""Odd one out: one of several things doesn't belong to the others."""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import Body, Listing, Response, Score, by_id, say, want_id, want_response
from quizapp.kinds.checks import check_entries, check_keys, check_scoring, check_text, entries, mapping
from quizapp.kinds.fields import TEXT, Belongs, Field, Rows, Words

NAME = "odd_one_out"
LABEL = N_("Odd one out")
ASKS = N_("One thing doesn't belong to the others.")
CONTROL = "choice"
MANUAL = False
LISTS = {"things": Listing("always"), "choices": Listing("always")}
MARKED = "choices"
FORM = (
    Rows(name="things", label=N_("Things"), one=N_("Thing"), add=N_("Add a thing"), ids="t", least=3, fields=(TEXT,)),
    Belongs(name="odd", label=N_("The odd one"), of="things"),
    Words(name="why", label=N_("Why it is odd")),
)
RULES: tuple[Field, ...] = ()
NEW: Body = {"things": [{}, {}, {}]}
BLANK: Response = {"choice": ""}

THINGS = [
    {"id": "t1", "text": {"ko": "고래", "en": "Whale"}},
    {"id": "t2", "text": {"ko": "상어", "en": "Shark"}},
    {"id": "t3", "text": {"ko": "박쥐", "en": "Bat"}},
]
EXAMPLE: Body = {"things": THINGS, "odd": "t2", "why": {"ko": "물고기입니다.", "en": "It is a fish."}}
OTHER: Body = {"things": THINGS, "odd": "t3"}


def check(body: Any) -> list[Problem]:
    problems = check_keys(body, ("things", "odd", "why", "scoring"))
    body = mapping(body)
    problems += check_scoring(body) + check_entries(body.get("things"), 3, ("id", "text"), "things")
    known = [thing.get("id") for _, thing in entries(body.get("things"))]
    for index, thing in entries(body.get("things")):
        problems += check_text(thing.get("text"), "things", index, "text")
    if body.get("why"):
        problems += check_text(body["why"], "why")
    if not isinstance(body.get("odd"), str) or body["odd"] not in known:
        problems.append(Problem(N_("Say which one is odd."), code="no-right", path=("odd",)))
    return problems


def public(body: Body) -> dict[str, Any]:
    return {"choices": [{"id": thing["id"], "text": thing["text"]} for thing in body["things"]]}


def score(body: Body, response: Response | None) -> Score:
    given = want_response(response, "choice").get("choice")
    if given is None or given == "":
        return Score(0.0)
    chosen = want_id(given, by_id(body["things"]), "choice")
    fraction = float(chosen == body["odd"])
    return Score(fraction, {chosen: fraction}, (body["why"],) if body.get("why") else ())


def solution(body: Body, _language: str = "") -> Response:
    return {"choice": body["odd"]}


def text(body: Body, response: Response | None, language: str) -> str:
    given = (response or {}).get("choice")
    return "; ".join(say(thing["text"], language) for thing in body["things"] if thing["id"] == given)
