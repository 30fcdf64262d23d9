"""The file formats by name. A new one is a module or a folder of this package and a line here."""

from __future__ import annotations

from quizapp.formats import (
    aiken,
    anki,
    anki_text,
    bundle,
    csv_sheet,
    docx,
    exam_text,
    gift,
    hwpx,
    json_bank,
    kahoot,
    moodle_xml,
    qti12,
    qti21,
    qti30,
    text2qti,
    xlsx_sheet,
    yaml_bank,
)
from quizapp.formats.base import Format, SheetFormat

ALL: tuple[Format, ...] = (
    yaml_bank,
    json_bank,
    gift,
    aiken,
    moodle_xml,
    qti12,
    qti21,
    qti30,
    csv_sheet,
    exam_text,
    docx,
    hwpx,
    xlsx_sheet,
    kahoot,
    text2qti,
    anki,
    anki_text,
    bundle,
)
"""Where several share a suffix, the first of them here is tried first."""

FORMATS: dict[str, Format] = {form.NAME: form for form in ALL}

SHEETS: tuple[SheetFormat, ...] = (csv_sheet, xlsx_sheet)
"""The formats that have a blank file to fill in."""

PAPERS = frozenset({exam_text.NAME, docx.NAME, hwpx.NAME})
"""The formats of a paper: its questions belong together, in their order."""

READ_ONLY = frozenset({kahoot.NAME, docx.NAME, hwpx.NAME, bundle.NAME})
"""Formats that can be read but not written: the writer refuses every item."""
