"""What a question of QTI is as one of our kinds: the core around which its item is built."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.markup import words_of
from quizapp.kinds.base import Body, Text

TRUE_FALSE = {"true": True, "false": False, "참": True, "거짓": False}
"""How the two choices of a true/false question are worded."""


@dataclass
class ItemCore:
    """What depends on the kind of an item. A stem of None is left to the reader of the item."""

    kind: str
    response: Body = field(default_factory=dict)
    scoring: Body = field(default_factory=dict)
    stem: Text | None = None


def as_truefalse(choices: list[Body], language: str) -> ItemCore | None:
    """A true/false question, if the choices are True and False and one of them is wholly right."""
    said = [TRUE_FALSE.get(words_of(choice["text"], language).strip(" .").casefold()) for choice in choices]
    if len(choices) != 2 or set(said) != {True, False} or sorted(one["fraction"] for one in choices) != [0, 1]:
        return None
    right = next(value for value, choice in zip(said, choices, strict=True) if choice["fraction"] == 1)
    feedback = {
        "true" if value else "false": choice["feedback"]
        for value, choice in zip(said, choices, strict=True)
        if choice.get("feedback")
    }
    return ItemCore("truefalse", {"answer": right, **({"feedback": feedback} if feedback else {})})
