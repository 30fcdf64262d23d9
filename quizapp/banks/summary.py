"""What a question repeats of its current version, for lists to search and filter by. Pure."""

from __future__ import annotations

import re
from typing import Any

from quizapp.formats.items import Item
from quizapp.kinds.base import nfc

MAX_OBJECTIVE = 80
MARKUP = re.compile("<[^<>]*+>")


def summary_of(item: Item) -> dict[str, Any]:
    """The columns of `Question` that repeat the item."""
    return {
        "kind": item.kind,
        "difficulty": item.difficulty,
        "objective": objective_of(item),
        "search": words_of(item),
        "tags": labels_of(item.tags),
        "enemies": labels_of(item.enemies),
        "use": item.use,
    }


def words_of(item: Item) -> str:
    """What a search looks through: title, stimulus, stem and the text with gaps, in every language; a line each."""
    texts = (item.title, item.stimulus, item.stem, item.response.get("text"))
    lines = [
        " ".join(MARKUP.sub(" ", value).split())
        for text in texts
        if isinstance(text, dict)
        for key, value in sorted(text.items())
        if key != "format"
    ]
    return nfc("\n".join(lines)).casefold()


def labels_of(words: list[str]) -> str:
    """Tags or names, each on a line of its own between two newlines, so that one of them can be looked for."""
    found = [nfc(" ".join(word.split())) for word in words]
    return "\n" + "\n".join(found) + "\n" if found else ""


def objective_of(item: Item) -> str:
    """The objective that a question counts for: its first."""
    return item.objectives[0][:MAX_OBJECTIVE] if item.objectives else ""
