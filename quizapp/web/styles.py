"""The style sheets that every page has, sent as one: seven replies have seven heads, and pack worse."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache

import brotli
from flask import Blueprint, Response, current_app, request

from quizapp.errors import NotFound
from quizapp.permissions import public

room = Blueprint("styles", __name__)

SHEETS = ("bootstrap", "theme", "parts", "texts", "pages", "quiz")
PRINTED = "print"
VERSION = re.compile("[0-9a-f]{10}")
COMMENT = re.compile(r"/\*(?:(?!\*/|/\*|Copyright).)*\*/\n*", re.S)
"""Ours are for who reads the sheets; a licence goes with what it covers."""
SPACE = re.compile(r"(?<=[{};,:])\s+")
"""Lines and indentation are for who reads the sheets, too. No text that a sheet shows has such a space in it."""


@room.get("/styles/<version>.css")
@public
def sheet(version: str) -> Response:
    """All of them, whichever version is named: a page from before an update still gets styles."""
    if not VERSION.fullmatch(version):
        raise NotFound
    packed = "br" in request.accept_encodings
    reply = Response(packed_sheets() if packed else joined(), mimetype="text/css")
    if packed:
        reply.headers["Content-Encoding"] = "br"
    kept = version == sheets_version()
    reply.headers["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-cache"
    return reply


@lru_cache
def joined() -> bytes:
    folder = current_app.config["PACKAGE"] / "static"
    *shown, printed = ((folder / f"{name}.css").read_text() for name in (*SHEETS, PRINTED))
    return SPACE.sub("", COMMENT.sub("", "\n".join([*shown, "@media print {", printed, "}"]))).encode()


@lru_cache
def packed_sheets() -> bytes:
    return brotli.compress(joined(), mode=brotli.MODE_TEXT)


@lru_cache
def sheets_version() -> str:
    return hashlib.sha256(joined()).hexdigest()[:10]
