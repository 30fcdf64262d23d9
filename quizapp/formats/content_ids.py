"""Ids for questions that have none, in formats that require one: made from their content and recognised later."""

from __future__ import annotations

import re

from quizapp.formats.items import Item

CONTENT_ID = re.compile(r"(q-[0-9a-f]{12})(?:-[0-9]+)?")


def content_id(item: Item) -> str:
    return f"q-{item.content_hash()[:12]}"


def drop_content_id(item: Item) -> None:
    """Drop an id that was made from the content: the question had none before it was written."""
    made = CONTENT_ID.fullmatch(item.id)
    if made and made[1] == content_id(item):
        item.id = ""
