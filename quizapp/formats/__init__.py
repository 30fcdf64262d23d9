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
    text2qti,
    xlsx_sheet,
    yaml_bank,
)
from quizapp.formats.base import Format

FORMATS: dict[str, Format] = {
    form.NAME: form
    for form in (
        yaml_bank,
        json_bank,
        gift,
        aiken,
        moodle_xml,
        qti12,
        csv_sheet,
        xlsx_sheet,
        kahoot,
        text2qti,
        anki,
        anki_text,
    )
}
