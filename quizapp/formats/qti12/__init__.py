"""IMS QTI 1.2, as Canvas's classic quizzes and many other systems export it.

A file is a single XML document or a package with a manifest, by itself or in a Common Cartridge. Questions with
Canvas's `question_type` are read by that, all others by their structure. What is written is a package for Canvas.
The language is the one asked for, else the one declared, else that of the letters. A plain text that Markdown shows
as it stands gets no format, whichever way it came.
"""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading, Told, refuse_uncarried
from quizapp.formats.items import Item
from quizapp.formats.losses import unknown_kind
from quizapp.formats.qti.losses import undeclared_in_qti
from quizapp.formats.qti.package_reader import opening_of
from quizapp.formats.qti12.kind_writers import WRITERS
from quizapp.formats.qti12.losses import losses_of
from quizapp.formats.qti12.reader import read_package, read_qti12
from quizapp.formats.qti12.sample import SAMPLE as SAMPLE
from quizapp.formats.qti12.writer import QUIZ, members_of, write_qti12

NAME = "qti12"
LABEL = N_("QTI 1.2 (Canvas)")
SUFFIXES = (".zip", ".imscc", ".xml", ".qti")
MIME = "application/zip"

IN_MANIFEST = ("imsqti_xmlv1p2", "imsqti_xmlv1p1", "imsqti_asiv1p2", "ims_qtiasiv1p2", "qtiasi")


def sniff(data: bytes) -> float:
    """A package is recognised by its manifest, which may stand anywhere in the file."""
    start = opening_of(data)
    if "<questestinterop" in start:
        return 0.95
    if data.startswith(b"PK") and any(mark in start for mark in IN_MANIFEST):
        return 0.9
    return 0.4 if data.startswith(b"PK") and "non_cc_assessments" in start else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    """The questions of the file; the problems of a package name the member in which they are."""
    return read_qti12(data, language, NAME)


def carries(item: Item) -> list[Problem]:
    """What writing loses. What was written is read again, so that no loss goes unreported."""
    problems = unknown_kind(item, WRITERS) or losses_of(item, NAME)
    return undeclared_in_qti(
        item,
        problems,
        members_of,
        lambda package, language: read_package(package, [package.parsed(QUIZ)], language, NAME),
    )


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """The package, the same bytes for the same items."""
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_qti12(items)
