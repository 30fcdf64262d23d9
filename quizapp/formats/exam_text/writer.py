"""Writes an exam: numbered questions with ①, the answer below each, in Korean or English by the question's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from quizapp.formats.base import written_language
from quizapp.formats.exam_text.signs import MOST_WRITTEN, written_label
from quizapp.formats.exam_text.texts import written_lines
from quizapp.formats.items import Item
from quizapp.formats.plain_text import one_line
from quizapp.formats.wildcards import plain_of

WORDS = {
    "ko": {
        "key": "정답: ", "model": "모범 답안: ", "solution": "해설: ", "level": "난이도: ", "unit": "단원: ",
        "points": "[{}점]", "judge": "(O/X)", "essay": "(서술형)", "or": " 또는 ", "levels": ("하", "중", "상"),
    },
    "en": {
        "key": "Answer: ", "model": "Model answer: ", "solution": "Explanation: ", "level": "Difficulty: ",
        "unit": "Unit: ", "points": "[{} points]", "judge": "(True/False)", "essay": "(Essay)", "or": " or ",
        "levels": ("easy", "medium", "hard"),
    },
}  # fmt: skip
LEAST_POINTS = 0.001
"""Points are read with three decimals."""
KINDS_WRITTEN = ("choice", "multiple", "truefalse", "text", "number", "essay")


def words_for(item: Item) -> dict[str, Any]:
    return WORDS["ko" if written_language(item) == "ko" else "en"]


def write_exam(items: Sequence[Item]) -> str:
    blocks: list[str] = []
    for place, item in enumerate(items):
        language = written_language(item)
        if item.stimulus and (place == 0 or items[place - 1].stimulus != item.stimulus):
            last = place
            while last + 1 < len(items) and items[last + 1].stimulus == item.stimulus:
                last += 1
            passage = "\n".join(written_lines(item.stimulus, language))
            blocks.append(f"[{place + 1}~{last + 1}] {passage}")
        blocks.append("\n".join(question_lines(item, place + 1)))
    return "\n\n".join(blocks) + "\n" if blocks else ""


def question_lines(item: Item, number: int) -> list[str]:
    language, words = written_language(item), words_for(item)
    lines = with_marks(written_lines(item.stem, language), marks(item))
    lines[0] = f"{number}. {lines[0]}".rstrip()
    for place, choice in enumerate(item.response.get("choices", ())[:MOST_WRITTEN]):
        first, *others = written_lines(choice["text"], language)
        lines += [f"{written_label(place)} {first}", *others]
    lines += key_lines(item)
    if item.difficulty:
        lines.append(words["level"] + words["levels"][item.difficulty - 1])
    if item.category:
        lines.append(words["unit"] + " > ".join(one_line(name) for name in item.category))
    return lines + labelled(words["solution"], item.feedback.get("solution"), language)


def marks(item: Item) -> list[str]:
    """What stands behind the stem: how it is answered, and its points."""
    words = words_for(item)
    kind = {"truefalse": words["judge"], "essay": words["essay"]}.get(item.kind)
    points = words["points"].format(f"{max(LEAST_POINTS, round(item.points, 3)):g}") if item.points != 1 else None
    return [mark for mark in (kind, points) if mark]


def with_marks(lines: list[str], marks: list[str]) -> list[str]:
    """The lines with the marks behind the first, or before it where it is a table or a formula on its own."""
    if lines[0].startswith(("|", "$$")):
        return [" ".join(marks), *lines]
    return [" ".join([lines[0], *marks]).strip(), *lines[1:]]


def key_lines(item: Item) -> list[str]:
    words, body = words_for(item), item.response
    if item.kind == "essay":
        return labelled(words["model"], body.get("grader_notes"), written_language(item))
    return [words["key"] + key_of(item, words["or"])]


def labelled(label: str, text: dict[str, str] | None, language: str) -> list[str]:
    if not text:
        return []
    first, *others = written_lines(text, language)
    return [label + first, *others]


def key_of(item: Item, either: str) -> str:
    body = item.response
    if item.kind == "truefalse":
        return "O" if body["answer"] else "X"
    if item.kind in ("choice", "multiple"):
        right = [place for place, choice in enumerate(body["choices"]) if choice.get("fraction", 0) > 0]
        if item.kind == "choice":
            right = [place for place in right if body["choices"][place]["fraction"] == 1]
        return (either if item.kind == "choice" else ", ").join(written_label(place) for place in right[:MOST_WRITTEN])
    return either.join(typed(answer, body) for answer in body["answers"] if answer.get("fraction", 0) == 1)


def typed(answer: dict[str, Any], body: dict[str, Any]) -> str:
    if "text" in answer:
        return plain_of(answer["text"]) or answer["text"]
    unit = next((f" {unit['name']}" for unit in body.get("units", ()) if unit["factor"] == "1"), "")
    tolerance = f" ± {answer['tolerance']}" if answer.get("tolerance") else ""
    return f"{answer['value']}{tolerance}{unit}"
