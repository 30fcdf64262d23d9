"""A marked word put in turn into every text, line or cell of a format's sample: it has to come out somewhere."""

from __future__ import annotations

import io
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from pathlib import Path

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] -- lxml ships no types
from openpyxl import load_workbook
from openpyxl.cell import Cell

from quizapp.formats import FORMATS
from quizapp.formats.archive import open_archive
from quizapp.formats.bundle import zipped
from quizapp.formats.text import decode
from quizapp.formats.unspoken import UNSPOKEN
from tests.formats import anki_files as files

MARK = "zqxmark"
XML = [name for name in UNSPOKEN if UNSPOKEN[name].elements]
BOOKS = ("xlsx", "kahoot")
DOCUMENTS = {"docx": ("word/document.xml",), "hwpx": ("Contents/section0.xml",)}
"""The members that hold what a document says."""
BY_LINE = ("exam", "csv", "anki-text", "yaml", "json", *(name for name in UNSPOKEN if name not in XML))
MUTATED = (*BY_LINE, *XML, *BOOKS, *DOCUMENTS, "anki")


def mutations(form: str) -> Iterator[bytes]:
    """The format's sample with the mark in each of its texts in turn."""
    sample = FORMATS[form].SAMPLE
    if form in BY_LINE:
        yield from (text.encode() for text in marked_lines(decode(sample)[0]))
    elif form in BOOKS:
        yield from marked_cells(sample)
    elif form == "anki":
        yield from marked_notes()
    elif not sample.startswith(b"PK"):
        yield from marked_xml(sample, UNSPOKEN[form].elements, behind=True)
    else:
        yield from marked_members(
            sample, DOCUMENTS.get(form, ()), UNSPOKEN[form].elements if form in XML else frozenset()
        )


def marked_lines(source: str) -> Iterator[str]:
    """The text with the mark behind each of its words in turn, but for those in the tags of HTML."""
    for match in re.finditer(r"\w+(?![^<>\n-]*>)", source):
        yield f"{source[: match.end()]} {MARK}{source[match.end() :]}"


def marked_xml(data: bytes, silent: frozenset[str], behind: bool = False) -> Iterator[bytes]:
    """The XML with the mark in each of its texts in turn, but for those that carry no meaning; also behind each of its
    elements, where the format has no text."""
    root = etree.fromstring(data)
    for element in root.iter(etree.Element):
        for part in ("text", "tail"):
            text = getattr(element, part) or ""
            bare = behind and part == "tail" and element is not root
            if (text.strip() or bare) and not (part == "text" and etree.QName(element).localname in silent):
                setattr(element, part, f"{text} {MARK}")
                yield etree.tostring(root, encoding="UTF-8")
                setattr(element, part, text)


def marked_members(data: bytes, names: tuple[str, ...], silent: frozenset[str]) -> Iterator[bytes]:
    """The package with the mark in each text of its XML; of these members, or of all."""
    members = dict(open_archive(data))
    for name, member in members.items():
        for marked in (
            marked_xml(member, silent, behind=not names) if (name in names if names else name.endswith(".xml")) else ()
        ):
            yield zipped({**members, name: marked})


def marked_cells(data: bytes) -> Iterator[bytes]:
    """The workbook with the mark in each of its cells in turn, the blank ones within it too."""
    book = load_workbook(io.BytesIO(data))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert isinstance(cell, Cell)
                value = cell.value
                cell.value = f"{value or ''} {MARK}".strip()
                out = io.BytesIO()
                book.save(out)
                yield out.getvalue()
                cell.value = value


NOTES = (
    files.Card(files.BASIC, ["Capital of Korea?", "Seoul"], guid="a", tags="korea"),
    files.Card(files.CLOZE, ["Hangul was made by {{c1::Sejong::a king}}.", "In 1443."], guid="b", tags="korea"),
    files.Card(files.VOCABULARY, ["1", "사과", "", "apple", "An apple a day.", "fruit", "bought"], guid="c", deck=7),
)


def marked_notes() -> Iterator[bytes]:
    """The package with the mark in each field, tag and deck's name of its notes in turn."""
    collection = files.legacy_collection(NOTES)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "collection")
        path.write_bytes(collection)
        with sqlite3.connect(path) as connection:
            notes = connection.execute("SELECT id, flds, tags FROM notes ORDER BY id").fetchall()
        for id_, fields, tags in notes:
            values = fields.split("\x1f")
            changed = [
                ("\x1f".join([*values[:n], f"{value} {MARK}".strip(), *values[n + 1 :]]), tags)
                for n, value in enumerate(values)
            ]
            for fields_now, tags_now in [*changed, (fields, f"{tags} {MARK} ")]:
                path.write_bytes(collection)
                with sqlite3.connect(path) as connection:
                    connection.execute("UPDATE notes SET flds = ?, tags = ? WHERE id = ?", (fields_now, tags_now, id_))
                connection.close()
                yield files.legacy_package(path.read_bytes())
