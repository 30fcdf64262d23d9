"""Changing many questions at once: choose, see what would change, do it, undo it.

The change is described by an operation and a value; the preview and the act compute it from what is stored at the
time, so neither needs the other's word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import ngettext

from quizapp.accounts.visitor import me
from quizapp.banks import actions, members, queries
from quizapp.banks.changes import Change, changes
from quizapp.banks.models import Bank, Question
from quizapp.clock import now
from quizapp.db import atomic
from quizapp.errors import N_, QuizError
from quizapp.formats.items import Item
from quizapp.formats.schema import MAX_POINTS
from quizapp.permissions import needs
from quizapp.texts.clean import line
from quizapp.web import panels
from quizapp.web.fields import number_of
from quizapp.web.pages import page_number

room = Blueprint("bulk", __name__, url_prefix="/banks")

MOST = 5000
SHOWN = 50


class Refused(QuizError):
    """The list is shown again with what was ticked and typed, and this above it."""

    status = 422


class NothingChosen(Refused):
    template = N_("Tick the questions that are to change, or take all that are listed.")


class BadValue(Refused):
    template = N_("This value can't be used. Difficulty is 1, 2 or 3; points are above 0, and 1000 at most.")


def add_tag(item: Item, value: str) -> None:
    item.tags = [*item.tags, *([value] if value not in item.tags else [])]


def remove_tag(item: Item, value: str) -> None:
    item.tags = [tag for tag in item.tags if tag != value]


def set_objective(item: Item, value: str) -> None:
    item.objectives = [value, *(one for one in item.objectives[1:] if one != value)]


def set_difficulty(item: Item, value: str) -> None:
    if value not in ("1", "2", "3"):
        raise BadValue
    item.difficulty = int(value)


def set_points(item: Item, value: str) -> None:
    points = number_of(value)
    if not isinstance(points, int | float) or not 0 < points <= MAX_POINTS:
        raise BadValue
    item.points = points


OPERATIONS: dict[str, tuple[str, Callable[[Item, str], None]]] = {
    "add-tag": (N_("Add the tag"), add_tag),
    "remove-tag": (N_("Take off the tag"), remove_tag),
    "objective": (N_("Set the objective"), set_objective),
    "difficulty": (N_("Set the difficulty (1, 2 or 3)"), set_difficulty),
    "points": (N_("Set the points"), set_points),
}
MOVES = {"archive": N_("Archive"), "bring-back": N_("Bring back"), "copy": N_("Copy into another bank")}


@dataclass(frozen=True)
class Planned:
    """A question with what would change in it."""

    question: Question
    item: Item
    changes: list[Change]


def listing(bank: Bank, filters: queries.Filters, refused: Refused | None = None) -> str:
    """The page of a bank's questions, from which many can be changed at once."""
    page = page_number()
    questions, count = queries.page(bank.id, filters, page)
    return render_template(
        "banks/bank.html",
        bank=bank,
        panels=panels.of("bank", bank=bank),
        role=queries.role_in(bank, me.id),
        operations={name: label for name, (label, _act) in OPERATIONS.items()} | MOVES,
        targets=[one for one in queries.editable(me.id) if one.id != bank.id],
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
    except Refused as refused:
        return listing(bank, queries.filters_of(request.form), refused), refused.status


def look_or_act(bank: Bank) -> Any:
    operation, value = request.form.get("operation", ""), line(request.form.get("value"), 80)
    questions = chosen(bank)
    if operation in MOVES:
        return move(bank, questions, operation, value)
    if operation not in OPERATIONS or not value:
        raise BadValue(N_("Choose what to change, and say to which value."))
    plan = [one for question in questions if (one := planned(question, operation, value)).changes]
    if request.form.get("do") != "apply":
        return render_template(
            "banks/bulk.html", bank=bank, operation=operation, label=OPERATIONS[operation][0], value=value, plan=plan,
            shown=plan[:SHOWN], same=len(questions) - len(plan), sent=sent(),
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
    found = queries.chosen(bank.id, None if everything else request.form.getlist("question"), filters, MOST)
    if not found:
        raise NothingChosen
    return found


def planned(question: Question, operation: str, value: str) -> Planned:
    if question.current is None:
        return Planned(question, Item(), [])
    item = question.current.item
    OPERATIONS[operation][1](item, value)
    return Planned(question, item, changes(question.current.content, item.content()))


def move(bank: Bank, questions: Sequence[Question], operation: str, value: str) -> Any:
    at: datetime = now()
    if operation == "copy":
        target = next((one for one in queries.editable(me.id) if one.slug == value and one.id != bank.id), None)
        if target is None:
            raise BadValue(N_("There is no other bank of yours by that name. Choose one from the list."))
        with atomic():
            count = members.copy_questions(questions, target, me, at)
            actions.note(me, "copy", f"{count} questions of bank {bank.slug} into {target.slug}", at)
        flash(ngettext("%(num)s question was copied.", "%(num)s questions were copied.", count), "success")
        return redirect(url_for("banks.bank", slug=target.slug), 303)
    actions.archive_many(bank, questions, operation == "archive", me, at)
    flash(
        ngettext("%(num)s question is archived.", "%(num)s questions are archived.", len(questions))
        if operation == "archive"
        else ngettext("%(num)s question is in use again.", "%(num)s questions are in use again.", len(questions)),
        "success",
    )
    return redirect(url_for("banks.bank", slug=bank.slug), 303)


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
