"""The reference of what a course's folder may say of its quizzes, made from the model that checks it.

`python -m quizapp.content.reference` prints `docs/quiz-settings.md`.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from quizapp.rules.settings import QuizSettings, setting_words

HEAD = """# The settings of a quiz

In a course's `course.yaml` they stand under `settings` of a quiz; in the browser they are the fields of its form. What
isn't said is as in the column "default". Made by `make docs` from `quizapp/rules/settings.py`.

| setting | in the browser | value | default |
| --- | --- | --- | --- |"""


def main() -> None:
    print(page(), end="")  # noqa: T201 -- the page is what the command makes


def page() -> str:
    """The whole page, in Markdown."""
    return "\n".join([HEAD, *rows()]) + "\n"


def rows() -> Iterator[str]:
    yield from rows_of(QuizSettings)


def rows_of(settings: type[BaseModel], above: str = "") -> Iterator[str]:
    """A row for each setting; one that has parts of its own is described by these."""
    described: dict[str, Any] = settings.model_json_schema()["properties"]
    for name, schema in described.items():
        inner = settings.model_fields[name].default
        if isinstance(inner, BaseModel):
            yield from rows_of(type(inner), f"{above}{name}.")
            continue
        default = json.dumps(schema["default"])
        yield f"| `{above}{name}` | {setting_words(name, settings).label} | {allowed(schema)} | `{default}` |"


def allowed(schema: dict[str, Any]) -> str:
    """The values that a setting may have, in words."""
    if "anyOf" in schema:
        return " or ".join(allowed(one) for one in schema["anyOf"])
    if "enum" in schema:
        return " or ".join(f"`{value}`" for value in schema["enum"])
    bounds = [
        f"{words} {schema[key]:g}"
        for key, words in (("exclusiveMinimum", "above"), ("minimum", "from"), ("maximum", "to"))
        if key in schema
    ]
    if schema.get("type") == "array":
        return f"a list of at most {schema['maxItems']} texts"
    names = {"number": "a number", "integer": "a whole number", "boolean": "`true` or `false`", "null": "`null`"}
    kind = "a moment with its zone, ISO 8601" if schema.get("format") == "date-time" else names[schema["type"]]
    return " ".join([kind, *bounds])


if __name__ == "__main__":
    main()
