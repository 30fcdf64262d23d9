"""The forms of a grade, of a score set by hand, of a regrade, and of challenges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DecimalField,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import AnyOf, DataRequired, InputRequired, Length, Optional, Regexp, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from quizapp.rules.rubric import Rubric
from quizapp.texts.clean import is_whole, lines
from quizapp.web.fields import options
from quizapp.web.i18n import _l, number

POLICIES = {
    "again": _l("Score again by the current key"),
    "full": _l("Full marks to all"),
    "drop": _l("Drop the question: it counts neither way"),
    "accept": _l("Accept more answers as right"),
}
"""What can be done with a question that was wrong. To leave it as it is needs no form."""


class RuleForm(FlaskForm):
    """How a question is to be regraded, and where: sent by GET for a preview, by POST with the preview's token."""

    policy = RadioField(_l("What to do"), choices=options(POLICIES.items()), validators=[InputRequired()])
    answer = SelectMultipleField(
        _l("The answers to accept"), validate_choice=False, widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(), filters=[lambda names: [one for one in names or () if one]],
    )  # fmt: skip
    quiz = SelectField(_l("Where"), default="")
    keep = BooleanField(_l("Keep the higher score: nobody loses points"))
    reason = TextAreaField(
        _l("Why, for the learners"), validators=[Length(max=2000)], render_kw={"rows": 3}, filters=[lines]
    )
    token = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,10}(\.[0-9]{1,10}){3}\Z")])

    def validate_answer(self, answer: SelectMultipleField) -> None:
        if self.policy.data != "accept":
            return
        if not answer.data:
            raise ValidationError(_("Choose at least one answer to accept."))
        if set(answer.data) - {value for value, *_words in answer.iter_choices()}:
            raise ValidationError(_("Some answers or scores have changed meanwhile. Choose again which to accept."))


KINDS_OF_CHALLENGE = {
    "answer": _l("My answer should count too"),
    "question": _l("There is something wrong with the question"),
}


class ChallengeForm(FlaskForm):
    """What a learner says, and why."""

    kind = RadioField(_l("What is it?"), choices=options(KINDS_OF_CHALLENGE.items()), validators=[InputRequired()])
    text = TextAreaField(
        _l("Why?"),
        validators=[DataRequired(_l("Say why, so that the instructor can decide.")), Length(max=2000)],
        render_kw={"rows": 4},
        filters=[lines],
    )


class ReplyForm(FlaskForm):
    """What an instructor says to challenges."""

    decision = HiddenField(validators=[AnyOf(("accepted", "declined"))])
    reply = TextAreaField(
        _l("Reply"), validators=[DataRequired(), Length(max=2000)], render_kw={"rows": 3}, filters=[lines]
    )


class PointsField(DecimalField):
    """A number of points; nothing typed is no mistake of the number."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = None
        if any(value.strip() for value in valuelist):
            super().process_formdata(valuelist)

    def _value(self) -> str:
        """What was typed, else as a person writes it: 1, not 1.0."""
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else f"{self.data:.10g}"


class ScoreForm(FlaskForm):
    """Points from 0 to `max_mark`. `seq` is the number that the slot had when the form was made; `current` now."""

    mark = PointsField(_l("Points"), places=None, render_kw={"inputmode": "decimal", "autocomplete": "off"})
    seq = HiddenField()

    def __init__(self, max_mark: float, current: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_mark, self.current = max_mark, current

    @property
    def points(self) -> float:
        return float(self.mark.data or 0)

    @property
    def seen(self) -> int:
        return int(self.seq.data or 0)

    def validate_mark(self, mark: DecimalField) -> None:
        if mark.data is None:
            raise ValidationError(_("Enter the points."))
        if not mark.data.is_finite() or not 0 <= mark.data <= Decimal(str(self.max_mark)):
            raise ValidationError(_("Enter 0 to %(max)s points.", max=number(self.max_mark)))

    def validate_seq(self, seq: HiddenField) -> None:
        if not is_whole(seq.data or ""):
            raise ValidationError(_("The form arrived incomplete. Reload the page and try again."))


class GradeForm(ScoreForm):
    """Points, by a number or by the lines of a rubric, and a comment. `graded`: a grade is changed, which takes a
    reason."""

    line = SelectMultipleField(_l("Rubric"), coerce=int, validate_choice=False)
    comment = TextAreaField(_l("Comment for the learner"), validators=[Length(max=5000)], render_kw={"rows": 4})
    reason = StringField(_l("Reason for the change"), validators=[Length(max=500)])
    keep = BooleanField(_l("Save this comment, to use it again for this question"))
    saved = SelectMultipleField(_l("Add a saved comment"), coerce=int, validate_choice=False)
    also = SelectMultipleField(_l("Give the same to"), validate_choice=False)

    def __init__(self, max_mark: float, current: int, rubric: Rubric, graded: bool, **kwargs: Any) -> None:
        super().__init__(max_mark, current, **kwargs)
        self.rubric, self.graded, self.before = rubric, graded, kwargs.get("mark")

    @property
    def points(self) -> float:
        """The number that was typed; where none was, or it stands as the form was made, what the lines come to."""
        typed = float(self.mark.data) if self.mark.data is not None else None
        return self.by_lines if self.line.data and typed in (None, self.before) else typed or 0.0

    @property
    def by_lines(self) -> float:
        return self.rubric.points([place for place in self.line.data or () if 0 <= place < len(self.rubric.lines)])

    def validate_mark(self, mark: DecimalField) -> None:
        if mark.data is not None or not self.line.data:
            super().validate_mark(mark)
        elif self.by_lines > self.max_mark:
            raise ValidationError(_("Enter 0 to %(max)s points.", max=number(self.max_mark)))

    def validate_reason(self, reason: StringField) -> None:
        seen_now = self.seq.data == str(self.current)  # else the grader is shown first what has changed
        if self.graded and seen_now and not (reason.data or "").strip():
            raise ValidationError(_("Say why the grade is changed: it stays on record."))

    def whole_comment(self, kept: dict[int, str]) -> str:
        """What was typed, with the kept comments that were chosen below it."""
        chosen = [kept[one] for one in self.saved.data or () if one in kept]
        typed = lines(self.comment.data)
        return "\n".join(part for part in (typed, *(one for one in chosen if one not in typed)) if part)


class OverrideForm(ScoreForm):
    """Points that count whatever the key says, and the reason, which the learner reads."""

    reason = StringField(_l("Reason"), validators=[DataRequired(_l("Say why; the learner reads it.")), Length(max=500)])
