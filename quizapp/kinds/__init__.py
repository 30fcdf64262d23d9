"""The question types, by name. A new one is a module of this package and a line here."""

from __future__ import annotations

from quizapp.kinds import categorise, choice, cloze, essay, match, multiple, number, order, text, truefalse
from quizapp.kinds.base import Kind

ALL: tuple[Kind, ...] = (choice, multiple, truefalse, text, number, match, categorise, order, cloze, essay)
KINDS = {kind.NAME: kind for kind in ALL}
