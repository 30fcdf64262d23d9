"""The forms of a grade and of a regrade."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DecimalField, HiddenField, RadioField, SelectField, TextAreaField
from wtforms.validators import AnyOf, InputRequired, Length, Optional, Regexp, ValidationError

from quizapp.texts.clean import lines
from quizapp.web.fields import options
from quizapp.web.i18n import _l, number

POLICIES = {
    "again": _l("Score again by the key as it is now"),
    "full": _l("Full marks to all"),
    "drop": _l("Drop the question: it counts neither way"),
    "accept": _l("Accept this answer too"),
}
"""What can be done with a question that was wrong. To leave it as it is needs no form."""


class RuleForm(FlaskForm):
    """How a question is to be regraded, and where: sent by GET for a preview, by POST with the preview's token."""

    policy = RadioField(_l("What to do"), choices=options(POLICIES.items()), validators=[InputRequired()])
    answer = SelectField(_l("The answer to accept"), default="")
    quiz = SelectField(_l("Where"), default="")
    keep = BooleanField(_l("Keep the higher score: nobody loses points"))
    reason = TextAreaField(
        _l("Why, for the learners"), validators=[Length(max=2000)], render_kw={"rows": 3}, filters=[lines]
    )
    token = HiddenField(validators=[Optional(), Regexp(r"[0-9]{1,10}(\.[0-9]{1,10}){3}\Z")])

    def validate_answer(self, answer: SelectField) -> None:
        if self.policy.data == "accept" and not answer.data:
            raise ValidationError(_("Choose the answer to accept."))


KINDS_OF_CHALLENGE = {
    "answer": _l("My answer should count too"),
    "question": _l("There is something wrong with the question"),
}


class ChallengeForm(FlaskForm):
    """What a learner says, and why."""

    kind = RadioField(_l("What is it?"), choices=options(KINDS_OF_CHALLENGE.items()), validators=[InputRequired()])
    text = TextAreaField(
        _l("Why?"),
        validators=[InputRequired(_l("Say why, so that the instructor can decide.")), Length(max=2000)],
        render_kw={"rows": 4},
        filters=[lines],
    )


class ReplyForm(FlaskForm):
    """What an instructor says to challenges."""

    decision = HiddenField(validators=[AnyOf(("accepted", "declined"))])
    reply = TextAreaField(
        _l("Reply"), validators=[InputRequired(), Length(max=2000)], render_kw={"rows": 3}, filters=[lines]
    )


class GradeForm(FlaskForm):
    """Points from 0 to `max_mark`, and a comment."""

    mark = DecimalField(
        _l("Points"),
        places=None,
        validators=[InputRequired(_l("Give the points."))],
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    comment = TextAreaField(_l("Comment for the learner"), validators=[Length(max=5000)], render_kw={"rows": 5})

    def __init__(self, max_mark: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.max_mark = max_mark

    def validate_mark(self, mark: DecimalField) -> None:
        if mark.data is None or not mark.data.is_finite() or not 0 <= mark.data <= Decimal(str(self.max_mark)):
            raise ValidationError(_("Give from 0 to %(max)s points.", max=number(self.max_mark)))
