"""Moodle XML: every type of question that Moodle ships, with files, feedback, hints, tags and categories.

What we can't play is kept as an opaque item with its source and written back unchanged; settings that only
Moodle knows travel with the question. The grammar is that of Moodle's `question/format/xml/format.php`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading, Told, refuse_uncarried, written_language
from quizapp.formats.items import Item
from quizapp.formats.losses import undeclared
from quizapp.formats.moodle_xml.losses import losses_of
from quizapp.formats.moodle_xml.reader import read_moodle_xml
from quizapp.formats.moodle_xml.sample import SAMPLE as SAMPLE
from quizapp.formats.moodle_xml.writer import write_moodle_xml
from quizapp.formats.text import opening

NAME = "moodle-xml"
LABEL = N_("Moodle XML")
SUFFIXES = (".xml",)
MIME = "application/xml"


def sniff(data: bytes) -> float:
    start = opening(data)
    if not re.search(r"<quiz[\s>]", start):
        return 0.0
    return 0.95 if re.search(r"<question\s+type=", start) or "</quiz>" in start else 0.6


def read(data: bytes, language: str | None = None) -> Reading:
    return read_moodle_xml(data, language, NAME)


def carries(item: Item) -> list[Problem]:
    """What writing loses. What was written is read again, so that no loss goes unreported."""

    def read_again() -> Reading:
        try:
            return read(write_moodle_xml([item]), written_language(item))
        except ValueError:  # lxml refuses characters that XML can't hold
            return Reading()

    return undeclared(item, losses_of(item, NAME), read_again)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_moodle_xml(items)
