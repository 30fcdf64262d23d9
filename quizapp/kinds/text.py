"""Short answer: a word or a few, compared with the accepted answers. The first that matches gives its fraction.

Both sides are put in NFC and trimmed, and a run of white space counts as one space. A sign that keyboards, phones and
word processors write in several ways counts as one (`ALIKE`). A full stop at the end, which phones set by themselves,
is left out unless an accepted answer ends with one. `*` in an accepted answer stands for anything, `\\*` for a star.
Two options of scoring:

- `case`: whether capitals matter; they don't by default.
- `spacing`: whether it matters where the spaces are. By default an accepted answer with Hangul is compared
  without any white space, because the spacing of Korean compounds is free; other answers keep their spaces.

An accepted answer may say its language, `lang`: every one is accepted from everybody, and a page that tells the right
answer tells one in its own language where there is one.

Source of the rule: Moodle, question type "shortanswer"; the signs, the stop, the spacing and the language are our own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.kinds.base import (
    LANGUAGES,
    MAX_RESPONSE_CHARACTERS,
    Body,
    Listing,
    Response,
    Score,
    feedback_of,
    nfc,
    want_response,
    want_string,
)
from quizapp.kinds.checks import (
    check_feedback,
    check_flag,
    check_fraction,
    check_keys,
    check_list,
    check_one_of,
    check_scoring,
    entries,
    mapping,
)
from quizapp.kinds.fields import Flag, Line, OneOf, answers

NAME = "text"
LABEL = N_("Short answer")
ASKS = N_("A word or a few, typed.")
CONTROL = "text"
MANUAL = False
LISTS: dict[str, Listing] = {}
MARKED = ""
NEW: Body = {"answers": [{"fraction": 1}]}
BLANK: Response = {"text": " \n"}
LANGUAGE = OneOf(
    name="lang", label=N_("Language of this answer"), folded=True,
    values=(("", N_("Any")), ("ko", N_("Korean")), ("en", N_("English"))),
)  # fmt: skip
FORM = (answers(Line(name="text", label=N_("Accepted answer")), LANGUAGE),)
RULES = (
    Flag(name="case", label=N_("Capital letters matter")),
    Flag(name="spacing", label=N_("The spacing of Korean words matters")),
)

HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")
SPACES = re.compile(r"\s+")
UNSTORABLE = re.compile("[\0\ud800-\udfff]")
WILDCARD = re.compile(r"(?<!\\)\*")
STOPS = (".", "。", "．")
WAYS = {
    "'": "‘’‛′ʼ´",
    '"': "“”„‟″",
    "·": "ㆍᆞ・･‧∙⋅•",
    "-": "‐‑‒–—―−﹣",
    "~": "∼〜",
    "": "\u00ad\u200b\u2060\ufeff",
}
"""Signs, and the others that are written for them."""
ALIKE = str.maketrans(
    {way: sign for sign, ways in WAYS.items() for way in ways}
    | {chr(code + 0xFEE0): chr(code) for code in range(33, 127)}
)
"""What is written for what; the letters and signs of full width among them (Unicode, FF01 to FF5E)."""

EXAMPLE: Body = {
    "answers": [
        {"text": "샘 올트먼", "fraction": 1},
        {"text": "Sam Altman", "fraction": 1},
        {
            "text": "*올트먼",
            "fraction": 0.5,
            "feedback": {"ko": "이름도 적어 주세요.", "en": "Give the first name too."},
        },
    ],
}
OTHER: Body = {"answers": [{"text": "Greg Brockman", "fraction": 1}], "scoring": {"case": True, "spacing": True}}


def check(body: Any) -> list[Problem]:
    """One accepted answer or more, each with a text, and one with the fraction 1 that no earlier one catches."""
    problems = check_keys(body, ("answers", "scoring"))
    body = mapping(body)
    problems += check_scoring(body, "case", "spacing")
    for key in ("case", "spacing"):
        problems += check_flag(mapping(body.get("scoring")).get(key, False), "scoring", key)
    problems += check_list(body.get("answers"), 1, ("text", "lang", "fraction", "feedback"), "answers")
    for index, answer in entries(body.get("answers")):
        written = answer.get("text")
        if not isinstance(written, str) or not written.strip():
            problems.append(
                Problem(N_("The text of this answer is missing."), code="no-text", path=("answers", index, "text"))
            )
        elif UNSTORABLE.search(written):
            problems.append(
                Problem(
                    N_("This text has a character that can't be stored. Remove it."),
                    code="character",
                    path=("answers", index, "text"),
                )
            )
        elif len(written) > MAX_RESPONSE_CHARACTERS:
            problems.append(
                Problem(
                    N_("“%(field)s” is longer than %(limit)s characters; shorten it."),
                    {"field": "text", "limit": MAX_RESPONSE_CHARACTERS},
                    code="long",
                    path=("answers", index, "text"),
                )
            )
        if "lang" in answer:
            problems += check_one_of(answer["lang"], LANGUAGES, "answers", index, "lang")
        problems += check_fraction(answer.get("fraction", 0), "answers", index, "fraction")
        problems += check_feedback(answer, "answers", index)
    return problems or check_reachable(body)


def check_reachable(body: Body) -> list[Problem]:
    """Whether some response earns 1."""
    if score(body, solution(body)).fraction == 1:
        return []
    if any(answer.get("fraction", 0) == 1 for answer in body["answers"]):
        return [
            Problem(
                N_("An earlier answer with less than 100%% accepts the right one too: put the right one first."),
                code="caught",
                path=("answers",),
            )
        ]
    return [Problem(N_("No answer is right. Choose one that earns 100%%."), code="no-right", path=("answers",))]


def public(body: Body) -> dict[str, Any]:
    return {}


def score(body: Body, response: Response | None) -> Score:
    given = want_string(want_response(response, "text"), "text")
    if not given.strip():
        return Score(0.0)
    rule = body.get("scoring", {})
    typed = given if any(ends_with_stop(answer["text"]) for answer in body["answers"]) else without_stop(given)
    for answer in body["answers"]:
        if matches(answer["text"], typed, case=rule.get("case", False), spacing=rule.get("spacing", False)):
            return Score(float(answer.get("fraction", 0)), feedback=feedback_of([answer]))
    return Score(0.0)


def ends_with_stop(text: str) -> bool:
    return text.rstrip().endswith(STOPS)


def without_stop(text: str) -> str:
    return text.rstrip()[:-1] if ends_with_stop(text) else text


def matches(accepted: str, given: str, *, case: bool, spacing: bool) -> bool:
    """Whether a typed text is the accepted one, by the rules of the module."""
    alike = normaliser(case, keep_spaces=spacing or not HANGUL.search(nfc(accepted)))
    pieces = [alike(piece.replace(r"\*", "*")) for piece in WILDCARD.split(nfc(accepted).strip())]
    return fits(pieces, alike(nfc(given)).strip())


def normaliser(case: bool, keep_spaces: bool) -> Callable[[str], str]:
    """What makes two texts the same that are to count as the same."""

    def alike(text: str) -> str:
        text = SPACES.sub(" " if keep_spaces else "", text.translate(ALIKE))
        return text if case else nfc(text.casefold())

    return alike


def fits(pieces: list[str], text: str) -> bool:
    """Whether the text is the pieces with anything between them. One pass: taking each piece where it comes
    first leaves the most room for the rest, so that nothing has to be tried again."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return text == first
    if len(text) < len(first) + len(last) or not text.startswith(first) or not text.endswith(last):
        return False
    place, end = len(first), len(text) - len(last)
    for piece in pieces[1:-1]:
        place = text.find(piece, place, end)
        if place < 0:
            return False
        place += len(piece)
    return True


def solution(body: Body, language: str = "") -> Response:
    """The first accepted answer that earns 1, with nothing or, where need be, a star for its wildcards: of those in
    this language, else of those in any, else of all."""

    def preference(answer: Body) -> int:
        said = answer.get("lang", "")
        return 0 if not language or said == language else 1 if not said else 2

    answers = sorted(body["answers"], key=preference)
    examples = (example(answer, filling) for answer in answers for filling in ("", "*"))
    right = (response for response in examples if score(body, response).fraction == 1)
    return next(right, None) or example(answers[0], "")


def example(answer: Body, filling: str) -> Response:
    """A response that an answer takes, with the filling for its wildcards."""
    return {"text": WILDCARD.sub(filling, answer["text"]).replace(r"\*", "*").strip()}


def text(body: Body, response: Response | None, language: str) -> str:
    given = (response or {}).get("text")
    return given if isinstance(given, str) else ""
