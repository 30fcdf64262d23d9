"""Moodle's gap texts with shared choices, `The [[1]] sat`: "gapselect" and "ddwtos". They become a cloze here."""

from __future__ import annotations

import html
import re
from string import ascii_lowercase
from typing import Any

from quizapp.formats.markup import text_from_html
from quizapp.kinds.base import Text, nfc

PLACE = re.compile(r"\[\[([0-9]{1,3})\]\]")
CHOICES = {"gapselect": "selectoption", "ddwtos": "dragbox"}


def read_select(element: Any, markup: str, language: str) -> tuple[str, list[dict[str, Any]]] | None:
    """The text with markers, and its gaps; None where a place names no choice, or there are no places."""
    listed = [choice for tag in CHOICES.values() for choice in element.findall(tag)]
    texts = [text_from_html(markup_of(choice), language) for choice in listed]
    groups = [(choice.findtext("group") or "1").strip() for choice in listed]
    places = [int(place) - 1 for place in PLACE.findall(markup)]
    if not places or not all(0 <= place < len(listed) for place in places):
        return None
    gaps = [
        {"id": f"g{number}", "kind": "choice", "choices": choices_of_gap(right, texts, groups)}
        for number, right in enumerate(places, 1)
    ]
    names = iter(gap["id"] for gap in gaps)
    return PLACE.sub(lambda _: f"{{{{{next(names)}}}}}", markup), gaps


def choices_of_gap(right: int, texts: list[Text], groups: list[str]) -> list[dict[str, Any]]:
    """The choices in the group of the right one. Blank ones are left out, unless one of them is right."""
    members = [n for n, group in enumerate(groups) if group == groups[right] and (texts[n] or n == right)]
    return [
        {"id": ascii_lowercase[place % 26] + str(place // 26 or ""), "text": texts[n], "fraction": int(n == right)}
        for place, n in enumerate(members)
    ]


def markup_of(choice: Any) -> str:
    """A choice's text as HTML: the one type has plain words, the other markup."""
    written = nfc(choice.findtext("text") or "")
    return written if choice.tag == CHOICES["ddwtos"] else html.escape(written, quote=False)
