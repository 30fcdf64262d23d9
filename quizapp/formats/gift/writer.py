"""Writes GIFT: what each kind becomes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from quizapp.formats.base import written_language
from quizapp.formats.gift.escapes import escaped, marker_of
from quizapp.formats.items import Item
from quizapp.formats.plain_text import one_line
from quizapp.kinds.base import Text, say

Languages = tuple[str, str]


def write_gift(items: list[Item]) -> str:
    """All questions, with a category line wherever the category changes."""
    parts: list[str] = []
    category: list[str] = []
    for item in items:
        if item.category != category:
            category = item.category
            root = ["top"] if category[:1] in ([], ["top"]) else []
            path = "/".join([*root, *(one_line(name).replace("/", "//") for name in category)])
            parts.append(f"$CATEGORY: {path}\n")
        parts.append(question(item))
    return "\n".join(parts)


def question(item: Item) -> str:
    language = written_language(item)
    form = marker_of(item.stem)
    notes = [noted("id", item.id)] if item.id else []
    notes += [noted("tag", tag) for tag in item.tags]
    comment = f"// {' '.join(notes)}\n" if notes else ""
    title = f"::{escaped(say(item.title, language))}:: " if item.title else ""
    stem = ("" if form == "moodle" else f"[{form}]") + escaped(say(item.stem, language))
    answers = ANSWERS[item.kind](item, (language, form))
    if answers is None:
        return f"{comment}{title}{stem}\n"
    general = item.feedback.get("general")
    after = f"\n    ####{marked(general, (language, form))}" if general else ""
    end = "\n" if "\n" in answers + after else ""
    return f"{comment}{title}{stem} {{{answers}{after}{end}}}\n"


def noted(name: str, words: str) -> str:
    """A note in the comment above a question; a backslash at the end would take its bracket away."""
    return f"[{name}:{one_line(words).rstrip(chr(92)).replace(']', chr(92) + ']')}]"


def marked(text: Text | None, to: Languages) -> str:
    """A text, with a marker where its format isn't that of the question."""
    if not text:
        return ""
    language, form = to
    own = marker_of(text)
    return ("" if own == form else f"[{own}]") + escaped(say(text, language))


def percent(fraction: float) -> str:
    return f"%{float(f'{fraction * 100:.5f}'):g}%" if abs(fraction) in (0, 1, 0.5) else f"%{fraction * 100:.5f}%"


def feedback_of(entry: dict[str, Any], to: Languages) -> str:
    return f"#{marked(entry['feedback'], to)}" if entry.get("feedback") else ""


def choice_answers(item: Item, to: Languages) -> str:
    lines = []
    for choice in item.response["choices"]:
        fraction = choice.get("fraction", 0)
        sign = "=" if fraction == 1 else "~" if not fraction else f"~{percent(fraction)}"
        lines.append(f"\n    {sign}{marked(choice['text'], to)}{feedback_of(choice, to)}")
    return "".join(lines)


def multiple_answers(item: Item, to: Languages) -> str:
    right = sum(1 for choice in item.response["choices"] if choice.get("fraction", 0) > 0)
    lines = []
    for choice in item.response["choices"]:
        fraction = choice.get("fraction", 0)
        if item.scoring.get("method") != "sum":
            fraction = (1 if fraction > 0 else -1) / right
        lines.append(f"\n    ~{percent(fraction)}{marked(choice['text'], to)}{feedback_of(choice, to)}")
    return "".join(lines)


def truefalse_answers(item: Item, to: Languages) -> str:
    answer = item.response["answer"]
    feedback = item.response.get("feedback", {})
    wrong, right = (marked(feedback.get(str(value).lower()), to) for value in (not answer, answer))
    return ("TRUE" if answer else "FALSE") + (f"#{wrong}" if wrong or right else "") + (f"#{right}" if right else "")


def text_answers(item: Item, to: Languages) -> str:
    lines = []
    for answer in item.response["answers"]:
        weight = "" if answer.get("fraction", 1) == 1 else percent(answer["fraction"])
        lines.append(f"\n    ={weight}{escaped(answer['text'])}{feedback_of(answer, to)}")
    return "".join(lines)


def number_answers(item: Item, to: Languages) -> str:
    lines = []
    for answer in item.response["answers"]:
        fraction = answer.get("fraction", 1)
        weight = "" if fraction == 1 else percent(fraction)
        if answer["value"] == "*" and not fraction and answer is item.response["answers"][-1]:
            lines.append(f"\n    ~{feedback_of(answer, to)}")
        else:
            lines.append(f"\n    ={weight}{bounds(answer)}{feedback_of(answer, to)}")
    return "#" + "".join(lines)


def bounds(answer: dict[str, Any]) -> str:
    """The value with its tolerance made absolute; of a geometric tolerance, the wider side."""
    if answer["value"] == "*":
        return "*"
    value, tolerance = Decimal(str(answer["value"])), Decimal(str(answer.get("tolerance", "0")))
    if answer.get("type", "nominal") != "nominal":
        tolerance = abs(value) * tolerance
    return f"{answer['value']}:{tolerance:f}" if tolerance else str(answer["value"])


def match_answers(item: Item, to: Languages) -> str:
    """Rows may have a marker; options are plain in Moodle, which would show one."""
    options = {option["id"]: escaped(say(option["text"], to[0])) for option in item.response["options"]}
    lines = [f"\n    ={marked(row['text'], to)} -> {options[row['option']]}" for row in item.response["rows"]]
    used = {row["option"] for row in item.response["rows"]}
    lines += [f"\n    = -> {text}" for name, text in options.items() if name not in used]
    return "".join(lines)


ANSWERS: dict[str, Callable[[Item, Languages], str | None]] = {
    "choice": choice_answers,
    "multiple": multiple_answers,
    "truefalse": truefalse_answers,
    "text": text_answers,
    "number": number_answers,
    "match": match_answers,
    "categorise": match_answers,
    "essay": lambda item, to: "",
    "description": lambda item, to: None,
}
