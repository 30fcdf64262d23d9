"""The file formats, by name. A new one is a module of this package and a line here."""

from __future__ import annotations

from quizapp.formats import json_bank, yaml_bank
from quizapp.formats.base import Format

FORMATS: dict[str, Format] = {form.NAME: form for form in (yaml_bank, json_bank)}
