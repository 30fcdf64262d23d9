"""What a question's texts share with a source, word for word."""

from __future__ import annotations

from collections.abc import Iterator

from quizapp.errors import Problem
from quizapp.formats.items import Item
from quizapp.formats.schema import texts
from quizapp.rules.copies import SourceText, copied

GAPPED = ("response", "text")
"""Where the text of a cloze stands."""


def near_copies(item: Item, source: SourceText) -> Iterator[Problem]:
    """A remark for each run of a text that is the source's, with the text's path."""
    for path, text in texts(item.to_json()):
        for language, part in text.items():
            whole = filled(item, part, language) if path == GAPPED else part
            yield from (problem.at(path=(*path, language)) for problem in copied(source, whole))


def filled(item: Item, text: str, language: str) -> str:
    """A text with gaps as it reads with its right words: a sentence stays its author's with a word taken out."""
    for gap in item.response.get("gaps", ()):
        entries = (*gap.get("choices", ()), *gap.get("answers", ()))
        right = [one.get("text") or one.get("value", "") for one in entries if one.get("fraction") == 1]
        written = [one.get(language, "") if isinstance(one, dict) else one for one in right]
        text = text.replace("{{" + gap["id"] + "}}", next(filter(None, written), ""))
    return text
