"""Bodies that may be larger than those of other forms: uploads, and questions with their files."""

from __future__ import annotations

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from quizapp.errors import N_, QuizError
from quizapp.web.pages import csrf

MEGABYTE = 1024 * 1024
MAX_UPLOAD = 50 * MEGABYTE
MAX_PASTED = 10 * MEGABYTE
MAX_DRAINED = 4 * MAX_UPLOAD


class TooLarge(QuizError):
    """The body is larger than an upload may be."""

    status = 413
    template = N_("This is more than %(limit)s MB. Split the file, or leave out large media, and upload the parts.")


def take_larger_body() -> None:
    """Raise the limits for this request, then do what is done before any other: read the form, check its token."""
    request.max_content_length = MAX_UPLOAD
    request.max_form_memory_size = MAX_PASTED
    try:
        csrf.protect()
    except RequestEntityTooLarge:
        drain()
        raise TooLarge(limit=MAX_UPLOAD // MEGABYTE) from None


def drain() -> None:
    """Read on, within reason: a browser that is still sending would show a broken connection instead of the page."""
    left = min(request.content_length or 0, MAX_DRAINED)
    while left > 0 and (chunk := request.environ["wsgi.input"].read(min(left, MEGABYTE))):
        left -= len(chunk)
