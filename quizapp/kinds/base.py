"""What every question type shares: its shape, its score, and the reading of responses.

A *body* is all that one type needs of a question: what is shown and what is right, with the rule of scoring
under `"scoring"`. A *response* is what a learner gave. Both are plain JSON, so that they can be stored, sent and
scored again years later. Texts are `{"ko": "...", "en": "..."}`, with `"format"` (`markdown`, the default,
`html` or `plain`) where it is not Markdown. Ids are short strings, unique within a body, and never change.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from quizapp.errors import N_, Problem, ResponseError
from quizapp.kinds.fields import Field

Text = dict[str, str]
Body = dict[str, Any]
Response = dict[str, Any]

LANGUAGES = ("ko", "en")
MAX_RESPONSE_CHARACTERS = 50_000


@dataclass(frozen=True, slots=True)
class Score:
    """What a response earned.

    fraction: share of the question's points. 1 is all right, 0 nothing; may be negative (never below the lowest
        fraction of an option); None where a person has to grade.
    parts: id of each choice, row, item or gap -> its own fraction, for marking it right or wrong.
    feedback: texts that this response earned, in the order of the body.  notes: id of a part -> those of them that are
        said of it alone.
    tally: how many of how many the fraction stands for, where it is a count, such as (2, 4).
    reading: how a typed number was read, such as "3.14"; else "".
    """

    fraction: float | None
    parts: Mapping[str, float] = field(default_factory=dict)
    feedback: tuple[Text, ...] = ()
    reading: str = ""
    notes: Mapping[str, Text] = field(default_factory=dict)
    tally: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of things with ids in a body, and how pages show it.

    shuffled: "asked" where the quiz and the question ask for it; "always" where the list's own order is, or may be,
        the key; or "never".
    choosable: whether a response chooses among them. Pages never see the ids of what can be chosen.
    """

    shuffled: Literal["asked", "always", "never"] = "asked"
    choosable: bool = True


class Kind(Protocol):
    """A question type: one module of this package. Pure: no HTML, no database, no clock. What it says as data:

    NAME, as it is stored. LABEL, what people call it, and ASKS, what it asks of a learner: messages.
    CONTROL: one of `web.controls.CONTROLS`, which says what `public` and a response hold for it.
    MANUAL: whether a person grades.
    LISTS: the lists of things with ids, by name. MARKED: of which of them `Score.parts` are; "" for none.
    FORM: the fields of the editor for the body, RULES those for its rule of scoring.
    NEW: the body with which a new question's form begins. BLANK: a response that answers nothing, with every part.
    EXAMPLE and OTHER: bodies that differ only in the key.

    `check` returns every problem of a body, `[]` if it can be played; it takes any JSON and never raises. The
    others take a body that `check` found nothing in. `public` is what a learner's page may know: it is the same
    for two bodies that differ only in the key, and lists things with ids in an order that says nothing of the
    key. `score` raises ResponseError on a wrong shape and gives 0 for None. `solution` is a response that earns 1
    (None where a person grades), in this language where some are and others aren't. `text` says a response in words,
    its parts on lines of their own, and passes over what the body doesn't have.
    """

    @property
    def NAME(self) -> str: ...
    @property
    def LABEL(self) -> str: ...
    @property
    def ASKS(self) -> str: ...
    @property
    def CONTROL(self) -> str: ...
    @property
    def MANUAL(self) -> bool: ...
    @property
    def LISTS(self) -> Mapping[str, Listing]: ...
    @property
    def MARKED(self) -> str: ...
    @property
    def FORM(self) -> tuple[Field, ...]: ...
    @property
    def RULES(self) -> tuple[Field, ...]: ...
    @property
    def NEW(self) -> Body: ...
    @property
    def BLANK(self) -> Response: ...
    @property
    def EXAMPLE(self) -> Body: ...
    @property
    def OTHER(self) -> Body: ...

    def check(self, body: Any) -> list[Problem]: ...
    def public(self, body: Body) -> dict[str, Any]: ...
    def score(self, body: Body, response: Response | None) -> Score: ...
    def solution(self, body: Body, language: str = "") -> Response | None: ...
    def text(self, body: Body, response: Response | None, language: str) -> str: ...


def say(text: Text | None, language: str) -> str:
    """The text in `language`, else in any language that it has, else ""."""
    return text[said] if text and (said := language_said(text, language)) else ""


def language_said(text: Text, language: str) -> str:
    """The language in which `say` gives the text; "" where it gives none."""
    for key in (language, *LANGUAGES, *text):
        if key != "format" and text.get(key):
            return key
    return ""


MOST_MARKS = 30
"""How many accents one letter may have, as in Unicode's stream-safe format (UAX 15)."""


def runs_of_marks(end: int) -> re.Pattern[str]:
    """Finds more accents in a row than a letter may have, of those below a code point."""
    marks = "".join(mark for mark in map(chr, range(0x300, end)) if unicodedata.combining(mark))
    return re.compile(f"[{marks}][{marks}]{{{MOST_MARKS},}}")


RUNS, RARE_RUNS = runs_of_marks(0x10000), runs_of_marks(0x1F000)
RARE = re.compile("[\U00010000-\U0001efff]")
"""Letters of scripts that nobody writes today. To look for their accents takes long, so it isn't done for nothing."""


def nfc(text: str) -> str:
    """Unicode NFC: the form in which texts are compared, hashed and measured.

    Beyond MOST_MARKS a letter loses its accents: putting thousands of them in order takes quadratic time.
    """
    if text.isascii():
        return text
    runs = RARE_RUNS if RARE.search(text) else RUNS
    return unicodedata.normalize("NFC", runs.sub(lambda run: run[0][:MOST_MARKS], text))


def by_id(entries: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    return {entry["id"]: entry for entry in entries}


def feedback_of(entries: Iterable[Mapping[str, Any]]) -> tuple[Text, ...]:
    """The feedback of those entries that have one."""
    return tuple(entry["feedback"] for entry in entries if entry.get("feedback"))


def notes_of(entries: Iterable[Mapping[str, Any]]) -> dict[str, Text]:
    """The feedback of those entries that have one, by id."""
    return {entry["id"]: entry["feedback"] for entry in entries if entry.get("feedback")}


def is_blank(response: Response | None) -> bool:
    """Whether nothing was answered: no response, or one in which every part is empty. A unit alone is none."""
    return not response or all(is_empty(value) for key, value in response.items() if key != "unit")


def parts_left(body: Body, response: Response | None) -> tuple[int, int]:
    """Of a question that is answered row by row or gap by gap, how many of how many parts are still empty."""
    parts = body.get("rows") or body.get("gaps") or ()
    given = next((value for value in (response or {}).values() if isinstance(value, dict)), {})
    return sum(is_nothing(given.get(part["id"])) for part in parts), len(parts)


def is_empty(value: Any) -> bool:
    """Whether one part of a response is empty: nothing, white space, no choices, or a mapping to such."""
    if isinstance(value, dict):
        return all(is_nothing(item) for item in value.values())
    return is_nothing(value) or value == []


def is_nothing(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


# --- reading of a response: each raises ResponseError naming the field ---


def want_response(response: Any, *keys: str) -> Response:
    """The response as a mapping with none but these keys; {} for None."""
    if response is None:
        return {}
    if not isinstance(response, dict):
        raise ResponseError("response", N_("The response must be a mapping of its parts."))
    for key in response:
        if key not in keys:
            raise ResponseError(
                "response",
                N_("The response to this question has no part “%(field)s”; it can have %(allowed)s."),
                field=excerpt(key),
                allowed=", ".join(keys),
            )
    return response


def want_string(response: Response, key: str) -> str:
    """A typed text in NFC; "" if there is none."""
    value = response.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise ResponseError(key, N_("“%(field)s” must be text."), field=key)
    if len(value) > MAX_RESPONSE_CHARACTERS:
        raise ResponseError(
            key,
            N_("“%(field)s” is longer than %(limit)s characters; shorten it."),
            field=key,
            limit=MAX_RESPONSE_CHARACTERS,
        )
    if any(character == "\0" or "\ud800" <= character <= "\udfff" for character in value):
        raise ResponseError(key, N_("“%(field)s” has a character that can't be stored; type it again."), field=key)
    return nfc(value)


def want_id(value: Any, known: Collection[str], key: str) -> str:
    if not isinstance(value, str) or value not in known:
        raise ResponseError(key, N_("“%(field)s” names an option that this question doesn't have."), field=key)
    return value


def want_ids(response: Response, key: str, known: Collection[str]) -> list[str]:
    values = response.get(key)
    if values is None:
        return []
    if not isinstance(values, list):
        raise ResponseError(key, N_("“%(field)s” must be a list of options."), field=key)
    chosen = [want_id(value, known, key) for value in values]
    if len(set(chosen)) != len(chosen):
        raise ResponseError(key, N_("“%(field)s” names an option twice."), field=key)
    return chosen


def want_mapping(response: Response, key: str, known: Collection[str]) -> dict[str, Any]:
    """A mapping from known ids, without those that have nothing beside them."""
    value = response.get(key)
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ResponseError(key, N_("“%(field)s” must be a mapping."), field=key)
    return {want_id(name, known, key): item for name, item in value.items() if item is not None and item != ""}


def excerpt(value: Any) -> str:
    """A value as a message can show it: the start of a text, the type of anything else."""
    if not isinstance(value, str):
        return type(value).__name__
    return value if len(value) <= 40 else value[:39] + "…"
