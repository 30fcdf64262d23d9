"""What the formats of plain text share: texts without markup, in one language, and what they leave behind.

A plain text that Markdown would show as it stands is stored without a format, so that it is the same question as
one written in our editor; any other one says that it is plain.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import unquote

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.schema import texts
from quizapp.kinds.base import Text, nfc

MARKUP = re.compile(r"[\\`*_{}\[\]<>#&|~^$\n]|^\s|\s$|  |^(?:[-+=:]|\d+[.)])")
"""What Markdown may read as more than letters."""
CONTEXT = re.compile(r"\$\w+\$")
"""Which part of a site a category of Moodle belongs to."""
PLUGIN_FILE = re.compile(r"""@@PLUGINFILE@@/([^\s"'<>)]+)""")

NAMES = {
    "id": N_("the id"),
    "title": N_("the title"),
    "stimulus": N_("the text above the question"),
    "category": N_("the category"),
    "tags": N_("the tags"),
    "objectives": N_("the objectives"),
    "difficulty": N_("the difficulty"),
    "citations": N_("the citations"),
    "feedback": N_("the feedback"),
    "hints": N_("the hints"),
    "media": N_("the media"),
    "licence": N_("the licence"),
    "scoring": N_("the rule of scoring"),
    "status": N_("the status"),
    "points": N_("the points"),
    "shuffle": N_("the fixed order of the choices"),
}
"""Fields of an item that a format may have no place for."""


def loss(template: str, code: str, **values: object) -> Problem:
    return Problem(template, values, code=code, severity="loss")


def lost_fields(item: Item, carried: Collection[str]) -> Iterator[Problem]:
    """A loss for every field that holds something and isn't carried."""
    written = item.to_json()
    for field, name in NAMES.items():
        if field in written and field not in carried:
            yield loss(N_("This format has no place for %(what)s."), f"lost-{field}", what=name)


def lost_languages(item: Item, language: str) -> Iterator[Problem]:
    """A loss if the item has texts in other languages than the one that is written."""
    found = [text for _, text in texts(item.to_json())]
    others = sorted({key for text in found for key in text if key not in (language, "format") and text[key].strip()})
    if others:
        yield loss(
            N_("This format holds one language: “%(kept)s” is written, “%(left)s” is left out."),
            "lost-languages",
            kept=language,
            left=", ".join(others),
        )


def lost_texts(item: Item, language: str) -> Iterator[Problem]:
    """One loss for the other languages, and one for texts whose markup would come back as plain text."""
    yield from lost_languages(item, language)
    if not all(is_plain(text) for _, text in texts(item.to_json())):
        yield loss(N_("The markup of the texts is written as it stands and comes back as plain text."), "lost-markup")


def category_path(written: str) -> list[str]:
    """The names in a category of Moodle. Where it begins, `$course$` and `top`, is no part of it; `//` is a slash."""
    parts = [part.strip().replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", nfc(written))]
    parts = [part for part in parts if part and not CONTEXT.fullmatch(part)]
    return parts[1:] if parts[:1] == ["top"] else parts


def missing_files(item: Item) -> Iterator[Problem]:
    """Files of Moodle that a text shows, in a format that holds no files."""
    parts = [part for _, text in texts(item.to_json()) for part in text.values()]
    for name in dict.fromkeys(name for part in parts for name in PLUGIN_FILE.findall(part)):
        yield Problem(
            N_("The file “%(name)s” that the text shows is missing."),
            {"name": unquote(name)},
            code="missing-media",
            severity="warning",
            mend=N_("Export the questions as Moodle XML, which holds their files."),
        )


def as_plain(text: Text) -> Text:
    """The Text of plain text: marked as plain only where Markdown would read more into it."""
    return {**text, "format": "plain"} if has_markup(text) else text


def has_markup(text: Text) -> bool:
    return any(MARKUP.search(part) for key, part in text.items() if key != "format")


def is_plain(text: Text) -> bool:
    """Whether the text is shown as it stands."""
    return text.get("format") == "plain" or not has_markup(text)


def one_language(item: Item) -> str:
    """The language that a format for one language writes."""
    return next(iter(item.languages), "ko")
