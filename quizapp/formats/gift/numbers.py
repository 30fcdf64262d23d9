"""The numbers of a GIFT question: values with tolerances, and ranges."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.gift.answer_parts import int_if_whole, weight_of, with_feedback
from quizapp.formats.gift.escapes import restore
from quizapp.formats.items import Item
from quizapp.formats.numbers import number_in
from quizapp.kinds.checks import NUMBER


def read_numbers(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    """`value:tolerance` or `least..most`, several with `=`; `~#feedback` is for every other number."""
    problems: list[Problem] = []
    answers: list[dict[str, Any]] = []
    answer, wrong, other = answer.partition("~")
    for part in answer.split("=") if "=" in answer else [answer]:
        if not part.strip():
            continue
        weight, words = weight_of(part, problems)
        words, feedback = with_feedback(words, language, form)
        bounds = read_bounds(restore(words).strip(), problems)
        if bounds is not None:
            answers.append({**bounds, "fraction": 1 if weight is None else int_if_whole(weight), **feedback})
    if wrong:
        _, feedback = with_feedback(other, language, form)
        answers.append({"value": "*", "fraction": 0, **feedback})
    item.kind, item.response = "number", {"answers": answers}
    return problems


def read_bounds(words: str, problems: list[Problem]) -> dict[str, str] | None:
    """The value and tolerance of an answer."""
    if words == "*":
        return {"value": "*"}
    least, dots, most = words.partition("..")
    if dots:
        low, high = read_decimal(least, problems), read_decimal(most, problems)
        if low is None or high is None:
            return None
        return {"value": without_exponent((low + high) / 2), "tolerance": without_exponent(abs(high - low) / 2)}
    value, colon, tolerance = words.partition(":")
    middle = read_decimal(value, problems)
    width = read_decimal(tolerance, problems) if colon else Decimal(0)
    if middle is None or width is None:
        return None
    plain = NUMBER.fullmatch(value.strip())
    return {"value": value.strip() if plain else without_exponent(middle)} | (
        {"tolerance": without_exponent(width)} if colon and width else {}
    )


def read_decimal(words: str, problems: list[Problem]) -> Decimal | None:
    value, doubts = number_in(words)
    if value is None:
        said = {"words": words.strip()[:50]}
        problems.append(Problem(N_("“%(words)s” is not a number; write it like 3.14."), said, code="no-number"))
        return None
    problems += doubts
    return Decimal(value)


def without_exponent(value: Decimal) -> str:
    """A number without exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
