"""Changing many questions at once: choose, see what would change, do it, undo it.

The change is described by an operation and a value; the preview and the act compute it from what is stored at the
time, so neither needs the other's word.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from quizapp.accounts.visitor import me
from quizapp.banks import actions, queries
from quizapp.banks.bulk_edits import EDITS, BadValue, EditRefused, NothingChosen, planned_edit
from quizapp.banks.models import Bank, Question
from quizapp.clock import now
from quizapp.errors import N_, QuizError
from quizapp.permissions import needs
from quizapp.texts.clean import line
from quizapp.web import panels
from quizapp.web.pages import page_number

room = Blueprint("bulk", __name__, url_prefix="/banks")

MOVES = {"archive": N_("Archive"), "bring-back": N_("Bring back"), "copy": N_("Copy into another bank")}
MOST_QUESTIONS = 5000
PREVIEWED = 50


def listing(bank: Bank, filters: queries.Filters, refused: QuizError | None = None) -> str:
    """The page of a bank's questions, from which many can be changed at once."""
    page = page_number()
    questions, count = queries.page(bank.id, filters, page)
    return render_template(
        "banks/bank.html",
        bank=bank,
        panels=panels.of("bank", bank=bank),
        objective_words=lambda name: panels.of("objective", name=name),
        role=queries.role_in(bank, me.id),
        operations={name: label for name, (label, _edit) in EDITS.items()} | MOVES,
        targets=[one for one in queries.editable_banks(me.id) if one.id != bank.id],
        filters=filters,
        facets=queries.facets(bank.id),
        questions=questions,
        count=count,
        page=page,
        pages=-(-count // queries.PAGE),
        refused=refused,
    )


@room.post("/<slug>/bulk")
@needs("banks")
def bulk(slug: str) -> Any:
    """What an operation would do to the chosen questions; with the button of that page, do it."""
    bank = queries.editable_bank(slug, me.id)
    try:
        return look_or_act(bank)
    except (EditRefused, actions.ChangedMeanwhile) as refused:
        return listing(bank, queries.filters_of(request.form), refused), refused.status


def look_or_act(bank: Bank) -> Any:
    operation, value = request.form.get("operation", ""), line(request.form.get("value"), 80)
    questions = chosen(bank)
    if operation in MOVES:
        return move(bank, questions, operation, value)
    if operation not in EDITS or not value:
        raise BadValue(N_("Choose what to change, and to what value."))
    plan = [one for question in questions if (one := planned_edit(question, operation, value)).changes]
    if request.form.get("do") != "apply":
        return render_template(
            "banks/bulk.html", bank=bank, operation=operation, label=EDITS[operation][0], value=value, plan=plan,
            shown=plan[:PREVIEWED], same=len(questions) - len(plan), sent=sent(),
        )  # fmt: skip
    token = actions.write_many(bank, [(one.question, one.item) for one in plan], me, now())
    return redirect(url_for("banks.bulk.done", slug=bank.slug, token=token), 303)


def sent() -> list[tuple[str, str]]:
    """The fields that say what was chosen, to be sent again."""
    return [(name, value) for name, values in request.form.lists() if name not in ("csrf_token", "do")
            for value in values]  # fmt: skip


def chosen(bank: Bank) -> Sequence[Question]:
    """The ticked questions, or all that suit the filters of the list. Raises NothingChosen."""
    everything = request.form.get("everything") == "1"
    filters = queries.filters_of(request.form)
    found = queries.chosen_questions(
        bank.id, None if everything else request.form.getlist("question"), filters, MOST_QUESTIONS
    )
    if not found:
        raise NothingChosen
    return found


def move(bank: Bank, questions: Sequence[Question], operation: str, value: str) -> Any:
    """Do at once what changes no wording."""
    if operation == "copy":
        target = copy_target(bank, value)
        count = actions.copy_many(bank, questions, target, me, now())
        flash(ngettext("%(num)s question was copied.", "%(num)s questions were copied.", count), "success")
        return redirect(url_for("banks.bank", slug=target.slug), 303)
    actions.archive_many(bank, questions, operation == "archive", me, now())
    flash(
        ngettext("%(num)s question is archived.", "%(num)s questions are archived.", len(questions))
        if operation == "archive"
        else ngettext("%(num)s question is in use again.", "%(num)s questions are in use again.", len(questions)),
        "success",
    )
    return redirect(url_for("banks.bank", slug=bank.slug), 303)


def copy_target(bank: Bank, slug: str) -> Bank:
    """The bank that questions are copied into. Raises BadValue."""
    found = next((one for one in queries.editable_banks(me.id) if one.slug == slug and one.id != bank.id), None)
    if found is None:
        raise BadValue(N_("You have no other bank by that name. Choose one from the list."))
    return found


@room.get("/<slug>/bulk/<token>")
@needs("banks")
def done(slug: str, token: str) -> str:
    """What was changed, and the way back."""
    bank = queries.editable_bank(slug, me.id)
    return render_template("banks/bulk_done.html", bank=bank, token=token, count=queries.count_of_bulk(bank.id, token))


@room.post("/<slug>/bulk/<token>/undo")
@needs("banks")
def undo(slug: str, token: str) -> Any:
    """Give every question that has not been changed since its earlier wording back, as a new version."""
    bank = queries.editable_bank(slug, me.id)
    count = actions.undo_many(bank, token, me, now())
    flash(
        ngettext("%(num)s question is as it was before.", "%(num)s questions are as they were before.", count),
        "success",
    )
    return redirect(url_for("banks.bank", slug=slug), 303)
