"""The parts of an answer in GIFT: its weight, its text and its feedback."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.gift.escapes import marked_text

WEIGHT = re.compile(r"\s*%\s*(?P<percent>[-+]?(?:[0-9]++(?:[.,][0-9]++)?|[.,][0-9]++))\s*%")
UNSIGNED = re.compile(r"\s*(?P<percent>-?[0-9]{1,3}(?:[.,][0-9]+)?)%[^\W_]\S*")
MOODLE_GRADES = {100.0, 90.0, 83.33333, 80.0, 75.0, 70.0, 66.66667, 60.0, 50.0, 40.0, 33.33333, 30.0, 25.0, 20.0,
                 16.66667, 14.28571, 12.5, 11.11111, 10.0, 5.0, 0.0}  # fmt: skip
NEAR = 1e-3
"""By how many percent a weight may miss one of these: Moodle takes 33.333 for a third."""


def option_id(place: int) -> str:
    """a, b, ... z, a1, b1, ...: the id of an option by its place."""
    return ascii_lowercase[place % 26] + (str(place // 26) if place >= 26 else "")


def weight_of(part: str, problems: list[Problem]) -> tuple[float | None, str]:
    """The weight at the start of an answer, 1 for 100 %, and what comes after it."""
    match = WEIGHT.match(part)
    if match is None:
        return None, part
    percent = float(match["percent"].replace(",", "."))
    if not -100 <= percent <= 100:
        problems.append(
            Problem(
                N_("A weight goes from %%-100%% to %%100%%; this is %(percent)s."), {"percent": percent}, code="weight"
            )
        )
        return 0.0, part[match.end() :]
    if min(abs(abs(percent) - grade) for grade in MOODLE_GRADES) > NEAR:
        problems.append(
            Problem(
                N_("The weight %(percent)s%% was kept. Moodle itself knows only certain weights and refuses this one."),
                {"percent": match["percent"]},
                code="moodle-weight",
                severity="warning",
                mend=N_("For a third write %%33.33333%%, for two thirds %%66.66667%%."),
            )
        )
    return round(percent / 100, 7), part[match.end() :]


def weight_without_sign(weight: float | None, words: str) -> list[Problem]:
    """A warning of a text such as `75%a`, which some write for the weight `%75%a`."""
    match = UNSIGNED.match(words)
    if weight is not None or match is None:
        return []
    return [
        Problem(
            N_("“%(words)s” was read as the text of an option. If it begins with a weight, write %%%(percent)s%%."),
            {"words": match[0].strip(), "percent": match["percent"]},
            code="weight-or-text",
            severity="warning",
        )
    ]


def with_feedback(part: str, language: str, form: str) -> tuple[str, dict[str, Any]]:
    """An answer's text, and its feedback as the key of an entry."""
    words, _, feedback = part.partition("#")
    text = marked_text(feedback, language, form)[0]
    return words, {"feedback": text} if text else {}


def int_if_whole(fraction: float) -> float:
    """A whole number as an int, as a person writes it."""
    return int(fraction) if fraction == int(fraction) else fraction
