"""Writing an Anki package: the collection as a SQLite database, and the media."""

from __future__ import annotations

import hashlib
import itertools
import json
import sqlite3
import zipfile
from io import BytesIO

import genanki

from quizapp.formats.anki import note_writer
from quizapp.formats.anki.embedded_item import file_name
from quizapp.formats.anki.package_reader import COLLECTIONS
from quizapp.formats.items import Item

MODEL = 1_732_406_400_001
"""The number by which Anki recognises our note type."""
WRITTEN_AT = 1_732_406_400.0
"""The date that every package bears, so that the same items give the same bytes."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)
CSS = ".card { font-family: sans-serif; font-size: 1.2em; text-align: left; }"


def write_package(items: list[Item]) -> bytes:
    """The package as Anki imports it: the collection, a list of the media, and the media by their place in it."""
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
    decks = {name: genanki.Deck(number_of(name), name) for name in dict.fromkeys(map(note_writer.deck, items))}
    for deck in decks.values():
        deck.add_model(model)
    connection = sqlite3.connect(":memory:")
    try:
        cursor, numbers = connection.cursor(), itertools.count(int(WRITTEN_AT * 1000))
        genanki.Package(list(decks.values())).write_to_db(cursor, WRITTEN_AT, numbers)
        for item in items:
            values = note_writer.note_fields(item, with_media=False)
            note = genanki.Note(model=model, fields=values, guid=note_writer.guid(item), tags=note_writer.tags(item))
            note.write_to_db(cursor, WRITTEN_AT, decks[note_writer.deck(item)].deck_id, numbers)
        connection.commit()
        return connection.serialize()
    finally:
        connection.close()


def note_model() -> genanki.Model:
    """Our note type: a card with the fields Front and Back; the others aren't shown."""
    front, back = note_writer.NOTE_FIELDS[:2]
    template = {
        "name": "Card 1",
        "qfmt": f"{{{{{front}}}}}",
        "afmt": f"{{{{FrontSide}}}}\n<hr id=answer>\n{{{{{back}}}}}",
    }
    return genanki.Model(
        MODEL, note_writer.NOTETYPE, [{"name": name} for name in note_writer.NOTE_FIELDS], [template], CSS
    )


def number_of(name: str) -> int:
    """A number for a deck that depends only on its name."""
    return 1 << 40 | int.from_bytes(hashlib.sha256(name.encode()).digest()[:4])
