"""The notes of an Anki collection, a SQLite database that may be broken or hostile.

It is read in memory and never from a file of the server. Only SELECT on the few tables that are needed is allowed,
no function, view, virtual table or trigger; every statement ends after a number of steps.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from typing import Any

from quizapp.errors import N_
from quizapp.formats.anki.note import Note, NoteType
from quizapp.formats.anki.protobuf import text_fields
from quizapp.formats.base import FormatError
from quizapp.kinds.base import nfc

MAGIC = b"SQLite format 3\0"
JOURNAL_MODE = slice(18, 20)
ROLLBACK = b"\x01\x01"
MAX_NOTES = 100_000
MAX_FIELD = 16 * 1024 * 1024
STEPS = 100_000
MAX_CALLS = 2_000
"""A statement is stopped after STEPS * MAX_CALLS steps of SQLite's virtual machine; reading all notes takes a tenth."""

TABLES = {"col", "notes", "cards", "notetypes", "fields", "templates", "decks"}
ALLOWED = {sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ}
FIELD_MARK = "\x1f"
CONFIG_QUESTION, CONFIG_ANSWER = 1, 2
"""Numbers of the fields of a template's settings."""

UNREADABLE = (sqlite3.Error, ValueError, MemoryError, OverflowError)
"""What SQLite raises for a broken file; a ValueError where its message itself is broken text."""

Rows = Iterator[tuple[Any, ...]]


class Collection:
    """Reads one database. Raises FormatError for one that can't be read."""

    def __init__(self, data: bytes) -> None:
        if not data.startswith(MAGIC):
            raise broken()
        self.calls = 0
        self.connection = sqlite3.connect(":memory:")
        try:
            self.connection.text_factory = bytes
            self.connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_FIELD)
            self.connection.deserialize(b"".join((data[:18], ROLLBACK, data[20:])))
            self.connection.execute("PRAGMA trusted_schema=OFF")
            self.connection.execute("PRAGMA cell_size_check=ON")
            self.connection.create_collation("unicase", lambda one, two: (one > two) - (one < two))
            self.connection.set_progress_handler(self.step, STEPS)
            self.tables = self.plain_tables()
            self.connection.set_authorizer(allowed)
        except UNREADABLE:
            self.connection.close()
            raise broken() from None

    def step(self) -> int:
        self.calls += 1
        return int(self.calls > MAX_CALLS)

    def plain_tables(self) -> set[str]:
        """Those of TABLES that are real tables, not views or virtual ones."""
        rows = self.connection.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'")
        found = {text(name) for name, sql in rows if text(sql).upper().startswith("CREATE TABLE")}
        return found & TABLES

    def rows(self, statement: str, table: str) -> Rows:
        if table not in self.tables:
            raise broken()
        try:
            yield from self.connection.execute(statement)
        except UNREADABLE:
            raise broken() from None

    def notes(self) -> Iterator[Note]:
        """All notes in the order in which they were made."""
        try:
            modern = "notetypes" in self.tables
            notetypes = self.modern_notetypes() if modern else self.legacy_notetypes()
            decks = self.modern_decks() if modern else self.legacy_decks()
            homes = self.homes()
            statement = "SELECT id, guid, mid, tags, flds FROM notes ORDER BY id"
            for count, (number, guid, notetype, tags, values) in enumerate(self.rows(statement, "notes")):
                if count == MAX_NOTES:
                    raise FormatError(N_("The package holds more than %(limit)s notes. Split it."), limit=MAX_NOTES)
                yield Note(
                    guid=text(guid),
                    values=text(values).split(FIELD_MARK),
                    notetype=notetypes.get(text(notetype), NoteType()),
                    tags=text(tags).split(),
                    deck=decks.get(homes.get(number, ""), ""),
                )
        finally:
            self.connection.close()

    def homes(self) -> dict[Any, str]:
        """The deck of each note's first card; for a card in a filtered deck, the deck it was taken from."""
        found: dict[Any, tuple[int, str]] = {}
        for note, deck, original, number in self.rows("SELECT nid, did, odid, ord FROM cards", "cards"):
            order = number if isinstance(number, int) else 0
            if note not in found or order < found[note][0]:
                found[note] = (order, text(original or deck))
        return {note: deck for note, (_, deck) in found.items()}

    # --- note types and decks, in the two ways in which Anki has stored them ---

    def legacy(self, column: str) -> dict[str, Any]:
        """JSON in the one row of the table `col`."""
        for (written,) in self.rows(f"SELECT {column} FROM col", "col"):  # noqa: S608 -- one of our two names
            try:
                found = json.loads(text(written) or "{}")
            except (ValueError, RecursionError):
                raise broken() from None
            return found if isinstance(found, dict) else {}
        return {}

    def legacy_notetypes(self) -> dict[str, NoteType]:
        found = {}
        for number, one in self.legacy("models").items():
            if not isinstance(one, dict):
                raise broken()
            fields, templates = ordered(one, "flds"), ordered(one, "tmpls")
            first = templates[0] if templates else {}
            found[number] = NoteType(
                name=words(one.get("name")),
                fields=tuple(words(part.get("name")) for part in fields),
                question=words(first.get("qfmt")),
                answer=words(first.get("afmt")),
                cards=len(templates),
            )
        return found

    def legacy_decks(self) -> dict[str, str]:
        return {number: words(one.get("name")) for number, one in self.legacy("decks").items() if isinstance(one, dict)}

    def modern_notetypes(self) -> dict[str, NoteType]:
        fields: dict[str, list[str]] = {}
        for notetype, name in self.rows("SELECT ntid, name FROM fields ORDER BY ntid, ord", "fields"):
            fields.setdefault(text(notetype), []).append(text(name))
        templates: dict[str, list[dict[int, str]]] = {}
        for notetype, config in self.rows("SELECT ntid, config FROM templates ORDER BY ntid, ord", "templates"):
            templates.setdefault(text(notetype), []).append(text_fields(config))
        found = {}
        for number, name in self.rows("SELECT id, name FROM notetypes", "notetypes"):
            own = templates.get(text(number), [])
            first = own[0] if own else {}
            found[text(number)] = NoteType(
                name=text(name),
                fields=tuple(fields.get(text(number), ())),
                question=first.get(CONFIG_QUESTION, ""),
                answer=first.get(CONFIG_ANSWER, ""),
                cards=len(own),
            )
        return found

    def modern_decks(self) -> dict[str, str]:
        rows = self.rows("SELECT id, name FROM decks", "decks")
        return {text(number): text(name).replace(FIELD_MARK, "::") for number, name in rows}


def allowed(action: int, table: str | None, *_: Any) -> int:
    fine = action in ALLOWED and (action != sqlite3.SQLITE_READ or table in TABLES)
    return sqlite3.SQLITE_OK if fine else sqlite3.SQLITE_DENY


def broken() -> FormatError:
    return FormatError(N_("The database in this package can't be read. Export it from Anki again."))


def text(value: Any) -> str:
    """A column as text; SQLite keeps any type in any column."""
    return nfc(value.decode("utf-8", "replace")).replace("\0", "") if isinstance(value, bytes) else words(value)


def words(value: Any) -> str:
    return "" if value is None or isinstance(value, (dict, list)) else nfc(str(value))


def ordered(one: Any, key: str) -> list[dict[str, Any]]:
    """The fields or templates of a note type, by their number."""
    parts = one.get(key) if isinstance(one, dict) else None
    found = [part for part in parts if isinstance(part, dict)] if isinstance(parts, list) else []
    return sorted(found, key=lambda part: part["ord"] if isinstance(part.get("ord"), int) else 0)
