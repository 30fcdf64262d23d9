"""Anki's text files: the header lines, such as `#separator:tab`, and the rows below them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from quizapp.errors import N_
from quizapp.formats.base import FormatError

SEPARATORS = {"tab": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "colon": ":", "space": " "}
GUESSED = ("\t", ";", ",", "|")
"""Separators that a file without a header may have, the likeliest first."""
GUESS_BY = 8192
MAX_COLUMNS = 200
COLUMNS = ("guid", "notetype", "deck", "tags")
HTML = re.compile(r"</?[a-z][a-z0-9]*\b[^<>]*>|&(?:[a-z]+|#[0-9]+);", re.IGNORECASE)


@dataclass
class NoteHeader:
    """What the first lines say. `columns` are the indexes, from 0, of the columns that aren't fields of the note."""

    separator: str = ""
    html: bool | None = None
    columns: dict[str, int] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    deck: str = ""
    notetype: str = ""
    end: int = 0


@dataclass(frozen=True)
class NoteRow:
    """One row. `closed` is False if a quotation mark opens in it and never closes; it is then the last."""

    line: int
    values: list[str]
    closed: bool = True


def read_header(text: str) -> NoteHeader:
    """The header; `end` is where the rows begin."""
    header = NoteHeader()
    while header.end < len(text):
        end = text.find("\n", header.end) + 1 or len(text)
        line = text[header.end : end].rstrip("\n")
        if header.end == 0 and line.startswith("tags:"):
            line = f"#{line}"
        if not line.startswith("#"):
            break
        key, _, value = line[1:].partition(":")
        read_setting(header, key.strip().lower(), value)
        header.end = end
    header.separator = header.separator or guessed_separator(text[header.end : header.end + GUESS_BY])
    if header.html is None:
        header.html = HTML.search(text, header.end) is not None
    return header


def read_setting(header: NoteHeader, key: str, value: str) -> None:
    """One line of the header; what Anki doesn't know is a comment."""
    plain = value.strip()
    name, _, column = key.partition(" ")
    if key == "separator":
        header.separator = SEPARATORS.get(plain.lower(), value if value in SEPARATORS.values() else header.separator)
    elif key == "html" and plain.lower() in ("true", "false"):
        header.html = plain.lower() == "true"
    elif key == "tags":
        header.tags = plain.split()
    elif key in ("deck", "notetype"):
        setattr(header, key, plain)
    elif name in COLUMNS and column == "column" and plain.isascii() and plain.isdigit() and 0 < len(plain) < 5:
        header.columns[name] = int(plain) - 1


def guessed_separator(start: str) -> str:
    return next((separator for separator in GUESSED if separator in start), GUESSED[0])


def note_rows(text: str, header: NoteHeader) -> Iterator[NoteRow]:
    """The rows in order, without blank lines and comments."""
    other = f"[^{re.escape(header.separator)}\\n]*+"
    field_of = re.compile(rf'(?:"([^"]*+(?:""[^"]*+)*+)"({other})|({other}))')
    place, line = header.end, text.count("\n", 0, header.end) + 1
    while place < len(text):
        if text[place] in "#\n":
            place, line = text.find("\n", place) + 1 or len(text), line + 1
            continue
        start, begun, values = line, place, []
        while True:
            found = field_of.match(text, place)
            if found is None or (found[1] is None and found[0].startswith('"')):
                yield NoteRow(start, [*values, text[place : text.find("\n", place) + 1 or None].rstrip()], closed=False)
                return
            values.append(found[3] if found[1] is None else found[1].replace('""', '"') + found[2])
            if len(values) > MAX_COLUMNS:
                raise FormatError(
                    N_("Line %(line)s has more than %(limit)s columns. Check the separator and the quotation marks."),
                    line=start,
                    limit=MAX_COLUMNS,
                )
            place = found.end() + 1
            if text[found.end() : place] != header.separator:
                break
        line += text.count("\n", begun, place)
        yield NoteRow(start, values)


def written_row(values: list[str]) -> str:
    """A row with every field in quotation marks, so that nothing in it can be taken for something else."""
    return "\t".join('"' + value.replace('"', '""') + '"' for value in values)
