"""Moodle's own text with gaps, `{1:MC:=a~b}`, in a GIFT file: Moodle's importer knows none of it, people write it."""

from __future__ import annotations

import re

from quizapp.errors import N_, Problem
from quizapp.formats.gift.escapes import marked_text, protect
from quizapp.formats.items import Item
from quizapp.formats.markup import text_from_plain
from quizapp.formats.moodle_xml.cloze import MOST_BRACES, SUBQUESTION, Unplayable, read_cloze, read_gap

GAP = re.compile(r"(?<!\\)\{[0-9]{0,4}:[A-Z_]+:[^}]{0,200}")


def has_gaps(source: str) -> bool:
    """Whether a question, with its backslashes, has gaps of that kind."""
    return GAP.search(source) is not None


def read_gaps(item: Item, source: str, language: str) -> list[Problem]:
    """Make the item a text with gaps."""
    problems: list[Problem] = []
    try:
        written, gaps = read_cloze(source, language, problems)
    except Unplayable:
        return [unread(source, language)]
    text, _ = marked_text(protect(written), language, "moodle")
    if text.get("format") == "plain":
        text = text_from_plain(text[language], language)
    item.kind, item.response = "cloze", {"text": text, "gaps": gaps}
    said = N_("This is Moodle's text with gaps, which GIFT doesn't have. It was read as one.")
    return [*problems, Problem(said, code="gaps", severity="warning")]


def unread(source: str, language: str) -> Problem:
    """The error that names the first gap that can't be read."""
    found = SUBQUESTION.finditer(source) if source.count("{") <= MOST_BRACES else iter(())
    wrong = (one[0] for one in found if read_gap(one["type"], one["answers"], language, []) is None)
    opened = GAP.search(source)
    gap = next(wrong, opened[0] if opened else "")
    return Problem(
        N_("The gap “%(gap)s” of Moodle's text with gaps can't be read."),
        {"gap": gap[:80]},
        code="gap",
        text=gap[:200],
        mend=N_("Write it like {1:SHORTANSWER:=answer}, {1:NUMERICAL:=3.14:0.01} or {1:MC:=right~wrong}."),
    )
