"""The answers of a GIFT question: what stands between its braces, turned into a kind's response."""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from string import ascii_lowercase
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.gift.escapes import marked_text, restore
from quizapp.formats.items import Item

WEIGHT = re.compile(r"\s*%\s*(?P<percent>[-+]?[0-9]*[.,]?[0-9]+)\s*%")
TRUTH = re.compile(r"\s*(?P<word>T|TRUE|F|FALSE)\s*(?:#(?P<feedback>.*))?", re.IGNORECASE | re.DOTALL)
MOODLE_GRADES = {100.0, 90.0, 83.33333, 80.0, 75.0, 70.0, 66.66667, 60.0, 50.0, 40.0, 33.33333, 30.0, 25.0, 20.0,
                 16.66667, 14.28571, 12.5, 11.11111, 10.0, 5.0, 0.0}  # fmt: skip

NEAR = 1e-3
"""By how many percent a weight may miss one of these: Moodle takes 33.333 for a third."""


def read_answers(item: Item, answer: str | None, language: str, form: str) -> list[Problem]:
    """Give the item its kind, response and feedback. `answer` is None where there are no braces."""
    if answer is None:
        item.kind = "description"
        return []
    answer, _, general = answer.partition("####")
    if general.strip():
        item.feedback["general"] = marked_text(general, language, form)[0]
    answer = answer.strip()
    if not answer:
        item.kind = "essay"
        return []
    if answer.startswith("#"):
        return number(item, answer[1:].strip(), language, form)
    if "~" in answer:
        return choices(item, answer, language, form)
    if "=" in answer and "->" in answer:
        return match(item, answer, language, form)
    if truth := TRUTH.fullmatch(answer):
        return truefalse(item, truth, language, form)
    return short(item, answer, language, form)


def name(place: int) -> str:
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


def with_feedback(part: str, language: str, form: str) -> tuple[str, dict[str, Any]]:
    """An answer's text, and its feedback as the key of an entry."""
    words, _, feedback = part.partition("#")
    text = marked_text(feedback, language, form)[0]
    return words, {"feedback": text} if text else {}


def choices(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    """Options with `=` (right) and `~` (wrong, or with a weight); without any `=` several may be chosen."""
    problems: list[Problem] = []
    several, empty = "=" not in answer, False
    entries: list[dict[str, Any]] = []
    for place, part in enumerate(answer.replace("=", "~=").split("~")):
        if not place and not part.strip():
            continue
        right = part.lstrip().startswith("=")
        weight, words = weight_of(part.lstrip()[1:] if right else part, problems)
        words, feedback = with_feedback(words, language, form)
        text = marked_text(words, language, form)[0]
        if not text:
            empty = True
            continue
        fraction = 1 if right and weight is None else weight or 0
        entries.append({"id": name(len(entries)), "text": text, "fraction": whole(fraction), **feedback})
    if empty:  # said once, however many there are
        problems.append(Problem(N_("An option has no text."), code="empty-option", mend=N_("Write it after = or ~.")))
    item.kind, item.response = ("multiple" if several else "choice"), {"choices": entries}
    if several:
        item.scoring = {"method": "sum"}
    return problems


def whole(fraction: float) -> float:
    """A whole number as an int, as a person writes it."""
    return int(fraction) if fraction == int(fraction) else fraction


def truefalse(item: Item, truth: re.Match[str], language: str, form: str) -> list[Problem]:
    """The first feedback is for the wrong response, the second for the right one."""
    answer = truth["word"].upper().startswith("T")
    wrong, _, right = (truth["feedback"] or "").partition("#")
    texts = {
        str(not answer).lower(): marked_text(wrong, language, form)[0],
        str(answer).lower(): marked_text(right, language, form)[0],
    }
    feedback = {key: texts[key] for key in ("true", "false") if texts[key]}
    item.kind = "truefalse"
    item.response = {"answer": answer, **({"feedback": feedback} if feedback else {})}
    return []


def short(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    problems: list[Problem] = []
    answers = []
    for part in answer.split("="):
        if not part.strip():
            continue
        weight, words = weight_of(part, problems)
        words, feedback = with_feedback(words, language, form)
        answers.append({"text": restore(words.strip()), "fraction": 1 if weight is None else whole(weight), **feedback})
    item.kind, item.response = "text", {"answers": answers}
    return problems


def match(item: Item, answer: str, language: str, form: str) -> list[Problem]:
    """`=row -> option`; without a row, the option is a distractor. The same option twice is one."""
    problems: list[Problem] = []
    rows: list[dict[str, Any]] = []
    options: list[dict[str, Any]] = []
    for part in answer.split("="):
        if not part.strip():
            continue
        left, arrow, right = part.partition("->")
        option = marked_text(right, language, form)[0]
        if not arrow or not option:
            problems.append(
                Problem(
                    N_("A pair is written “=left -> right”; this one has no right side."),
                    code="pair",
                    text=restore(part).strip()[:200],
                )
            )
            continue
        known = next((one["id"] for one in options if one["text"] == option), None)
        if known is None:
            known = f"o{len(options) + 1}"
            options.append({"id": known, "text": option})
        if row := marked_text(left, language, form)[0]:
            rows.append({"id": f"r{len(rows) + 1}", "text": row, "option": known})
    item.kind, item.response = "match", {"rows": rows, "options": options}
    return problems


def number(item: Item, answer: str, language: str, form: str) -> list[Problem]:
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
            answers.append({**bounds, "fraction": 1 if weight is None else whole(weight), **feedback})
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
        return {"value": plain((low + high) / 2), "tolerance": plain(abs(high - low) / 2)}
    value, colon, tolerance = words.partition(":")
    middle = read_decimal(value, problems)
    width = read_decimal(tolerance, problems) if colon else Decimal(0)
    if middle is None or width is None:
        return None
    return {"value": value.strip() if "," not in value else plain(middle)} | (
        {"tolerance": plain(width)} if colon and width else {}
    )


def read_decimal(words: str, problems: list[Problem]) -> Decimal | None:
    words = words.strip()
    try:
        value = Decimal(words.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value.adjusted()) > 300 or len(words) > 100:
        problems.append(
            Problem(N_("“%(words)s” is no number; write it like 3.14."), {"words": words[:50]}, code="no-number")
        )
        return None
    if "," in words:
        problems.append(
            Problem(
                N_("“%(words)s” was read as %(value)s."),
                {"words": words, "value": str(value)},
                code="comma",
                severity="warning",
                mend=N_("Write the decimal point as a point."),
            )
        )
    return value


def plain(value: Decimal) -> str:
    """A number without exponent and without zeros at the end."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
