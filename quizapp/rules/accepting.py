"""The responses that a regrade accepts beside the key: how they are stored with it, and how one is known again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from quizapp.kinds.base import Response
from quizapp.rules.scores import sameness

ANY_OF = "any_of"
"""The only key of what is stored for several: a list of them. No response has a key of this name."""


def as_stored(responses: Sequence[Response]) -> Response | None:
    """One is stored as it is, as it was when there could be no more; several as {"any_of": [...]}."""
    if len(responses) > 1:
        return {ANY_OF: list(responses)}
    return responses[0] if responses else None


def accepted(stored: Response | None) -> tuple[Response, ...]:
    """The responses in what is stored with a regrade."""
    if stored is None:
        return ()
    return tuple(stored[ANY_OF]) if ANY_OF in stored else (stored,)


def meanings(responses: Iterable[Response]) -> frozenset[Any]:
    """What they mean: a response is among them if its `sameness` is."""
    return frozenset(sameness(one) for one in responses)
