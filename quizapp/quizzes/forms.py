"""The form of a quiz: what it asks, and how it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from wtforms import Form, HiddenField
from wtforms.form import BaseForm

from quizapp.banks.models import Bank
from quizapp.banks.queries import Facets
from quizapp.web.fields import Choice, Flag, Moment, Number, Part, Rows, Share, Texts, Ticks, number_of
from quizapp.web.i18n import _l, in_language


class HiddenWords(HiddenField):
    """Words that nobody types."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        super().process(formdata, " ".join(data) if isinstance(data, list) else data)

    def written(self) -> list[str]:
        return (self.data or "").split()


class NumberTicks(Ticks):
    def written(self) -> list[Any]:
        return [number_of(value) for value in super().written()]


class SourceRow(Form):
    """Questions of one bank: picked by hand, or drawn."""

    bank = Choice(_l("From the bank"))
    count = Number(_l("How many are drawn"), render_kw={"inputmode": "numeric"})
    unseen = Flag(_l("Questions that the learner hasn't met yet come first"))
    difficulty = NumberTicks(_l("Only of this difficulty"), folded=True)
    objectives = Ticks(_l("Only of these objectives"), folded=True)
    tags = Ticks(_l("Only with these tags"), folded=True)
    questions = HiddenWords()


class SettingsForm(Form):
    feedback = Choice(
        _l("Right or wrong is shown"),
        [("immediate", _l("after each question")), ("deferred", _l("after handing in"))],
        default="immediate",
    )
    time_limit = Number(_l("Minutes for all of it"), render_kw={"inputmode": "decimal"})
    attempts = Number(_l("Tries that count"), render_kw={"inputmode": "numeric"})
    pass_mark = Share(_l("Percent to pass"), default="70", render_kw={"inputmode": "numeric"})
    opens_at = Moment(_l("Opens"))
    closes_at = Moment(_l("Closes"))
    shuffle_questions = Flag(_l("Shuffle the questions"), default=True)
    shuffle_choices = Flag(_l("Shuffle the choices"), default=True)


class QuizForm(Form):
    title = Texts(_l("Title"), rows=1)
    summary = Texts(_l("What it is about"), rows=2)
    sources = Rows(Part(SourceRow), _l("Questions"), one=_l("Set"), add=_l("Add another source"), least=1)
    settings = Part(SettingsForm)

    def offer(self, banks: Sequence[Bank], facets: Callable[[int], Facets]) -> None:
        """Say which banks there are, and what the questions of those that are chosen can be drawn by."""
        known = {bank.slug: bank for bank in banks}
        for row in cast("Rows", self["sources"]).entries:
            form: BaseForm = row.form
            bank = known.get(form["bank"].data) or (banks[0] if banks and not form["bank"].data else None)
            cast("Choice", form["bank"]).offer([(one.slug, in_language(one.title)) for one in banks])
            found = facets(bank.id) if bank else Facets([], [], [], [])
            names = {1: _("Easy"), 2: _("Medium"), 3: _("Hard")}
            cast("Ticks", form["difficulty"]).offer((number, names[number]) for number in found.difficulties)
            cast("Ticks", form["objectives"]).offer((name, name) for name in found.objectives)
            cast("Ticks", form["tags"]).offer((name, name) for name in found.tags)
