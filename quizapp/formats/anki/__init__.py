"""Anki packages: decks (.apkg) and whole collections (.colpkg).

Reading takes notes of every note type, as `anki.note_reader` says; decks are categories, GUIDs ids, and the pictures
and sounds of a note travel with it. Schedules and reviews are not read. Writing makes notes of one note type of our
own, which can be learned in Anki and hold the whole item, so that nothing is lost on the way there and back.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from quizapp.errors import N_, Problem
from quizapp.formats.anki.collection import Collection
from quizapp.formats.anki.note_reader import NoteReader, language_of_notes
from quizapp.formats.anki.package_reader import COLLECTIONS, AnkiPackage
from quizapp.formats.anki.package_writer import write_package
from quizapp.formats.anki.sample import SAMPLE as SAMPLE
from quizapp.formats.archive import open_archive
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.collector import MAX_QUESTIONS
from quizapp.formats.items import Item

NAME = "anki"
LABEL = N_("Anki package")
SUFFIXES = (".apkg", ".colpkg")
MIME = "application/vnd.anki"

OPENING = 4096


def sniff(data: bytes) -> float:
    """The collection is among the first files of the package."""
    return 0.95 if data.startswith(b"PK\x03\x04") and COLLECTIONS[-1].encode() in data[:OPENING] else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        package = AnkiPackage(open_archive(data))
        notes = list(islice(Collection(package.collection).notes(), MAX_QUESTIONS + 1))
        reader = NoteReader(NAME, language or language_of_notes(notes), package.find)
        for number, note in enumerate(notes, start=1):
            if reader.collector.is_full:
                reader.collector.refuse_many()
                break
            reader.take(note, place=f"{note.deck} #{number}".strip())
    except FormatError as error:
        return unreadable(error)
    reading = reader.collector.reading
    if not reading.found:
        reading.problems.append(Problem(N_("There are no notes in this package."), code="no-questions"))
    return reading


def carries(item: Item) -> list[Problem]:
    """A package holds whole items."""
    return []


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    """The package, the same bytes for the same items."""
    items = list(items)
    refuse_uncarried(items, carries, told)
    return write_package(items)
