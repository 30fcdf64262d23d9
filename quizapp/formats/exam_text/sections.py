"""Sections of an exam whose questions are numbered anew: how they are headed, and what a list of answers calls them.

`Part A. Grammar`, `[Part A]`, `제1부`, `파트 2`, `Ⅱ. 서술형`; in a list `A:`, `[Part A]`, `제1부 정답`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.formats.exam_text.labels import LABELS
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import label_at_start

SIGNS = r"[\[(<■◆▶※*#\-\s]*"
NAMED = (
    r"(?:(?:Part|Section|파트|섹션)\s*\.?\s*(?:[A-Z]|\d{1,2}|[IVX]{1,4}|[Ⅰ-Ⅻ])(?![A-Za-z0-9가-힣])"
    r"|제\s*\d{1,2}\s*부(?![가-힣])|[Ⅰ-Ⅻ](?=\s*\.))"
)
HEADING = re.compile(rf"{SIGNS}{NAMED}(?:\s*[\])>.:\-]\s*|\s+|$).{{0,60}}", re.IGNORECASE)
MOST_IN_NAME = 40
"""Characters of a heading that no such word begins."""
SENTENCE = re.compile(r"[?!]|\.\s*$|[다요오]\s*\.?\s*$")
PREFIX = re.compile(r"(?<![\]:)>.])[\]:)>.]+\s*(?=\d)|\s+(?=\d{1,3}\D)")
INLINE = re.compile(
    r"(?<![^\s,;/|])(?:(?P<colon>[A-Z가-힣Ⅰ-Ⅻ][\w ]{0,11}?)\s*:"
    r"|[\[<(]\s*(?P<wrapped>[A-Z가-힣Ⅰ-Ⅻ][\w ]{0,11}?)\s*[\])>]\s*:?"
    rf"|(?P<named>{NAMED})\s*:?)\s*(?=\d)",
    re.IGNORECASE,
)
"""A section's name before its answers, on a line that holds those of several."""
NOISE = re.compile(
    r"(?:빠른\s*)?정\s?답(?:표|과|\s*및)?|답안지?|해답|해설|풀이|\b(?:answers?|keys?|to|for|of|the|part|section|and|explanations?)\b|파트|섹션"
    r"|(?<![가-힣])제(?=\s*\d)|(?<=\d)\s*부(?![가-힣])",
    re.IGNORECASE,
)
WORD = re.compile(r"[^\W_]+")
NUMBER_FIRST = re.compile(r"\W*\d+(?!\s*부)")
NAMED_WORD = re.compile(NAMED, re.IGNORECASE)
ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6"}


@dataclass
class ExamSection:
    """A part of an exam with numbers of its own. `lines`: what stands below its heading, above its questions;
    `sorts`: the number of each that is called by its sort, such as 서술형 1; `last`: the number of the last one."""

    name: str = ""
    lines: list[Line] = field(default_factory=list)
    numbers: set[int] = field(default_factory=set)
    sorts: dict[tuple[str, int], int] = field(default_factory=dict)
    last: int | None = None


def heading_in(line: Line) -> str:
    """The name of the section that a line heads by a word such as “Part A”; "" if it heads none."""
    return line.text if HEADING.fullmatch(line.plain) and not SENTENCE.search(line.plain) else ""


def may_head(line: Line) -> bool:
    """Whether a line that stands apart, where numbers begin again, may be the name of what follows."""
    is_labelled = label_at_start(line) is not None or LABELS.search(line.plain) is not None
    return 0 < len(line.text) <= MOST_IN_NAME and not is_labelled and not SENTENCE.search(line.plain)


def name_words(name: str) -> list[str]:
    found = WORD.findall(NOISE.sub(" ", unicodedata.normalize("NFKC", name)).casefold())
    return [str(ROMAN.get(word, word)) for word in found]


class SectionNames:
    """Tells sections of an exam by what a list of answers calls them."""

    def __init__(self) -> None:
        self.whole: dict[str, set[int]] = defaultdict(set)
        self.parts: dict[str, set[int]] = defaultdict(set)

    def add(self, place: int, name: str) -> None:
        words = name_words(name)
        if words:
            self.whole["".join(words)].add(place)
            for part in {words[0], "".join(words[1:])} - {""}:
                self.parts[part].add(place)

    def section(self, words: str) -> int | None:
        """The one that is called so: by all of its name, or by the letter, number or word that it begins with."""
        letters = filter(str.isalpha, unicodedata.normalize("NFKC", words))
        if NUMBER_FIRST.match(words) or not any(letters):
            return None  # a number alone is that of a question
        called = "".join(name_words(words))
        found = self.whole.get(called) or self.parts.get(called) or ()
        return next(iter(found)) if len(found) == 1 else None

    def split(self, line: Line) -> Iterator[tuple[int | None, Line]]:
        """The line in pieces: whose answers each holds, as far as it says, and the rest of it."""
        if not self.whole or not line.text:
            yield None, line
            return
        section, place = self.at_start(line)
        for found in INLINE.finditer(line.plain, place):
            following = self.section(found["colon"] or found["wrapped"] or found["named"])
            if following is None:
                continue
            if found.start() > place or section is not None:
                yield section, line.cut(place, found.start())
            section, place = following, found.end()
        yield section, line.cut(place)

    def at_start(self, line: Line) -> tuple[int | None, int]:
        """The section that the whole line or its beginning names, and where the rest begins."""
        if len(line.text) <= MOST_IN_NAME and not any(map(str.isdigit, NAMED_WORD.sub("", line.plain))):
            section = self.section(line.plain)
            return section, len(line.text) if section is not None else 0
        for found in PREFIX.finditer(line.plain, 1, MOST_IN_NAME):
            if (section := self.section(line.plain[: found.start()])) is not None:
                return section, found.end()
        return None, 0
