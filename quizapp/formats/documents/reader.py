"""What every format of documents does alike: a package is read as an exam's text, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from quizapp.errors import Problem
from quizapp.formats.base import FormatError, Reading, refuse_uncarried, unreadable
from quizapp.formats.collector import Collector
from quizapp.formats.documents.gathering import Gathering
from quizapp.formats.documents.package import Package
from quizapp.formats.exam_text.reader import Exam, read_exam
from quizapp.formats.items import Item

Gather = Callable[[Package, Collector], Gathering]


def read_document(data: bytes, gather: Gather, name: str, language: str | None) -> Reading:
    """What `gather` finds in the package, read as an exam's text. A FormatError of it is the only problem then."""
    try:
        found = gather(Package(data), Collector(name))
    except FormatError as error:
        return unreadable(error)
    return read_exam(Exam(found.lines, found.objects, found.collector, found.media, True), language)


def refuse_writing(items: Iterable[Item], why: str) -> None:
    """Raises for any item: the format can be read, not written."""
    refuse_uncarried(list(items), lambda item: read_only(why))


def read_only(why: str) -> list[Problem]:
    return [Problem(why, code="read-only")]
