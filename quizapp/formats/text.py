"""Bytes -> text: which encoding, newlines as `\\n`, Unicode NFC.

Encodings are tried in the order in which a wrong guess is least likely: byte order mark, UTF-16 by its NUL bytes,
UTF-8, CP949 (what
Korean Windows programs write). Everything is strict: a file that fits none is refused rather than half read.
"""

from __future__ import annotations

import codecs
import re
import sys
from collections.abc import Iterator

from quizapp.errors import N_
from quizapp.formats.base import FormatError
from quizapp.kinds.base import nfc

MAX_BYTES = 64 * 1024 * 1024
MAX_MEMORY = 110 * 1024 * 1024
"""Bytes of the decoded text: one rare letter makes Python take four for each."""
MAX_LINES = 1_000_000

MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-16": "UTF-16",
    "cp949": "CP949 / EUC-KR",
    "cp1252": "Windows-1252",
    "iso-8859-15": "ISO-8859-15",
    "shift_jis": "Shift JIS",
    "gb18030": "GB 18030",
}
"""Encodings that people may choose where a file doesn't show its own: Python's name, and the usual name."""

PACKAGES = (b"PK\x03\x04", b"PK\x05\x06", b"SQLite format 3\0")
"""How files begin that aren't text, and say themselves how their texts are written."""

SAMPLE_BYTES = 4096
LETTERS = re.compile("[\t\n\r -~\u3131-\u318e\uac00-\ud7a3]")


def decode(data: bytes) -> tuple[str, str]:
    """The text in NFC with `\\n` newlines, and the name of its encoding.

    Raises FormatError for a file that is too large, isn't text, or is in another encoding; `values["line"]` is the
    line up to which it could be read.
    """
    check_size(data)
    encoding = marked(data) or unmarked(data)
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise FormatError(
            N_("From line %(line)s on, this is not text in UTF-8 or CP949. Save the file as UTF-8."),
            line=line_at(error.object, error.start),
        ) from None
    if "\0" in text:
        raise FormatError(
            N_(
                "Line %(line)s has a null character, so this is not a text file. Choose the format that it was "
                "exported in."
            ),
            line=text.count("\n", 0, text.index("\0")) + 1,
        )
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if sys.getsizeof(text) > MAX_MEMORY or text.count("\n") >= MAX_LINES:
        raise FormatError(
            N_("This text has more than %(lines)s lines, or more letters than fit into %(limit)s MB. Split it."),
            lines=MAX_LINES,
            limit=MAX_MEMORY // 1024 // 1024,
        )
    return nfc(text), encoding


def lines_of(text: str) -> Iterator[str]:
    """The lines, as `split` gives them, one at a time: a list of them takes as much memory as the text once more."""
    start = 0
    while (end := text.find("\n", start)) >= 0:
        yield text[start:end]
        start = end + 1
    yield text[start:]


def recode(data: bytes, encoding: str) -> bytes:
    """The same text in UTF-8 with a byte order mark, which `decode` trusts and which outweighs an XML declaration.

    `encoding` is one of ENCODINGS. A package stays as it is. Raises FormatError, with `values["line"]`, where the bytes
    aren't text in that encoding.
    """
    if data.startswith(PACKAGES):
        return data
    check_size(data)
    try:
        text = data.decode(sided(data) if encoding == "utf-16" else encoding)
    except UnicodeDecodeError as error:
        raise FormatError(
            N_("From line %(line)s on, this is not text in %(encoding)s. Choose another encoding."),
            line=line_at(error.object, error.start),
            encoding=ENCODINGS[encoding],
        ) from None
    return codecs.BOM_UTF8 + text.removeprefix("\ufeff").encode()


def sided(data: bytes) -> str:
    """UTF-16 by its mark, else by its NUL bytes, else as Windows writes it."""
    if marked(data) == "utf-16":
        return "utf-16"
    found = utf16_by_nul(data)
    return found if found != "utf-8" else "utf-16-le"


def check_size(data: bytes) -> None:
    if len(data) > MAX_BYTES:
        raise FormatError(
            N_("The file is larger than %(limit)s MB. Split it into smaller ones."), limit=MAX_BYTES // 1024 // 1024
        )


def marked(data: bytes) -> str | None:
    """The encoding that a byte order mark names."""
    return next((encoding for mark, encoding in MARKS if data.startswith(mark)), None)


def unmarked(data: bytes) -> str:
    """The encoding of a file without a mark. UTF-8 if none fits: its error tells the first wrong line."""
    if b"\0" in data:
        return utf16_by_nul(data)
    for encoding in ("utf-8", "cp949"):
        try:
            data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "utf-8"


def utf16_by_nul(data: bytes) -> str:
    """UTF-16 by which side of the pairs gives more letters; UTF-8 (which then fails) where neither reads as text."""
    start = data[:SAMPLE_BYTES]
    counts = {
        encoding: len(LETTERS.findall(start.decode(encoding, errors="ignore")))
        for encoding in ("utf-16-le", "utf-16-be")
    }
    best = max(counts, key=lambda encoding: counts[encoding])
    return best if counts[best] > len(start) / 4 else "utf-8"


def line_at(data: bytes, position: int) -> int:
    before = data[:position].replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return before.count(b"\n") + 1


def opening(data: bytes, limit: int = 4096) -> str:
    """The first characters of what may be a text, for recognising formats; never fails."""
    start = data[:limit]
    if encoding := marked(start):
        return start.decode(encoding, errors="ignore")
    if b"\0" in start:
        return start.decode(utf16_by_nul(start), errors="ignore")
    try:
        return codecs.getincrementaldecoder("utf-8")().decode(start)
    except UnicodeDecodeError:
        return start.decode("cp949", errors="ignore")


# --- cells of a sheet ---

FORMULA = re.compile(r"'*\s*[=+\-@\t\r＝＋－＠]")
"""The full-width ones too: some programs read them as the others."""
NUMBER = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?")


def guarded(value: str) -> str:
    """A spreadsheet would run what begins like a formula; an apostrophe before it makes it text."""
    return f"'{value}" if FORMULA.match(value) and not NUMBER.fullmatch(value) else value


def unguarded(value: str) -> str:
    return value[1:] if value.startswith("'") and FORMULA.match(value) else value
