"""Documents that can't be read here: told by how they begin, and refused with words on how to save them."""

from __future__ import annotations

from collections.abc import Callable

from quizapp.errors import N_, Problem

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
OPENING = 1024

SAVE_WORD = N_("Open it in Word, save it as “Word document (.docx)”, and upload that.")
SAVE_HANGUL = N_("Open it in Hangul, save it as “HWPX document (.hwpx)” or Word (.docx), and upload that.")


def holds(*names: str) -> Callable[[bytes], bool]:
    """Whether a file of old Office programs has parts of these names."""
    return lambda data: data.startswith(OLE) and any(name.encode("utf-16-le") in data for name in names)


def zipped(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data.startswith(ZIP) and any(mark in data for mark in marks)


def begins(*marks: bytes) -> Callable[[bytes], bool]:
    return lambda data: data[:OPENING].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(marks)


DOCUMENTS: tuple[tuple[Callable[[bytes], bool], str, str], ...] = (
    (
        holds("EncryptedPackage"),
        N_("The document has a password, so that it can't be read."),
        N_("Save it without a password, and upload that."),
    ),
    (
        lambda data: holds("HwpSummaryInformation", "FileHeader")(data) or begins(b"HWP Document File")(data),
        N_("This is a Hangul document of the older kind (.hwp), which can't be read here."),
        SAVE_HANGUL,
    ),
    (begins(b'<?xml version="1.0" encoding="UTF-8" standalone="no" ?><HWPML', b"<HWPML"),
     N_("This is a Hangul document as XML (.hml), which can't be read here."), SAVE_HANGUL),
    (
        holds("WordDocument"),
        N_("This is a Word document of the older kind (.doc), which can't be read here."),
        SAVE_WORD,
    ),
    (
        holds("Workbook", "Book"),
        N_("This is an Excel workbook of the older kind (.xls), which can't be read here."),
        N_("Open it in Excel, save it as “Excel workbook (.xlsx)”, and upload that."),
    ),
    (
        lambda data: holds("PowerPoint Document")(data) or zipped(b"ppt/presentation.xml")(data),
        N_("This is a presentation, which can't be read here."),
        N_("Copy its questions into a text file, and paste or upload that."),
    ),
    (
        begins(b"%PDF-"),
        N_("This is a PDF, which holds pages rather than questions, so it can't be read reliably."),
        N_("Upload the document that it was made of (.docx or .hwpx), or copy its text and paste it."),
    ),
    (begins(b"{\\rtf"), N_("This is a document in RTF, which can't be read here."), SAVE_WORD),
    (
        zipped(b"application/vnd.oasis.opendocument"),
        N_("This is an OpenDocument file (.odt), which can't be read here."),
        N_("Open it in its program, save it as Word (.docx) or text (.txt), and upload that."),
    ),
    (
        zipped(b"Index/Document.iwa", b"Index.zip"),
        N_("This is a document of Pages, which can't be read here."),
        N_("In Pages choose Export to, Word (.docx), and upload that."),
    ),
)  # fmt: skip
"""How each is told, what is said, and how to mend it."""


def refused_document(data: bytes) -> Problem | None:
    """Why a file can't be read, if it is a document of a kind that never can."""
    for is_one, template, mend in DOCUMENTS:
        if is_one(data):
            return Problem(template, code="unreadable", mend=mend)
    return None
