"""The style sheets that every page has, sent as one, as seven replies have seven heads and pack worse; and the scripts.

What is in them for who reads them isn't sent.
"""

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
VERSION, NAME = re.compile("[0-9a-f]{10}"), re.compile("[a-z]{1,40}")
COMMENT = re.compile(r"/\*(?:(?!\*/|/\*|Copyright).)*\*/\n*", re.S)
"""Ours are for who reads the sheets; a licence goes with what it covers."""
SPACE = re.compile(r"(?<=[{};,:])\s+")
"""Lines and indentation are for who reads the sheets, too. No text that a sheet shows has such a space in it."""

REMARK = re.compile(r"^[ \t]*//.*\n|^[ \t]+", re.M)
"""The same of a script: no text in one goes over several lines, which a test says."""
FOR_EVER = "public, max-age=31536000, immutable"


@room.get("/styles/<version>.css")
@public
def sheet(version: str) -> Response:
    """All of them, whichever version is named: a page from before an update still gets styles."""
    if not VERSION.fullmatch(version):
        raise NotFound
    return sent(joined(), "text/css", FOR_EVER if version == sheets_version() else "no-cache")


@room.get("/static/<name>.js")
@public
def script(name: str) -> Response:
    """A script, whose version is in the query of its address."""
    if not NAME.fullmatch(name) or not (current_app.config["PACKAGE"] / "static" / f"{name}.js").is_file():
        raise NotFound
    return sent(bare(name), "text/javascript", FOR_EVER)


def sent(content: bytes, mimetype: str, cache: str) -> Response:
    takes_packed = "br" in request.accept_encodings
    reply = Response(packed(content) if takes_packed else content, mimetype=mimetype)
    if takes_packed:
        reply.headers["Content-Encoding"] = "br"
    reply.headers["Cache-Control"] = cache
    reply.vary.add("Accept-Encoding")
    return reply


@lru_cache
def bare(name: str) -> bytes:
    return REMARK.sub("", (current_app.config["PACKAGE"] / "static" / f"{name}.js").read_text()).encode()


@lru_cache
def joined() -> bytes:
    folder = current_app.config["PACKAGE"] / "static"
    *shown, printed = ((folder / f"{name}.css").read_text() for name in (*SHEETS, PRINTED))
    return SPACE.sub("", COMMENT.sub("", "\n".join([*shown, "@media print {", printed, "}"]))).encode()


@lru_cache
def packed(content: bytes) -> bytes:
    return brotli.compress(content, mode=brotli.MODE_TEXT)


@lru_cache
def sheets_version() -> str:
    return hashlib.sha256(joined()).hexdigest()[:10]
