"""The form of a quiz: what it asks, and how it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from pydantic import BaseModel
from wtforms import Form, HiddenField
from wtforms.form import BaseForm

from quizapp.banks.models import Bank
from quizapp.banks.queries import Facets
from quizapp.rules.settings import QuizSettings, Words, words_of
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


ENTRIES: dict[str, Callable[[str, Words, Any], Any]] = {
    "choice": lambda label, words, default: Choice(
        label, [(value, _l(name)) for value, name in words.values.items()], default=default
    ),
    "decimal": lambda label, _words, _default: Number(label, render_kw={"inputmode": "decimal"}),
    "count": lambda label, _words, _default: Number(label, render_kw={"inputmode": "numeric"}),
    "percent": lambda label, _words, default: Share(
        label, default=f"{default * 100:g}", render_kw={"inputmode": "numeric"}
    ),
    "moment": lambda label, _words, _default: Moment(label),
    "switch": lambda label, _words, default: Flag(label, default=default),
}
"""A field for each way in which a setting is entered."""


USUAL = ("", _l("as chosen above"))


def field_of(name: str, of: type[BaseModel] = QuizSettings) -> Any:
    words, default = words_of(name, of), of.model_fields[name].default
    if words.entry == "table":
        return Part(form_of(type(default)), _l(words.label), folded=True)
    if words.entry == "choice" and default is None:
        return Choice(_l(words.label), [USUAL, *((value, _l(name)) for value, name in words.values.items())])
    return ENTRIES[words.entry](_l(words.label), words, default)


def form_of(settings: type[BaseModel]) -> type[Form]:
    """The form of settings, made from what they are."""
    return type("SettingsForm", (Form,), {name: field_of(name, settings) for name in settings.model_fields})


SettingsForm = form_of(QuizSettings)


class QuizForm(Form):
    title = Texts(_l("Title"), rows=1)
    summary = Texts(_l("What it is about"), rows=2)
    sources = Rows(Part(SourceRow), _l("Questions"), one=_l("Set"), add=_l("Draw from another bank"), least=1)
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
