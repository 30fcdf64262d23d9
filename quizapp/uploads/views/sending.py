"""Where files are sent: the form, the sheets to fill in, and the panels that stand on the page of banks."""

from __future__ import annotations

import io
from typing import Any

from flask import jsonify, redirect, render_template, request
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.banks import queries as bank_queries
from quizapp.clock import now
from quizapp.errors import NotFound
from quizapp.formats import FORMATS
from quizapp.permissions import needs, wants_json
from quizapp.uploads import actions as imports
from quizapp.uploads import queries
from quizapp.uploads.forms import UploadForm
from quizapp.uploads.views.room import preview_address, room
from quizapp.web.bodies import MAX_UPLOAD, take_larger_body
from quizapp.web.pages import csrf, taken_away


def waiting_uploads() -> Markup:
    """A panel of the page of banks: files that were sent, and wait for a decision."""
    waiting = queries.waiting(me.id)
    return Markup(render_template("uploads/_waiting_panel.html", waiting=waiting) if waiting else "")  # noqa: S704 -- a template


def blank_sheets() -> Markup:
    """A panel of the page of banks: sheets to fill in."""
    sheets = [form for form in FORMATS.values() if hasattr(form, "template")]
    return Markup(render_template("uploads/_sheets_panel.html", sheets=sheets))  # noqa: S704 -- a template


@room.get("/upload")
@needs("banks")
def form() -> str:
    banks = bank_queries.editable_banks(me.id)
    return render_template(
        "uploads/form.html", form=UploadForm(banks, bank=request.args.get("bank", "")), limit=MAX_UPLOAD
    )


@room.post("/upload")
@csrf.exempt  # only until the limit is raised: `protect` below reads the body, and checks the token all the same
@needs("banks")
def upload() -> Any:
    """Keep what was sent, and go on to the preview of the first file."""
    take_larger_body()
    banks = bank_queries.editable_banks(me.id)
    form = UploadForm(banks)
    if not form.validate_on_submit():
        return refused(form), 422
    bank = next((one for one in banks if one.slug == form.bank.data), None)
    kept = imports.keep(me, form.contents(), bank, form.name.data or "", form.options, now())
    here = preview_address(kept[0].public_id)
    return jsonify(location=here) if wants_json() else redirect(here, 303)


def refused(form: UploadForm) -> Any:
    """What is wrong with a form: for our script in one sentence, for a person beside the fields."""
    if wants_json():
        return jsonify(message=" ".join(str(error) for errors in form.errors.values() for error in errors))
    return render_template("uploads/form.html", form=form, limit=MAX_UPLOAD)


@room.get("/template/<name>/<language>")
@needs("banks")
def template(name: str, language: str) -> Any:
    """A blank sheet with a guide, to fill in and upload."""
    form = FORMATS.get(name)
    write = getattr(form, "template", None)
    if form is None or write is None or language not in ("ko", "en"):
        raise NotFound
    return taken_away(io.BytesIO(write(language)), form.MIME, f"quizapp-{language}{form.SUFFIXES[0]}")
