"""Ids for formats that ask for one, made for questions without: by what they say, so that they are known again."""

from __future__ import annotations

import re

from quizapp.formats.items import Item

CONTENT_ID = re.compile(r"(q-[0-9a-f]{12})(?:-[0-9]+)?")


def content_id(item: Item) -> str:
    return f"q-{item.content_hash()[:12]}"


def drop_content_id(item: Item) -> None:
    """A question whose id only says what it says has none: it is the same question as before it was written."""
    made = CONTENT_ID.fullmatch(item.id)
    if made and made[1] == content_id(item):
        item.id = ""
