"""Anki packages: decks (.apkg) and whole collections (.colpkg).

Reading takes notes of every note type, as `anki.notes` says; decks are categories, GUIDs ids, and the pictures and
sounds of a note travel with it. Schedules and reviews are not read. Writing makes notes of one note type of our own
that can be learned in Anki and hold the whole item, so that nothing is lost on the way there and back.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
import zipfile
from collections.abc import Iterable
from io import BytesIO

import genanki

from quizapp.errors import N_, Problem
from quizapp.formats.anki import cards
from quizapp.formats.anki.collection import Collection
from quizapp.formats.anki.notes import NoteReader, language_of_notes
from quizapp.formats.anki.own_items import file_name
from quizapp.formats.anki.package import COLLECTIONS, Package
from quizapp.formats.archive import open_archive
from quizapp.formats.base import FormatError, Reading, refuse_uncarried, unreadable
from quizapp.formats.items import Item, Media

NAME = "anki"
LABEL = N_("Anki package")
SUFFIXES = (".apkg", ".colpkg")
MIME = "application/vnd.anki"

MODEL = 1_732_406_400_001
"""The number of our note type: Anki knows it again by this."""
WRITTEN_AT = 1_732_406_400.0
"""Every package says that it was written then, so that the same items give the same bytes."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CSS = ".card { font-family: sans-serif; font-size: 1.2em; text-align: left; }"
OPENING = 4096


def sniff(data: bytes) -> float:
    """The collection is among the first files of the package."""
    return 0.95 if data.startswith(b"PK\x03\x04") and COLLECTIONS[-1].encode() in data[:OPENING] else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        package = Package(open_archive(data))
        notes = list(Collection(package.collection).notes())
        reader = NoteReader(NAME, language or language_of_notes(notes), package.find)
        for number, note in enumerate(notes, start=1):
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


def write(items: Iterable[Item]) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries)
    media = {file_name(one.hash, one.name): one for item in items for one in item.media}
    written = BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as package:
        add(package, COLLECTIONS[-1], database(items))
        add(package, "media", json.dumps({str(index): name for index, name in enumerate(media)}).encode())
        for index, one in enumerate(media.values()):
            add(package, str(index), one.data)
    return written.getvalue()


def add(package: zipfile.ZipFile, name: str, data: bytes) -> None:
    info = zipfile.ZipInfo(name, ZIP_DATE)
    info.compress_type = zipfile.ZIP_DEFLATED
    package.writestr(info, data)


def database(items: list[Item]) -> bytes:
    """The collection as a SQLite file."""
    model = note_model()
    decks = {name: genanki.Deck(number_of(name), name) for name in dict.fromkeys(map(cards.deck, items))}
    for deck in decks.values():
        deck.add_model(model)
    connection = sqlite3.connect(":memory:")
    try:
        cursor, numbers = connection.cursor(), itertools.count(int(WRITTEN_AT * 1000))
        genanki.Package(list(decks.values())).write_to_db(cursor, WRITTEN_AT, numbers)
        for item in items:
            values = cards.note_fields(item, with_media=False)
            note = genanki.Note(model=model, fields=values, guid=cards.guid(item), tags=cards.tags(item))
            note.write_to_db(cursor, WRITTEN_AT, decks[cards.deck(item)].deck_id, numbers)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def note_model() -> genanki.Model:
    """Our note type: a card with the fields Front and Back; the others aren't shown."""
    front, back = cards.FIELDS[:2]
    template = {
        "name": "Card 1",
        "qfmt": f"{{{{{front}}}}}",
        "afmt": f"{{{{FrontSide}}}}\n<hr id=answer>\n{{{{{back}}}}}",
    }
    return genanki.Model(MODEL, cards.NOTETYPE, [{"name": name} for name in cards.FIELDS], [template], CSS)


def number_of(name: str) -> int:
    """A number for a deck that only depends on its name."""
    return 1 << 40 | int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])


SAMPLE_ITEMS = [
    Item(
        id="capital",
        kind="choice",
        stem={"ko": "대한민국의 수도는?", "en": "What is the capital of Korea?"},
        response={
            "choices": [
                {"id": "a", "text": {"ko": "서울", "en": "Seoul"}, "fraction": 1},
                {"id": "b", "text": {"ko": "부산", "en": "Busan"}, "fraction": 0},
            ]
        },
        category=["지리", "수도"],
        tags=["korea"],
    ),
    Item(
        id="alphabet",
        kind="cloze",
        response={
            "text": {"ko": "한글은 {{g1}}이 만들었다. ![ㄱ](media:letter.svg)", "en": "Hangul was made by {{g1}}."},
            "gaps": [{"id": "g1", "kind": "text", "answers": [{"text": "세종", "fraction": 1}]}],
        },
        media=[Media("letter.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml", "ㄱ")],
    ),
]
SAMPLE = write(SAMPLE_ITEMS)
