"""1EdTech QTI 3.0: a single item or a content package of items, the model of QTI 2 under other names.

The interactions that we can play become questions; others are kept unchanged. The key is derived from the response
processing, whether it names a template or is written out. The language is the one asked for, else the one declared,
else that of the letters.
"""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading, Told, refuse_uncarried
from quizapp.formats.items import Item
from quizapp.formats.qti.package_reader import opening_of
from quizapp.formats.qti2.reader import read_qti2
from quizapp.formats.qti2.round_trip import losses_in
from quizapp.formats.qti2.sample import sample
from quizapp.formats.qti2.vocabularies import QTI30
from quizapp.formats.qti2.writer import write_qti2

NAME = "qti30"
LABEL = N_("QTI 3.0")
SUFFIXES = (".zip", ".xml")
MIME = "application/zip"
SAMPLE = sample(QTI30)

MARKS = (
    "<qti-assessment-item",
    "<qti-assessment-test",
    "imsqti_item_xmlv3",
    "imsqti_test_xmlv3",
    "imsqtiasi_v3",
    "qtiv3p0",
)


def sniff(data: bytes) -> float:
    """A package is recognised by its manifest, which may stand anywhere in the file."""
    start = opening_of(data)
    return 0.95 if any(mark in start for mark in MARKS) else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    """The questions of the file; the problems of a package name the member in which they are."""
    return read_qti2(data, language, QTI30)


def carries(item: Item) -> list[Problem]:
    return losses_in(item, QTI30)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """The package, the same bytes for the same items."""
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_qti2(items, QTI30)
