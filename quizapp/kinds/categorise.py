"""Categorise: each thing (a row) belongs to one of the categories (the options).

A matching in which options are meant to be used more than once: the same body and the same score, shown as a
sorting into groups.
"""

from __future__ import annotations

from quizapp.kinds.base import Body
from quizapp.kinds.match import check, public, score, solution, text

NAME = "categorise"
CONTROL = "categorise"
MANUAL = False

EXAMPLE: Body = {
    "rows": [
        {"id": "r1", "text": {"ko": "고래", "en": "Whale"}, "option": "o1"},
        {"id": "r2", "text": {"ko": "참새", "en": "Sparrow"}, "option": "o2"},
        {"id": "r3", "text": {"ko": "박쥐", "en": "Bat"}, "option": "o1"},
    ],
    "options": [
        {"id": "o1", "text": {"ko": "포유류", "en": "Mammals"}},
        {"id": "o2", "text": {"ko": "조류", "en": "Birds"}},
    ],
}
OTHER: Body = {
    "rows": [row | {"option": "o2" if row["option"] == "o1" else "o1"} for row in EXAMPLE["rows"]],
    "options": EXAMPLE["options"],
}

__all__ = ["CONTROL", "EXAMPLE", "MANUAL", "NAME", "OTHER", "check", "public", "score", "solution", "text"]
