"""Losses that several formats declare: what is left behind when an item is written."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.base import FormatError, Reading, written_language
from quizapp.formats.items import Item
from quizapp.formats.plain_text import is_plain
from quizapp.formats.schema import TEXT_NAMES, texts_of
from quizapp.formats.xml import parse
from quizapp.kinds.base import language_said
from quizapp.kinds.checks import is_text

FIELDS = {
    "id": N_("the identifier"),
    "title": N_("the title"),
    "stimulus": N_("the text above the question"),
    "category": N_("the category"),
    "tags": N_("the tags"),
    "objectives": N_("the objectives"),
    "difficulty": N_("the difficulty"),
    "citations": N_("the sources"),
    "enemies": N_("the questions that it is never drawn with"),
    "use": N_("that it is for lessons only"),
    "feedback": N_("the feedback"),
    "hints": N_("the hints"),
    "media": N_("the media"),
    "licence": N_("the licence"),
    "scoring": N_("the scoring rule"),
    "status": N_("the status"),
    "points": N_("the points"),
    "shuffle": N_("the fixed order of the choices"),
}
"""Fields of an item that a format may have no place for."""


RENAMED = N_("Choices, rows and gaps get new identifiers.")
COMPARED = tuple(
    name for name in FIELDS if name not in ("id", "title", "stimulus", "feedback", "hints", "media", "scoring")
)
"""Fields that come back as they are whatever else is lost, unless it is they that are told as lost."""
ALONE = {"id", "ids", "title", *COMPARED}
"""Codes of losses that change nothing but the field of that name."""
OF_TEXTS = {"languages", "lent-languages", "markdown", "plain", "formula", "characters", "markup", "format"}
"""Codes of losses that change nothing but texts."""


def loss(template: str, code: str, **values: object) -> Problem:
    return Problem(template, values, code=code, severity="loss")


def unknown_kind(item: Item, known: Collection[str]) -> list[Problem]:
    """An error for a kind of question that a format has no way to write."""
    if item.kind in known or item.kind == "opaque":
        return []
    return [Problem(N_("This format has no questions of this kind."), code="kind")]


def lost_fields(item: Item, carried: Collection[str]) -> Iterator[Problem]:
    """A loss for every field that isn't empty and isn't carried."""
    written = item.parts(FIELDS)
    for field, name in FIELDS.items():
        if field in written and field not in carried:
            yield loss(N_("This format has no place for %(what)s."), f"lost-{field}", what=name)


def lost_languages(item: Item) -> Iterator[Problem]:
    """What a format of one language makes of the others: they are left out beside it, and stand for it where a text
    lacks it, by the rule of `say`."""
    kept = written_language(item)
    found = [(text, language_said(text, kept)) for text in texts_of(item)]
    left = {key for text, said in found for key in text if key not in (kept, said, "format") and text[key].strip()}
    lent = {said for text, said in found if said not in (kept, "") and text[said].strip()}
    if left:
        yield loss(
            N_("This format holds one language: %(kept)s is written, %(left)s is left out."),
            "lost-languages",
            kept=kept,
            left=", ".join(sorted(left)),
        )
    if lent:
        yield loss(
            N_("This format holds one language: what lacks %(kept)s is written in %(lent)s and counts as %(kept)s."),
            "lent-languages",
            kept=kept,
            lent=", ".join(sorted(lent)),
        )


def lost_texts(item: Item) -> Iterator[Problem]:
    """The losses of languages, and one for texts whose markup would come back as plain text."""
    yield from lost_languages(item)
    if not all(is_plain(text) for text in texts_of(item)):
        yield loss(N_("The markup of the texts is written as it stands and comes back as plain text."), "lost-markup")


def is_own_original(item: Item, name: str) -> bool:
    """Whether an opaque item came from this format, and its XML is still whole."""
    original = item.provenance.get("original")
    if item.provenance.get("format") != name or not isinstance(original, str):
        return False
    try:
        parse(original.encode())
    except FormatError:
        return False
    return True


def undeclared(item: Item, declared: Iterable[Problem], read_again: Callable[[], Reading]) -> list[Problem]:
    """The declared losses of an item, and what shows beyond them when what is written of it is read again. An item that
    can't be written isn't."""
    problems = list(declared)
    if any(problem.is_error for problem in problems):
        return problems
    again = read_again()
    if len(again.items) != 1 or again.errors:
        return [*problems, not_read_back(again)]
    return [*problems, *differences(item, again.items[0], {problem.code.removeprefix("lost-") for problem in problems})]


def not_read_back(again: Reading) -> Problem:
    """An error for an item that its format doesn't give back as one question."""
    if again.errors:
        why = again.errors[0].message
        return Problem(N_("Written in this format, it couldn't be read back: %(why)s"), {"why": why}, code="unreadable")
    return Problem(N_("Written in this format, it wouldn't be read back as one question."), code="unreadable")


def differences(item: Item, read: Item, told: Collection[str]) -> Iterator[Problem]:
    """What has changed of an item that was read again, beyond what is told of it by these codes."""
    if read.kind != item.kind and "kind" not in told:
        yield loss(N_("It comes back as a question of another kind."), "lost-kind")
    before, after = list(ids_in(item.response)), list(ids_in(read.response))
    if before != after and len(before) == len(after) and "ids" not in told:
        yield loss(RENAMED, "lost-ids")
    changed = any(getattr(read, name) != getattr(item, name) for name in COMPARED if name not in told)
    renamed = item.id not in ("", read.id) and not {"id", "ids"} & set(told)
    if changed or renamed or (read.kind == item.kind and compared(item, told) != compared(read, told)):
        yield loss(N_("The question reads back in a different notation."), "spelling")


def ids_in(value: Any) -> Iterator[str]:
    """The ids of all parts of a body, in their order."""
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(part, dict) and "id" in part:
            yield part["id"]
        yield from ids_in(part)


def compared(item: Item, told: Collection[str]) -> Any:
    """What has to come back of an item beside the losses that are told by these codes; nothing where one of them may
    change anything."""
    beyond = set(told) - ALONE
    if not beyond <= OF_TEXTS:
        return None
    content = {name: part for name, part in item.content().items() if name not in told}
    return nameless(content, texts=not beyond)


def nameless(value: Any, texts: bool) -> Any:
    """The value without the ids of its parts, and only where wanted with its `texts`."""
    if isinstance(value, list):
        return [nameless(part, texts) for part in value]
    if not isinstance(value, dict):
        return value
    named = ((name, part) for name, part in value.items() if name not in ("id", "option"))
    return {name: nameless(part, texts) for name, part in named if texts or not holds_text(name, part)}


def holds_text(name: str, part: Any) -> bool:
    """Whether what a body or an item has by this name is a text, or a list of them."""
    return name == "hints" or (name in TEXT_NAMES and is_text(part))
