"""Writes Aiken: the stem, one option a line, and the letter of the right one."""

from __future__ import annotations

from string import ascii_uppercase

from quizapp.formats.base import written_language
from quizapp.formats.items import Item
from quizapp.kinds.base import say


def one_line(text: str) -> str:
    return " ".join(line.strip() for line in text.strip().split("\n"))


def stem_lines(item: Item, language: str) -> str:
    return "\n".join(line.rstrip() for line in say(item.stem, language).split("\n")).strip("\n")


def write_question(item: Item) -> str:
    language = written_language(item)
    choices = item.response["choices"]
    lines = [stem_lines(item, language)]
    lines += [
        f"{letter}. {one_line(say(choice['text'], language))}"
        for letter, choice in zip(ascii_uppercase, choices, strict=False)
    ]
    right = next(index for index, choice in enumerate(choices) if choice.get("fraction") == 1)
    return "\n".join([*lines, f"ANSWER: {ascii_uppercase[right]}", ""])
