"""Losses that all versions of QTI share, and what they are told by."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.formats.markup import UNWRITABLE, is_bare
from quizapp.formats.schema import MEDIA_ADDRESS, texts
from quizapp.kinds.base import Body
from quizapp.kinds.text import WILDCARD

CONVERTED = N_("The Markdown of the texts becomes HTML; it looks the same.")
LANGUAGES = N_("The file holds one language: “%(kept)s” is written, “%(left)s” is left out.")


def refuse(template: str) -> Problem:
    return Problem(template, code="kind")


def plain_right(answer: Body) -> bool:
    return answer["fraction"] == 1 and not WILDCARD.search(answer["text"])


def whole_numbers(body: Body) -> list[Body]:
    return [answer for answer in body["answers"] if answer["fraction"] == 1 and answer["value"] != "*"]


def gaps_of(item: Item, kind: str) -> list[Body]:
    return [gap for gap in item.response["gaps"] if gap["kind"] == kind] if item.kind == "cloze" else []


def lost_texts(item: Item) -> Iterator[Problem]:
    """The other languages, the Markdown, and characters that XML can't hold."""
    kept = written_language(item)
    found = [text for _, text in texts(item.to_json())]
    left = sorted({key for text in found for key in text if key not in (kept, "format") and text[key].strip()})
    if left:
        yield loss(LANGUAGES, "lost-languages", kept=kept, left=", ".join(left))
    if any(text.get("format", "markdown") == "markdown" and not is_bare(text) for text in found):
        yield loss(CONVERTED, "markdown")
    if any(UNWRITABLE.search(part) for text in found for part in text.values()):
        yield loss(N_("Control characters in the texts are left out: XML can't hold them."), "characters")


def answers_of(item: Item) -> list[Body]:
    """Every accepted answer, also those of gaps."""
    bodies = item.response.get("gaps", ()) if item.kind == "cloze" else [item.response]
    return [answer for body in bodies for answer in body.get("answers", ())]


def shown_media(item: Item) -> set[str]:
    return {name for _, text in texts(item.to_json()) for part in text.values() for name in MEDIA_ADDRESS.findall(part)}


def method(item: Item) -> str:
    return item.scoring.get("method", "")


def rules(item: Item) -> list[dict[str, Any]]:
    return [item.scoring, *(gap.get("scoring", {}) for gap in item.response.get("gaps", ()) if item.kind == "cloze")]
