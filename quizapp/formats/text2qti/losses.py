"""What a Markdown quiz loses of an item, and which items it can't hold at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import FEEDBACK, Item
from quizapp.formats.losses import loss, lost_languages
from quizapp.formats.schema import texts_of
from quizapp.formats.text2qti.numbers import too_small
from quizapp.formats.text2qti.writer import ANSWERS, FEEDBACK_OF, half_steps
from quizapp.formats.wildcards import plain_of


def losses_of(item: Item) -> list[Problem]:
    """One problem for each thing that is lost."""
    told = [loss(template, code) for code, template, is_lost in LOSSES if is_lost(item)]
    return [*told, *lost_languages(item)]


def refusal_of(item: Item) -> Problem | None:
    """Why the item can't be written at all."""
    if item.kind == "opaque":
        ours = item.provenance.get("format") == "markdown" and isinstance(item.provenance.get("original"), str)
        template = None if ours else N_("The question comes from another system and can't be written in this format.")
    elif item.kind == "text":
        template = None if plain_answers(item) else N_("Its right answers have wildcards, which this format lacks.")
    elif item.kind == "number":
        template = None if plain_numbers(item) else N_("Any number is right, which this format can't express.")
    elif item.kind == "choice" and sum(one.get("fraction") == 1 for one in options(item)) > 1:
        template = N_("Several of its choices are fully right, but this format takes one.")
    elif item.kind in ANSWERS or item.kind == "description":
        template = None
    else:
        template = N_("This format has no questions of this kind.")
    return Problem(template, {"kind": item.kind}, code="kind") if template else None


def answers(item: Item) -> list[dict[str, Any]]:
    return item.response.get("answers", []) if item.kind in ("text", "number") else []


def plain_answers(item: Item) -> list[str]:
    """The texts that are wholly right and have no wildcard."""
    right = [answer["text"] for answer in answers(item) if item.kind == "text" and answer.get("fraction", 0) == 1]
    return [text for text in map(plain_of, right) if text is not None]


def plain_numbers(item: Item) -> list[dict[str, Any]]:
    """The numbers that are wholly right."""
    right = [answer for answer in answers(item) if item.kind == "number" and answer.get("fraction", 0) == 1]
    return [answer for answer in right if answer["value"] != "*"]


def options(item: Item) -> list[dict[str, Any]]:
    return item.response.get("choices", [])


def lost_feedback(item: Item) -> bool:
    kept = FEEDBACK_OF.get(item.kind, [moment for moment in FEEDBACK if moment != "partial"])
    return any(text and moment not in kept for moment, text in item.feedback.items())


LOSSES: tuple[tuple[str, str, Callable[[Item], bool]], ...] = (
    ("id", N_("The identifier is lost."), lambda item: bool(item.id)),
    ("category", N_("The category is lost."), lambda item: bool(item.category)),
    ("tags", N_("The tags are lost."), lambda item: bool(item.tags)),
    ("enemies", N_("The questions that it is never drawn with are lost."), lambda item: bool(item.enemies)),
    ("use", N_("Its being for lessons only is lost."), lambda item: bool(item.use)),
    ("objectives", N_("The objectives are lost."), lambda item: bool(item.objectives)),
    ("difficulty", N_("The difficulty is lost."), lambda item: item.difficulty is not None),
    ("citations", N_("The sources in lessons are lost."), lambda item: bool(item.citations)),
    ("hints", N_("The hints are lost."), lambda item: bool(item.hints)),
    ("licence", N_("The licence is lost."), lambda item: bool(item.licence)),
    ("status", N_("Its being a draft or archived is lost."), lambda item: item.status != "ready"),
    ("media", N_("The pictures are not in the file; put them in the same folder."), lambda item: bool(item.media)),
    ("stimulus", N_("The text that the question is about becomes part of the question."),
     lambda item: bool(item.stimulus)),
    ("shuffle", N_("The fixed order of its choices is lost, unless it applies to the whole file."),
     lambda item: not item.shuffle),
    ("points", N_("The points are rounded to a half."), lambda item: half_steps(item.points) != item.points),
    ("format", N_("HTML and plain texts become Markdown."), lambda item: any(
        text.get("format", "markdown") != "markdown" for text in texts_of(item))),
    ("feedback", N_("Feedback that this format has no place for is lost."), lambda item: lost_feedback(item)
     or any(answer.get("feedback") for answer in answers(item))),
    ("fractions", N_("Answers that are partly right are lost, or count as wrong."), lambda item: any(
        one.get("fraction", 0) not in (0, 1) for one in [*options(item), *answers(item)])),
    ("pinned", N_("The fixed place of a choice is lost."), lambda item: any(
        choice.get("pinned") for choice in options(item))),
    ("scoring", N_("The scoring rule is lost."), lambda item: bool(item.scoring)),
    ("answers", N_("If there are several answers, those with a wildcard, and all numbers but the first, are lost."),
     lambda item: len(answers(item)) > (len(plain_answers(item)) if item.kind == "text" else 1)),
    ("units", N_("The units are lost."), lambda item: bool(item.response.get("units"))),
    ("geometric", N_("The geometric tolerance becomes a range."), lambda item: any(
        answer.get("type") == "geometric" for answer in answers(item))),
    ("small", N_("text2qti refuses numbers nearer to zero than 0.0001."), lambda item: any(
        too_small(answer) for answer in plain_numbers(item)[:1])),
    ("essay", N_("The limits, the template and the notes for graders are lost."), lambda item: bool(
        item.kind == "essay" and item.response)),
)  # fmt: skip
"""What is lost: its code, how it is said, and whether an item has it."""
