"""The form of a question, one for each kind: what an instructor fills in.

Whatever `formats.schema` allows in a question has a field here, so that editing never loses a part of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from wtforms import Form, HiddenField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # pyright: ignore[reportAttributeAccessIssue] -- the stubs lag behind

from quizapp.kinds.base import Text, say
from quizapp.web.fields import Choice, Flag, Level, Lines, Number, Part, Percent, Rows, Texts, options
from quizapp.web.i18n import _l


class AnswerShare(Percent):
    """The share of the points that an answer earns; the usual two say what they mean."""

    def __init__(self, label: str, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)
        known: list[SelectChoice] = list(self.choices or ())
        words = {"1": _l("100%: right"), "0": _l("0%: wrong")}
        self.choices = options((one.value, words.get(one.value, str(one.label))) for one in known)


def share() -> AnswerShare:
    return AnswerShare(_l("Share of the points"))


def feedback(label: str = "") -> Texts:
    return Texts(label or _l("Feedback to who gives this answer"), folded=True)


# --- answers, by kind ---


class ChoiceRow(Form):
    id = HiddenField()
    text = Texts(_l("Text"), rows=1)
    fraction = share()
    pinned = Flag(_l("Stays in its place when choices are shuffled"), folded=True)
    feedback = feedback()


class Sides(Form):
    true = Texts(_l("Feedback to “true”"), folded=True)
    false = Texts(_l("Feedback to “false”"), folded=True)


class TrueFalse(Form):
    answer = RadioField(
        _l("The statement is"),
        choices=options([(True, _l("True")), (False, _l("False"))]),
        coerce=lambda value: value in (True, "True"),
        default=True,
    )
    feedback = Part(Sides)


class AnswerRow(Form):
    """An accepted answer: a word or a number. Each kind drops the fields that it hasn't."""

    text = StringField(_l("Accepted answer"))
    value = StringField(_l("Accepted number"))
    tolerance = StringField(_l("Tolerance"))
    type = Choice(
        _l("The tolerance is"),
        [("", _l("an amount more or less")), ("relative", _l("a share of the number")), ("geometric", _l("a factor"))],
    )
    fraction = share()
    feedback = feedback()


class WordRow(AnswerRow):
    value = tolerance = type = None


class NumberRow(AnswerRow):
    text = None


class UnitRow(Form):
    name = StringField(_l("Unit"))
    factor = StringField(_l("Factor to the answer's unit"))


def answer_rows(row: type[Form]) -> Rows:
    return Rows(Part(row), _l("Accepted answers"), one=_l("Answer"), add=_l("Add an answer"), least=1, movable=True)


def choice_rows() -> Rows:
    return Rows(Part(ChoiceRow), _l("Choices"), one=_l("Choice"), add=_l("Add a choice"), ids="c", least=2,
                movable=True)  # fmt: skip


def unit_rows() -> Rows:
    return Rows(Part(UnitRow), _l("Units"), one=_l("Unit"), add=_l("Add a unit"), folded=True)


class Choices(Form):
    choices = choice_rows()


class Words(Form):
    answers = answer_rows(WordRow)


class Numbers(Form):
    answers = answer_rows(NumberRow)
    units = unit_rows()


class OptionRow(Form):
    id = HiddenField()
    text = Texts(_l("Text"), rows=1)


class PairRow(Form):
    id = HiddenField()
    text = Texts(_l("Text"), rows=1)
    option = Choice(_l("Belongs to"), [("", "—")])
    feedback = feedback()


class Pairs(Form):
    """Rows and the options that they belong to."""

    options = Rows(Part(OptionRow), _l("Options to choose from"), one=_l("Option"), add=_l("Add an option"), ids="o",
                   least=2)  # fmt: skip
    rows = Rows(Part(PairRow), _l("Rows to match"), one=_l("Row"), add=_l("Add a row"), ids="r", least=2)

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        options_, rows = (cast("Rows", self[name]).entries for name in ("options", "rows"))
        known = [(row.form["id"].data, label_of(row, place)) for place, row in enumerate(options_, 1)]
        for row in rows:
            row.form["option"].choices = options([("", "—"), *known])


def label_of(row: Any, place: int) -> str:
    texts: Text = row.form["text"].written()
    return f"{place}. {say(texts, 'ko')[:60]}"


class Items(Form):
    items = Rows(Part(OptionRow), _l("Items in the right order"), one=_l("Item"), add=_l("Add an item"), ids="i",
                 least=2, movable=True)  # fmt: skip


class Essay(Form):
    min_words = Number(_l("Words at least"))
    max_words = Number(_l("Words at most"))
    template = Texts(_l("Text to begin with"), folded=True)
    grader_notes = Texts(_l("Notes for who grades"), rows=3)


# --- rules of scoring, by kind ---


class Method(Form):
    method = Choice(
        _l("How it is scored"),
        [
            ("", _l("Right choices less wrong ones")),
            ("each-answer", _l("Every right decision counts, to choose or to leave")),
            ("coverage", _l("Share found, times share of the choices that were right")),
            ("sum", _l("Sum of the shares of the chosen ones")),
            ("all-or-nothing", _l("All or nothing")),
        ],
    )


class OrderMethod(Form):
    method = Choice(
        _l("How it is scored"),
        [
            ("", _l("By the distance from the right place")),
            ("absolute", _l("Items in their right place")),
            ("longest-ordered", _l("The longest run in the right order")),
            ("longest-contiguous", _l("The longest run without gaps")),
            ("next-exclude-last", _l("Items followed by the right one")),
            ("next-include-last", _l("Items followed by the right one, the end too")),
            ("previous-and-next", _l("Right neighbours")),
            ("all-previous-and-next", _l("All that stand rightly before and after")),
            ("all-or-nothing", _l("All or nothing")),
        ],
    )


class Spelling(Form):
    case = Flag(_l("Capital and small letters differ"))
    spacing = Flag(_l("The spacing of Korean words matters"))


class UnitRule(Form):
    unit_penalty = Number(_l("A missing or wrong unit costs this share, 0 to 1"))
    unit_penalty_of = Choice(
        _l("It is a share of"), [("", _l("what the answer earned")), ("question", _l("the whole question"))]
    )


class GapRule(Spelling, UnitRule):
    """The rules of a gap, of which it keeps those of its kind."""


# --- texts with gaps ---


class GapRow(Form):
    """A gap; it drops the fields that its kind hasn't."""

    id = HiddenField()
    kind = Choice(
        _l("Kind of gap"),
        [("text", _l("A word to type")), ("number", _l("A number to type")), ("choice", _l("One of several choices"))],
        default="text",
    )
    answers = answer_rows(AnswerRow)
    choices = choice_rows()
    units = unit_rows()
    weight = Number(_l("Weight among the gaps"))
    scoring = Part(GapRule)

    def process(self, *args: Any, **kwargs: Any) -> None:
        super().process(*args, **kwargs)
        kind = self["kind"].data
        drop(self, GAP_WITHOUT.get(kind, ()))
        for row in cast("Rows", self["answers"]).entries if "answers" in self else ():
            drop(row.form, ("text",) if kind == "number" else ("value", "tolerance", "type"))
        if "scoring" in self:
            drop(
                cast("Part", self["scoring"]).form, list(Spelling()._fields if kind == "number" else UnitRule()._fields)
            )


GAP_WITHOUT = {
    "text": ("choices", "units"),
    "number": ("choices",),
    "choice": ("answers", "units", "scoring"),
}


def drop(form: Form, names: Iterable[str]) -> None:
    for name in names:
        del form[name]


class Gaps(Form):
    text = Texts(_l("Text, with {{g1}} where the first gap is"), rows=5)
    gaps = Rows(Part(GapRow), _l("Gaps"), one=_l("Gap"), add=_l("Add a gap"), ids="g", least=1)


ANSWERS: Mapping[str, type[Form]] = {
    "choice": Choices,
    "multiple": Choices,
    "truefalse": TrueFalse,
    "text": Words,
    "number": Numbers,
    "match": Pairs,
    "categorise": Pairs,
    "order": Items,
    "cloze": Gaps,
    "essay": Essay,
}
RULES: Mapping[str, type[Form]] = {
    "multiple": Method,
    "text": Spelling,
    "number": UnitRule,
    "order": OrderMethod,
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
    alt = StringField(_l("What it shows, for who can't see it"))


class QuestionForm(Form):
    """The parts that every kind has; `form_of` adds those of one kind."""

    stimulus = Texts(_l("Material to read or look at first"), rows=4, folded=True)
    stem = Texts(_l("Question"), rows=4)
    feedback = Part(Moments, _l("Feedback to everybody"), folded=True)
    hints = Rows(Texts(), _l("Hints"), one=_l("Hint"), add=_l("Add a hint"), folded=True)
    citations = Rows(Part(CitationRow), _l("Sources"), one=_l("Source"), add=_l("Add a source"))
    media = Rows(Part(MediaRow), _l("Images and files"), one=_l("File"), add="")
    title = Texts(_l("Title"), folded=True)
    objectives = Lines(_l("Objectives"))
    tags = Lines(_l("Tags"))
    difficulty = Level(
        _l("Difficulty"), [("", _l("Not set")), ("1", _l("Easy")), ("2", _l("Medium")), ("3", _l("Hard"))]
    )
    points = Number(_l("Points"), default="1")
    shuffle = Flag(_l("Shuffle the choices"), default=True)
    category = Lines(_l("Category, the widest first"))
    licence = StringField(_l("Licence"))


def form_of(kind: str) -> type[QuestionForm]:
    """The form for one kind; a kind without answers has the common parts only."""
    parts = {"response": (ANSWERS, _l("Answer")), "scoring": (RULES, _l("Scoring"))}
    fields = {name: Part(known[kind], label) for name, (known, label) in parts.items() if kind in known}
    return type("QuestionForm", (QuestionForm,), fields)
