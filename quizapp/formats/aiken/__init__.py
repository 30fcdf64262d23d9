"""Aiken: single choices in plain text.

    What is the capital of Korea?
    A. Busan
    B. Seoul
    ANSWER: B

The stem may have several lines (other programs keep the last one only), options are `A.` or `A)` in either case, any
number of them up to Z, and the answer is one letter. The grammar is that of Moodle's importer, read leniently.
"""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.aiken.losses import losses_of
from quizapp.formats.aiken.reader import ANSWER, OPTION, AikenReader
from quizapp.formats.aiken.writer import write_question
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.items import Item
from quizapp.formats.text import decode, lines_of, opening

NAME = "aiken"
LABEL = N_("Aiken (plain text, single choices)")
SUFFIXES = (".txt", ".aiken")
MIME = "text/plain"

SAMPLE = """\
대한민국의 수도는 어디입니까?
A. 부산
B. 서울
C. 인천
ANSWER: B

Read the sentence:
“The King created it in 1443.”
Which king is meant?
a) Taejong
b) Sejong
c) Munjong
answer: b

How many letters does Hangul have today?
A) 20
B) 22
C) 24
D) 26
E) 28
ANSWER: C
""".encode()


def sniff(data: bytes) -> float:
    lines = opening(data).splitlines()
    answers = sum(ANSWER.fullmatch(line) is not None for line in lines)
    options = sum(OPTION.fullmatch(line) is not None for line in lines)
    return 0.9 if answers and options > answers else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    reader = AikenReader(NAME, language)
    for number, line in enumerate(lines_of(text), 1):
        if reader.collector.is_full:
            reader.collector.refuse_many(number)
            break
        reader.take(line, number)
    else:
        reader.finish()
    reading = reader.collector.reading
    reading.encoding = encoding
    if not reading.found:
        reading.problems.append(
            Problem(
                N_("No question was found. Aiken has a stem, options A. to Z., and ANSWER: B."), code="empty", line=1
            )
        )
    return reading


def carries(item: Item) -> list[Problem]:
    return losses_of(item)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return "\n".join(write_question(item) for item in items).encode()
