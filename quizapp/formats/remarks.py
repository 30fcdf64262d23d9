"""Warnings of questions that can be played but deserve a second look, in every format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import NOT_PLAYED, Item

FULL = 1.01
"""Up to how much the weights may add without a warning: three times 33.34 % is meant to be 100 %."""


def remarks(item: Item) -> Iterator[Problem]:
    """Warnings of a question in which its kind finds no error."""
    if item.kind in NOT_PLAYED:
        return
    for part in (item.body, *item.response.get("gaps", ())):
        kind = part.get("kind", item.kind)
        if kind == "choice" and sum(choice.get("fraction", 0) == 1 for choice in part["choices"]) > 1:
            yield remark(
                N_("There is a second right answer: whichever of them is chosen earns the full mark."),
                N_("If all of them have to be chosen, make it a multiple response; if one is wrong, correct it."),
                "several-right",
            )
        if kind == "multiple" and item.scoring.get("method") == "sum" and (total := weights(part)) > FULL:
            yield remark(
                N_("The right choices add up to %(percent)s%%, so some of them are enough for full marks."),
                N_("If all of them have to be chosen, let them add up to 100%%."),
                "over-full",
                percent=f"{total * 100:.5g}",
            )


def weights(body: dict[str, Any]) -> float:
    return sum(max(0, choice.get("fraction", 0)) for choice in body["choices"])


def remark(template: str, mend: str, code: str, **values: object) -> Problem:
    return Problem(template, values, code=code, severity="warning", mend=mend)
