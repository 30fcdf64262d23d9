r"""GIFT, Moodle's plain-text format: `::Title:: Stem {=right ~wrong}`.

    // [id:capital-1] [tag:geography]
    ::Capital:: The capital of Korea is {=Seoul#Right. ~Busan#The second largest city.}.

A blank line ends a question; only the first pair of braces counts; `~ = # { } : \` are written with a backslash and
`\n` is a new line. The grammar is that of Moodle's importer (`question/format/gift/format.php`), read leniently:
where Moodle refuses a file or silently drops a part of it, this reader says so and keeps what is clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading, Told, refuse_uncarried, written_language
from quizapp.formats.gift.losses import losses_of
from quizapp.formats.gift.reader import read_gift
from quizapp.formats.gift.sample import SAMPLE as SAMPLE
from quizapp.formats.gift.writer import write_gift
from quizapp.formats.items import Item
from quizapp.formats.losses import undeclared
from quizapp.formats.text import opening

NAME = "gift"
LABEL = N_("GIFT (Moodle, plain text)")
SUFFIXES = (".gift", ".txt")
MIME = "text/plain"

LIKELY = (
    re.compile(r"^[^\S\n]*+\$CATEGORY:", re.MULTILINE),
    re.compile(r"^[^\S\n]*+::[^\n]+::|^[^\S\n]*+\[(?:html|markdown|plain|moodle)\][^\S\n]*+\S", re.MULTILINE),
    re.compile(r"(?<!\\)\{\s*+(?:[=~#]|T\b|F\b|TRUE|FALSE|\})[^{]*\}|(?<!\\)\{(?:[^{}=~\\]|\\[^{}])*+[=~][^{}]*+\}"),
)


def sniff(data: bytes) -> float:
    start = opening(data)
    if start.lstrip().startswith(("<", "PK")) or re.search(r"^[^\S\n]*+ANSWER:", start, re.MULTILINE):
        return 0.0
    return min(
        0.9, 0.35 * sum(1 for pattern in LIKELY if pattern.search(start)) + (0.2 if LIKELY[2].search(start) else 0)
    )


def read(data: bytes, language: str | None = None) -> Reading:
    return read_gift(data, language, NAME)


def carries(item: Item) -> list[Problem]:
    """What writing loses. What was written is read again, so that no loss goes unreported."""

    def read_again() -> Reading:
        return read(write_gift([item]).encode(), written_language(item))

    return undeclared(item, losses_of(item), read_again)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_gift(items).encode()
