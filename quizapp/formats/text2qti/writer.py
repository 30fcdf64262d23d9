"""Items -> the text of a Markdown quiz. What it can't hold is left out; `text2qti.carries` says what that is."""

from __future__ import annotations

import re
from collections.abc import Callable

from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.formats.text2qti.numbers import written_number
from quizapp.formats.wildcards import plain_of
from quizapp.kinds.base import Text, say

INDENT = 4
MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#&$!|~^+=-])")
FEEDBACK_MARKS = (("general", "..."), ("right", "+"), ("wrong", "-"), ("solution", "!"))
FEEDBACK_OF = {"essay": ("general", "solution")}
"""An essay can't be right or wrong by itself, so it has no such feedback."""


def write_quiz(items: list[Item]) -> str:
    """The whole file. That choices keep their order is said once, if it holds for all items."""
    head = ["Shuffle answers: false\n"] if items and not any(item.shuffle for item in items) else []
    parts, number = [], 0
    for item in items:
        number += item.kind != "description"
        parts.append(written_item(item, number))
    return "\n".join([*head, *parts])


def written_item(item: Item, number: int = 1) -> str:
    """One question or text region, with a newline at its end."""
    language = written_language(item)
    if item.kind == "opaque":
        return item.provenance["original"].rstrip() + "\n"
    if item.kind == "description":
        return "".join(f"{line}\n" for line in region(item, language))
    lines = [*heading(item, language), block(f"{number}.", stem(item, language))]
    moments = FEEDBACK_OF.get(item.kind, tuple(moment for moment, _ in FEEDBACK_MARKS))
    for moment, mark in FEEDBACK_MARKS:
        if moment in moments and item.feedback.get(moment):
            lines.append(block(mark, markdown(item.feedback[moment], language)))
    return "".join(f"{line}\n" for line in [*lines, *ANSWERS[item.kind](item, language)])


def heading(item: Item, language: str) -> list[str]:
    title = " ".join(say(item.title, language).split())
    points = half_steps(item.points)
    return [
        *([f"Title: {title}"] if title else []),
        *([f"Points: {points:g}"] if points != 1 else []),
    ]


def half_steps(points: float) -> float:
    """The nearest number of points that the format has."""
    return max(0.5, round(points * 2) / 2)


def stem(item: Item, language: str) -> str:
    """What is asked, below the text that it is about."""
    parts = [markdown(item.stimulus, language), markdown(item.stem, language)]
    shown = "\n\n".join(part for part in parts if part)
    for media in item.media:
        shown = shown.replace(f"media:{media.name}", media.name)
    return shown


def region(item: Item, language: str) -> list[str]:
    title = " ".join(say(item.title, language).split())
    return [*([f"Text title: {title}"] if title else []), block("Text:", stem(item, language))]


def markdown(text: Text | None, language: str) -> str:
    """The text as Markdown; HTML is Markdown too."""
    shown = say(text, language)
    return escaped(shown) if text and text.get("format") == "plain" else shown


def escaped(plain: str) -> str:
    """Markdown that shows exactly this text."""
    return MARKDOWN.sub(r"\\\1", plain)


def block(mark: str, text: str) -> str:
    """A mark with its text, whose further lines are indented as far as the first one begins."""
    start = f"{mark} ".ljust(INDENT)
    first, *more = text.splitlines() or [""]
    indent = " " * (INDENT if mark.endswith(":") else len(start))
    return "\n".join([start + first, *((indent + line).rstrip() for line in more)])


def choices(item: Item, language: str) -> list[str]:
    lines = []
    for index, choice in enumerate(item.response["choices"]):
        right = choice.get("fraction", 0) == 1
        lines += option(f"{'*' if right else ''}{letter(index)})", choice["text"], choice.get("feedback"), language)
    return lines


def boxes(item: Item, language: str) -> list[str]:
    lines = []
    for choice in item.response["choices"]:
        mark = "[*]" if choice.get("fraction", 0) > 0 else "[ ]"
        lines += option(mark, choice["text"], choice.get("feedback"), language)
    return lines


def truth(item: Item, language: str) -> list[str]:
    lines = []
    for index, (word, value) in enumerate((("True", True), ("False", False))):
        mark = f"{'*' if item.response['answer'] is value else ''}{letter(index)})"
        feedback = item.response.get("feedback", {}).get(word.lower())
        lines += option(mark, {"en": word}, feedback, language)
    return lines


def option(mark: str, text: Text, feedback: Text | None, language: str) -> list[str]:
    lines = [block(mark, markdown(text, language))]
    return [*lines, block("...", markdown(feedback, language))] if feedback else lines


def letter(index: int) -> str:
    return chr(ord("a") + index % 26)


def short_answers(item: Item, language: str) -> list[str]:
    """Every answer that is wholly right; those that match many texts can't be written."""
    plain = [plain_of(answer["text"]) for answer in item.response["answers"] if answer.get("fraction", 0) == 1]
    return [f"*   {' '.join(text.split())}" for text in plain if text is not None]


def numbers(item: Item, language: str) -> list[str]:
    """The first answer that is wholly right."""
    answers = item.response["answers"]
    right = next(one for one in answers if one.get("fraction", 0) == 1 and one["value"] != "*")
    return [f"=   {written_number(right)}"]


def essay(item: Item, language: str) -> list[str]:
    return ["____"]


ANSWERS: dict[str, Callable[[Item, str], list[str]]] = {
    "choice": choices,
    "multiple": boxes,
    "truefalse": truth,
    "text": short_answers,
    "number": numbers,
    "essay": essay,
}
