"""What the first card of an Anki note asks, its answer, and what else it shows."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from quizapp.formats.anki.cloze import has_cloze
from quizapp.formats.anki.field_html import plain_text
from quizapp.formats.anki.note import Note, NoteType

REFERENCE = re.compile(r"\{\{([^{}]{1,200})\}\}")
SPECIAL = {"FrontSide", "Tags", "Type", "Deck", "Subdeck", "Card", "CardFlag", ""}


NOT_SHOWN = re.compile(
    r"<(style|script)\b[^<]*+(?:<(?!/\1)[^<]*+)*+(?:</\1>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
LETTER = re.compile(r"[^\W\d_]")
MAX_TEMPLATE = 10_000
MAX_UNSEEN = 80


@lru_cache(maxsize=64)
def template_words(notetype: NoteType) -> str:
    """What the templates of the first card say beside the fields."""
    sides = (notetype.question[:MAX_TEMPLATE], notetype.answer[:MAX_TEMPLATE])
    said = (plain_text(REFERENCE.sub(" ", NOT_SHOWN.sub(" ", side))).strip() for side in sides)
    return " / ".join(text for text in said if LETTER.search(text))


@dataclass
class CardSides:
    """The first card of a note: what it asks, its answer, and what else it shows.

    `unseen`: the fields that are not on it, each with its words.
    """

    question: str
    answer: str
    extra: str
    cloze: str = ""
    hints: list[str] = field(default_factory=list)
    unseen: list[str] = field(default_factory=list)


def first_card(note: Note) -> CardSides:
    """The two sides of the note's first card."""
    values = values_by_field(note)
    front, back = card_fields(note.notetype, values)
    cloze = next((name for name in front.cloze if has_cloze(values.get(name, ""))), "")
    asked = [name for name in front.plain if name in values] or ([] if cloze else [*values][:1])
    beside = [name for name in (*front.typed, *back.typed, *back.plain) if name not in (*asked, cloze)]
    shown = filled(values, beside)
    hints = (*front.hints, *back.hints)
    seen = {*asked, *beside, *hints, *front.cloze}
    return CardSides(
        question=joined_fields([values[name] for name in asked if name != cloze], note.html),
        answer=shown[0] if shown and not front.cloze else "",
        extra=joined_fields(shown if cloze else shown[1:], note.html),
        cloze=values.get(cloze, ""),
        hints=filled(values, hints),
        unseen=[
            f"{name} ({plain_text(value)[:MAX_UNSEEN]})" for name, value in values.items() if value and name not in seen
        ],
    )


def values_by_field(note: Note) -> dict[str, str]:
    """The values of a note by the names of its fields, or by their numbers where those aren't known."""
    names = note.notetype.fields or tuple(str(number) for number in range(len(note.values)))
    return dict(zip(names, note.values, strict=False))


def filled(values: dict[str, str], names: Iterable[str]) -> list[str]:
    """The values of these fields that aren't blank, each once."""
    return [values[name] for name in dict.fromkeys(names) if values.get(name)]


def card_fields(notetype: NoteType, values: dict[str, str]) -> tuple[TemplateFields, TemplateFields]:
    """The fields on each side: as the templates say or, without templates, the first field and all the others."""
    if notetype.question:
        return template_fields(notetype.question), template_fields(notetype.answer)
    cloze = next((name for name, value in values.items() if has_cloze(value)), None)
    if cloze is not None:
        return TemplateFields(cloze=[cloze]), TemplateFields(plain=[name for name in values if name != cloze])
    first, *others = [*values, ""]
    return TemplateFields(plain=[first]), TemplateFields(plain=others)


def joined_fields(parts: list[str], is_html: bool) -> str:
    return ("<br>\n" if is_html else "\n").join(part for part in parts if part)


@dataclass
class TemplateFields:
    """The fields that a side of a card shows, in order, by the filter that each is shown with."""

    plain: list[str] = field(default_factory=list)
    cloze: list[str] = field(default_factory=list)
    typed: list[str] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)


def template_fields(template: str) -> TemplateFields:
    """The fields of a template such as `{{Front}}<hr>{{type:Back}}`."""
    found = TemplateFields()
    for reference in REFERENCE.findall(template):
        *filters, name = (part.strip() for part in reference.split(":"))
        if name in SPECIAL or reference.strip()[:1] in "#^/!&":
            continue
        kind = next((one for one in ("type", "cloze", "hint") if one in filters), "plain")
        side = {"type": found.typed, "cloze": found.cloze, "hint": found.hints, "plain": found.plain}[kind]
        if name not in side:
            side.append(name)
    return found
