"""The form of a grade."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_wtf import FlaskForm
from wtforms import DecimalField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from quizapp.web.i18n import _l, number


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
