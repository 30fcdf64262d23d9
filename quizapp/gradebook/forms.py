"""The form of a grade."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DecimalField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange


def grade_form(max_mark: float) -> type[FlaskForm]:
    """A form for 0 to `max_mark` points and a comment."""

    class GradeForm(FlaskForm):
        mark = DecimalField(
            _l("Points"),
            places=None,
            validators=[
                InputRequired(_l("Give the points.")),
                NumberRange(0, max_mark, _l("Give from %(min)s to %(max)s points.")),
            ],
            render_kw={"inputmode": "decimal", "autocomplete": "off"},
        )
        comment = TextAreaField(_l("Comment for the learner"), validators=[Length(max=5000)], render_kw={"rows": 5})

    return GradeForm
