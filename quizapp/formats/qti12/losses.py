"""What QTI 1.2 loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import is_own_original, loss, lost_fields
from quizapp.formats.qti.losses import (
    answers_of,
    gaps_of,
    lost_texts,
    method,
    plain_right,
    refuse,
    rules,
    shown_media,
    whole_numbers,
)
from quizapp.kinds.text import WILDCARD

CARRIED = ("id", "title", "category", "tags", "feedback", "hints", "media", "points", "shuffle", "scoring", "stimulus")


def losses_of(item: Item, name: str) -> list[Problem]:
    """The losses of an item; an error if it can't be written. `name` is that of the format."""
    error = refused(item, name)
    return [error] if error else [*lost_texts(item), *lost_fields(item, CARRIED), *lost_parts(item)]


def refused(item: Item, name: str) -> Problem | None:
    if item.kind == "opaque":
        return (
            None
            if is_own_original(item, name)
            else refuse(N_("The question comes from another system and isn't QTI 1.2."))
        )
    if item.kind == "text" and not any(plain_right(answer) for answer in item.response["answers"]):
        return refuse(N_("Its right answers have wildcards, which QTI 1.2 lacks."))
    numbers = [item.response] if item.kind == "number" else gaps_of(item, "number")
    if any(not whole_numbers(body) for body in numbers):
        return refuse(N_("Any number is right, which QTI 1.2 can't say."))
    if any(not any(map(plain_right, gap["answers"])) for gap in gaps_of(item, "text")):
        return refuse(N_("The right answers of a gap have wildcards, which QTI 1.2 lacks."))
    return None


def shares_ids(item: Item) -> bool:
    """Whether choices of several gaps share an id: Canvas would take them for the same choice."""
    ids = [choice["id"] for gap in item.response.get("gaps", ()) for choice in gap.get("choices", ())]
    return len(set(ids)) < len(ids)


def cloze_type(item: Item) -> str:
    """Canvas's type for the gaps; "" where it has none, so that only their structure shows what they are."""
    gaps = item.response["gaps"]
    if len({gap.get("weight", 1) for gap in gaps}) > 1:
        return ""
    if all(gap["kind"] == "choice" for gap in gaps):
        return "multiple_dropdowns_question"
    simple = all(gap["kind"] == "text" and not gap.get("scoring", {}).get("case") for gap in gaps)
    whole = simple and all(one["fraction"] == 1 for gap in gaps for one in gap["answers"])
    return "fill_in_multiple_blanks_question" if whole else ""


def lost_parts(item: Item) -> Iterator[Problem]:
    yield from (loss(template, code) for code, template, is_lost in LOSSES if is_lost(item))


LOSSES: tuple[tuple[str, str, Callable[[Item], bool]], ...] = (
    ("stimulus", N_("The text above the question becomes part of the question."), lambda item: bool(item.stimulus)),
    ("instruction", N_("The instruction above the gaps becomes part of the text."),
     lambda item: item.kind == "cloze" and bool(item.stem)),
    ("partial", N_("The feedback for a partly right answer is left out."), lambda item: "partial" in item.feedback),
    ("unshown", N_("Media that no text shows are left out."),
     lambda item: item.kind != "opaque" and bool({one.name for one in item.media} - shown_media(item))),
    ("tags", N_("Tags with a comma are parted at it."), lambda item: any("," in tag for tag in item.tags)),
    ("ids", N_("The ids of the choices are made anew."), shares_ids),
    ("pinned", N_("That a choice of a gap keeps its place is left out."), lambda item: any(
        one.get("pinned") for gap in item.response.get("gaps", ()) for one in gap.get("choices", ()))),
    ("pinned", N_("Choices that keep their place need the others to be shuffled."),
     lambda item: not item.shuffle and any(one.get("pinned") for one in item.response.get("choices", ()))),
    ("shuffle", N_("That its parts keep their places is left out."),
     lambda item: not item.shuffle and item.kind not in ("choice", "multiple", "match", "categorise", "order")),
    ("kind", N_("The categorising becomes a matching."), lambda item: item.kind == "categorise"),
    ("method", N_("The way of scoring is left out: right choices count for, wrong ones against."),
     lambda item: item.kind == "multiple" and method(item) not in ("", "net-correct", "sum")),
    ("method", N_("The way of scoring changes: each thing in its right place counts."),
     lambda item: item.kind == "order" and method(item) not in ("all-or-nothing", "absolute")),
    ("canvas", N_("Canvas doesn't know this type of question; other readers of QTI 1.2 do."),
     lambda item: item.kind == "order" or (item.kind == "cloze" and not cloze_type(item))),
    ("fractions", N_("Canvas counts a choice that is partly right as right."),
     lambda item: item.kind == "choice" and any(0 < one["fraction"] < 1 for one in item.response["choices"])),
    ("wildcards", N_("Answers with wildcards are left out."),
     lambda item: any(WILDCARD.search(one["text"]) for one in answers_of(item) if "text" in one)),
    ("wrong-answers", N_("Answers that are foreseen as wrong are left out."),
     lambda item: any(one["fraction"] <= 0 or one.get("value") == "*" for one in answers_of(item))),
    ("tolerance", N_("Tolerances by ratio become fixed ones."),
     lambda item: any(one.get("type", "nominal") != "nominal" for one in answers_of(item))),
    ("units", N_("The units are left out."), lambda item: any(
        body.get("units") for body in [item.response, *item.response.get("gaps", ())])),
    ("spacing", N_("That spaces matter in the answers is left out."),
     lambda item: any(rule.get("spacing") for rule in rules(item))),
    ("template", N_("The beginning that is given for the answer is left out."),
     lambda item: item.kind == "essay" and bool(item.response.get("template"))),
    ("limits", N_("The limits of words are left out."),
     lambda item: item.kind == "essay" and bool(set(item.response) & {"min_words", "max_words"})),
)  # fmt: skip
"""Each loss: its code, its message, and whether an item has it."""
