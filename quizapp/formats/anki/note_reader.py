"""An Anki note -> an item, whether from a package or from a text file.

- A note of our own holds the whole item in one field: see `anki.embedded_item`.
- A cloze note becomes a cloze with a gap for each outermost deletion; if one of them can't be typed (a picture, a
  formula, several lines) or there are too many, it becomes an essay with the whole text as its solution.
- Any other note becomes what its first card asks. An answer of one plain line up to 80 characters is typed (kind
  text); any other is a model solution (kind essay). Wrong answers are never made up.
- Whatever else the card shows with its answer is the solution; the note's other cards and fields are losses.
- An image occlusion is kept unchanged, as an opaque item.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable

from quizapp.errors import N_, Problem, Severity
from quizapp.formats.anki import embedded_item
from quizapp.formats.anki.card import CardSides, first_card, joined_fields, template_words
from quizapp.formats.anki.cloze import Deletion, split_cloze
from quizapp.formats.anki.field_html import plain_text, typed_answer
from quizapp.formats.anki.media import MediaFinder
from quizapp.formats.anki.note import Note, has_content
from quizapp.formats.base import language_of
from quizapp.formats.collector import Collector
from quizapp.formats.items import Item
from quizapp.formats.plain_text import as_plain
from quizapp.formats.wildcards import pattern_of
from quizapp.kinds.base import Text
from quizapp.kinds.cloze import MARKER

OCCLUSION = "image-occlusion:"
MARKUP = re.compile(r"[<&\n]")
"""What HTML and plain text read differently."""

DEFAULT_DECK = "Default"
MOST_GAPS = 200
"""Nobody fills in a note with more of them."""

EMPTY_FRONT = Problem(
    N_("The front of this note is empty, so nothing is asked."),
    code="empty-front",
    mend=N_("Fill it in, or leave the note out."),
)
EMPTY_BACK = Problem(
    N_("The back of this note is empty, so nothing is right."),
    code="empty-back",
    mend=N_("Fill it in, or leave the note out."),
)


class NoteReader:
    """Takes notes and fills `collector`. `find` gives a media file by its name in Anki."""

    def __init__(self, form: str, language: str, find: Callable[[str], bytes | None]) -> None:
        self.collector = Collector(form)
        self.language = language
        self.find = find

    def take(self, note: Note, line: int | None = None, place: str = "") -> None:
        if (written := embedded_item.embedded_in(note.values, note.html)) is not None:
            shown = embedded_item.fingerprint(note.values[: embedded_item.VISIBLE_FIELDS], note.html)
            item, problems = embedded_item.unpack(written, shown, self.find)
        else:
            item, problems = self.foreign(note)
        if item is None:
            self.collector.fail(problems, line, place)
            return
        item.provenance["source_id"] = note.guid
        self.collector.take(item, problems, line, place)

    # --- notes that other people made ---

    def foreign(self, note: Note) -> tuple[Item | None, list[Problem]]:
        sides = first_card(note)
        media = MediaFinder(self.find if note.html else lambda name: None)
        if OCCLUSION in sides.cloze:
            item = self.occlusion(note, media)
        elif sides.cloze:
            item = self.cloze(note, sides, media)
        elif not has_content(sides.question, note.html):
            return None, [EMPTY_FRONT]
        elif not has_content(sides.answer, note.html):
            return None, [EMPTY_BACK]
        else:
            item = self.basic(note, sides, media)
        item.hints = [self.text(media, note, hint) for hint in sides.hints]
        self.describe(item, note)
        item.media = list(media.media.values())
        return item, losses_of(note, sides, media)

    def describe(self, item: Item, note: Note) -> None:
        item.id = note.guid
        item.tags = list(dict.fromkeys(note.tags))
        item.category = [part for part in note.deck.split("::") if part.strip() and note.deck != DEFAULT_DECK]

    def basic(self, note: Note, sides: CardSides, media: MediaFinder) -> Item:
        item = Item(stem=self.text(media, note, sides.question))
        answer = typed_answer(sides.answer, note.html)
        if answer is None:
            item.kind = "essay"
            solution = joined_fields([sides.answer, sides.extra], note.html)
        else:
            item.kind = "text"
            item.response = {"answers": [{"text": pattern_of(answer), "fraction": 1}]}
            solution = sides.extra
        item.feedback = {"solution": self.text(media, note, solution)} if solution else {}
        return item

    def cloze(self, note: Note, sides: CardSides, media: MediaFinder) -> Item:
        item = Item(kind="cloze")
        parts = split_cloze(sides.cloze)
        answers = [typed_answer(part.answer, note.html) for part in parts if isinstance(part, Deletion)]
        text, names = with_markers(parts), [f"g{number + 1}" for number in range(len(answers))]
        if None in answers or len(answers) > MOST_GAPS or MARKER.findall(text) != names:
            whole = "".join(part if isinstance(part, str) else part.answer for part in parts)
            blank = "".join(part if isinstance(part, str) else f"[{part.hint or '…'}]" for part in parts)
            item = Item(kind="essay", stem=self.text(media, note, joined_fields([sides.question, blank], note.html)))
            item.feedback = {"solution": self.text(media, note, joined_fields([whole, sides.extra], note.html))}
            return item
        item.stem = self.text(media, note, sides.question) if sides.question else {}
        item.response = {
            "text": self.text(media, note, text),
            "gaps": [
                {"id": name, "kind": "text", "answers": [{"text": pattern_of(answer or ""), "fraction": 1}]}
                for name, answer in zip(names, answers, strict=True)
            ],
        }
        item.feedback = {"solution": self.text(media, note, sides.extra)} if sides.extra else {}
        return item

    def occlusion(self, note: Note, media: MediaFinder) -> Item:
        """Keep it with all its fields and pictures, so that a person can remake it."""
        source = {"notetype": note.notetype.name, "fields": note.values, "tags": note.tags, "deck": note.deck}
        title = next((text for value in note.values[1:] if (text := plain_text(value))), note.notetype.name)
        item = Item(kind="opaque", stem={self.language: title or OCCLUSION, "format": "plain"})
        item.provenance["original"] = json.dumps(source, ensure_ascii=False)
        for value in note.values:
            media.text(value)
        return item

    def text(self, media: MediaFinder, note: Note, source: str) -> Text:
        shown = media.text(source.strip()) if note.html else source.strip()
        if note.html and MARKUP.search(shown):
            return {self.language: shown, "format": "html"}
        return as_plain({self.language: shown})


def with_markers(parts: list[str | Deletion]) -> str:
    """The text with our markers; a hint follows its gap."""
    text, number = "", 0
    for part in parts:
        if isinstance(part, str):
            text += part
        else:
            number += 1
            text += f"{{{{g{number}}}}}" + (f" ({part.hint})" if part.hint else "")
    return text


def language_of_notes(notes: Iterable[Note]) -> str:
    """Korean if there is any in them."""
    return "ko" if any(language_of(value) == "ko" for note in notes for value in note.values) else "en"


# --- what is lost ---


def losses_of(note: Note, sides: CardSides, media: MediaFinder) -> list[Problem]:
    """What the item lacks of the note."""
    words = template_words(note.notetype)
    nested = any(part.nested for part in split_cloze(sides.cloze) if isinstance(part, Deletion))
    found: list[tuple[bool, Severity, str, str, str]] = [
        (note.notetype.cards > 1 and not sides.cloze, "loss", "cards",
         N_("Only the first card of “%(name)s” was read."), note.notetype.name),
        (bool(sides.unseen), "loss", "fields",
         N_("These fields, which the card doesn't show, were left out: %(name)s."), ", ".join(sides.unseen)),
        (OCCLUSION in sides.cloze, "loss", "opaque",
         N_("An image occlusion is kept as it is; it can't be played here."), ""),
        (bool(words) and OCCLUSION not in sides.cloze, "loss", "template",
         N_("These words of the card's template were left out: %(name)s."), words),
        (nested, "loss", "nested", N_("A cloze inside a cloze became a single gap."), ""),
        (bool(media.missing), "warning", "missing-media",
         N_("These files are missing: %(name)s."), ", ".join(media.missing)),
    ]  # fmt: skip
    return [
        Problem(template, {"name": name[:200]}, code=code, severity=severity)
        for holds, severity, code, template, name in found
        if holds
    ]
