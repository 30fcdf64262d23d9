"""Categorising: things to put into categories. The rows are the things, the options the categories.

It is a matching in which an option is mostly right for several rows; only the page shows it differently.
"""

from __future__ import annotations

from typing import Any

from quizapp.kinds.base import Body, Listing
from quizapp.kinds.match import check, public, score, solution, text

__all__ = ["CONTROL", "EXAMPLE", "LISTS", "MANUAL", "NAME", "OTHER", "check", "public", "score", "solution", "text"]

NAME = "categorise"
CONTROL = "categorise"
MANUAL = False
LISTS = {"rows": Listing(), "options": Listing()}

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
