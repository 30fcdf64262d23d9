"""The preview of what a file would change, what is decided there, the import, and its undoing."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.banks.presentation import solved
from quizapp.banks.views import media_reply
from quizapp.clock import now
from quizapp.errors import N_, Conflict, NotFound
from quizapp.formats import FORMATS
from quizapp.formats.items import Media
from quizapp.permissions import needs
from quizapp.texts.clean import is_whole, whole
from quizapp.uploads import actions as imports
from quizapp.uploads import queries
from quizapp.uploads.forms import MendForm, OptionsForm, columns_in, meanings
from quizapp.uploads.models import Upload
from quizapp.uploads.preview import NARROWINGS
from quizapp.uploads.preview import preview as preview_of
from quizapp.uploads.reading import NotReadYet, bytes_of, content_of, options_token, text_of
from quizapp.uploads.views.live_import import listens, live_import
from quizapp.uploads.views.room import preview_address, room
from quizapp.web.bodies import take_larger_body
from quizapp.web.i18n import translated
from quizapp.web.pages import csrf, page_number

LOOK_AGAIN = 2
"""Seconds after which a browser asks for the page of a file that is being read, with or without scripts."""


@room.get("/uploads/<upload_id>")
@needs("banks")
def preview(upload_id: str) -> Any:
    """What the import would do; once imported, what it did."""
    found = queries.upload(upload_id, me.id)
    if found.applied_at:
        return done_page(found)
    try:
        return preview_page(found, page_number(), narrowing_in(request.args))
    except NotReadYet:
        return render_template("uploads/reading.html", upload=found), 200, {"Refresh": str(LOOK_AGAIN)}


def narrowing_in(sent: Mapping[str, str]) -> str:
    """What the preview is to be narrowed to; "" for everything."""
    narrowing = sent.get("show", "")
    return narrowing if narrowing in NARROWINGS else ""


def done_page(found: Upload) -> str:
    following = queries.sent_with(found)
    return render_template("uploads/done.html", upload=found, counts=found.outcome["counts"], following=following)


def preview_page(found: Upload, page: int, narrowing: str, problem: str = "", mended: MendForm | None = None) -> str:
    seen = preview_of(found, page, narrowing)
    address = partial(media_address, found.public_id)
    return render_template(
        "uploads/preview.html",
        upload=found,
        preview=seen,
        shown={
            row.place: solved(row.item, f"{found.public_id}:{row.place}", f"-{row.place}", address)
            for row in seen.rows
        },
        token=options_token(found),
        mend=mended or mend_form(found, seen.number, narrowing),
        form=OptionsForm(form=found.format, language=found.language, encoding=found.encoding),
        meanings=meanings,
        label=FORMATS[seen.content.form].LABEL if seen.content.form else "",
        show=narrowing,
        address=partial(preview_address, found.public_id),
        problem=problem,
    )  # fmt: skip


def mend_form(found: Upload, page: int, narrowing: str) -> MendForm | None:
    """The form for mending the text; it stands above the first of all questions."""
    text = text_of(found) if page == 1 and not narrowing else None
    if text is None:
        return None
    form = MendForm(text=text)
    form.text.render_kw = {**form.text.render_kw, "rows": min(max(text.count("\n") + 3, 6), 20)}
    return form


def media_address(upload_id: str, media: Media) -> str:
    return url_for("uploads.media", upload_id=upload_id, media_hash=media.hash)


@room.get("/uploads/<upload_id>/media/<media_hash>")
@needs("banks")
def media(upload_id: str, media_hash: str) -> Any:
    """A file that a question of the upload shows; it isn't stored anywhere else yet."""
    for incoming in content_of(queries.upload(upload_id, me.id)).incoming:
        for one in incoming.item.media:
            if one.hash == media_hash:
                return media_reply(one.data, "private, max-age=3600")
    raise NotFound


@room.post("/uploads/<upload_id>/reading")
@needs("banks")
def change_options(upload_id: str) -> Any:
    """Read the file in another format, language or encoding."""
    found = queries.upload(upload_id, me.id)
    form = OptionsForm()
    if form.validate_on_submit():
        imports.change_options(found, form.options)
    return redirect(preview_address(upload_id), 303)


@room.post("/uploads/<upload_id>/columns")
@needs("banks")
def choose_columns(upload_id: str) -> Any:
    """Read the sheets with other columns than were guessed."""
    found = queries.upload(upload_id, me.id)
    imports.choose_columns(found, columns_in(request.form, content_of(found).reading.tables))
    return redirect(preview_address(upload_id), 303)


@room.post("/uploads/<upload_id>/text")
@csrf.exempt  # only until the limit is raised: `take_larger_body` checks the token
@needs("banks")
def mend(upload_id: str) -> Any:
    """Put a mended text in the place of what was sent, and read that."""
    take_larger_body()
    found = queries.upload(upload_id, me.id)
    form = MendForm()
    if not form.validate_on_submit():
        return preview_page(found, 1, "", " ".join(map(str, form.text.errors)), form), 422
    imports.mend(found, bytes_of(form.text.data or ""), now())
    return redirect(preview_address(upload_id), 303)


@room.post("/uploads/<upload_id>/import")
@needs("banks")
def apply(upload_id: str) -> Any:
    """Store the ticks of the page, then do what the button says: another page, all, none, drop, or import."""
    found = queries.upload(upload_id, me.id)
    do, page, narrowing = request.form.get("do", ""), page_number(), narrowing_in(request.form)
    try:
        if do == "drop":
            imports.drop(found)
            flash(_("The upload was discarded. The bank is as it was."), "info")
            return redirect(url_for("banks.index"), 303)
        if request.form.get("reading", token := options_token(found)) != token:
            raise Conflict(N_("The file has been read in a different way in the meantime. Check the preview again."))
        here = places("here")
        as_new = {place for place in here if request.form.get(f"as-{place}") == "new"}
        imports.store_ticks(found, here, places("take"), as_new)
        if do in ("all", "none"):
            imports.tick_all(found, do == "all", narrowing)
        if do == "import" and listens():
            return live_import(found, me.id, readable_only(), preview_address(upload_id))
        if do == "import":
            imports.apply(found, me, readable_only(), now())
            return redirect(preview_address(upload_id), 303)
    except (imports.Unreadable, imports.NothingTicked, imports.Barred) as error:
        return preview_page(found, page, narrowing, translated(error)), error.status
    except Conflict as error:
        if listens():
            raise
        flash(translated(error), "warning")
        return redirect(preview_address(upload_id), 303)
    return redirect(preview_address(upload_id, target_page(do, page), narrowing), 303)


def readable_only() -> bool:
    return request.form.get("readable_only") == "1"


def places(name: str) -> set[int]:
    """The numbers that were sent under a name, one by one or with commas between them."""
    return {int(place) for sent in request.form.getlist(name) for place in sent.split(",") if is_whole(place)}


def target_page(do: str, page: int) -> int:
    """The page that a button leads to; the present one, where it leads nowhere."""
    place = do.removeprefix("go-")
    return whole(place, page)


@room.post("/uploads/<upload_id>/undo")
@needs("banks")
def undo(upload_id: str) -> Any:
    found = queries.upload(upload_id, me.id)
    try:
        imports.undo(found, me, now())
        flash(_("The import is undone: what it added is archived, what it changed is as it was before."), "success")
    except Conflict as error:
        flash(translated(error), "warning")
    return redirect(url_for("uploads.preview", upload_id=upload_id), 303)
