"""The forms of uploads: what is sent, and how to read it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from flask_babel import get_locale
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import MultipleFileField
from wtforms import SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from quizapp.banks.models import Bank
from quizapp.formats import FORMATS
from quizapp.formats.base import SheetColumns
from quizapp.formats.sheets.columns import choosable, column_of, heading_of
from quizapp.formats.text import ENCODINGS
from quizapp.texts.clean import line
from quizapp.uploads.content import ReadingOptions
from quizapp.uploads.reading import MAX_MENDED, bytes_of
from quizapp.web.i18n import _l, in_language

MAX_FILES = 20


def format_choices() -> list[tuple[str, str]]:
    known = sorted(((name, _(form.LABEL)) for name, form in FORMATS.items()), key=lambda choice: choice[1])
    return [("", _("As the file says")), *known]


def language_choices() -> list[tuple[str, str]]:
    return [("", _("As the file says")), ("ko", _("Korean")), ("en", _("English"))]


def encoding_choices() -> list[tuple[str, str]]:
    return [("", _("As the file says")), *ENCODINGS.items()]


def meanings(table: SheetColumns) -> list[tuple[str, str]]:
    """What a column of the table can be said to be, in the page's language."""
    language = "ko" if str(get_locale()) == "ko" else "en"
    offered = choosable(table.meanings, max(8, len(table.headings)))
    return [("", _("Left out")), *((heading_of(one, "en"), heading_of(one, language)) for one in offered)]


def columns_in(sent: Mapping[str, str], tables: Sequence[SheetColumns]) -> dict[str, list[str]]:
    """What was sent of the tables' columns, by shape; a column of which nothing was sent stays as it was."""
    return {
        table.shape: [
            meaning if (meaning := sent.get(f"{table.shape}-{place}", before)) == "" or column_of(meaning) else ""
            for place, before in enumerate(table.meanings)
        ]
        for table in tables
    }


class OptionsForm(FlaskForm):
    """In which format, language and encoding a file is to be read."""

    form = SelectField(_l("Format"), default="")
    language = SelectField(_l("Language of the questions"), default="")
    encoding = SelectField(_l("Encoding of the letters"), default="")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.form.choices = format_choices()
        self.language.choices = language_choices()
        self.encoding.choices = encoding_choices()

    @property
    def options(self) -> ReadingOptions:
        return ReadingOptions(self.form.data, self.language.data, self.encoding.data)


class MendForm(FlaskForm):
    """The text of an upload, to be mended on its page."""

    text = TextAreaField(_l("The text"), render_kw={"rows": 20, "spellcheck": "false"})

    def validate_text(self, text: TextAreaField) -> None:
        if len(bytes_of(text.data or "")) > MAX_MENDED:
            raise ValidationError(
                _(
                    "The text is larger than %(limit)s MB. Correct it in a file, and upload that.",
                    limit=MAX_MENDED >> 20,
                )
            )


class UploadForm(OptionsForm):
    """Files or a pasted text, and the bank that they are to go into."""

    files = MultipleFileField(_l("Files"))
    pasted = TextAreaField(_l("Or paste the questions"), render_kw={"rows": 6, "spellcheck": "false"})
    bank = SelectField(_l("Into the bank"), default="")
    name = StringField(_l("Name of the new bank"), filters=[line], validators=[Length(max=80)])

    def __init__(self, banks: Sequence[Bank], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.bank.choices = [("", _("A new bank")), *((bank.slug, in_language(bank.title)) for bank in banks)]

    def contents(self) -> list[tuple[str, bytes]]:
        """Name and bytes of everything sent."""
        found = [(file.filename or "", file.read()) for file in self.files.data or [] if file]
        pasted = (self.pasted.data or "").strip()
        return [*found, ("", pasted.encode())] if pasted else found

    def validate_files(self, files: MultipleFileField) -> None:
        """Something must be there, and none of it empty. An empty file's name tells which one to look at."""
        sent = [file for file in files.data or [] if file]
        if not sent and not (self.pasted.data or "").strip():
            raise ValidationError(_("Choose a file, or paste the questions below."))
        if len(sent) > MAX_FILES:
            raise ValidationError(_("Choose at most %(limit)s files at once.", limit=MAX_FILES))
        for file in sent:
            empty = not file.stream.read(1)
            file.stream.seek(0)
            if empty:
                raise ValidationError(
                    _("“%(name)s” is empty. Choose the file that holds the questions.", name=file.filename)
                )
