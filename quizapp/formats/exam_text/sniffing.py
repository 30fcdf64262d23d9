"""How likely a text is an exam: by its numbers, choices and answers, and by what other formats would have."""

from __future__ import annotations

import re

from quizapp.formats.base import HANGUL
from quizapp.formats.exam_text.labels import LABELS, POINTS
from quizapp.formats.exam_text.line import FOLDED, Line, tidy
from quizapp.formats.exam_text.signs import label_at_start, range_of, start_of

FOREIGN = re.compile(
    r"\A\s*+(?:<[?!a-zA-Z]|[{\[]\s*[\"{\]}])|\A#(?:separator|html)|^[ \t]*+(?:::|\$CATEGORY:)"
    r"|(?<!\\)\{[^{}\n]*(?:(?<!\\)[=~#]|TRUE|FALSE|\bT\b|\bF\b)"
    r"|^\*[a-zA-Z]\)|^\[[* ]?\][ \t]|^quiz title:|^=[ \t]+\S|^_{3,}[ \t]*$|^items:|^- kind:|^(?-i:ANSWER):",
    re.MULTILINE | re.IGNORECASE,
)
"""What only other formats have: markup, GIFT's braces, text2qti's marks, Aiken's answers."""


def chance(text: str) -> float:
    """0 to 1. A number, a list of circled numbers, an answer in an exam's own words: two of them make it likely."""
    lines = [
        Line(tidy(line).strip(), number) for number, line in enumerate(text.translate({0xFEFF: None}).split("\n"), 1)
    ]
    lines = [line for line in lines if line.text]
    starts = [line for line in lines if start_of(line) or range_of(line)]
    if not starts:
        return 0.0
    labels = sum(1 for line in lines if line not in starts and label_at_start(line))
    circled = len(re.findall("[①②③④]", text.translate(FOLDED))) > 1
    keys = sum(1 for line in lines if (found := LABELS.search(line.plain)) and (found["key"] or found["model"]))
    korean = circled or any("정답" in line.text or POINTS.search(line.plain) for line in lines)
    if FOREIGN.search(text) and not (circled and keys):
        return 0.1 if korean else 0.0
    if keys and (labels or circled or korean):
        return 0.92
    return 0.6 if circled or keys else 0.3 if labels > 1 or HANGUL.search(text) else 0.1
