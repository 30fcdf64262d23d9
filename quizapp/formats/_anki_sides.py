"""The note of an Anki deck, and what its first card asks, answers and shows beside."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats._anki_cloze import has_cloze
from quizapp.formats._anki_html import plain_text, template_fields


@dataclass(frozen=True)
class NoteType:
    """The kind of a note: names of its fields, and the two sides of its first card ("" where they aren't known)."""

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


@dataclass
class Sides:
    """The first card of a note: what it asks, the answer, and what it shows beside; `unseen` it shows nowhere."""

    question: str
    answer: str
    extra: str
    cloze: str = ""
    hints: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def sides_of(note: Note) -> Sides:
    """By the templates of the note's type; without them the first field is the question, the second the answer."""
    names = note.notetype.fields or tuple(str(number) for number in range(len(note.values)))
    values = dict(zip(names, note.values, strict=False))
    front, back = template_fields(note.notetype.question), template_fields(note.notetype.answer)
    cloze = next((values[name] for name in front.cloze if has_cloze(values.get(name, ""))), "")
    if not cloze and not note.notetype.question:
        cloze = next((value for value in note.values if has_cloze(value)), "")
    asked = [name for name in front.plain if name in values]
    if not asked and not cloze:
        asked = [*names[:1]]
    answers = list(dict.fromkeys(name for name in [*front.typed, *back.typed, *back.plain] if name in values))
    if not note.notetype.question:
        answers = [name for name in names[1:] if name in values]
    shown = [values[name] for name in answers if name not in asked and values[name] not in ("", cloze)]
    asked_values = [values[name] for name in asked if values.get(name) and values[name] != cloze]
    hints = [*front.hints, *back.hints]
    seen = {*asked, *answers, *hints, *front.cloze, *back.cloze}
    return Sides(
        question=joined(asked_values, note.html),
        answer="" if cloze else next(iter(shown), ""),
        extra=joined(shown if cloze else shown[1:], note.html),
        cloze=cloze,
        hints=[values[name] for name in dict.fromkeys(hints) if values.get(name)],
        unseen=[name for name in names if name not in seen and values.get(name) and note.notetype.question],
    )


def joined(parts: list[str], is_html: bool) -> str:
    return ("<br>\n" if is_html else "\n").join(part for part in parts if part)


def has_content(value: str, is_html: bool) -> bool:
    return bool((plain_text(value) if is_html else value.strip()) or "<img" in value.lower())
