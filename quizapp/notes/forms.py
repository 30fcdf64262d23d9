"""The form of a note."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import TextAreaField
from wtforms.validators import Length

from quizapp.notes.models import MAX_NOTE
from quizapp.texts.clean import lines
from quizapp.web.i18n import _l


class NoteForm(FlaskForm):
    """What a learner writes down; without a word it is a bookmark."""

    note = TextAreaField(
        _l("My note"),
        filters=[lines],
        validators=[Length(max=MAX_NOTE, message=_l("A note has at most %(max)d characters. Shorten it a little."))],
        render_kw={"rows": 4},
    )
