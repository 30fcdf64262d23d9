"""What QTI 2 and 3 lose of an item, and which items they can't hold at all."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import ids_in, is_own_original, lost_fields
from quizapp.formats.markup import is_bare
from quizapp.formats.qti.losses import (
    CATEGORISING,
    IN_ANSWERS,
    PARTIAL,
    PINNED,
    PINNED_IN_GAP,
    SHUFFLE,
    UNSHOWN,
    Loss,
    gaps_of,
    lost_parts,
    lost_texts,
    method,
    plain_right,
    refusal,
    whole_numbers,
)
from quizapp.formats.qti.numbers import bounds_of
from quizapp.formats.schema import texts_of
from quizapp.kinds.base import Body
from quizapp.kinds.number import takes
from quizapp.texts.markup import has_formula

CARRIED = ("id", "title", "stimulus", "category", "feedback", "media", "points", "shuffle", "scoring")
IDENTIFIER = re.compile(r"[A-Za-z_][\w.-]*")
ROUGH = re.compile(r"[\n\t]|  ")


def losses_of(item: Item, name: str) -> list[Problem]:
    """The losses of an item; an error if it can't be written. `name` is that of the format."""
    error = refusal_of(item, name)
    if error:
        return [error]
    return [*lost_texts(item), *lost_fields(item, CARRIED), *lost_parts(item, LOSSES)]


def refusal_of(item: Item, name: str) -> Problem | None:
    if item.kind == "opaque":
        return (
            None
            if is_own_original(item, name)
            else refusal(N_("The question comes from another system or version of QTI."))
        )
    texts_of = [item.response] if item.kind == "text" else gaps_of(item, "text")
    if any(not any(map(plain_right, body["answers"])) for body in texts_of):
        return refusal(N_("Its right answers have wildcards, which QTI lacks."))
    numbers = [item.response] if item.kind == "number" else gaps_of(item, "number")
    if any(not whole_numbers(body) for body in numbers):
        return refusal(N_("Any number is right, which QTI can't express here."))
    return None


def has_rough_words(item: Item) -> bool:
    """Whether plain words have line breaks, tabs or runs of spaces, which XML folds."""
    words = [text for text in texts_of(item) if text.get("format") == "plain" or is_bare(text)]
    return any(ROUGH.search(part) for text in words for key, part in text.items() if key != "format")


def has_false_formula(item: Item) -> bool:
    """Whether plain words look like a formula: XHTML can't mark words as plain."""
    plain = [text for text in texts_of(item) if text.get("format") == "plain"]
    return any(has_formula(part) for text in plain for key, part in text.items() if key != "format")


def has_caught_numbers(item: Item) -> bool:
    """Whether an accepted number lies within the ones above it: no response brings out what it would earn."""
    bodies = [item.response] if item.kind == "number" else gaps_of(item, "number")
    return any(is_caught(answers, place) for answers in map(right_numbers, bodies) for place in range(len(answers)))


def is_caught(answers: list[Body], place: int) -> bool:
    """Whether the answer at a place, with both its limits, is taken by those above it."""
    low, high = bounds_of(answers[place])
    tried = (Decimal(answers[place]["value"]), low, high)
    return all(any(takes(one, Fraction(value)) for one in answers[:place]) for value in tried)


def right_numbers(body: Body) -> list[Body]:
    """The accepted numbers that are written."""
    return [one for one in body["answers"] if one["fraction"] > 0 and one["value"] != "*"]


def parts(item: Item) -> list[dict[str, Any]]:
    gaps = item.response.get("gaps", ())
    return [one for gap in gaps for one in (*gap.get("choices", ()), *gap.get("answers", ()))]


def typed(item: Item) -> list[dict[str, Any]]:
    return item.response.get("answers", []) if item.kind in ("text", "number") else []


LOSSES: tuple[Loss, ...] = (
    ("ids", N_("Identifiers that QTI doesn't allow get an underscore in front, or in place of other characters."),
     lambda item: any(not IDENTIFIER.fullmatch(one) for one in (item.id or "_", *ids_in(item.response)))),
    ("plain", N_("Line breaks and runs of spaces in plain texts are kept as HTML, or collapsed."), has_rough_words),
    ("formula", N_("Plain text that stands between dollar signs comes back as a formula."), has_false_formula),
    PARTIAL,
    ("feedback", N_("Feedback on single answers, rows and gaps is left out."),
     lambda item: any(one.get("feedback") for one in [*typed(item), *parts(item), *item.response.get("rows", ())])),
    ("points", N_("The points of a text without a question are left out."),
     lambda item: item.kind == "description" and item.points != 1),
    ("description", N_("The feedback of a text without a question is left out."),
     lambda item: item.kind in ("description", "essay") and bool(item.feedback)),
    UNSHOWN,
    CATEGORISING,
    ("method", N_("Scoring changes: right choices count for, wrong ones against."),
     lambda item: item.kind == "multiple" and method(item) in ("coverage", "each-answer")),
    ("method", N_("Scoring changes: the whole order must be right."),
     lambda item: item.kind == "order" and method(item) != "all-or-nothing"),
    SHUFFLE,
    *IN_ANSWERS,
    ("caught", N_("Numbers that an answer above them takes already are left out."), has_caught_numbers),
    PINNED_IN_GAP,
    PINNED,
)  # fmt: skip
