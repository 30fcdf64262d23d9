"""Pages about whose a bank is: its settings, the people it is shared with, public banks, and copies."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from quizapp.accounts.visitor import me
from quizapp.banks import actions, queries
from quizapp.banks.forms import BankForm, ShareForm
from quizapp.banks.models import Bank
from quizapp.clock import now
from quizapp.formats.base import language_of
from quizapp.permissions import needs
from quizapp.texts.clean import line
from quizapp.web import panels
from quizapp.web.fields import form_value
from quizapp.web.pages import page_number

room = Blueprint("sharing", __name__, url_prefix="/banks")


@room.get("/public")
@needs("banks")
def public() -> str:
    """Banks that every instructor may read and copy."""
    words, page = line(request.args.get("q"), queries.MAX_WORDS), page_number()
    found, count = queries.public_banks(words, page)
    return render_template(
        "banks/public.html",
        banks=found,
        sizes=queries.sizes_of([bank.id for bank in found]),
        words=words,
        page=page,
        pages=-(-count // queries.PAGE),
    )


@room.post("/new")
@needs("banks")
def create() -> Any:
    """An empty bank, to write questions into."""
    title = line(request.form.get("title"), 80)
    if not title:
        flash(_("Give the bank a name."), "warning")
        return redirect(url_for("banks.index"), 303)
    made = actions.create_bank(me, actions.free_slug(title), {language_of(title): title}, "", now())
    return redirect(url_for("banks.editor.new", slug=made.slug), 303)


@room.get("/<slug>/settings")
@needs("banks")
def settings(slug: str) -> str:
    bank = queries.own_bank(slug, me.id)
    return page(bank, BankForm(data=described(bank)), ShareForm())


def described(bank: Bank) -> dict[str, Any]:
    return {"title": bank.title, "licence": bank.licence, "visibility": bank.visibility}


def page(bank: Bank, form: BankForm, sharing: ShareForm, said: dict[str, list[str]] | None = None) -> str:
    return render_template(
        "banks/settings.html",
        bank=bank,
        form=form,
        sharing=sharing,
        said=said or {},
        members=queries.members(bank.id),
        uses=panels.of("bank settings", bank=bank),
    )


@room.post("/<slug>/settings")
@needs("banks")
def describe(slug: str) -> Any:
    bank = queries.own_bank(slug, me.id)
    form = BankForm(request.form)
    sent = form_value(form)
    if "title" not in sent:
        return page(bank, form, ShareForm(formdata=None), {"title": [_("Give the bank a name.")]}), 422
    actions.describe(bank, sent["title"], sent.get("licence", ""), form.chosen_visibility(), me, now())
    flash(_("The bank's settings are saved."), "success")
    return redirect(url_for("banks.bank", slug=slug), 303)


@room.post("/<slug>/members")
@needs("banks")
def share(slug: str) -> Any:
    bank = queries.own_bank(slug, me.id)
    form = ShareForm()
    if not form.validate_on_submit():
        return page(bank, BankForm(data=described(bank)), form), 422
    try:
        other = actions.share(bank, form.email.data or "", form.role.data, me, now())
    except actions.NoInstructor as error:
        form.email.errors = [_(error.template)]
        return page(bank, BankForm(data=described(bank)), form), 422
    flash(_("The bank is shared with %(name)s.", name=other.name), "success")
    return redirect(url_for("banks.sharing.settings", slug=slug), 303)


@room.post("/<slug>/members/<member_id>/removal")
@needs("banks")
def unshare(slug: str, member_id: str) -> Any:
    """The owner takes the bank from a member; a member may leave."""
    mine = member_id == me.public_id
    bank = queries.visible_bank(slug, me.id) if mine else queries.own_bank(slug, me.id)
    actions.unshare(bank, member_id, me, now())
    flash(
        _("The bank isn't shared with you any more.") if mine else _("The bank isn't shared with them any more."),
        "success",
    )
    return redirect(url_for("banks.index") if mine else url_for("banks.sharing.settings", slug=slug), 303)


@room.post("/<slug>/copy")
@needs("banks")
def copy(slug: str) -> Any:
    made = actions.copy_bank(queries.visible_bank(slug, me.id), me, now())
    flash(_("This is your own copy. Later changes to the other bank don't affect it."), "success")
    return redirect(url_for("banks.bank", slug=made.slug), 303)
