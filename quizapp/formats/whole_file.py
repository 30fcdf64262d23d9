"""A file of any format -> its reading: the format is told, the encoding minded, and every problem shows its line.

Whatever the file is, there is an answer; only MemoryError comes out of here.
"""

from __future__ import annotations

import logging
from dataclasses import asdict, dataclass, replace
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats import FORMATS, SHEETS
from quizapp.formats.accounting import unread_texts
from quizapp.formats.base import FormatError, Reading, unreadable
from quizapp.formats.detect import detect
from quizapp.formats.refused import refused_document
from quizapp.formats.text import decode, recode

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ReadingOptions:
    """How a file is to be read: a format of FORMATS, a language, an encoding of ENCODINGS; "" as the file tells.

    `columns`: what somebody said that the columns of a sheet are, by the shape of its headings (see SheetColumns).
    """

    form: str = ""
    language: str = ""
    encoding: str = ""
    columns: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def options_from(written: dict[str, Any]) -> ReadingOptions:
    """The options, from what `to_json` gave."""
    columns = tuple((shape, tuple(meanings)) for shape, meanings in written["columns"])
    return ReadingOptions(**{**written, "columns": columns})


def read_file(data: bytes, name: str, options: ReadingOptions) -> tuple[str, Reading]:
    """The format that the file was read as, "" where none fits, and what it held."""
    if (document := refused_document(data)) is not None:
        return "", Reading(problems=[document])
    if options.encoding:
        try:
            data = recode(data, options.encoding)
        except FormatError as error:
            return options.form, unreadable(error)
    form = options.form or detect(data, name) or ""
    if not data.removeprefix(b"\xef\xbb\xbf").strip():
        return form, refusal(N_("The file is empty."), N_("Choose the file again."))
    if not form:
        return "", unrecognised(data)
    reading = parsed(form, data, options)
    if not reading.found and not reading.errors:
        reading = refusal(
            N_("The file holds no question."), N_("Fill in some questions, or choose another format below.")
        )
    if reading.items and not reading.errors and all(item.kind == "description" for item in reading.items):
        reading.problems.append(NO_ANSWERS)
    reading.problems = quoted(reading, data)
    if options.encoding and reading.encoding:
        reading.encoding = options.encoding
    return form, reading


NO_ANSWERS = Problem(
    N_("Nothing in this file was read as a question with an answer: all of it is text to be shown as it stands."),
    code="only-texts",
    severity="warning",
    mend=N_("If it holds questions, choose another format under “Read it in another way”, or mend the text."),
)


def unrecognised(data: bytes) -> Reading:
    """Why nothing could be made of a file, with what was looked for."""
    try:
        decode(data)
    except FormatError:
        return refusal(
            N_("No format fits this file."), N_("Choose its format below, or export it again in a format of the list.")
        )
    return refusal(
        N_(
            "No questions were recognised in this text. Looked for: numbers, choices and answers of an exam (“1.”, "
            "“①”, “정답: ②”), the braces of GIFT, the “ANSWER:” of Aiken, the marks of a Markdown quiz."
        ),
        N_("Number the questions and write the answer below each, or choose the format below."),
    )


def refusal(template: str, mend: str) -> Reading:
    """A reading of nothing, and why."""
    return Reading(problems=[Problem(template, code="unreadable", mend=mend)])


def parsed(form: str, data: bytes, options: ReadingOptions) -> Reading:
    try:
        sheet = next((one for one in SHEETS if form == one.NAME), None)
        language = options.language or None
        reading = sheet.read(data, language, dict(options.columns)) if sheet else FORMATS[form].read(data, language)
        reading.problems += unread_texts(data, form, reading)
    except MemoryError:
        raise
    except Exception:
        # A reader promises not to raise. If one does, the person gets an answer and the log the defect.
        log.exception("the reader of %s failed", form)
        return broken()
    return reading


def broken() -> Reading:
    return refusal(
        N_("The file can't be read: it is damaged, or it isn't of this format."),
        N_("Choose another format below, or export the file again."),
    )


def too_large() -> Reading:
    return refusal(
        N_("The file is too large: reading it takes more memory or time than a single file may use."),
        N_("Split it into smaller ones."),
    )


def quoted(reading: Reading, data: bytes) -> list[Problem]:
    """The problems, each with the text of its line, where the file is a text."""
    if not reading.encoding or not reading.problems:
        return reading.problems
    lines = decode(data)[0].split("\n")
    return [
        replace(problem, text=lines[problem.line - 1].strip())
        if problem.line and not problem.text and not problem.place and problem.line <= len(lines)
        else problem
        for problem in reading.problems
    ]
