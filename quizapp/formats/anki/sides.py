"""The note of an Anki deck, and what its first card asks, answers and shows beside."""

from __future__ import annotations

from dataclasses import dataclass, field

from quizapp.formats.anki.cloze import has_cloze
from quizapp.formats.anki.html import Fields, plain_text, template_fields


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
    """What the note's first card has on its two sides."""
    names = note.notetype.fields or tuple(str(number) for number in range(len(note.values)))
    values = dict(zip(names, note.values, strict=False))
    front, back = card_fields(note.notetype, values)
    cloze = next((name for name in front.cloze if has_cloze(values.get(name, ""))), "")
    asked = [name for name in front.plain if name in values] or ([] if cloze else [*values][:1])
    beside = [name for name in (*front.typed, *back.typed, *back.plain) if name not in (*asked, cloze)]
    shown = [values[name] for name in dict.fromkeys(beside) if values.get(name)]
    hints = dict.fromkeys((*front.hints, *back.hints))
    seen = {*asked, *beside, *hints, *front.cloze}
    return Sides(
        question=joined([values[name] for name in asked if name != cloze], note.html),
        answer=shown[0] if shown and not front.cloze else "",
        extra=joined(shown if cloze else shown[1:], note.html),
        cloze=values.get(cloze, ""),
        hints=[values[name] for name in hints if values.get(name)],
        unseen=[name for name, value in values.items() if value and name not in seen],
    )


def card_fields(notetype: NoteType, values: dict[str, str]) -> tuple[Fields, Fields]:
    """The fields of the two sides: by the templates, or without them the first field and the others."""
    if notetype.question:
        return template_fields(notetype.question), template_fields(notetype.answer)
    cloze = next((name for name, value in values.items() if has_cloze(value)), None)
    if cloze is not None:
        return Fields(cloze=[cloze]), Fields(plain=[name for name in values if name != cloze])
    first, *others = [*values, ""]
    return Fields(plain=[first]), Fields(plain=others)


def joined(parts: list[str], is_html: bool) -> str:
    return ("<br>\n" if is_html else "\n").join(part for part in parts if part)


def has_content(value: str, is_html: bool) -> bool:
    return bool((plain_text(value) if is_html else value.strip()) or "<img" in value.lower())
