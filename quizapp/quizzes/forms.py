"""The form of a quiz: what it asks, and how it is taken."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from pydantic import BaseModel
from wtforms import BooleanField, FloatField, Form, HiddenField, IntegerField, StringField
from wtforms.form import BaseForm
from wtforms.validators import NumberRange

from quizapp.banks.models import Bank
from quizapp.banks.queries import Facets
from quizapp.quizzes.people_queries import Allowance
from quizapp.rules.settings import QuizSettings, Words, setting_words
from quizapp.texts.clean import line
from quizapp.web import panels
from quizapp.web.fields import Choice, Flag, Level, Lines, Moment, Number, Part, Rows, Share, Texts, Ticks, number_of
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
    """Questions of one bank: picked by hand, or drawn; all of them, where nothing else is said."""

    bank = Choice(_l("From the bank"), enough=True)
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
    "level": lambda label, words, default: Level(
        label, [(value, _l(name)) for value, name in words.values.items()], default=str(default)
    ),
    "decimal": lambda label, _words, _default: Number(label, render_kw={"inputmode": "decimal"}),
    "count": lambda label, _words, _default: Number(label, render_kw={"inputmode": "numeric"}),
    "percent": lambda label, _words, default: Share(
        label, default=f"{default * 100:g}", render_kw={"inputmode": "numeric"}
    ),
    "moment": lambda label, _words, _default: Moment(label),
    "switch": lambda label, _words, default: Flag(label, default=default),
    "lines": lambda label, _words, _default: Lines(label, render_kw={"rows": 2}),
}
"""A field for each way in which a setting is entered."""


USUAL = ("", _l("as chosen above"))


def choices_of(name: str) -> list[tuple[str, Any]]:
    """The values of a setting, with what they are called."""
    return [(value, _l(called)) for value, called in setting_words(name).values.items()]


def field_of(name: str, of: type[BaseModel] = QuizSettings) -> Any:
    words, default = setting_words(name, of), of.model_fields[name].default
    if words.entry == "table":
        return Part(form_of(type(default)), _l(words.label), folded=True)
    if words.entry == "choice" and default is None:
        return Choice(_l(words.label), [USUAL, *((value, _l(name)) for value, name in words.values.items())])
    return ENTRIES[words.entry](_l(words.label), words, default)


def form_of(settings: type[BaseModel]) -> type[Form]:
    """The form of settings, made from what they are."""
    return type("SettingsForm", (Form,), {name: field_of(name, settings) for name in settings.model_fields})


SettingsForm = form_of(QuizSettings)


class NewQuizForm(Form):
    """The few choices of a new quiz; the rest is as its preset has it."""

    title = StringField(_l("Title"), render_kw={"maxlength": 200, "autocomplete": "off"})
    bank = Choice(_l("From the bank"))
    count = Number(_l("How many are drawn"), render_kw={"inputmode": "numeric", "placeholder": _l("All")})
    shuffle_questions = field_of("shuffle_questions")
    time_limit = field_of("time_limit")
    opens_at = field_of("opens_at")
    due_at = field_of("due_at")
    closes_at = field_of("closes_at")
    who = Choice(_l(setting_words("who").label), [("", _l("usual for this kind")), *choices_of("who")])


class QuizForm(Form):
    title = Texts(_l("Title"), rows=1)
    summary = Texts(_l("What it is about"), rows=2)
    sources = Rows(Part(SourceRow), _l("Questions"), one=_l("Set"), add=_l("Draw from another bank"), least=1)
    access_code = StringField(_l("Access code"), render_kw={"maxlength": 40})
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
            cast("Ticks", form["objectives"]).offer(
                (name, panels.of("objective", name=name)) for name in found.objectives
            )
            cast("Ticks", form["tags"]).offer((name, name) for name in found.tags)


FACTORS = {name: float(name) for name in ("1.25", "1.5", "2", "3")}
"""How much longer a person may have."""


class AccommodationForm(FlaskForm):
    """What a person is given at every quiz of an instructor. No reason is asked for, and none is stored."""

    email = StringField(_l("Email of the account"), filters=[lambda text: line(text, 254).lower()])
    number = StringField(_l("or number on a roster"), filters=[lambda text: line(text, 40)])
    factor = Choice(
        _l("Time"),
        [("1", _l("same as everybody")), *((factor, f"× {factor}") for factor in FACTORS)],
        default="1.5",
    )
    extra_tries = IntegerField(
        _l("More tries"), default=0, validators=[NumberRange(0, 100, _l("Enter a whole number from 0 to 100."))]
    )
    extra_hours = FloatField(
        _l("More hours until closing"),
        default=0,
        validators=[NumberRange(0, 8760, _l("Enter the hours as a number from 0 to 8760."))],
    )
    no_clock = BooleanField(_l("Hide the clock"))

    def given(self) -> Allowance:
        return Allowance(
            FACTORS.get(self.factor.data, 1.0),
            self.extra_tries.data or 0,
            self.extra_hours.data or 0.0,
            self.no_clock.data,
        )
