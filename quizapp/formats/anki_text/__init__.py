"""Anki's notes in plain text: one note a row, with header lines that say what the columns are.

Reading takes rows of any note type, as `anki.note_reader` says; without templates the first field of a row is the
question and the second the answer. Writing makes rows for our own note type, with the whole item in one field: Anki
knows the note type once any package of ours has been imported. The media are in the item, because a text file can't
carry any.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from quizapp.errors import N_, Problem
from quizapp.formats.anki import note_writer
from quizapp.formats.anki.note import Note, NoteType
from quizapp.formats.anki.note_reader import NoteReader, language_of_notes
from quizapp.formats.anki_text.rows import NoteHeader, NoteRow, note_rows, read_header, written_row
from quizapp.formats.base import FormatError, Reading, Told, refuse_uncarried, unreadable
from quizapp.formats.collector import MAX_QUESTIONS
from quizapp.formats.items import Item
from quizapp.formats.text import decode, opening

NAME = "anki-text"
LABEL = N_("Anki notes in plain text")
SUFFIXES = (".txt", ".tsv", ".csv")
MIME = "text/tab-separated-values"

HEADS = ("#separator:", "#html:", "#guid column:", "#notetype", "#deck", "#tags", "#columns:")
SEEN_ROWS = 5


def sniff(data: bytes) -> float:
    start = opening(data)
    if start.lower().startswith(HEADS):
        return 0.95
    lines = [line for line in start.split("\n")[:SEEN_ROWS] if line.strip()]
    return 0.3 if lines and all("\t" in line for line in lines) else 0.0


def read(data: bytes, language: str | None = None) -> Reading:
    try:
        text, encoding = decode(data)
    except FormatError as error:
        return unreadable(error)
    header = read_header(text)
    try:
        first = islice(note_rows(text, header), MAX_QUESTIONS + 1)
        found = [(row.line, note_of(row, header), None if row.closed else unclosed(row)) for row in first]
    except FormatError as error:
        return unreadable(error)
    reader = NoteReader(NAME, language or language_of_notes(note for _, note, _ in found), lambda name: None)
    found.reverse()
    while found:  # each row is let go once it is read
        line, note, problem = found.pop()
        if reader.collector.is_full:
            reader.collector.refuse_many(line)
        elif problem is None:
            reader.take(note, line=line)
        else:
            reader.collector.fail([problem])
    reading = reader.collector.reading
    reading.encoding = encoding
    if not reading.found:
        reading.problems.append(Problem(N_("There are no notes in this file."), code="no-questions"))
    return reading


def note_of(row: NoteRow, header: NoteHeader) -> Note:
    columns = {name: row.values[at].strip() if at < len(row.values) else "" for name, at in header.columns.items()}
    special = set(header.columns.values())
    return Note(
        guid=columns.get("guid", ""),
        values=[value for at, value in enumerate(row.values) if at not in special],
        notetype=NoteType(columns.get("notetype") or header.notetype),
        tags=[*header.tags, *columns.get("tags", "").split()],
        deck=columns.get("deck") or header.deck,
        html=bool(header.html),
    )


def unclosed(row: NoteRow) -> Problem:
    return Problem(
        N_("A quotation mark opens in this row and never closes; the rest of the file can't be read."),
        code="quote",
        line=row.line,
        text=row.values[-1][:200],
        mend=N_("Close it, or write it twice if it belongs to the text."),
    )


def carries(item: Item) -> list[Problem]:
    """A row holds a whole item."""
    return []


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    head = ["separator:tab", "html:true", "guid column:1", "notetype column:2", "deck column:3"]
    lines = [f"#{line}" for line in [*head, f"tags column:{len(note_writer.NOTE_FIELDS) + 4}"]]
    lines += [written_row(row_of(item)) for item in items]
    return "".join(f"{line}\n" for line in lines).encode()


def row_of(item: Item) -> list[str]:
    fields = note_writer.note_fields(item, with_media=True)
    return [
        note_writer.guid(item),
        note_writer.NOTETYPE,
        note_writer.deck(item),
        *fields,
        " ".join(note_writer.tags(item)),
    ]


SAMPLE_NOTES = """\
#separator:tab
#html:true
#guid column:1
#notetype column:2
#deck column:3
#tags column:8
k1\tBasic\t지리::수도\tWhat is the capital of <b>Korea</b>?\tSeoul\t\t\tkorea asia
k2\tBasic\t지리::수도\tWhy is Seoul there?\t<div>The river.</div><div>The hills.</div>\t\t\tkorea
k3\tCloze\t역사\t한글은 {{c1::세종}}이 {{c2::1443::언제?}}년에 만들었다.\t"훈민정음 ""해례본"" 참고"\t\t\t
"""
SAMPLE_ITEM = Item(
    id="k4",
    kind="choice",
    stem={"ko": "대한민국의 수도는?", "en": "What is the capital of Korea?"},
    response={
        "choices": [
            {"id": "a", "text": {"ko": "서울", "en": "Seoul"}, "fraction": 1},
            {"id": "b", "text": {"ko": "부산", "en": "Busan"}, "fraction": 0},
        ]
    },
    category=["지리"],
)
SAMPLE = f"{SAMPLE_NOTES}{written_row(row_of(SAMPLE_ITEM))}\n".encode()
"""As Anki exports notes of several types, one of them ours."""
