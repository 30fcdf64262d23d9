"""The forms of banks: their settings, and with whom they are shared."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms import Form, RadioField, SelectField, StringField

from quizapp.accounts.forms import email_field
from quizapp.banks.models import EDITOR, PRIVATE, PUBLIC, READER
from quizapp.web.fields import Texts, options
from quizapp.web.i18n import _l


class BankForm(Form):
    """What a bank is called, and who may find it."""

    title = Texts(_l("Name"), rows=1)
    licence = StringField(_l("Licence, such as CC BY 4.0"))
    visibility = RadioField(
        _l("Who may read it"),
        choices=options(
            [
                (PRIVATE, _l("You, and the people it is shared with")),
                (PUBLIC, _l("Every instructor: they see questions and answers, and may copy them")),
            ]
        ),
        default=PRIVATE,
    )

    def chosen_visibility(self) -> str:
        return PUBLIC if self.visibility.data == PUBLIC else PRIVATE


class ShareForm(FlaskForm):
    """Another instructor, by the address of their account."""

    email = email_field()
    role = SelectField(
        _l("They may"), choices=options([(READER, _l("read and copy")), (EDITOR, _l("change questions"))])
    )
