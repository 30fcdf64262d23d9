"""Answers that no label tells: `A. Seoul` below `Q. …`, and what was written into the brackets that end a stem."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.formats.exam_text.answers import JUDGEMENT
from quizapp.formats.exam_text.choices import StemAndChoices
from quizapp.formats.exam_text.labels import RIGHT, WRONG
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import SINGLE

QUESTION = re.compile(r"\W*(?:Question|Q|문제|문|질문)", re.IGNORECASE)
ANSWER = re.compile(r"A\s?[.:)]\s*(?=\S)")
FILLED_IN = re.compile(rf"\(\s*({SINGLE}|[{RIGHT}{WRONG}]|(?<=\s)[1-9](?=\s))\s*\)\s*$")
"""A digit has spaces around it there: `(3)` may belong to the text."""


@dataclass(frozen=True)
class KeyInStem:
    """An answer that stood in a stem, and the stem without it."""

    key: Line
    stem: list[Line]
    is_filled_in: bool


def key_in_stem(head: Line, split: StemAndChoices) -> KeyInStem | None:
    last = next((line for line in reversed(split.stem) if line.text), None)
    if last is None:
        return None
    at = split.stem.index(last)
    answer = ANSWER.match(last.plain)
    if answer and at and not split.choices and QUESTION.match(head.plain):
        return KeyInStem(last.cut(answer.end()), split.stem[:at], is_filled_in=False)
    filled = FILLED_IN.search(last.plain)
    if filled and (split.choices or JUDGEMENT.fullmatch(filled[1])):
        stem = [*split.stem[:at], last.cut(0, filled.start()), *split.stem[at + 1 :]]
        return KeyInStem(last.cut(filled.start(1), filled.end(1)), stem, is_filled_in=True)
    return None
