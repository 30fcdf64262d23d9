"""A new quiz: one page of few choices. Everything else is as its preset has it, and can be changed afterwards."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from pydantic import ValidationError

from quizapp.accounts.visitor import me
from quizapp.banks import queries as banks
from quizapp.banks.models import Bank
from quizapp.clock import now
from quizapp.errors import N_
from quizapp.permissions import needs
from quizapp.quizzes import actions, queries
from quizapp.quizzes.content import MAX_COUNT
from quizapp.quizzes.forms import NewQuizForm
from quizapp.rules.presets import PRESETS
from quizapp.rules.settings import QuizSettings, setting_words
from quizapp.texts.clean import line
from quizapp.web.fields import form_value
from quizapp.web.i18n import in_language, language

room = Blueprint("new", __name__)

DEFAULT_COUNT = 10
LOOKED_AT = 20
MAX_TITLE = 200
NEEDED = {"time_limit": N_("Enter the minutes: an examination has a time limit.")}


@room.get("/new")
@needs("banks")
def new() -> str:
    """What kind of quiz, from which bank, how long and when."""
    known = banks.own_and_shared_banks(me.id)
    chosen = next((one for one in known if one.slug == request.args.get("bank")), None) or first_to_ask(known)
    form = NewQuizForm(bank=chosen.slug if chosen else "", **usual_draw(chosen))
    return page(form, "exam", {})


def first_to_ask(known: Sequence[Bank]) -> Bank | None:
    """The first bank that has questions for a quiz, as one for lessons hasn't; of those at the head of the list."""
    head = known[:LOOKED_AT]
    sizes = queries.sizes_of([({"bank": one.slug}, me.id) for one in head])
    return next((one for one, size in zip(head, sizes, strict=True) if size), next(iter(known), None))


def usual_draw(bank: Bank | None) -> dict[str, Any]:
    """How many are drawn, and whether they are shuffled: a paper is asked as a whole, in its order."""
    if bank is None:
        return {}
    source = {"bank": bank.slug}
    if queries.are_paper(source, me.id):
        return {"shuffle_questions": False}
    return {"count": min(DEFAULT_COUNT, queries.sizes_of([(source, me.id)])[0]) or None}


@room.post("")
@needs("banks")
def create() -> Any:
    """A new quiz, ready to be taken as it is; on to its link, or to all its settings."""
    form = NewQuizForm(request.form)
    sent, preset = form_value(form), request.form.get("preset", "practice")
    bank = banks.visible_bank(sent.pop("bank", ""), me.id)
    count, title = sent.pop("count", None), line(sent.pop("title", ""), MAX_TITLE)
    problems = problems_of(sent, count, preset, bank)
    if problems:
        return page(form, preset, problems), 422
    settings = QuizSettings.model_validate({**PRESETS[preset].settings, **sent})
    stored = settings.model_dump(mode="json", exclude_defaults=True)
    quiz = actions.create_quiz(me, bank, count, now(), stored, {language(): title} if title else None)
    flash(_("The quiz is ready. Change what you like, then share it."), "success")
    leads = "quizzes.edit" if request.form.get("do") == "edit" else "quizzes.share"
    return redirect(url_for(leads, public_id=quiz.public_id), 303)


def problems_of(sent: dict[str, Any], count: Any, preset: str, bank: Bank) -> dict[str, str]:
    """What keeps this from being a quiz: a sentence for each field."""
    if preset not in PRESETS:
        return {"preset": _("Choose what kind of quiz it is.")}
    found = {name: _(NEEDED[name]) for name in PRESETS[preset].needs if name not in sent}
    try:
        QuizSettings.model_validate({**PRESETS[preset].settings, **sent})
    except ValidationError as error:
        for one in error.errors():
            name = str(one["loc"][0])
            found[name] = _(setting_words(name).mend or N_("This can't be used. Check it."))
    size = queries.sizes_of([({"bank": bank.slug}, me.id)])[0]
    if count is not None and not (isinstance(count, int) and 1 <= count <= min(size, MAX_COUNT)):
        found["count"] = _("Enter a whole number from 1 to %(most)s, or leave it empty for all.", most=max(size, 1))
    return found


def page(form: NewQuizForm, preset: str, problems: dict[str, str]) -> str:
    form.bank.offer((one.slug, in_language(one.title)) for one in banks.own_and_shared_banks(me.id))
    return render_template("quizzes/new.html", form=form, presets=PRESETS, chosen=preset, problems=problems)
