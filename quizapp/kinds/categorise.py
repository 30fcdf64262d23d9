"""Categorising: things to put into categories. The rows are the things, the options the categories.

It is a matching in which an option is mostly right for several rows; only the page shows it differently.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from quizapp.errors import N_
from quizapp.kinds import match
from quizapp.kinds.base import Body, Listing, Response
from quizapp.kinds.fields import Rows

NAME = "categorise"
LABEL = N_("Sorting into groups")
ASKS = N_("Things to put into groups.")
CONTROL = "categorise"
MANUAL = False
LISTS = {"rows": Listing(), "options": Listing()}
MARKED = "rows"
NEW: Body = {"options": [{}, {}], "rows": [{}, {}, {}]}
BLANK: Response = {"pairs": {}}
GROUPS, THINGS = match.FORM
FORM: tuple[Rows, Rows] = (
    replace(GROUPS, label=N_("Groups"), one=N_("Group"), add=N_("Add a group")),
    replace(THINGS, label=N_("Items to sort"), one=N_("Item"), add=N_("Add an item")),
)
RULES = match.RULES
check, public, score, solution, text = match.check, match.public, match.score, match.solution, match.text

CATEGORIES = [
    {"id": "c1", "text": {"ko": "고체", "en": "Solid"}},
    {"id": "c2", "text": {"ko": "액체", "en": "Liquid"}},
]


def thing(name: str, ko: str, en: str, category: str) -> dict[str, Any]:
    return {"id": name, "text": {"ko": ko, "en": en}, "option": category}


EXAMPLE: Body = {
    "rows": [thing("t1", "얼음", "Ice", "c1"), thing("t2", "우유", "Milk", "c2"), thing("t3", "소금", "Salt", "c1")],
    "options": CATEGORIES,
}
OTHER: Body = {
    "rows": [thing("t1", "얼음", "Ice", "c2"), thing("t2", "우유", "Milk", "c2"), thing("t3", "소금", "Salt", "c2")],
    "options": CATEGORIES,
}
