"""The form of a question: what an instructor fills in. The parts that every kind has stand here; those of one kind are
made of what the kind says (`kinds.fields`).

Whatever `formats.schema` allows in a question has a field, so that editing never loses a part of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Any

from wtforms import Form, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] -- the stubs lag behind
from wtforms.utils import unset_value

from quizapp.kinds import KINDS, fields
from quizapp.kinds.base import Text, say
from quizapp.web.fields import Choice, Flag, Level, Lines, Number, Part, Percent, Rows, Texts, Ticks, options
from quizapp.web.i18n import _l


class AnswerShare(Percent):
    """The share of the points that an answer earns; the usual two say what they mean."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        known: list[SelectChoice] = list(self.choices or ())
        words = {"1": _l("100%: right"), "0": _l("0%: wrong")}
        self.choices = options((one.value, words.get(one.value, str(one.label))) for one in known)


class Belongs(Choice):
    """The id of one of the rows of another list of the same form, `of`."""

    def __init__(self, label: str, of: str, **kwargs: Any) -> None:
        super().__init__(label, NO_CHOICE, **kwargs)
        self.of = of


NO_CHOICE = (("", "—"),)


class Body(Form):
    """The fields of a kind's body or of its rule of scoring, or of a mapping within."""

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        rows = [row.form for part in self if isinstance(part, Rows) for row in part.entries]
        for one in (one for form in (self, *rows) for one in form):
            if isinstance(one, Belongs) and one.of in self:
                one.choices = options([*NO_CHOICE, *names_of(self[one.of])])


def names_of(rows: Any) -> list[tuple[str, str]]:
    """The ids of rows, each with its number and the beginning of its text."""
    texts: list[Text] = [row.form["text"].written() for row in rows.entries]
    return [
        (row.form["id"].data, f"{place}. {say(text, 'ko')[:60]}")
        for place, (row, text) in enumerate(zip(rows.entries, texts, strict=True), 1)
    ]


class Cased(Part):
    """A mapping whose fields depend on one of them. `again` is the label of the button that shows them anew."""

    def __init__(self, by: fields.Cases, forms: Mapping[str, type[Form]], **kwargs: Any) -> None:
        super().__init__(next(iter(forms.values())), **kwargs)
        self.by, self.forms, self.again = by.name, forms, _l(by.again)

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        stored = data.get(self.by) if isinstance(data, Mapping) else None
        case = formdata.get(f"{self.name}-{self.by}") if formdata else stored
        self.form_class = self.forms.get(str(case), next(iter(self.forms.values())))
        super().process(formdata, data, extra_filters)


def form_for(described: Iterable[fields.Field], **more: Any) -> type[Form]:
    """The form of a kind's fields, as the kind describes them."""
    return type("Body", (Body,), {**more, **{one.name: FIELD_MAKERS[type(one)](one) for one in described}})


def part_for(described: tuple[fields.Field, ...], **more: Any) -> Any:
    cases = next((one for one in described if isinstance(one, fields.Cases)), None)
    if cases is None:
        return Part(form_for(described, **more))
    place = described.index(cases) + 1
    forms = {
        name: form_for((*described[:place], *own, *described[place:]), **more) for name, own in cases.cases.items()
    }
    return Cased(cases, forms)


def rows_for(one: fields.Rows) -> Any:
    row = part_for(one.fields, **({"id": HiddenField()} if one.ids else {}))
    return Rows(row, _l(one.label), one=_l(one.one), add=_l(one.add), ids=one.ids, least=one.least,
                movable=one.movable, folded=one.folded)  # fmt: skip


def choice_for(one: fields.OneOf) -> Any:
    usual = next(value for value, _label in one.values)
    return Choice(_l(one.label), [(value, _l(label)) for value, label in one.values], default=usual)


def truth_for(one: fields.Truth) -> Any:
    return RadioField(
        _l(one.label),
        choices=options([(True, _l("True")), (False, _l("False"))]),
        coerce=lambda value: value in (True, "True"),
        default=True,
    )


FIELD_MAKERS: Mapping[type[fields.Field], Callable[[Any], Any]] = {
    fields.Line: lambda one: StringField(_l(one.label)),
    fields.Number: lambda one: Number(_l(one.label)),
    fields.Flag: lambda one: Flag(_l(one.label), folded=one.folded),
    fields.Truth: truth_for,
    fields.Share: lambda one: AnswerShare(_l(one.label)),
    fields.Words: lambda one: Texts(_l(one.label), rows=one.rows, folded=one.folded),
    fields.OneOf: choice_for,
    fields.Cases: choice_for,
    fields.Belongs: lambda one: Belongs(_l(one.label), one.of),
    fields.Group: lambda one: Part(form_for(one.fields), _l(one.label), folded=one.folded),
    fields.Rows: rows_for,
}


# --- the question as a whole ---


class Moments(Form):
    general = Texts(_l("Always"))
    right = Texts(_l("When right"))
    partial = Texts(_l("When partly right"))
    wrong = Texts(_l("When wrong"))
    solution = Texts(_l("How it is solved"))


class CitationRow(Form):
    lesson = StringField(_l("Lesson"))
    anchor = StringField(_l("Passage"))
    quote = HiddenField()


class MediaRow(Form):
    name = HiddenField()
    hash = HiddenField()
    type = HiddenField()
    alt = StringField(_l("Alternative text"))


class QuestionForm(Form):
    """The parts that every kind has; `form_of` adds those of one kind."""

    stimulus = Texts(_l("Material to read or look at first"), rows=4, folded=True)
    stem = Texts(_l("Question"), rows=4)
    feedback = Part(Moments, _l("Feedback for everybody"), folded=True)
    hints = Rows(Texts(), _l("Hints"), one=_l("Hint"), add=_l("Add a hint"), folded=True)
    citations = Rows(Part(CitationRow), _l("Sources"), one=_l("Source"), add=_l("Add a source"))
    media = Rows(Part(MediaRow), _l("Images and files"), one=_l("File"), add="")
    title = Texts(_l("Title"), folded=True)
    objectives = Lines(_l("Objectives"))
    tags = Lines(_l("Tags"))
    enemies = Ticks(_l("Never together with"))
    use = Choice(_l("Use"), [("", _l("In quizzes")), ("check", _l("In lessons only, where its answer is shown"))])
    difficulty = Level(
        _l("Difficulty"), [("", _l("Not set")), ("1", _l("Easy")), ("2", _l("Medium")), ("3", _l("Hard"))]
    )
    points = Number(_l("Points for this question"), default="1")
    shuffle = Flag(_l("Shuffle the choices"), default=True)
    category = Lines(_l("Category, the broadest first"))
    licence = StringField(_l("Licence"))


@cache
def form_of(kind: str) -> type[QuestionForm]:
    """The form for one kind; a kind without answers has the common parts only."""
    known = KINDS.get(kind)
    described = {"response": (known.FORM, _l("Answer")), "scoring": (known.RULES, _l("Scoring"))} if known else {}
    parts = {name: Part(form_for(own), label) for name, (own, label) in described.items() if own}
    return type("QuestionForm", (QuestionForm,), parts)
