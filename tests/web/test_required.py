"""A field that has to be filled in isn't by spaces."""

from __future__ import annotations

from flask import Flask
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.fields.core import UnboundField
from wtforms.validators import InputRequired


def forms(kind: type = FlaskForm) -> list[type]:
    return [one for sub in kind.__subclasses__() for one in (sub, *forms(sub)) if one.__module__.startswith("quizapp.")]


def test_no_text_asks_for_input_only(app: Flask) -> None:
    fields = [
        (form.__name__, name, field)
        for form in forms()
        for name, field in vars(form).items()
        if isinstance(field, UnboundField) and issubclass(field.field_class, StringField)
    ]
    assert len(fields) > 20
    found = [
        f"{form}.{name}"
        for form, name, field in fields
        if any(isinstance(one, InputRequired) for one in field.kwargs.get("validators", field.args[1:2] or ()))
    ]
    assert found == []
