"""How likely a text is an exam: by its numbers, choices and answers, and by what other formats would have."""

from __future__ import annotations

import re
from dataclasses import dataclass

from quizapp.formats.base import HANGUL
from quizapp.formats.exam_text.labels import LABELS, POINTS
from quizapp.formats.exam_text.line import FOLDED, Line, tidy
from quizapp.formats.exam_text.pasted import unmarked
from quizapp.formats.exam_text.signs import label_at_start, range_of, start_of

BOM = "\ufeff"
CIRCLED = re.compile("[①②③④]")
FOREIGN = re.compile(
    r"\A\s*+(?:<[?!a-zA-Z]|[{\[]\s*[\"{\]}])|\A#(?:separator|html)|^[ \t]*+(?:::|\$CATEGORY:)"
    r"|(?<!\\)\{[^{}\n]*(?:(?<!\\)[=~#]|TRUE|FALSE|\bT\b|\bF\b)"
    r"|^\[[* ]?\][ \t]|^quiz title:|^=[ \t]+\S|^_{3,}[ \t]*$|^items:|^- kind:|^(?-i:ANSWER):",
    re.MULTILINE | re.IGNORECASE,
)
"""What only other formats have: markup, GIFT's braces, text2qti's marks, Aiken's answers."""
STARRED = re.compile(r"^\*[a-zA-Z]\)", re.MULTILINE)
"""How text2qti marks the right choice; an exam may too, but then its other answers are written."""


@dataclass(frozen=True)
class Signs:
    """What a text has of an exam: `starts` of questions, `labels` of choices, `circled` numbers among them, `keys`, and
    whether it says something in Korean that only an exam says."""

    starts: int
    labels: int
    circled: bool
    keys: int
    korean: bool


def likelihood(text: str) -> float:
    """0 to 1. A number, a list of circled numbers, an answer in an exam's own words: two of them make it likely."""
    signs = signs_of(text)
    if not signs.starts:
        return 0.0
    foreign = FOREIGN.search(text) or (STARRED.search(text) and not signs.keys)
    if foreign and not (signs.circled and signs.keys):
        return 0.1 if signs.korean else 0.0
    if signs.keys and (signs.labels or signs.korean):
        return 0.92
    if signs.circled or signs.keys:
        return 0.6
    return 0.3 if signs.labels > 1 or HANGUL.search(text) else 0.1


def signs_of(text: str) -> Signs:
    lines = [
        unmarked(Line(tidy(line).strip(), number)) for number, line in enumerate(text.replace(BOM, "").split("\n"), 1)
    ]
    said = [line for line in lines if line.text]
    starting = [bool(start_of(line) or range_of(line)) for line in said]
    circled = len(CIRCLED.findall(text.translate(FOLDED))) > 1
    return Signs(
        starts=sum(starting),
        labels=sum(1 for line, starts in zip(said, starting, strict=True) if not starts and label_at_start(line)),
        circled=circled,
        keys=sum(map(tells_a_key, said)),
        korean=circled or any("정답" in line.text or POINTS.search(line.plain) for line in said),
    )


def tells_a_key(line: Line) -> bool:
    found = LABELS.search(line.plain)
    return found is not None and bool(found["key"] or found["model"])
