"""What a question of QTI becomes: its kind, its body, and its stem."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.markup import words_of
from quizapp.kinds.base import Body, Text

TRUE_FALSE = {"true": True, "false": False, "참": True, "거짓": False}
"""What the two choices of a true/false question read."""


@dataclass
class Draft:
    """What a question is: its kind, its body, and the text above it (None: that of the presentation)."""

    kind: str
    response: Body = field(default_factory=dict)
    scoring: Body = field(default_factory=dict)
    stem: Text | None = None


def as_truefalse(choices: list[Body], language: str) -> Draft | None:
    """The two choices True and False, one of them wholly right, are a question of their own kind."""
    said = [TRUE_FALSE.get(words_of(choice["text"], language).strip(" .").casefold()) for choice in choices]
    if len(choices) != 2 or set(said) != {True, False} or sorted(one["fraction"] for one in choices) != [0, 1]:
        return None
    right = next(value for value, choice in zip(said, choices, strict=True) if choice["fraction"] == 1)
    feedback = {
        "true" if value else "false": choice["feedback"]
        for value, choice in zip(said, choices, strict=True)
        if choice.get("feedback")
    }
    return Draft("truefalse", {"answer": right, **({"feedback": feedback} if feedback else {})})
