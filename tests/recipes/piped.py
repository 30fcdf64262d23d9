"""Piped lines: a question on a line, then its choices, the right one first: `Capital of Korea? | Seoul | Busan`.

A file begins with the line `#piped`.
"""

from __future__ import annotations

from collections.abc import Iterable

from quizapp.errors import N_, Problem
from quizapp.formats.base import Reading, Told, language_of, refuse_uncarried, written_language
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.kinds.base import nfc, say

NAME = "piped"
LABEL = N_("Piped lines")
SUFFIXES = (".piped",)
MIME = "text/plain"
MARK = b"#piped\n"
SAMPLE = MARK + b"What is the capital of Korea? | Seoul | Busan\nWhich is a vowel? | a | b | c\n"


def sniff(data: bytes) -> float:
    return float(data.startswith(MARK))


def read(data: bytes, language: str | None = None) -> Reading:
    reading = Reading(encoding="utf-8")
    for number, line in enumerate(nfc(data.decode("utf-8", "replace")).splitlines(), 1):
        parts = [part.strip() for part in line.split("|")]
        if not line.strip() or line.startswith("#"):
            continue
        reading.found += 1
        if len(parts) < 3 or not all(parts):
            reading.failed += 1
            reading.problems.append(Problem(N_("A question and two choices belong here."), code="parts", line=number))
            continue
        said = language or language_of(line)
        choices = [{"id": f"c{place}", "text": {said: part}, "fraction": int(place == 1)}
                   for place, part in enumerate(parts[1:], 1)]  # fmt: skip
        reading.items.append(
            Item(kind="choice", stem={said: parts[0]}, response={"choices": choices},
                 provenance={"format": NAME, "line": number})
        )  # fmt: skip
    if not reading.found:
        reading.problems.append(Problem(N_("There is no question in this file."), code="empty"))
    return reading


def carries(item: Item) -> list[Problem]:
    if item.kind != "choice":
        return [Problem(N_("Piped lines hold single choices only."), code="kind")]
    if [choice.get("fraction") == 1 for choice in item.response["choices"]].count(True) != 1:
        return [Problem(N_("Piped lines hold one right choice only."), code="two-right")]
    if any("|" in part or "\n" in part or part[:1] in ("#", "") for part in parts_of(item)):
        return [Problem(N_("A line break, “|” or “#” can't be written."), code="bar")]
    return [loss(N_("Nothing but the words is kept."), "lost-rest")]


def parts_of(item: Item) -> list[str]:
    language = written_language(item)
    choices = sorted(item.response["choices"], key=lambda choice: choice.get("fraction") != 1)
    return [say(item.stem, language), *(say(choice["text"], language) for choice in choices)]


def write(items: Iterable[Item], told: Told | None = None) -> bytes:
    items = list(items)
    refuse_uncarried(items, carries, told)
    return MARK + "".join(" | ".join(parts_of(item)) + "\n" for item in items).encode()
