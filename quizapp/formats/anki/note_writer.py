"""Items -> notes of our own type: two sides to review, the whole item in a hidden field, and the media."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from quizapp.formats.anki.embedded_item import embed, file_name
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Text, say
from quizapp.kinds.cloze import MARKER
from quizapp.kinds.truefalse import WORDS
from quizapp.texts.markup import render, render_text

NOTETYPE = "quizapp"
NOTE_FIELDS = ("Front", "Back", "Item", "Media")
DECK = "quizapp"
GAP = "____"
TAG_LINES = re.compile(r"<[^<>\n]*+\n[^<>]*+>")


def note_fields(item: Item, with_media: bool) -> list[str]:
    """The values of FIELDS. `with_media`: the item holds its files."""
    names = {} if with_media else {media.name: file_name(media.hash, media.name) for media in item.media}
    shown = [side_in_all_languages(item, side, names) for side in (front, back)]
    pictures = "".join(f'<img src="{name}">' for name in dict.fromkeys(names.values()))
    return [*shown, embed(item, shown, with_media), pictures]


def guid(item: Item) -> str:
    return item.id or f"quizapp-{item.content_hash()[:20]}"


def deck(item: Item) -> str:
    return "::".join(item.category) or DECK


def tags(item: Item) -> list[str]:
    """Anki's tags have no spaces."""
    return ["_".join(tag.split()) for tag in item.tags]


def side_in_all_languages(item: Item, side: Callable[[Item, str, dict[str, str]], str], names: dict[str, str]) -> str:
    """One side in all languages of the item; never empty, because Anki drops a card without a front."""
    parts = [side(item, language, names) for language in item.languages or ["en"]]
    shown = "\n<hr>\n".join(dict.fromkeys(part for part in parts if part)) or "…"
    return TAG_LINES.sub(lambda match: match[0].replace("\n", " "), shown)


def front(item: Item, language: str, names: dict[str, str]) -> str:
    """The question, with the choices where there are any."""
    parts = [render_text(text, language, media=names) for text in (item.stimulus, item.stem)]
    show = OFFERED.get(item.kind)
    return "\n".join(part for part in [*parts, show(item, language, names) if show else ""] if part)


def back(item: Item, language: str, names: dict[str, str]) -> str:
    """What is right, and why."""
    kind = KINDS.get(item.kind)
    right = kind.text(item.body, kind.solution(item.body), language) if kind else ""
    notes = item.response.get("grader_notes") if item.kind == "essay" else None
    texts = (notes, item.feedback.get("solution"), item.feedback.get("general"))
    parts = [
        f"<p>{render(right, 'plain')}</p>" if right else "",
        *(render_text(one, language, media=names) for one in texts),
    ]
    return "\n".join(dict.fromkeys(part for part in parts if part))


# --- what a kind shows on the front ---


def as_list(texts: list[Text], language: str, names: dict[str, str], tag: str = "ul") -> str:
    lines = "".join(f"<li>{render_text(text, language, inline=True, media=names)}</li>" for text in texts)
    return f"<{tag}>{lines}</{tag}>"


def by_text(entries: list[dict[str, Any]], language: str) -> list[Text]:
    """The texts in an order that doesn't give the key away."""
    return sorted((entry["text"] for entry in entries), key=lambda text: say(text, language))


def choices(item: Item, language: str, names: dict[str, str]) -> str:
    return as_list([choice["text"] for choice in item.response["choices"]], language, names, "ol")


def truth(item: Item, language: str, names: dict[str, str]) -> str:
    return as_list([WORDS["true"], WORDS["false"]], language, names)


def pairs(item: Item, language: str, names: dict[str, str]) -> str:
    rows = as_list([row["text"] for row in item.response["rows"]], language, names)
    return rows + as_list(by_text(item.response["options"], language), language, names)


def things_to_order(item: Item, language: str, names: dict[str, str]) -> str:
    return as_list(by_text(item.response["items"], language), language, names)


def sentence(item: Item, language: str, names: dict[str, str]) -> str:
    text = item.response["text"]
    gapped = {key: value if key == "format" else MARKER.sub(GAP, value) for key, value in text.items()}
    options = [gap["choices"] for gap in item.response["gaps"] if gap["kind"] == "choice"]
    lists = [as_list([choice["text"] for choice in one], language, names) for one in options]
    return "\n".join([render_text(gapped, language, media=names), *lists])


OFFERED: dict[str, Callable[[Item, str, dict[str, str]], str]] = {
    "choice": choices,
    "multiple": choices,
    "truefalse": truth,
    "match": pairs,
    "categorise": pairs,
    "order": things_to_order,
    "cloze": sentence,
}
"""What the front offers to choose from, by kind."""
