"""The file formats, by name. A new one is a module of this package and a line here."""

from __future__ import annotations

from quizapp.formats import (
    aiken,
    anki,
    anki_text,
    csv_sheet,
    gift,
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
    xlsx_sheet,
    kahoot,
    text2qti,
    anki,
    anki_text,
)
"""In the order in which a suffix that several share is tried."""

FORMATS: dict[str, Format] = {form.NAME: form for form in ALL}

SHEETS: tuple[SheetFormat, ...] = (csv_sheet, xlsx_sheet)
"""Those that hand out a blank file to fill in."""

READ_ONLY = frozenset({kahoot.NAME})
"""What comes in but doesn't go out: the writer refuses every item."""
