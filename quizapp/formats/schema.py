"""The written shape of an item, checked: every problem at once, each with its path.

`check` takes whatever a file gave and says what keeps it from being an item; an empty list means that
`items.from_json` takes it. `missing_languages` asks for more: every text in every language.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from typing import Any

from quizapp.errors import N_, Path, Problem
from quizapp.formats.items import FEEDBACK, ITEM_KEYS, NOT_PLAYED, Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import LANGUAGES, Text
from quizapp.kinds.checks import check_keys, check_list, check_one_of, check_text, is_number, is_text
from quizapp.kinds.fields import Words, every
from quizapp.rules.for_lessons import CHECK
from quizapp.texts.markup import broken_formulas

MAX_POINTS = 1000
STATUSES = ("ready", "draft", "archived")
USES = ("", CHECK)
CITATION_KEYS = ("lesson", "anchor", "quote")
MEDIA_KEYS = ("name", "hash", "type", "alt", "data")
WITHOUT_STEM = (
    "opaque",
    *(kind.NAME for kind in KINDS.values() if any(isinstance(one, Words) and one.name == "text" for one in kind.FORM)),
)
"""Their body's own text asks."""
TEXT_NAMES = {"stem", "title", "stimulus", *FEEDBACK} | {
    one.name for kind in KINDS.values() for one in every(kind.FORM) if isinstance(one, Words)
}
"""Keys below which a text stands; the hints are a list of them."""
MEDIA_ADDRESS = re.compile(r"""media:([^\s"'<>)\]]+)""")


def check_item(written: Any) -> list[Problem]:
    """Every problem of one written item, with the path below it."""
    if not isinstance(written, dict):
        return [
            Problem(N_("A question is a mapping of its parts, such as kind, stem and response."), code="no-mapping")
        ]
    problems = check_keys(written, ITEM_KEYS)
    for key, check_part in PARTS.items():
        if key in written:
            problems += [problem.at(path=(key,)) for problem in check_part(written[key])]
    problems += check_body(written.get("kind", "choice"), written.get("response", {}), written.get("scoring", {}))
    problems += check_stem(Item(kind=written.get("kind", "choice"), stem=written.get("stem", {})))
    problems += own_enemy(written)
    if not problems:
        problems += missing_media(written) + unreadable_formulas(written)
    return problems


def check_stem(item: Item) -> list[Problem]:
    """A question needs a stem, unless its body has a text of its own."""
    if item.stem or item.kind in WITHOUT_STEM:
        return []
    return [Problem(N_("The question has no stem."), code="no-text", path=("stem",), mend=N_("Write what is asked."))]


def own_enemy(written: dict[str, Any]) -> list[Problem]:
    """A question can't be kept from being drawn together with itself."""
    enemies = written.get("enemies")
    if not written.get("id") or not isinstance(enemies, list) or written["id"] not in enemies:
        return []
    what = N_("A question can't be on its own list of questions that it is never drawn with.")
    mend = N_("Name the other question.")
    return [Problem(what, code="enemy", path=("enemies", enemies.index(written["id"])), mend=mend)]


def unknown_enemies(item: Item, known: Collection[str]) -> Iterator[Problem]:
    """A problem for every enemy that none of the questions is called."""
    for place, name in enumerate(item.enemies):
        if name not in known:
            yield Problem(
                N_("“%(id)s” is never to be drawn with “%(enemy)s”, and there is no such question."),
                {"id": item.id, "enemy": name},
                code="enemy",
                path=("enemies", place),
                mend=N_("Compare the spelling, or take it out."),
            )


def check_body(kind: Any, response: Any, scoring: Any) -> list[Problem]:
    """The problems that the kind itself finds, with paths from the item."""
    if kind in NOT_PLAYED:
        return []
    if not isinstance(kind, str) or kind not in KINDS:
        return [problem.at(path=("kind",)) for problem in check_one_of(kind, [*KINDS, *NOT_PLAYED])]
    if not isinstance(response, dict) or not isinstance(scoring, dict):
        return []
    body = {**response, "scoring": scoring} if scoring else response
    return [
        problem if problem.path[:1] == ("scoring",) else problem.at(path=("response",))
        for problem in KINDS[kind].check(body)
    ]


# --- the parts: each gives the problems of one value, with paths below it ---

Check = Callable[[Any], list[Problem]]


def must(holds: Callable[[Any], bool], template: str) -> Check:
    return lambda value: [] if holds(value) else [Problem(template, code="wrong-type")]


def check_texts(value: Any) -> list[Problem]:
    if not isinstance(value, list):
        return [Problem(N_("A list of texts is missing here."), code="no-list")]
    return [problem for index, text in enumerate(value) for problem in check_text(text, index)]


def check_feedback(value: Any) -> list[Problem]:
    problems = check_keys(value, FEEDBACK)
    return problems or [problem for key in value for problem in check_text(value[key], key)]


def check_citations(value: Any) -> list[Problem]:
    return check_list(value, 0, CITATION_KEYS) or [
        Problem(
            N_("A source names a lesson and an anchor: {lesson: intro, anchor: first-passage}."),
            code="citation",
            path=(index,),
        )
        for index, one in enumerate(value)
        if not one.get("lesson") or not all(isinstance(part, str) for part in one.values())
    ]


def check_media(value: Any) -> list[Problem]:
    problems = check_list(value, 0, MEDIA_KEYS)
    seen: set[str] = set()
    for index, one in enumerate([] if problems else value):
        problems += [problem.at(path=(index,)) for problem in check_medium(one)]
        if isinstance(one.get("name"), str) and one["name"] in seen:
            problems.append(
                Problem(
                    N_("The name “%(name)s” appears twice."), {"name": one["name"]}, code="same-name", path=(index,)
                )
            )
        seen.add(str(one.get("name")))
    return problems


def check_medium(one: dict[str, Any]) -> list[Problem]:
    if not all(isinstance(part, str) for part in one.values()) or not one.get("name") or not one.get("type"):
        return [
            Problem(
                N_("A media entry has text fields only: name, type (such as image/png), alt, and data in base64."),
                code="media",
            )
        ]
    try:
        data = base64.b64decode(one.get("data", ""), validate=True)
    except (binascii.Error, ValueError):
        return [Problem(N_("The data is not base64; encode the file again."), code="media", path=("data",))]
    if one.get("hash", "") not in ("", hashlib.sha256(data).hexdigest()):
        return [
            Problem(N_("The data doesn't match its hash; the file was damaged."), code="media-hash", path=("hash",))
        ]
    return []


def is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


STRING = must(lambda value: isinstance(value, str), N_("A text on one line is missing here; put numbers in quotes."))
WORDS = must(is_words, N_("A list of words is missing here; put numbers in quotes."))
MAPPING = must(lambda value: isinstance(value, dict), N_("A mapping is missing here."))
TEXT = must(
    lambda value: value == {} or not check_text(value), N_("A text by language is missing here: {ko: …, en: …}.")
)

PARTS: dict[str, Check] = {
    "id": STRING,
    "stem": TEXT,
    "response": MAPPING,
    "scoring": MAPPING,
    "title": TEXT,
    "stimulus": TEXT,
    "category": WORDS,
    "tags": WORDS,
    "objectives": WORDS,
    "difficulty": must(lambda value: value is None or (value in (1, 2, 3) and is_number(value)),
                       N_("The difficulty is 1, 2 or 3.")),
    "citations": check_citations,
    "enemies": WORDS,
    "use": must(lambda value: value in USES, N_("A question is for quizzes (leave it out) or for lessons: check.")),
    "points": must(lambda value: is_number(value) and 0 < value <= MAX_POINTS,
                   N_("Points are a number above 0, and 1000 at most.")),
    "shuffle": must(lambda value: isinstance(value, bool), N_("This is true or false.")),
    "feedback": check_feedback,
    "hints": check_texts,
    "media": check_media,
    "status": lambda value: check_one_of(value, STATUSES),
    "licence": STRING,
    "provenance": MAPPING,
}  # fmt: skip


# --- the texts of an item ---


def texts(value: Any, path: Path = ()) -> Iterator[tuple[Path, Text]]:
    """Every text below `value` with its path."""
    if value and is_text(value) and ((path[-1:] and path[-1] in TEXT_NAMES) or path[-2:-1] == ("hints",)):
        yield path, value
    elif isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in ("provenance", "media"):
                yield from texts(part, (*path, key))


def texts_of(item: Item) -> list[Text]:
    """Every text of an item."""
    return [text for _, text in texts(item.parts(name for name in ITEM_KEYS if name not in ("media", "provenance")))]


def missing_media(written: dict[str, Any]) -> list[Problem]:
    """Addresses `media:NAME` in a text for which the item brings no file."""
    names = {one["name"] for one in written.get("media", [])}
    return [
        Problem(
            N_("The file “%(name)s” that the text shows is missing."),
            {"name": name},
            code="missing-media",
            path=path,
            severity="warning",
        )
        for path, text in texts(written)
        for name in sorted({found for part in text.values() for found in MEDIA_ADDRESS.findall(part)} - names)
    ]


def unreadable_formulas(written: dict[str, Any]) -> list[Problem]:
    """Formulas that can't be read, so that pages show them as they are written."""
    return [
        Problem(error.template, error.values, code="formula", path=path, severity="warning")
        for path, text in texts(written)
        for language, part in text.items()
        if language != "format"
        for error in broken_formulas(part, text.get("format", "markdown"))
    ]


def missing_languages(item: Item, languages: Sequence[str] = LANGUAGES) -> list[Problem]:
    """A problem for every text of the item that is blank in one of the languages."""
    return [
        Problem(
            N_("“%(id)s” lacks a translation: %(where)s is missing in %(language)s."),
            {"id": item.id, "where": ".".join(map(str, path)), "language": language},
            code="missing-translation",
            path=path,
        )
        for path, text in texts(item.to_json())
        for language in languages
        if not text.get(language, "").strip()
    ]
