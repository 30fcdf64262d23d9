"""What is sent: bounded before it is parsed, and its texts cleaned as they are.

Uploads, and questions with their files, may be larger than other forms.
"""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import IO, Any

import flask
from flask import request
from werkzeug.datastructures import FileStorage, ImmutableMultiDict, MultiDict
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from quizapp.errors import N_, QuizError
from quizapp.texts.clean import clean, line
from quizapp.web.pages import csrf

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 50 * MEGABYTE
MAX_PASTED = 10 * MEGABYTE
MAX_DRAINED = 4 * MAX_UPLOAD
MAX_FIELDS = 2_000
MAX_FIELDS_LARGE = 20_000
"""Of the editor's form, which has some ten for each choice."""
URLENCODED = "application/x-www-form-urlencoded"


class TooLarge(QuizError):
    """The body is larger than an upload may be."""

    status = 413
    template = N_("This is more than %(limit)s MB. Split the file, or leave out large media, and upload the parts.")


class TooManyFields(QuizError):
    status = 413
    template = N_("This form has more than %(limit)s fields. Send less at once.")


class Texts(ImmutableMultiDict[str, Any]):
    """The fields or the files of a form, or the words of an address, cleaned."""

    def __init__(self, mapping: Any = None) -> None:
        pairs: Iterable[tuple[str, Any]] = mapping or ()
        if isinstance(mapping, MultiDict):
            pairs = mapping.items(multi=True)
        super().__init__([(clean(name), cleaned(value)) for name, value in pairs])


def cleaned(value: Any) -> Any:
    """A text, or a file with its name."""
    if isinstance(value, FileStorage):
        value.filename = line(value.filename)
        return value
    return clean(value)


class BoundedParser(FormDataParser):
    """Counts the fields, and looks at the size, of a form that Werkzeug would take whole."""

    def parse(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str] | None = None
    ) -> Any:
        if mimetype == URLENCODED:
            stream = io.BytesIO(self.bounded(stream))
        return super().parse(stream, mimetype, content_length, options)

    def bounded(self, stream: IO[bytes]) -> bytes:
        most = self.max_form_memory_size or MAX_PASTED
        data = stream.read(most + 1)
        if len(data) > most:
            raise RequestEntityTooLarge
        if data.count(b"&") >= (self.max_form_parts or MAX_FIELDS):
            raise TooManyFields(limit=self.max_form_parts)
        return data


class Request(flask.Request):
    form_data_parser_class = BoundedParser
    parameter_storage_class = Texts


def take_larger_body() -> None:
    """Raise the limits for this request, then do what is done before any other: read the form, check its token."""
    request.max_content_length = MAX_UPLOAD
    request.max_form_memory_size = MAX_PASTED
    request.max_form_parts = MAX_FIELDS_LARGE
    try:
        csrf.protect()
    except RequestEntityTooLarge:
        drain()
        large = (request.content_length or MAX_UPLOAD) > MAX_PASTED
        raise (TooLarge(limit=MAX_UPLOAD // MEGABYTE) if large else TooManyFields(limit=MAX_FIELDS_LARGE)) from None


def drain() -> None:
    """Read on, within reason: a browser that is still sending would show a broken connection instead of the page."""
    left = min(request.content_length or 0, MAX_DRAINED)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, MEGABYTE))):
        left -= len(chunk)
