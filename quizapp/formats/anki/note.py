"""A note of an Anki deck."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.anki.field_html import plain_text


@dataclass(frozen=True)
class NoteType:
    """The type of a note: the names of its fields, and the templates of its first card ("" where they aren't known)."""

    name: str = ""
    fields: tuple[str, ...] = ()
    question: str = ""
    answer: str = ""
    cards: int = 1


@dataclass
class Note:
    guid: str
    values: list[str]
    notetype: NoteType = NoteType()
    tags: list[str] = field(default_factory=list)
    deck: str = ""
    html: bool = True


def has_content(value: str, is_html: bool) -> bool:
    return bool((plain_text(value) if is_html else value.strip()) or "<img" in value.lower())
