"""The page of the search."""

from __future__ import annotations

import re
from collections.abc import Sequence

from flask import Blueprint, render_template, request
from markupsafe import Markup, escape

from quizapp.accounts.visitor import me
from quizapp.clock import now
from quizapp.kinds.base import nfc
from quizapp.permissions import public
from quizapp.search import queries
from quizapp.texts.clean import line
from quizapp.web.pages import page_number

room = Blueprint("search", __name__)

MAX_WORDS = 200
A_FEW, PAGE = 5, 20
EXCERPT_LENGTH = 240
"""Characters of a text that a result shows, around the first word that was searched for."""
LENGTH_BEFORE_HIT = 60


@room.get("/search")
@public
def index() -> str:
    """What is found: a few of each part, or a page of one."""
    typed = line(request.args.get("q"), MAX_WORDS)
    known = me.is_authenticated
    parts = [one for one in queries.PARTS if not one.verb or (known and me.can(one.verb))]
    only = [one for one in parts if one.name == request.args.get("in")]
    search = queries.search_of(typed, me.id if known else 0, now())
    size, page = (PAGE, page_number()) if only else (A_FEW, 1)
    hits = {one: one.find(search, (page - 1) * size, size + 1) for one in only or parts} if search.words else {}
    return render_template(
        "search/index.html",
        typed=typed,
        searched=bool(search.words),
        parts=[(one, shown[:size], len(shown) > size) for one, shown in hits.items() if shown],
        only=only[0] if only else None,
        page=page,
        marked=lambda text: marked(text, typed.split()),
    )


def marked(text: str, words: Sequence[str]) -> Markup:
    """The part of a text where the words are, escaped, with them marked."""
    sought = re.compile("|".join(re.escape(nfc(word)) for word in words), re.IGNORECASE)
    said = nfc(" ".join(text.split()))
    first = sought.search(said)
    start = cut(said, max(0, first.start() - LENGTH_BEFORE_HIT)) if first else 0
    shown = said[start : cut(said, start + EXCERPT_LENGTH) if start + EXCERPT_LENGTH < len(said) else None]
    parts, end = [Markup("…") if start else Markup()], 0
    for found in sought.finditer(shown):
        parts += [escape(shown[end : found.start()]), Markup("<mark>%s</mark>") % found[0]]
        end = found.end()
    return Markup().join([*parts, escape(shown[end:]), Markup("…") if start + len(shown) < len(said) else Markup()])


def cut(text: str, place: int) -> int:
    """The beginning of the word at this place; the place itself in a word that has no end."""
    begin = text.rfind(" ", max(0, place - LENGTH_BEFORE_HIT), place) + 1
    return begin or place
