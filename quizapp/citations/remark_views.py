"""What the author of a bank had better look at, on the bank's page, in the editor, and on a page of its own."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask_babel import gettext as _
from markupsafe import Markup

from quizapp.accounts.visitor import me
from quizapp.banks import queries as banks
from quizapp.banks.models import Bank
from quizapp.banks.presentation import with_opening
from quizapp.citations import queries
from quizapp.citations.remarks import RemarksOnBank, on_claims, remarks_on
from quizapp.formats.items import Item
from quizapp.permissions import needs
from quizapp.rules.copies import RUN, SourceText
from quizapp.texts.clean import lines
from quizapp.web.i18n import number

room = Blueprint("remarks", __name__)

LISTED = 10
"""Questions that a bank's page lists; its own page has all."""
LONGEST = 300_000
"""Characters of a source."""


def panel_of_bank(bank: Bank) -> Markup:
    """A bank's panel: the coverage of the courses that draw from it, and what had better be looked at."""
    courses = queries.courses_asking(bank.slug)
    found = remarks_on(bank, courses)
    return Markup(  # noqa: S704 -- a template
        render_template(
            "citations/_bank_panel.html", bank=bank, courses=courses, found=found, listed=LISTED, **words(bank, found)
        )
    )


def remarks_of_draft(bank: Bank, item: Item) -> Markup:
    """A part of the editor's preview: what the courses that ask the bank would have said of the question."""
    said = list(on_claims(item, queries.courses_asking(bank.slug)))
    return Markup(render_template("citations/_remarks_of_draft.html", said=said)) if said else Markup()  # noqa: S704


@room.route("/banks/<slug>/remarks", methods=["GET", "POST"])
@needs("banks")
def page(slug: str) -> tuple[str, int]:
    """All remarks on a bank; with a text that was sent, what its questions share with that too. Nothing is stored."""
    bank = banks.visible_bank(slug, me.id)
    source, problem = None, ""
    if request.method == "POST":
        sent = lines(request.form.get("source"))
        if RUN <= len(sent) <= LONGEST:
            source = SourceText(sent)
        else:
            problem = _("Paste a text of %(least)s to %(most)s characters.", least=RUN, most=number(LONGEST))
    found = remarks_on(bank, queries.courses_asking(bank.slug), source)
    return render_template(
        "citations/remarks.html", bank=bank, found=found, problem=problem, compared=bool(source), **words(bank, found)
    ), 422 if problem else 200


def words(bank: Bank, found: RemarksOnBank) -> dict[str, object]:
    """What both pages say: whose remarks they are, and where their questions are looked at."""
    return {
        "said": {key: [with_opening(one, found.items) for one in said] for key, said in found.of_each.items()},
        "can_edit": banks.may_change(bank, me.id),
    }
