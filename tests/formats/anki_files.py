"""Anki packages as Anki itself writes them, made by hand: the two legacy layouts and the modern one."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import zstandard

DECKS = {1: "Default", 7: "Geography::Capitals"}

LEGACY = """
CREATE TABLE col (id integer primary key, models text not null, decks text not null);
CREATE TABLE notes (id integer primary key, guid text, mid integer, tags text, flds text, sfld integer);
CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, odid integer);
"""
MODERN = """
CREATE TABLE col (id integer primary key, models text not null, decks text not null);
CREATE TABLE notes (id integer primary key, guid text, mid integer, tags text, flds text, sfld integer);
CREATE TABLE cards (id integer primary key, nid integer, did integer, ord integer, odid integer);
CREATE TABLE fields (ntid integer not null, ord integer not null, name text not null COLLATE unicase, config blob,
    primary key (ntid, ord)) without rowid;
CREATE UNIQUE INDEX idx_fields_name_ntid ON fields (name, ntid);
CREATE TABLE templates (ntid integer not null, ord integer not null, name text not null COLLATE unicase, config blob,
    primary key (ntid, ord)) without rowid;
CREATE TABLE notetypes (id integer not null primary key, name text not null COLLATE unicase, config blob);
CREATE UNIQUE INDEX idx_notetypes_name ON notetypes (name);
CREATE TABLE decks (name text not null primary key COLLATE unicase, id integer not null, kind blob);
CREATE UNIQUE INDEX idx_decks_id ON decks (id);
"""


@dataclass
class Type:
    """A note type with its fields and the two sides of each of its cards."""

    id: int
    name: str
    fields: list[str]
    cards: list[tuple[str, str]]
    cloze: bool = False


BASIC = Type(11, "Basic", ["Front", "Back"], [("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}")])
REVERSED = Type(12, "Basic (and reversed)", ["Front", "Back"], [("{{Front}}", "{{Back}}"), ("{{Back}}", "{{Front}}")])
TYPED = Type(13, "Basic (type in)", ["Front", "Back"], [("{{Front}}\n{{type:Back}}", "{{FrontSide}}{{type:Back}}")])
CLOZE = Type(14, "Cloze", ["Text", "Extra"], [("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}")], cloze=True)
VOCABULARY = Type(
    15,
    "Vocabulary",
    ["Number", "Word", "Sound", "Meaning", "Example", "Clue", "Private"],
    [
        (
            "{{#Sound}}{{Sound}}{{/Sound}} <b>{{text:Word}}</b> {{hint:Clue}}",
            "{{FrontSide}}{{Meaning}}<i>{{Example}}</i>",
        )
    ],
)
OCCLUSION = Type(
    16,
    "Image Occlusion",
    ["Occlusion", "Image", "Header"],
    [("{{cloze:Occlusion}}{{Image}}", "{{Header}}")],
    cloze=True,
)
WORDED = Type(
    17,
    "Worded",
    ["Front", "Back"],
    [("<style>.a {color: red}</style>Translate this: {{Front}}", "{{FrontSide}}<hr id=answer>{{Back}} (page 7)")],
)
TYPES = [WORDED, BASIC, REVERSED, TYPED, CLOZE, VOCABULARY, OCCLUSION]


@dataclass
class Card:
    """A note to put in, with its first card."""

    type: Type
    values: list[str]
    guid: str = "guid-1"
    tags: str = ""
    deck: int = 1
    original_deck: int = 0
    more: dict[str, object] = field(default_factory=dict)


def legacy_collection(notes: Iterable[Card], script: str = "") -> bytes:
    models = {
        str(one.id): {
            "name": one.name,
            "type": int(one.cloze),
            "flds": [{"name": name, "ord": n} for n, name in reversed([*enumerate(one.fields)])],
            "tmpls": [{"name": f"Card {n}", "ord": n, "qfmt": q, "afmt": a} for n, (q, a) in enumerate(one.cards)],
        }
        for one in TYPES
    }
    decks = {str(number): {"name": name} for number, name in DECKS.items()}

    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO col VALUES (1, ?, ?)", (json.dumps(models), json.dumps(decks)))

    return collection(LEGACY, fill, notes, script)


def modern_collection(notes: Iterable[Card]) -> bytes:
    def fill(connection: sqlite3.Connection) -> None:
        connection.execute("INSERT INTO col VALUES (1, '', '')")
        for one in TYPES:
            connection.execute("INSERT INTO notetypes VALUES (?, ?, ?)", (one.id, one.name, b""))
            for n, name in enumerate(one.fields):
                connection.execute("INSERT INTO fields VALUES (?, ?, ?, ?)", (one.id, n, name, b""))
            for n, (question, answer) in enumerate(one.cards):
                config = message((1, question.encode()), (2, answer.encode()), (5, 0))
                connection.execute("INSERT INTO templates VALUES (?, ?, ?, ?)", (one.id, n, f"Card {n}", config))
        for number, name in DECKS.items():
            connection.execute("INSERT INTO decks VALUES (?, ?, ?)", (name.replace("::", "\x1f"), number, b""))

    return collection(MODERN, fill, notes)


def collection(
    schema: str, fill: Callable[[sqlite3.Connection], None], notes: Iterable[Card], script: str = ""
) -> bytes:
    connection = sqlite3.connect(":memory:")
    connection.create_collation("unicase", lambda one, two: (one > two) - (one < two))
    connection.executescript(schema)
    fill(connection)
    for number, note in enumerate(notes, start=1000):
        values = "\x1f".join(note.values)
        connection.execute(
            "INSERT INTO notes VALUES (?, ?, ?, ?, ?, 0)", (number, note.guid, note.type.id, note.tags, values)
        )
        connection.execute("INSERT INTO cards VALUES (?, ?, ?, 0, ?)", (number, number, note.deck, note.original_deck))
    connection.executescript(script)
    connection.commit()
    data = connection.serialize()
    connection.close()
    return data


def varint(value: int) -> bytes:
    parts = []
    while value > 0x7F:
        parts.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*parts, value])


def message(*fields: tuple[int, int | bytes]) -> bytes:
    """A Protocol Buffers message."""
    written = b""
    for number, value in fields:
        if isinstance(value, int):
            written += varint(number << 3) + varint(value)
        else:
            written += varint(number << 3 | 2) + varint(len(value)) + value
    return written


def zipped(files: dict[str, bytes]) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in files.items():
            package.writestr(name, content)
    return data.getvalue()


def legacy_package(database: bytes, media: dict[str, bytes] | None = None, name: str = "collection.anki2") -> bytes:
    media = media or {}
    names = json.dumps({str(n): one for n, one in enumerate(media)}).encode()
    return zipped({name: database, "media": names, **{str(n): data for n, data in enumerate(media.values())}})


def modern_package(database: bytes, media: dict[str, bytes] | None = None) -> bytes:
    media = media or {}
    pack = zstandard.ZstdCompressor().compress
    entries = message(*((1, message((1, name.encode()), (2, len(data)))) for name, data in media.items()))
    dummy = legacy_collection([Card(BASIC, ["Please update Anki", "x"])])
    return zipped(
        {
            "meta": message((1, 3)),
            "collection.anki21b": pack(database),
            "collection.anki2": dummy,
            "media": pack(entries),
            **{str(n): pack(data) for n, data in enumerate(media.values())},
        }
    )
