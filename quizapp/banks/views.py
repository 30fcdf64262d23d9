"""Pages of banks: one's own banks, and the files that questions show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, render_template

from quizapp.accounts.views import me
from quizapp.banks import queries
from quizapp.banks.models import MediaFile
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.permissions import needs, public

room = Blueprint("banks", __name__)

SHOWN_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp", "audio/mpeg", "audio/ogg", "video/mp4")
"""Types that a browser may show; anything else (SVG too: it can hold scripts) is only downloaded."""


@room.get("/media/<media_hash>")
@public
def media(media_hash: str) -> Any:
    """A file by the hash of its content; the address can't be guessed without the file."""
    found = db.session.get(MediaFile, media_hash)
    if found is None:
        raise NotFound
    shown = found.type in SHOWN_TYPES
    return Response(
        found.data,
        mimetype=found.type if shown else "application/octet-stream",
        headers={
            "Cache-Control": "public, max-age=31536000, immutable",
            "Content-Disposition": "inline" if shown else "attachment",
        },
    )


@room.get("/banks")
@needs("banks")
def index() -> str:
    return render_template("banks/index.html", banks=queries.of_owner(me.id), sizes=queries.sizes())
