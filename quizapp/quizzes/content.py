"""What a quiz is made of, as a form or a file says it."""

from __future__ import annotations

from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationInfo,
)

from quizapp.kinds.base import LANGUAGES, Text
from quizapp.rules.settings import QuizSettings

MAX_COUNT = 10_000


def complete(text: Text) -> Text:
    missing = [language for language in LANGUAGES if not text.get(language, "").strip()]
    if missing:
        raise ValueError(f"the text is missing in: {', '.join(missing)}")
    return text


BothLanguages = Annotated[Text, AfterValidator(complete)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)]


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")


MOST_LETTERS = 200
"""Of a name by which a source chooses its questions."""
Name = Annotated[str, Field(max_length=MOST_LETTERS)]


class QuizSource(Part):
    bank: Slug
    count: int | None = Field(default=None, ge=1, le=MAX_COUNT)
    difficulty: list[Annotated[int, Field(ge=1, le=3)]] = Field(default=[], max_length=3)
    objectives: list[Name] = Field(default=[], max_length=1000)
    tags: list[Name] = Field(default=[], max_length=1000)
    unseen: bool = False
    questions: list[Name] = Field(default=[], max_length=1000)


def in_a_language(text: Text) -> Text:
    if not any(text.get(language, "").strip() for language in LANGUAGES):
        raise ValueError("the text is missing")
    return text


def may_draw(slug: str, info: ValidationInfo) -> str:
    if info.context is not None and slug not in info.context["banks"]:
        raise ValueError("not a bank that this quiz may draw from")
    return slug


class OwnSource(QuizSource):
    bank: Annotated[str, AfterValidator(may_draw)]


class QuizContent(Part):
    """A quiz that stands alone: one language is enough."""

    title: Annotated[Text, AfterValidator(in_a_language)] = Field(default={}, validate_default=True)
    summary: Text = {}
    sources: list[OwnSource] = Field(default=[], min_length=1, max_length=50, validate_default=True)
    access_code: Annotated[str, Field(max_length=40)] = ""
    settings: QuizSettings = QuizSettings()
