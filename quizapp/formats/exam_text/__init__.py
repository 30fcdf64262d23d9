"""Exams as Korean teachers write them, in plain text, and the same in English.

    1. 물의 화학식으로 옳은 것은? [3점]
    ① HO  ② H2O  ③ CO2
    정답: ②
    해설: 물 분자는 …

Questions are numbered `1.` `1)` `문1.` `[1]` or `1번`, choices `①` `(1)` `1)` `가.` `ㄱ.` or `A.`, one a line or
several on a line. The answer stands below its question, behind it in brackets, or in a list at the end; where numbers
begin again (`Part A`, `Part B`), the list names the parts or has them in their order. Every line that isn't empty is
used in an item or named in a problem; a question without an answer is an error, unless it asks for a text that a person
grades, and no answer is guessed.
"""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable, written_language
from quizapp.formats.collector import Collector
from quizapp.formats.exam_text.line import Objects, exam_lines
from quizapp.formats.exam_text.losses import losses_of
from quizapp.formats.exam_text.pasted import unmarked
from quizapp.formats.exam_text.reader import Exam, read_exam
from quizapp.formats.exam_text.sample import SAMPLE as SAMPLE
from quizapp.formats.exam_text.sniffing import likelihood
from quizapp.formats.exam_text.writer import write_exam
from quizapp.formats.items import Item
from quizapp.formats.losses import undeclared
from quizapp.formats.text import decode, opening

NAME = "exam"
LABEL = N_("Exam text")
SUFFIXES = (".txt",)
MIME = "text/plain"


def sniff(data: bytes) -> float:
    return likelihood(opening(data))


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        objects = Objects()
        text, encoding = decode(data)
        # held by the exam alone, which lets them go
        exam = Exam([unmarked(line) for line in exam_lines(text, objects)], objects, Collector(NAME))
    except FormatError as error:
        return unreadable(error)
    del text  # the lines hold it once more
    reading = read_exam(exam, language)
    reading.encoding = encoding
    return reading


def carries(item: Item) -> list[Problem]:
    """What writing loses. What was written is read again, so that no loss goes unreported."""

    def read_again() -> Reading:
        return read(write_exam([item]).encode(), written_language(item))

    return undeclared(item, losses_of(item), read_again)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_exam(items).encode()
