"""Pages of uploads: the form, the preview of what a file would change, the import, and its undoing."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, send_file, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.banks import queries as bank_queries
from quizapp.banks.media import media_reply
from quizapp.banks.presentation import shown
from quizapp.clock import now
from quizapp.errors import Conflict, NotFound
from quizapp.formats import FORMATS
from quizapp.formats.items import Media
from quizapp.permissions import needs, wants_json
from quizapp.texts.clean import is_whole, whole
from quizapp.uploads import actions as imports
from quizapp.uploads import previews, queries, undoing
from quizapp.uploads.forms import ReadingForm, UploadForm
from quizapp.uploads.models import Upload
from quizapp.uploads.stream import listens, told
from quizapp.web.bodies import MAX_UPLOAD, take_larger_body
from quizapp.web.i18n import translated
from quizapp.web.pages import csrf, page_number

room = Blueprint("uploads", __name__, url_prefix="/banks")


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
    banks = bank_queries.editable(me.id)
    return render_template(
        "uploads/form.html", form=UploadForm(banks, bank=request.args.get("bank", "")), limit=MAX_UPLOAD
    )


@room.post("/upload")
@csrf.exempt  # only until the limit is raised: `protect` below reads the body, and checks the token all the same
@needs("banks")
def upload() -> Any:
    """Keep what was sent, and go on to the preview of the first file."""
    take_larger_body()
    banks = bank_queries.editable(me.id)
    form = UploadForm(banks)
    if not form.validate_on_submit():
        return refused(form), 422
    bank = next((one for one in banks if one.slug == form.bank.data), None)
    kept = imports.keep(me, form.contents(), bank, form.name.data or "", form.way, now())
    here = preview_address(kept[0].public_id)
    return jsonify(location=here) if wants_json() else redirect(here, 303)


def refused(form: UploadForm) -> Any:
    """What is wrong with a form: for our script in one sentence, for a person beside the fields."""
    if wants_json():
        return jsonify(message=" ".join(str(error) for errors in form.errors.values() for error in errors))
    return render_template("uploads/form.html", form=form, limit=MAX_UPLOAD)


def preview_address(upload_id: str, page: int = 1, show: str = "") -> str:
    return url_for("uploads.preview", upload_id=upload_id, page=page if page > 1 else None, show=show or None)


@room.get("/uploads/<upload_id>")
@needs("banks")
def preview(upload_id: str) -> Any:
    """What the import would do; once imported, what it did."""
    found = queries.upload(upload_id, me.id)
    return done_page(found) if found.applied_at else preview_page(found, page_number(), shown_only(request.args))


def shown_only(sent: Mapping[str, str]) -> str:
    """What the preview is to be narrowed to; "" for everything."""
    show = sent.get("show", "")
    return show if show in previews.SHOWN else ""


def done_page(found: Upload) -> str:
    return render_template(
        "uploads/done.html", upload=found, counts=found.outcome["counts"], waiting=queries.waiting(me.id)
    )


def preview_page(found: Upload, page: int, show: str, problem: str = "") -> str:
    seen = previews.preview(found, page, show)
    address = partial(media_address, found.public_id)
    return render_template(
        "uploads/preview.html",
        upload=found,
        preview=seen,
        shown={
            row.candidate.place: shown(row.candidate.item, f"{found.public_id}:{row.candidate.place}",
                                       f"-{row.candidate.place}", address)
            for row in seen.rows
        },
        form=ReadingForm(form=found.format, language=found.language, encoding=found.encoding),
        label=FORMATS[seen.content.form].LABEL if seen.content.form else "",
        show=show,
        address=partial(preview_address, found.public_id),
        problem=problem,
    )  # fmt: skip


def media_address(upload_id: str, media: Media) -> str:
    return url_for("uploads.media", upload_id=upload_id, media_hash=media.hash)


@room.get("/uploads/<upload_id>/media/<media_hash>")
@needs("banks")
def media(upload_id: str, media_hash: str) -> Any:
    """A file that a question of the upload shows; it isn't stored anywhere else yet."""
    content = previews.read(queries.upload(upload_id, me.id))
    for candidate in content.candidates:
        for one in candidate.item.media:
            if one.hash == media_hash:
                return media_reply(one.data, "private, max-age=3600")
    raise NotFound


@room.post("/uploads/<upload_id>/reading")
@needs("banks")
def reading(upload_id: str) -> Any:
    """Read the file in another format, language or encoding."""
    found = queries.upload(upload_id, me.id)
    form = ReadingForm()
    if form.validate_on_submit():
        imports.read_as(found, form.way)
    return redirect(preview_address(upload_id), 303)


@room.post("/uploads/<upload_id>/import")
@needs("banks")
def apply(upload_id: str) -> Any:
    """Store the ticks of the page, then do what the button says: another page, all, none, drop, or import."""
    found = queries.upload(upload_id, me.id)
    do, page, show = request.form.get("do", ""), page_number(), shown_only(request.form)
    try:
        if do == "drop":
            imports.drop(found)
            flash(_("The upload was dropped. The bank is as it was."), "info")
            return redirect(url_for("banks.index"), 303)
        imports.take(found, places("here"), places("take"))
        if do in ("all", "none"):
            imports.take_all(found, do == "all", show)
        if do == "import" and listens():
            return told(found, me.id, readable_only(), preview_address(upload_id))
        if do == "import":
            imports.apply(found, me, readable_only(), now())
            return redirect(preview_address(upload_id), 303)
    except (imports.Unreadable, imports.Nothing, imports.Barred) as error:
        return preview_page(found, page, show, translated(error)), error.status
    except Conflict as error:
        if listens():
            raise
        flash(translated(error), "warning")
        return redirect(preview_address(upload_id), 303)
    return redirect(preview_address(upload_id, target_page(do, page), show), 303)


def readable_only() -> bool:
    return request.form.get("readable_only") == "1"


def places(name: str) -> set[int]:
    """The numbers that were sent under a name, one by one or with commas between them."""
    return {int(place) for sent in request.form.getlist(name) for place in sent.split(",") if is_whole(place)}


def target_page(do: str, page: int) -> int:
    """The page that a button leads to; the present one, where it leads nowhere."""
    return whole(do.removeprefix("go-"), page)


@room.post("/uploads/<upload_id>/undo")
@needs("banks")
def undo(upload_id: str) -> Any:
    found = queries.upload(upload_id, me.id)
    try:
        undoing.undo(found, me, now())
        flash(_("The import is undone: what it added is archived, what it changed is as it was before."), "success")
    except Conflict as error:
        flash(translated(error), "warning")
    return redirect(url_for("uploads.preview", upload_id=upload_id), 303)


@room.get("/template/<name>/<language>")
@needs("banks")
def template(name: str, language: str) -> Any:
    """A blank sheet with a guide, to fill in and upload."""
    form = FORMATS.get(name)
    write = getattr(form, "template", None)
    if form is None or write is None or language not in ("ko", "en"):
        raise NotFound
    return send_file(io.BytesIO(write(language)), form.MIME, as_attachment=True,
                     download_name=f"quizapp-{language}{form.SUFFIXES[0]}")  # fmt: skip
