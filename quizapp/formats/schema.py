"""The written shape of an item, checked: every problem at once, each with its path.

`check` takes what a file gave, of any type, and says what keeps it from being an item; an empty list means that
`items.from_json` takes it. `missing_languages` asks more: that every text is there in every language.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from quizapp.errors import N_, Path, Problem
from quizapp.formats.items import FEEDBACK, KEYS, NOT_PLAYED, Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import LANGUAGES, Text, check_one_of, check_text, is_text

STATUSES = ("ready", "draft", "archived")
WITHOUT_STEM = ("cloze", "opaque")
CITATION_KEYS = ("lesson", "anchor", "quote")
MEDIA_KEYS = ("name", "hash", "type", "alt", "data")
TEXT_NAMES = {"stem", "title", "stimulus", "text", "feedback", "template", "grader_notes", "true", "false", *FEEDBACK}
"""Keys below which a text stands; the hints are a list of them."""
MEDIA_ADDRESS = re.compile(r"""media:([^\s"'<>)\]]+)""")


def check(written: Any) -> list[Problem]:
    """Every problem of one written item, with the path below it."""
    if not isinstance(written, dict):
        return [Problem(N_("A question is a mapping with kind, stem and response."), code="no-mapping")]
    problems = unknown_keys(written, KEYS)
    for key, check_part in PARTS.items():
        if key in written:
            problems += [problem.at(path=(key,)) for problem in check_part(written[key])]
    problems += check_body(written.get("kind", "choice"), written.get("response", {}), written.get("scoring", {}))
    if not written.get("stem") and written.get("kind") not in WITHOUT_STEM:
        problems.append(Problem(N_("The question has no stem."), code="no-text", mend=N_("Write what is asked.")))
    if not problems:
        problems += missing_media(written)
    return problems


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


def unknown_keys(value: dict[Any, Any], known: Sequence[str], *path: str | int) -> list[Problem]:
    return [
        Problem(
            N_("“%(key)s” is not known here; the keys are %(known)s."),
            {"key": key, "known": ", ".join(known)},
            code="unknown-key",
            path=(*path, key if isinstance(key, (str, int)) else str(key)),
        )
        for key in value
        if key not in known
    ]


# --- the parts: each gives the problems of one value, with paths below it ---

Check = Callable[[Any], list[Problem]]


def must(holds: Callable[[Any], bool], template: str) -> Check:
    return lambda value: [] if holds(value) else [Problem(template, code="wrong-type")]


def is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def check_texts(value: Any) -> list[Problem]:
    if not isinstance(value, list):
        return [Problem(N_("A list of texts is missing here."), code="no-list")]
    return [problem for index, text in enumerate(value) for problem in check_text(text, index)]


def check_feedback(value: Any) -> list[Problem]:
    if not isinstance(value, dict):
        return [Problem(N_("Feedback is given by moment: %(moments)s."), {"moments": ", ".join(FEEDBACK)}, code="feedback")]
    problems = unknown_keys(value, FEEDBACK)
    return problems + [problem for key in FEEDBACK if key in value for problem in check_text(value[key], key)]


def check_citations(value: Any) -> list[Problem]:
    wrong = N_("A citation names a lesson and an anchor: {lesson: intro, anchor: first-passage}.")
    if not isinstance(value, list):
        return [Problem(wrong, code="citation")]
    problems = []
    for index, one in enumerate(value):
        if not isinstance(one, dict) or not all(isinstance(part, str) for part in one.values()) or not one.get("lesson"):
            problems.append(Problem(wrong, code="citation", path=(index,)))
        else:
            problems += unknown_keys(one, CITATION_KEYS, index)
    return problems


def check_media(value: Any) -> list[Problem]:
    if not isinstance(value, list):
        return [Problem(N_("A list of media is missing here."), code="no-list")]
    problems = [problem.at(path=(index,)) for index, one in enumerate(value) for problem in check_medium(one)]
    names = [one.get("name") for one in value if isinstance(one, dict)]
    for index, name in enumerate(names):
        if name in names[:index]:
            problems.append(Problem(N_("The name “%(name)s” stands twice."), {"name": name}, code="same-name", path=(index,)))
    return problems


def check_medium(one: Any) -> list[Problem]:
    if not isinstance(one, dict) or not all(isinstance(part, str) for part in one.values()):
        return [Problem(N_("A medium is a mapping of texts: name, type, alt, data in base64."), code="media")]
    problems = unknown_keys(one, MEDIA_KEYS)
    if not one.get("name") or not one.get("type"):
        return [*problems, Problem(N_("A medium has a name and a type, such as image/png."), code="media")]
    try:
        data = base64.b64decode(one.get("data", ""), validate=True)
    except (binascii.Error, ValueError):
        return [*problems, Problem(N_("The data is not base64; encode the file again."), code="media", path=("data",))]
    if one.get("hash", "") not in ("", hashlib.sha256(data).hexdigest()):
        problems.append(
            Problem(N_("The data is not what the hash says; the file was damaged."), code="media-hash", path=("hash",))
        )
    return problems


def is_words(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(word, str) and word.strip() for word in value)


STRING = must(lambda value: isinstance(value, str), N_("A text in one line is missing here; put numbers in quotes."))
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
    "points": must(lambda value: is_number(value) and value > 0, N_("Points are a number above 0.")),
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
    if is_text(value) and (path[-1:] and path[-1] in TEXT_NAMES or path[-2:-1] == ("hints",)):
        yield path, value
    elif isinstance(value, (dict, list)):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            if key not in ("provenance", "media"):
                yield from texts(part, (*path, key))


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


def missing_languages(item: Item, languages: Sequence[str] = LANGUAGES) -> list[Problem]:
    """A problem for every text of the item that is blank in one of the languages."""
    return [
        Problem(
            N_("“%(id)s” lacks a translation: %(where)s is missing in “%(language)s”."),
            {"id": item.id, "where": ".".join(map(str, path)), "language": language},
            code="missing-translation",
            path=path,
        )
        for path, text in texts(item.to_json())
        for language in languages
        if not text.get(language, "").strip()
    ]
