"""Word documents (DOCX): read as an exam's text, with lists, tables, pictures, formulas and marked answers."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, Told
from quizapp.formats.collector import Collector
from quizapp.formats.documents.gathering import Gathering
from quizapp.formats.documents.package import Package
from quizapp.formats.documents.reader import read_document, read_only, refuse_writing
from quizapp.formats.documents.samples import docx_of
from quizapp.formats.documents.word_reader import MAIN_PART, WordReader
from quizapp.formats.exam_text.sample import SAMPLE as TEXT
from quizapp.formats.items import Item

NAME = "docx"
LABEL = N_("Word document")
SUFFIXES = (".docx", ".docm")
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READ_ONLY = N_("Word documents can be read, but not written. Choose another format, such as exam text.")
SAMPLE = docx_of(TEXT.decode().split("\n"))


def sniff(data: bytes) -> float:
    return 0.9 if data.startswith(b"PK\x03\x04") and MAIN_PART.encode() in data else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    return read_document(data, gather, NAME, language)


def gather(package: Package, collector: Collector) -> Gathering:
    root = package.tree(MAIN_PART)
    if root is None:
        raise FormatError(N_("This isn't a Word document: its text is missing. Save it as .docx again."))
    return WordReader(package, collector).read(root)


def carries(item: Item) -> list[Problem]:
    return read_only(READ_ONLY)


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """Refused for any item; a document without questions is empty."""
    refuse_writing(items, READ_ONLY)
    return docx_of([])
