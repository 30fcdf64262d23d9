"""The losses that all versions of QTI share, and the questions about an item that decide them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, unreadable, written_language
from quizapp.formats.items import Item
from quizapp.formats.losses import loss, lost_languages, undeclared
from quizapp.formats.markup import UNWRITABLE, is_bare
from quizapp.formats.qti.package_reader import QtiPackage
from quizapp.formats.schema import MEDIA_ADDRESS, texts_of
from quizapp.kinds import essay
from quizapp.kinds.base import Body
from quizapp.kinds.text import WILDCARD

CONVERTED = N_("The Markdown of the texts becomes HTML; it looks the same.")


Loss = tuple[str, str, Callable[[Item], bool]]
"""Its code, its message, and whether an item has it."""
SHUFFLED = ("choice", "multiple", "match", "categorise", "order")


def undeclared_in_qti(
    item: Item,
    declared: list[Problem],
    members_of: Callable[[list[Item]], list[tuple[str, bytes]]],
    read: Callable[[QtiPackage, str], Reading],
) -> list[Problem]:
    """The declared losses, and those that show once the members of a package with the item are read, in its language.
    To make a zip of them would tell no more; its media go without their bytes."""
    light = replace(item, media=[replace(one, data=b"", known_hash="") for one in item.media])

    def read_again() -> Reading:
        try:
            return read(QtiPackage(dict(members_of([light]))), written_language(item))
        except FormatError as error:
            return unreadable(error)

    return undeclared(light, declared, read_again)


def refusal(template: str) -> Problem:
    return Problem(template, code="kind")


def plain_right(answer: Body) -> bool:
    return answer["fraction"] == 1 and not WILDCARD.search(answer["text"])


def whole_numbers(body: Body) -> list[Body]:
    return [answer for answer in body["answers"] if answer["fraction"] == 1 and answer["value"] != "*"]


def gaps_of(item: Item, kind: str) -> list[Body]:
    return [gap for gap in item.response["gaps"] if gap["kind"] == kind] if item.kind == "cloze" else []


def lost_texts(item: Item) -> Iterator[Problem]:
    """The other languages, the Markdown, and characters that XML can't hold."""
    yield from lost_languages(item)
    found = texts_of(item)
    if any(text.get("format", "markdown") == "markdown" and not is_bare(text) for text in found):
        yield loss(CONVERTED, "markdown")
    if any(UNWRITABLE.search(part) for text in found for part in text.values()):
        yield loss(N_("Control characters in the texts are left out: XML can't hold them."), "characters")


def answers_of(item: Item) -> list[Body]:
    """Every accepted answer, also those of gaps."""
    bodies = item.response.get("gaps", ()) if item.kind == "cloze" else [item.response]
    return [answer for body in bodies for answer in body.get("answers", ())]


def shown_media(item: Item) -> set[str]:
    return {name for text in texts_of(item) for part in text.values() for name in MEDIA_ADDRESS.findall(part)}


def method(item: Item) -> str:
    return item.scoring.get("method", "")


def rules(item: Item) -> list[dict[str, Any]]:
    return [item.scoring, *(gap.get("scoring", {}) for gap in item.response.get("gaps", ()) if item.kind == "cloze")]


def lost_parts(item: Item, losses: Iterable[Loss]) -> Iterator[Problem]:
    """Those of the losses that the item has."""
    yield from (loss(template, code) for code, template, is_lost in losses if is_lost(item))


PARTIAL: Loss = (
    "partial",
    N_("The feedback for a partly right answer is left out."),
    lambda item: "partial" in item.feedback,
)
UNSHOWN: Loss = (
    "unshown",
    N_("Media that no text shows are left out."),
    lambda item: item.kind != "opaque" and bool({one.name for one in item.media} - shown_media(item)),
)
PINNED_IN_GAP: Loss = (
    "pinned",
    N_("The fixed place of a choice for a gap is left out."),
    lambda item: any(one.get("pinned") for gap in item.response.get("gaps", ()) for one in gap.get("choices", ())),
)
PINNED: Loss = (
    "pinned",
    N_("Choices that keep their place only matter if the others are shuffled."),
    lambda item: not item.shuffle and any(one.get("pinned") for one in item.response.get("choices", ())),
)
SHUFFLE: Loss = (
    "shuffle",
    N_("The fixed places of its parts are left out."),
    lambda item: not item.shuffle and item.kind not in SHUFFLED,
)
CATEGORISING: Loss = ("kind", N_("The categorising becomes a matching."), lambda item: item.kind == "categorise")
WILDCARDS: Loss = (
    "wildcards",
    N_("Answers with wildcards are left out."),
    lambda item: any(WILDCARD.search(one["text"]) for one in answers_of(item) if "text" in one),
)
WRONG_ANSWERS: Loss = (
    "wrong-answers",
    N_("Answers that are listed as wrong are left out."),
    lambda item: any(one["fraction"] <= 0 or one.get("value") == "*" for one in answers_of(item)),
)
TOLERANCE: Loss = (
    "tolerance",
    N_("Tolerances by ratio become fixed ones."),
    lambda item: any(one.get("type", "nominal") != "nominal" for one in answers_of(item)),
)
UNITS: Loss = (
    "units",
    N_("The units are left out."),
    lambda item: any(body.get("units") for body in [item.response, *item.response.get("gaps", ())]),
)
SPACING: Loss = (
    "spacing",
    N_("The rule that spaces matter in the answers is left out."),
    lambda item: any(rule.get("spacing") for rule in rules(item)),
)
ESSAY_TEMPLATE: Loss = (
    "template",
    N_("The given beginning of the answer is left out."),
    lambda item: item.kind == "essay" and bool(item.response.get("template")),
)
ESSAY_LIMITS: Loss = (
    "limits",
    N_("The limits of length are left out."),
    lambda item: item.kind == "essay" and bool(set(item.response) & set(essay.LIMITS)),
)
IN_ANSWERS = (WILDCARDS, WRONG_ANSWERS, TOLERANCE, UNITS, SPACING, ESSAY_TEMPLATE, ESSAY_LIMITS)
