"""Hangul documents (HWPX): read as an exam's text, with lists, tables, pictures, equations and marked answers."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told
from quizapp.formats.collector import Collector
from quizapp.formats.documents.gathering import Gathering
from quizapp.formats.documents.hangul_reader import HangulReader
from quizapp.formats.documents.package import Package
from quizapp.formats.documents.reader import read_document, read_only, refuse_writing
from quizapp.formats.documents.samples import hwpx_of
from quizapp.formats.documents.tree import descendants
from quizapp.formats.exam_text.sample import SAMPLE as TEXT
from quizapp.formats.items import Item

NAME = "hwpx"
LABEL = N_("Hangul document (HWPX)")
SUFFIXES = (".hwpx",)
MIME = "application/hwp+zip"
READ_ONLY = N_("Hangul documents can be read, but not written. Choose another format, such as exam text.")
SAMPLE = hwpx_of(TEXT.decode().split("\n"))
PART = "Contents/section0.xml"


def sniff(data: bytes) -> float:
    return 0.9 if data.startswith(b"PK\x03\x04") and PART.encode() in data else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    return read_document(data, gather, NAME, language)


def gather(package: Package, collector: Collector) -> Gathering:
    if PART not in package.files:
        raise FormatError(N_("This isn't a Hangul document: its text is missing. Save it as HWPX again."))
    if next(descendants(package.tree("META-INF/manifest.xml"), "encryption-data"), None) is not None:
        raise FormatError(N_("The document has a password. Save it without one."))
    return HangulReader(package, collector).read()


def carries(item: Item) -> list[Problem]:
    return read_only(READ_ONLY)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """Refused for any item; a document without questions is empty."""
    refuse_writing(items, READ_ONLY)
    return hwpx_of([])
