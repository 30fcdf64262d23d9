"""What Moodle XML loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import is_own_original, loss, lost_fields, lost_languages, unknown_kind
from quizapp.formats.moodle_xml.question_reader import MOMENTS
from quizapp.formats.moodle_xml.question_writer import TYPES

CARRIED = ("id", "title", "category", "tags", "feedback", "scoring", "points", "shuffle", "hints", "media", "status")
COMBINED = ("choice", "multiple", "match", "categorise", "order")
"""The kinds with which Moodle has feedback for right, partly right and wrong answers."""
LOSSES: tuple[tuple[Callable[[Item], bool], Problem], ...] = (
    (lambda item: bool(item.feedback.get("solution")),
     loss(N_("The model solution is left out."), "lost-solution")),
    (lambda item: item.kind == "categorise",
     loss(N_("The sorting into groups becomes a matching."), "lost-kind")),
    (lambda item: item.kind == "multiple" and item.scoring.get("method") != "sum",
     loss(N_("The scoring rule becomes weights: each right choice earns its share, each wrong one loses as much."),
          "lost-scoring")),
    (lambda item: item.kind == "text" and "spacing" in item.scoring,
     loss(N_("Whether spaces count is left out."), "lost-scoring")),
    (lambda item: item.kind == "number"
     and any(answer.get("type", "nominal") != "nominal" for answer in item.response["answers"]),
     loss(N_("A relative tolerance is written as an absolute one."), "lost-tolerance")),
    (lambda item: item.kind in ("match", "categorise") and any(row.get("feedback") for row in item.response["rows"]),
     loss(N_("Feedback of the pairs is left out."), "lost-feedback")),
    (lambda item: item.kind in ("choice", "multiple") and any(one.get("pinned") for one in item.response["choices"]),
     loss(N_("Which choices keep their place is left out."), "lost-pinned")),
    (lambda item: item.kind == "cloze" and bool(item.stem),
     loss(N_("The instruction above the gaps is left out."), "lost-stem")),
    (lambda item: item.kind == "essay" and bool({"min_characters", "max_characters"} & set(item.response)),
     loss(N_("The limits in characters are left out: Moodle counts words."), "lost-limits")),
    (lambda item: not item.title,
     loss(N_("Moodle needs a name for each question; the beginning of its text is used."), "title")),
    (lambda item: item.kind not in COMBINED and any(item.feedback.get(moment) for moment in MOMENTS.values()),
     loss(N_("Moodle shows feedback that depends on how right an answer is only with choices, matching and "
        "ordering; elsewhere it ignores it."), "moodle-feedback")),
    (lambda item: item.status == "archived",
     loss(N_("An archived question is written as hidden."), "lost-status")),
)  # fmt: skip


def losses_of(item: Item, name: str) -> Iterator[Problem]:
    """The losses of an item; an error if it can't be written. `name` is that of the format."""
    if item.kind == "opaque":
        if not is_own_original(item, name):
            yield Problem(N_("This question came from another format and can't be written as Moodle XML."), code="kind")
        return
    if unknown := unknown_kind(item, TYPES):
        yield from unknown
        return
    yield from lost_fields(item, CARRIED)
    yield from lost_languages(item)
    yield from (problem for condition, problem in LOSSES if condition(item))
