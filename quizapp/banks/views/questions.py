"""Pages of one's banks and of their questions, and the files that questions show."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.banks import actions, queries
from quizapp.banks.changes import changes
from quizapp.banks.media_types import LOCKED_UP, SVG, kept_type, type_of
from quizapp.banks.models import EDITOR, MediaFile
from quizapp.banks.presentation import solved
from quizapp.banks.views.bulk import listing
from quizapp.clock import now
from quizapp.db import db
from quizapp.errors import NotFound
from quizapp.permissions import needs, public
from quizapp.web import panels

room = Blueprint("banks", __name__)


def media_reply(data: bytes, kept: str) -> Response:
    """A file that a question shows. `kept` says for how long a browser may keep it."""
    shown = type_of(data)
    response = Response(
        data,
        mimetype=kept_type(data),
        headers={"Cache-Control": kept, "Content-Disposition": "inline" if shown else "attachment"},
    )
    if shown == SVG:
        response.headers["Content-Security-Policy"] = LOCKED_UP
    response.make_conditional(request, accept_ranges=True, complete_length=len(data))
    return response


@room.get("/media/<media_hash>")
@public
def media(media_hash: str) -> Any:
    """A file by the hash of its content; the address can't be guessed without the file."""
    found = db.session.get(MediaFile, media_hash)
    if found is None:
        raise NotFound
    return media_reply(found.data, "public, max-age=31536000, immutable")


@room.get("/banks")
@needs("banks")
def index() -> str:
    """One's own banks and those shared with one."""
    banks = queries.own_and_shared_banks(me.id)
    return render_template(
        "banks/index.html",
        banks=banks,
        facts=queries.facts([bank.id for bank in banks]),
        waiting=panels.of("banks, first"),
        sheets=panels.of("banks, last"),
    )


@room.get("/banks/<slug>")
@needs("banks")
def bank(slug: str) -> str:
    """The questions of a bank, a page at a time, searched and filtered."""
    return listing(queries.visible_bank(slug, me.id), queries.filters_of(request.args))


@room.get("/banks/<slug>/questions/<public_id>")
@needs("banks")
def question(slug: str, public_id: str) -> str:
    """A question as a learner sees it, with its key, and all its versions."""
    found = queries.visible_bank(slug, me.id)
    one = queries.question(found.id, public_id)
    versions = queries.versions(one.id)
    current = one.current or versions[0]
    edits = [changes(old.content, new.content) for old, new in zip(versions[1:], versions, strict=False)]
    role = queries.role_in(found, me.id)
    return render_template(
        "banks/question.html",
        bank=found,
        role=role,
        panels=panels.of("question", bank=found, question=one, can_edit=role in ("owner", EDITOR)),
        question=one,
        current=current,
        shown=solved(current.item, public_id, ""),
        history=list(zip(versions, [*edits, []], strict=True)),
    )


@room.post("/banks/<slug>/questions/<public_id>/archive")
@needs("banks")
def archive(slug: str, public_id: str) -> Any:
    """Take a question out of use, or bring it back."""
    one = queries.question(queries.editable_bank(slug, me.id).id, public_id)
    archived = request.form.get("archived") != "0"
    actions.set_archived(one, archived, me, now())
    flash(
        _("The question is archived: no new quiz draws it. Answers already given stay.")
        if archived
        else _("The question is in use again."),
        "success",
    )
    return redirect(url_for("banks.question", slug=slug, public_id=public_id), 303)


@room.post("/banks/<slug>/questions/<public_id>/versions/<int:number>/restore")
@needs("banks")
def restore(slug: str, public_id: str, number: int) -> Any:
    one = queries.question(queries.editable_bank(slug, me.id).id, public_id)
    actions.restore(one, number, me, now())
    flash(_("Version %(number)s is restored, as a new version.", number=number), "success")
    return redirect(url_for("banks.question", slug=slug, public_id=public_id), 303)
