"""What QTI 1.2 loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import is_own_original, lost_fields
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

CARRIED = ("id", "title", "category", "tags", "feedback", "hints", "media", "points", "shuffle", "scoring", "stimulus")


def losses_of(item: Item, name: str) -> list[Problem]:
    """The losses of an item; an error if it can't be written. `name` is that of the format."""
    error = refusal_of(item, name)
    return [error] if error else [*lost_texts(item), *lost_fields(item, CARRIED), *lost_parts(item, LOSSES)]


def refusal_of(item: Item, name: str) -> Problem | None:
    if item.kind == "opaque":
        return (
            None
            if is_own_original(item, name)
            else refusal(N_("The question comes from another system and isn't QTI 1.2."))
        )
    if item.kind == "text" and not any(plain_right(answer) for answer in item.response["answers"]):
        return refusal(N_("Its right answers have wildcards, which QTI 1.2 lacks."))
    numbers = [item.response] if item.kind == "number" else gaps_of(item, "number")
    if any(not whole_numbers(body) for body in numbers):
        return refusal(N_("Any number is right, which QTI 1.2 can't express."))
    if any(not any(map(plain_right, gap["answers"])) for gap in gaps_of(item, "text")):
        return refusal(N_("The right answers of a gap have wildcards, which QTI 1.2 lacks."))
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


LOSSES: tuple[Loss, ...] = (
    ("stimulus", N_("The text above the question becomes part of the question."), lambda item: bool(item.stimulus)),
    ("instruction", N_("The instruction above the gaps becomes part of the text."),
     lambda item: item.kind == "cloze" and bool(item.stem)),
    PARTIAL,
    UNSHOWN,
    ("tags", N_("Tags with a comma are split at it."), lambda item: any("," in tag for tag in item.tags)),
    PINNED_IN_GAP,
    PINNED,
    SHUFFLE,
    CATEGORISING,
    ("method", N_("The scoring rule is left out: right choices count for, wrong ones against."),
     lambda item: item.kind == "multiple" and method(item) not in ("", "net-correct", "sum")),
    ("method", N_("Scoring changes: each thing in its right place counts."),
     lambda item: item.kind == "order" and method(item) not in ("all-or-nothing", "absolute")),
    ("canvas", N_("Canvas doesn't know this type of question; other readers of QTI 1.2 do."),
     lambda item: item.kind == "order" or (item.kind == "cloze" and not cloze_type(item))),
    ("fractions", N_("Canvas counts a choice that is partly right as right."),
     lambda item: item.kind == "choice" and any(0 < one["fraction"] < 1 for one in item.response["choices"])),
    *IN_ANSWERS,
)  # fmt: skip
