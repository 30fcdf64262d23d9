"""The gaps of a text: their ids and weights."""

from __future__ import annotations

import re

from quizapp.formats.qti.ids import letters
from quizapp.kinds.base import Body

GAP_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


def with_weights(gaps: list[Body], scores: list[float]) -> list[Body]:
    """The gaps with their weights, if they don't all count alike."""
    least = min(scores)
    if least <= 0 or max(scores) - least <= 0.01 * least:
        return gaps
    for gap, score in zip(gaps, scores, strict=True):
        weight = round(score / least, 3)
        gap |= {"weight": int(weight) if weight == int(weight) else weight} if weight != 1 else {}
    return gaps


def with_distinct_choice_ids(gaps: list[Body]) -> list[Body]:
    """The gaps, with the ids of all their choices made distinct."""
    ids = [choice["id"] for gap in gaps for choice in gap.get("choices", ())]
    if len(set(ids)) < len(ids):
        for gap in gaps:
            for place, choice in enumerate(gap.get("choices", ())):
                choice["id"] = f"{gap['id']}-{letters(place)}"
    return gaps
