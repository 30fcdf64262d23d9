"""How an answer names choices: by their places (`2`, `1, 3`, `B`, `③`, `가`) or by their texts. It may be both."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from string import ascii_lowercase
from typing import Any

from quizapp.formats.exam_text.signs import LABEL, label_of
from quizapp.formats.sheets.columns import SYLLABLES, folded

Choices = Sequence[dict[str, Any]]

SIDE_BY_SIDE = re.compile(r"(?<=[①-ⓩ㉮-㉻㈎-㈛)])(?=[①-ⓩ㉮-㉻㈎-㈛(])")
"""Between signs that nothing parts: `①③`, `(가)(나)`."""
PARTS = re.compile(rf"\s*[,;/、|&+·ᆞ]\s*|\s+(?:and|및)\s+|(?<=[0-9a-hA-H{SYLLABLES}번])[와과](?:\s+|(?=[#0-9]))|\s+")
NAMED = re.compile(
    r"(?:(?:보기|선택지|선지|option|choice|answer)\s*)?[(\[]?"
    rf"(?<![^\W_])([1-9][0-9]?|[a-h{SYLLABLES}])(?:[)\].](?![0-9]))?(?![^\W_])",
    re.IGNORECASE,
)
"""A number or a letter of a choice with what may stand around it: `(B)`, `2)`, `Option B`."""
BETWEEN_TEXTS = re.compile(r"[,;/、|\n]")
NUMBER = re.compile(r"#?([0-9]{1,2})(?:\.0*)?번?")
PLAIN = re.compile(r"[0-9]+(?:[\s,;、/-]+[0-9]+)*")
"""Numbers, which say places before anything else; so we write them."""
STEPS = re.compile(r"[-–—>→⇒➔]+|<(?!=)")
"""What stands between items in their order."""


def by_places(answer: str, choices: Choices) -> list[int]:
    """The numbers of the choices whose places the answer says; none if it says anything else."""
    apart = unicodedata.normalize("NFKC", SIDE_BY_SIDE.sub(" ", answer))
    numbers = [place_of(part) for part in PARTS.split(NAMED.sub(r"\1", apart).strip())]
    return numbers if set(numbers) <= set(every(choices)) else []


def every(choices: Choices) -> list[int]:
    return list(range(1, len(choices) + 1))


def place_of(sign: str) -> int:
    """0 for anything that is neither a number nor a letter."""
    sign = unicodedata.normalize("NFKC", sign).strip()
    if match := NUMBER.fullmatch(sign):
        return int(match[1])
    return max(signs.find(sign.lower()) for signs in (ascii_lowercase, SYLLABLES)) + 1 if len(sign) == 1 else 0


def by_texts(answer: str, choices: Choices) -> list[set[int]]:
    """The numbers of the choices that say the answer as a whole, or each of its parts; none if any is said by none."""
    splits = [answer], BETWEEN_TEXTS.split(answer), PARTS.split(SIDE_BY_SIDE.sub(" ", answer))
    few = (parts for parts in splits if len(parts) <= len(choices))
    said = ([with_text(part.strip(), choices) for part in parts] for parts in few)
    return next((named for named in said if all(named)), [])


def with_text(words: str, choices: Choices) -> set[int]:
    """The choices that say these words; without regard to width, case and spaces, or by the label with which each text
    begins, where none says them so."""
    said = {number: texts_of(choice) for number, choice in enumerate(choices, 1)}
    exact = {number for number, texts in said.items() if words in texts}
    alike = {number for number, texts in said.items() if folded(words) in map(folded, texts)}
    labels, label = labels_of(choices), by_places(words, choices)
    return exact or alike or {number for number, own in enumerate(labels, 1) if [own] == label}


def labels_of(choices: Choices) -> list[int]:
    """The places by which the texts call themselves, as `③ Seoul` does, if all do and none is missing."""
    found = [LABEL.match(words) for choice in choices for words in texts_of(choice)[:1]]
    labels = [label.place + 1 for match in found if match and (label := label_of(match))]
    return labels if sorted(labels) == every(choices) else []


def texts_of(choice: dict[str, Any]) -> list[str]:
    return [words for language, words in choice["text"].items() if language != "format"]


def orders_in(answer: str, items: Choices) -> list[list[int]]:
    """The orders of all items that the answer may mean, the likeliest first: by their places or their texts; numbers
    may also be the place that each item takes."""
    spellings = answer, STEPS.sub(",", answer)
    places = [found for one in spellings if sorted(found := by_places(one, items)) == every(items)]
    texts = [[number for each in by_texts(one, items) for number in each] for one in spellings]
    texts = [order for order in texts if sorted(order) == every(items)]
    ranks = [inverted(order) for order in places if any(map(str.isdigit, answer))]
    return [*places, *texts, *ranks] if PLAIN.fullmatch(answer) else [*texts, *places, *ranks]


def inverted(order: list[int]) -> list[int]:
    """The item at each place, of the place of each item."""
    return [order.index(place) + 1 for place in range(1, len(order) + 1)]
