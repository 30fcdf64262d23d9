r"""Moodle's cloze: `{1:MULTICHOICE:=right#why~wrong}` within a text, to and from our gaps.

Only what a gap can hold is read: short answers, numbers and single choices in all their spellings. A text with any
other subquestion, or with a brace that opens none, is kept opaque by the caller.
"""

from __future__ import annotations

import html
import re
from decimal import Decimal
from itertools import islice
from string import ascii_lowercase
from typing import Any

from quizapp.errors import N_, Problem, QuizError
from quizapp.formats.markup import html_of, text_from_html, words_of
from quizapp.formats.numbers import number_in
from quizapp.kinds.base import Text

TEXT = {"SHORTANSWER": False, "SA": False, "MW": False, "SHORTANSWER_C": True, "SAC": True, "MWC": True}
NUMBER = {"NUMERICAL", "NM"}
CHOICE = {"MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH", "MULTICHOICE_S", "MCS",
          "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"}  # fmt: skip
SUBQUESTION = re.compile(
    r"(?<!\\)\{(?P<weight>[0-9]{0,4}):(?P<type>[A-Z_]+):(?P<answers>(?:\\.|[^\\}])*+\\?)(?P<end>\}|\Z)",
    re.DOTALL,
)
MOST_BRACES = 1000
"""A text with more is kept as it is: nobody fills in so many gaps."""
NOT_A_GAP = N_("The subquestion “%(words)s” can't be played; the question is kept as it is.")
AROUND = 40
MOST_SHOWN = 120
"""How many characters of a text a message shows: beside a brace, and of a subquestion."""
STRAY = re.compile(r"(?<!\\)[{}]")
SEPARATOR = re.compile(r"(?<!\\)~")
WEIGHT = re.compile(r"\s*(?:=|%(-?[0-9]{1,3}(?:[.,][0-9]{1,10})?)%)")


class Unplayable(QuizError):
    """Why no gaps can be made of a text: the sentence names the place."""


def read_cloze(markup: str, language: str, problems: list[Problem]) -> tuple[str, list[dict[str, Any]]]:
    """The text with markers and its gaps. Raises Unplayable where a subquestion is of a kind that no gap has.

    `problems` takes the warnings of numbers that aren't written plainly.
    """
    gaps: list[dict[str, Any]] = []
    if markup.count("{") > MOST_BRACES:
        raise Unplayable(
            N_("The text has more than %(count)s braces; the question is kept as it is."), count=MOST_BRACES
        )
    rest = SUBQUESTION.sub("\0", markup)
    if stray := STRAY.search(rest):
        raise Unplayable(
            N_(
                "A brace in “%(words)s” doesn't belong to a subquestion that can be played; the question is "
                "kept as it is."
            ),
            words=rest[max(stray.start() - AROUND, 0) : stray.start() + AROUND].replace("\0", "{…}"),
        )
    for match in SUBQUESTION.finditer(markup):
        gap = read_gap(match["type"], match["answers"], language, problems)
        if gap is None or not match["end"]:
            raise Unplayable(NOT_A_GAP, words=match[0][:MOST_SHOWN])
        weight = int(match["weight"] or 1) or 1
        gaps.append({"id": f"g{len(gaps) + 1}", **gap, **({"weight": weight} if weight != 1 else {})})
    if not gaps:
        raise Unplayable(N_("The text has no subquestion; the question is kept as it is."))
    names = iter(gap["id"] for gap in gaps)
    return SUBQUESTION.sub(lambda _: f"{{{{{next(names)}}}}}", markup), gaps


def subquestion(markup: str, place: int) -> str:
    """The beginning of a subquestion by its place."""
    return next(islice((match[0][:MOST_SHOWN] for match in SUBQUESTION.finditer(markup)), place, None), "")


def read_gap(kind: str, written: str, language: str, problems: list[Problem]) -> dict[str, Any] | None:
    parts = [read_part(part) for part in SEPARATOR.split(written)]
    if kind in TEXT:
        answers = [
            {"text": words, "fraction": fraction, **feedback_of(feedback, language)}
            for fraction, words, feedback in parts
            if words
        ]
        return {"kind": "text", "answers": answers, **({"scoring": {"case": True}} if TEXT[kind] else {})}
    if kind in NUMBER:
        numbers = [read_number(part, language, problems) for part in parts]
        return {"kind": "number", "answers": numbers} if all(numbers) else None
    if kind in CHOICE:
        choices = [
            {"id": ascii_lowercase[n % 26] + str(n // 26 or ""), "text": text_from_html(html.escape(words), language),
             "fraction": fraction, **feedback_of(feedback, language)}
            for n, (fraction, words, feedback) in enumerate(parts)
        ]  # fmt: skip
        return {"kind": "choice", "choices": choices}
    return None


def read_part(part: str) -> tuple[float, str, str]:
    """Fraction, words and feedback of one answer."""
    fraction = 0.0
    if weight := WEIGHT.match(part):
        fraction = float(weight[1].replace(",", ".")) / 100 if weight[1] else 1.0
        part = part[weight.end() :]
    words, _, feedback = re.split(r"(?<!\\)#", part, maxsplit=1)[0], "", ""
    found = re.search(r"(?<!\\)#", part)
    feedback = part[found.end() :] if found else ""
    return (int(fraction) if fraction == int(fraction) else fraction), plain(words), plain(feedback)


def plain(words: str) -> str:
    return html.unescape(re.sub(r"\\([~=#{}\\:\"/])", r"\1", words)).strip()


def feedback_of(words: str, language: str) -> dict[str, Text]:
    text = text_from_html(words, language)
    return {"feedback": text} if text else {}


def read_number(part: tuple[float, str, str], language: str, problems: list[Problem]) -> dict[str, Any] | None:
    fraction, words, feedback = part
    value, colon, tolerance = words.partition(":")
    middle, said = ("*", []) if value.strip() == "*" else number_in(value)
    width, said_of_width = number_in(tolerance) if colon else ("0", [])
    if middle is None or width is None:
        return None
    problems += [*said, *said_of_width]
    return {"value": middle, **({"tolerance": width} if Decimal(width) else {}), "fraction": fraction,
            **feedback_of(feedback, language)}  # fmt: skip


def escaped(words: str) -> str:
    return re.sub(r"([~=#}\\])", r"\\\1", html.escape(words, quote=False))


def written_gap(gap: dict[str, Any], language: str) -> str:
    """A gap as a subquestion."""
    if gap["kind"] == "choice":
        kind = "MULTICHOICE"
        parts = [(one, escaped(words_of(one["text"], language))) for one in gap["choices"]]
    elif gap["kind"] == "number":
        kind = "NUMERICAL"
        parts = [(one, bounds(one)) for one in gap["answers"]]
    else:
        kind = "SHORTANSWER_C" if gap.get("scoring", {}).get("case") else "SHORTANSWER"
        parts = [(one, escaped(one["text"])) for one in gap["answers"]]
    default = 0 if gap["kind"] == "choice" else 1
    answers = "~".join(
        f"{weight(one.get('fraction', default))}{words}{written_feedback(one, language)}" for one, words in parts
    )
    return f"{{{gap.get('weight', 1):g}:{kind}:{answers}}}"


def bounds(answer: dict[str, Any]) -> str:
    return f"{answer['value']}:{answer['tolerance']}" if answer.get("tolerance") else str(answer["value"])


def weight(fraction: float) -> str:
    return "=" if fraction == 1 else f"%{fraction * 100:g}%" if fraction else ""


def written_feedback(one: dict[str, Any], language: str) -> str:
    if not one.get("feedback"):
        return ""
    return "#" + re.sub(r"([~}])", r"\\\1", html_of(one["feedback"], language))
