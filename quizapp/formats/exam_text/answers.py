"""What an answer's line says is right: of the choices, true or false, or in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from quizapp.formats.exam_text.choices import Choice
from quizapp.formats.exam_text.labels import OX, RIGHT, TOKEN, TOKENS
from quizapp.formats.exam_text.line import Line
from quizapp.formats.exam_text.signs import LABEL as LABEL_SIGN
from quizapp.formats.exam_text.signs import SINGLE, SINGLE_AT, Label, label_of

TRUE = re.compile(rf"[{RIGHT}ㅇ]|참|True", re.IGNORECASE)
LETTERS = {"T": True, "F": False}
JUDGEMENT = re.compile(rf"(?:{OX}|ㅇ)", re.IGNORECASE)
"""A consonant is drawn as a circle, too."""
EITHER = re.compile(r"\s+(?:또는|혹은|or)\s+", re.IGNORECASE)
ONE_TOKEN = re.compile(TOKEN, re.IGNORECASE)
ALL_TOKENS = re.compile(TOKENS, re.IGNORECASE)
LEADING = re.compile(rf"({SINGLE}|\d{{1,2}}\s*번|\(?[A-Za-z]\)|[A-Za-z]\.|\(?\d{{1,2}}[).])\s*(.+)")
SPACE = re.compile(r"\s+")
NUMERIC_STYLES = ("①", "❶", "➀", "➊", "⑴", "⒈", "digit.", "digit)", "digit()")

ALIKE = ({"upper", "lower", "ⓐ", "Ⓐ"}, {"consonant", "㉠", "㈀"}, {"syllable", "㉮", "㈎"})
"""Styles of labels that mean each other."""


class UnusableKey(Exception):
    """The key says nothing that can be used; `args[0]` is the code of the problem."""


@dataclass(frozen=True)
class RightChoices:
    """The places of the right choices, and whether any one of them is enough."""

    places: tuple[int, ...]
    either: bool = False


def judgement(key: Line, by_letter: bool = False) -> bool | None:
    """Whether the key says true or false; None if it says something else. `by_letter`: T and F mean that."""
    words = key.plain.strip(" .()")
    if by_letter and words.upper() in LETTERS:
        return LETTERS[words.upper()]
    return TRUE.fullmatch(words) is not None if JUDGEMENT.fullmatch(words) else None


def right_choices(key: Line, choices: Sequence[Choice], style: str) -> RightChoices:
    """The choices that the key names. Raises UnusableKey where it names none, or may mean several things."""
    words = key.plain.strip(" ,;").removesuffix(".").removesuffix("입니다").strip()
    alternatives = EITHER.split(words)
    if len(alternatives) > 1:
        return RightChoices(tuple(dict.fromkeys(place_of(one, choices, style) for one in alternatives)), either=True)
    tokens = [found[0] for found in ONE_TOKEN.finditer(words)] if ALL_TOKENS.fullmatch(words) else []
    same = with_words(words, choices)
    if len(same) == 1:
        if own(tokens, style):
            return RightChoices(places_of(tokens, choices, style))
        return RightChoices((words_or_labels(same[0], tokens, choices, style),))
    if len({sort_of(token) for token in tokens}) == 1:
        return RightChoices(places_of(tokens, choices, style))
    if leading := LEADING.fullmatch(words):
        place = place_of(leading[1], choices, style)
        if place not in with_words(leading[2], choices):
            raise UnusableKey("key-text")
        return RightChoices((place,))
    raise UnusableKey("no-choice")


def own(tokens: Sequence[str], style: str) -> bool:
    """Whether all of a key is labels as the choices have them, which can mean nothing else."""
    return bool(tokens) and all(token in SINGLE_AT and SINGLE_AT[token][0] == style for token in tokens)


def words_or_labels(same: int, tokens: Sequence[str], choices: Sequence[Choice], style: str) -> int:
    """The choice that says the key's words. Raises UnusableKey where the key may name other choices by their labels."""
    try:
        places = places_of(tokens, choices, style)
    except UnusableKey as unusable:
        if unusable.args[0] != "no-choice":
            raise
        return same
    if places and set(places) != {same}:
        raise UnusableKey("key-number")
    return same


def places_of(tokens: Sequence[str], choices: Sequence[Choice], style: str) -> tuple[int, ...]:
    places = tuple(place_of(token, choices, style) for token in tokens)
    if len(set(places)) < len(places):
        raise UnusableKey("key-twice")
    return places


def bare(words: str) -> str:
    """Words for comparing, without spaces and what encloses them."""
    return SPACE.sub("", words.strip(" .()[]")).casefold()


def with_words(words: str, choices: Sequence[Choice]) -> list[int]:
    """The choices that say exactly these words."""
    return [
        at for at, choice in enumerate(choices) if bare("".join(line.plain for line in choice.lines)) == bare(words)
    ]


def place_of(token: str, choices: Sequence[Choice], style: str) -> int:
    """The choice that one sign of a key means: by its label, else by its words."""
    token = token.strip().removesuffix("번").strip()
    label, same = by_label(token, choices, style), with_words(token, choices)
    if label is None and len(same) == 1:
        return same[0]
    if label is None:
        raise UnusableKey("no-choice")
    if same and same != [label] and token not in SINGLE_AT:
        raise UnusableKey("key-number")
    return label


def by_label(token: str, choices: Sequence[Choice], style: str) -> int | None:
    """The choice with this label. `3` and `③` mean the third, however it is numbered; `B` one that has letters."""
    sign = sign_of(token)
    if sign is None:
        return None
    alike = next((kinds for kinds in ALIKE if family(style) in kinds), {family(style)})
    if family(sign.style) not in alike and sign.style not in NUMERIC_STYLES:
        return None
    return next((at for at, choice in enumerate(choices) if choice.place == sign.place), None)


def sort_of(token: str) -> str:
    """What sort of sign it is: several right choices are all named in the same way."""
    sign = sign_of(token)
    return family(sign.style) if sign else token


def family(style: str) -> str:
    return style.rstrip("().")


def sign_of(token: str) -> Label | None:
    bare_token = token.strip("()번. ").lstrip("0")
    found = LABEL_SIGN.fullmatch(f"{bare_token})") or LABEL_SIGN.fullmatch(bare_token)
    return label_of(found) if found else None
