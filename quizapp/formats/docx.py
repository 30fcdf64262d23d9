"""Word documents (DOCX): read as an exam's text, with lists, tables, pictures, formulas and marked answers."""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, refuse_uncarried, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.documents.package import Package
from quizapp.formats.documents.samples import docx_of
from quizapp.formats.documents.word import PART, WordReader
from quizapp.formats.exam_text.reader import Source, read_source
from quizapp.formats.exam_text.sample import SAMPLE as TEXT
from quizapp.formats.items import Item

NAME = "docx"
LABEL = N_("Word document")
SUFFIXES = (".docx", ".docm")
MIME = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
SAMPLE = docx_of(TEXT.decode().split("\n"))


def sniff(data: bytes) -> float:
    return 0.9 if data.startswith(b"PK\x03\x04") and PART.encode() in data else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        package = Package(data)
        root = package.tree(PART)
        if root is None:
            raise FormatError(N_("This is no Word document: its text is missing. Save it as .docx again."))
        found = WordReader(package, Collector(NAME)).read(root)
    except FormatError as error:
        return unreadable(error)
    return read_source(Source(found.lines, found.objects, found.collector, found.media, True), language)


def carries(item: Item) -> list[Problem]:
    problem = N_("Word documents can be read, not written. Choose another format, such as exam text.")
    return [Problem(problem, code="read-only")]


def write(items: Iterable[Item]) -> bytes:
    """Refused for any item; a document without questions is empty."""
    refuse_uncarried(list(items), carries)
    return docx_of([])
