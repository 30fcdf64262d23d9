"""What GIFT loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizapp.errors import N_, Problem
from quizapp.formats.gift.escapes import marker_of
from quizapp.formats.gift.writer import ANSWERS
from quizapp.formats.items import Item
from quizapp.formats.losses import loss, lost_fields, lost_languages
from quizapp.formats.schema import texts_of

CARRIED = ("id", "title", "category", "tags", "feedback", "scoring")


def losses_of(item: Item) -> Iterator[Problem]:
    """The losses of an item; an error if GIFT has no such kind."""
    if item.kind not in ANSWERS:
        yield Problem(N_("This format has no questions of this kind."), code="kind")
        return
    yield from lost_fields(item, CARRIED)
    yield from lost_languages(item)
    if any(item.feedback.get(moment) for moment in ("right", "partial", "wrong", "solution")):
        yield loss(N_("Feedback other than the general one is left out."), "lost-feedback")
    if any(text[key] != text[key].strip() for text in texts_of(item) for key in text):
        yield loss(N_("White space around a text is left out."), "lost-space")
    if lost := LOST.get(item.kind):
        yield from lost(item)


def lost_of_multiple(item: Item) -> Iterator[Problem]:
    if item.scoring.get("method") != "sum":
        yield loss(N_("The scoring rule becomes weights: each right choice earns its share, each wrong one loses as "
        "much."),
                   "lost-scoring")  # fmt: skip


def lost_of_text(item: Item) -> Iterator[Problem]:
    if item.scoring:
        yield loss(N_("How capitals and spaces count is left out."), "lost-scoring")


def lost_of_number(item: Item) -> Iterator[Problem]:
    if item.response.get("units") or item.scoring:
        yield loss(N_("The units are left out."), "lost-units")
    if any(answer.get("type", "nominal") != "nominal" for answer in item.response["answers"]):
        yield loss(N_("A relative tolerance is written as an absolute one."), "lost-tolerance")


def lost_of_essay(item: Item) -> Iterator[Problem]:
    if item.response:
        yield loss(N_("The limits of length, the template and the notes for graders are left out."), "lost-essay")


def lost_of_choices(item: Item) -> Iterator[Problem]:
    if any(choice.get("pinned") for choice in item.response["choices"]):
        yield loss(N_("Which choices keep their place is left out."), "lost-pinned")


def lost_of_rows(item: Item) -> Iterator[Problem]:
    if any(row.get("feedback") for row in item.response["rows"]):
        yield loss(N_("Feedback of the pairs is left out."), "lost-feedback")
    if any(marker_of(option["text"]) == "markdown" for option in item.response["options"]):
        yield loss(N_("The markup of what is matched becomes plain text."), "lost-markup")
    if item.kind == "categorise":
        yield loss(N_("The sorting into groups becomes a matching."), "lost-kind")


LOST: dict[str, Callable[[Item], Iterator[Problem]]] = {
    "choice": lost_of_choices,
    "multiple": lambda item: iter([*lost_of_choices(item), *lost_of_multiple(item)]),
    "text": lost_of_text,
    "number": lost_of_number,
    "essay": lost_of_essay,
    "match": lost_of_rows,
    "categorise": lost_of_rows,
}
