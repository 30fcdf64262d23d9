"""The form of a learner's preferences."""

from __future__ import annotations

from typing import Any, cast
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, DateField, IntegerField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional, ValidationError

from quizapp.clock import now
from quizapp.rules.daily import MINUTES, Preferences, can_have_exam
from quizapp.web.i18n import _l

AREAS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
DAYS = NumberRange(0, 7, _l("Enter a whole number from 0 to 7."))


def offered(kept: str = "UTC") -> list[str]:
    """The zones to choose from, by places; not the old names of some, nor what is none. One that is kept stays."""
    places = {zone for zone in available_timezones() if zone.partition("/")[0] in AREAS}
    return sorted(places | {"UTC", kept})


class PreferencesForm(FlaskForm):
    minutes = IntegerField(
        _l("Minutes a day"),
        validators=[
            InputRequired(_l("Enter the minutes as a whole number from 1 to 60.")),
            NumberRange(MINUTES.start, MINUTES.stop - 1, _l("Enter the minutes as a whole number from 1 to 60.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    certainty = BooleanField(_l("Ask me in the review how sure I am before each check"))
    goal = IntegerField(
        _l("Days a week"),
        validators=[InputRequired(_l("Enter a whole number from 0 to 7.")), DAYS],
        render_kw={"inputmode": "numeric"},
    )
    streak = BooleanField(_l("Count my days in a row"))
    rest = IntegerField(
        _l("Rest days a week"),
        validators=[
            InputRequired(_l("Enter a whole number from 0 to 6.")),
            NumberRange(0, 6, _l("Enter a whole number from 0 to 6.")),
        ],
        render_kw={"inputmode": "numeric"},
    )
    zone = SelectField(
        _l("Time zone"),
        choices=cast("Any", offered()),
    )
    exam_on = DateField(_l("Date of an exam"), validators=[Optional()])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if kept := self.zone.object_data:
            self.zone.choices = cast("Any", offered(kept))

    def validate_exam_on(self, exam_on: DateField) -> None:
        if exam_on.data and not can_have_exam(exam_on.data, now().date()):
            raise ValidationError(
                _("Enter a day from a year ago to ten years ahead, or leave it empty if there is no exam.")
            )

    def chosen(self) -> Preferences:
        """What was filled in. Only for a form that validates."""
        exam = self.exam_on.data.isoformat() if self.exam_on.data else ""
        return Preferences(
            self.minutes.data or 0,
            self.certainty.data,
            self.goal.data or 0,
            self.streak.data,
            self.rest.data or 0,
            self.zone.data,
            exam,
        )
