"""The HTML of Anki's fields, as plain text and as an answer that can be typed."""

from __future__ import annotations

import html
import re

LONGEST_ANSWER = 80
"""Nobody types a longer answer the same way twice."""

TAG = re.compile(r"<!--[^<]*-->|</?([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>")
LINE_END = re.compile(r"<(?:br|hr)\b[^<>]*>|</(?:div|p|li|tr|h[1-6]|ul|ol|table|pre|blockquote)\s*>", re.IGNORECASE)
FORMATTING = {"", "b", "i", "u", "em", "strong", "span", "div", "p", "font", "center", "small", "mark", "br"}
UNTYPED = re.compile(r"\[sound:|\[latex\]|\[\$\$?\]|\\[(\[]|\[anki:")


def plain_text(markup: str) -> str:
    """The text that the HTML shows, line by line."""
    shown = html.unescape(TAG.sub("", LINE_END.sub("\n", markup)))
    lines = (" ".join(line.split()) for line in shown.split("\n"))
    return "\n".join(line for line in lines if line)


def typed_answer(markup: str, is_html: bool = True) -> str | None:
    """This side of a card as one short line that can be typed; None if it isn't one."""
    tags = {name.lower() for name in TAG.findall(markup)} if is_html else set()
    text = plain_text(markup) if is_html else markup.strip()
    if not text or "\n" in text or len(text) > LONGEST_ANSWER or tags - FORMATTING or UNTYPED.search(text):
        return None
    return text
