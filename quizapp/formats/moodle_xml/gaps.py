"""Moodle XML's texts with gaps, in either of its notations, as one kind of item: the cloze.

Each function fills the question's item and returns whether the item can hold the question.
"""

from __future__ import annotations

from typing import Any

from quizapp.errors import N_
from quizapp.formats.losses import loss
from quizapp.formats.markup import text_from_html, text_from_plain
from quizapp.formats.moodle_xml.cloze import NOT_A_GAP, Unplayable, read_cloze, subquestion
from quizapp.formats.moodle_xml.gapselect import read_select
from quizapp.formats.moodle_xml.question import MoodleQuestion
from quizapp.kinds import KINDS
from quizapp.kinds.base import Text


def cloze(question: MoodleQuestion) -> bool:
    text = question.text(question.element.find("questiontext"))
    written = text.get(question.language, "")
    try:
        marked, gaps = read_cloze(written, question.language, question.problems)
    except Unplayable as reason:
        return question.not_played(reason.template, **reason.values)
    if with_gaps(question, text, marked, gaps):
        return True
    wrong = KINDS["cloze"].check(question.item.body)[0]
    place = next((part for part in wrong.path if isinstance(part, int)), 0)
    return question.not_played(NOT_A_GAP, words=subquestion(written, place))


def gapselect(question: MoodleQuestion) -> bool:
    text = question.text(question.element.find("questiontext"))
    found = read_select(question.element, text.get(question.language, ""), question.language)
    if found is None or not with_gaps(question, text, *found):
        return False
    question.problems.append(
        loss(N_("A question of the type “%(type)s” becomes a text with gaps to choose for, and is exported as "
        "a cloze."),
             "as-cloze", type=question.element.get("type"))
    )  # fmt: skip
    return True


def with_gaps(question: MoodleQuestion, text: Text, marked: str, gaps: list[dict[str, Any]]) -> bool:
    """Make the question a cloze; returns whether it is a valid one."""
    form = {"format": text["format"]} if "format" in text else {}
    whole = {question.language: marked, **form}
    if form.get("format") == "html":
        whole = text_from_html(marked, question.language)
    elif form.get("format") == "plain":
        whole = text_from_plain(marked, question.language)
    question.item.kind, question.item.response = "cloze", {"text": whole, "gaps": gaps}
    return not KINDS["cloze"].check(question.item.body)
