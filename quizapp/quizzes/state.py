"""Whether a quiz can be begun now, in words."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from quizapp.quizzes.models import Quiz
from quizapp.web.i18n import moment


def state_of(quiz: Quiz, at: datetime) -> tuple[str, str]:
    """Whether a quiz can be begun, and the tone of a pill that says so."""
    rules = quiz.rules
    if rules.opens_at and at < rules.opens_at:
        return _("Opens %(when)s", when=moment(rules.opens_at)), "info"
    if rules.closes_at and at >= rules.closes_at:
        return _("Closed %(when)s", when=moment(rules.closes_at)), "neutral"
    if rules.closes_at:
        return _("Open until %(when)s", when=moment(rules.closes_at)), "success"
    return _("Open, without an end"), "success"
