"""The way out of a bank: choose a format, see what it can't carry, download the file."""

from __future__ import annotations

import io
import logging
from dataclasses import dataclass, field
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.utils import redirect

from quizapp.accounts.visitor import me
from quizapp.banks import actions, queries
from quizapp.errors import N_, NotFound, Problem, QuizError
from quizapp.formats import FORMATS, READ_ONLY
from quizapp.formats.base import Format
from quizapp.formats.items import Item
from quizapp.permissions import needs
from quizapp.texts.clean import line
from quizapp.web.i18n import in_language
from quizapp.web.pages import taken_away

log = logging.getLogger(__name__)
room = Blueprint("exports", __name__, url_prefix="/banks")

WRITABLE_FORMATS = {name: form for name, form in FORMATS.items() if name not in READ_ONLY}


class NotWritten(QuizError):
    """A writer failed on items that it said it could carry."""

    status = 422
    template = N_("This bank can't be written in that format. Choose another one; the YAML format carries everything.")


@dataclass
class Report:
    """What a format does to a bank's items.

    losses: what would be lost, with the number of questions. left_out: the items that it can't carry, and why.
    told: what was said of each that is carried.
    """

    carried: list[Item] = field(default_factory=list)
    told: list[list[Problem]] = field(default_factory=list)
    losses: list[tuple[Problem, int]] = field(default_factory=list)
    left_out: list[tuple[Item, list[Problem]]] = field(default_factory=list)


def report_of(form: Format, items: list[Item]) -> Report:
    report = Report()
    losses: dict[str, list[Any]] = {}
    for item in items:
        problems = form.carries(item)
        errors = [problem for problem in problems if problem.is_error]
        if errors:
            report.left_out.append((item, errors))
            continue
        report.carried.append(item)
        report.told.append(problems)
        for message, problem in {problem.message: problem for problem in problems}.items():
            losses.setdefault(message, [problem, 0])[1] += 1
    report.losses = sorted(((problem, count) for problem, count in losses.values()), key=lambda one: -one[1])
    return report


@room.get("/<slug>/export")
@needs("banks")
def form(slug: str) -> str:
    """Choose a format; with one chosen, what it can't carry."""
    bank = queries.visible_bank(slug, me.id)
    name = request.args.get("format", "")
    chosen = WRITABLE_FORMATS.get(name)
    return page(bank, name, report_of(chosen, queries.items(bank.id))) if chosen else page(bank, "", None)


def page(bank: Any, name: str, report: Report | None, problem: str = "") -> str:
    known = sorted(((key, _(form.LABEL)) for key, form in WRITABLE_FORMATS.items()), key=lambda choice: choice[1])
    return render_template("banks/export.html", bank=bank, name=name, known=known, report=report, problem=problem)


@room.get("/<slug>/export/<name>")
@needs("banks")
def download(slug: str, name: str) -> Any:
    """The file. Questions that the format can't carry are left out only if that was agreed to."""
    bank = queries.visible_bank(slug, me.id)
    form = WRITABLE_FORMATS.get(name)
    if form is None:
        raise NotFound
    report = report_of(form, queries.items(bank.id))
    if report.left_out and request.args.get("partial") != "1":
        problem = _("Nothing was written: tick the box to leave out what this format can't carry.")
        return page(bank, name, report, problem), 422
    if not report.carried:
        return redirect(url_for("banks.exports.form", slug=slug, format=name))
    data = file_in_format(form, report)
    title = line(in_language(bank.title), actions.MAX_TITLE) or slug
    return taken_away(io.BytesIO(data), form.MIME, f"{title}{form.SUFFIXES[0]}".replace("/", "-"))


def file_in_format(form: Format, report: Report) -> bytes:
    try:
        return form.write(report.carried, report.told)
    except Exception as error:
        # A writer promises to write what it carries. If one doesn't, the person gets an answer and the log the defect.
        log.exception("the writer of %s failed", form.NAME)
        raise NotWritten from error
