"""One question of a Markdown quiz: its elements as they come in, then the item that they make."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from quizapp.errors import Problem
from quizapp.formats.collector import MAX_WEIGHT, VALUE_WEIGHT
from quizapp.formats.items import Item
from quizapp.formats.text2qti.elements import QuizElement
from quizapp.formats.text2qti.messages import about
from quizapp.formats.text2qti.numbers import number_answer
from quizapp.formats.wildcards import pattern_of

FEEDBACK = {"general": "general", "praise": "right", "correction": "wrong", "solution": "solution"}
"""What the marks below a question say, by the name of the mark."""

FAMILIES = {
    "right": "choice",
    "wrong": "choice",
    "ticked": "multiple",
    "unticked": "multiple",
    "answer": "text",
    "number": "number",
    "essay": "essay",
    "upload": "upload",
}
"""The type of a question by the name of the marks of its answers."""

ONCE = ("number", "essay", "upload")
TRUE_FALSE = {"true": "true", "True": "true", "false": "false", "False": "false"}
LETTERS = "abcdefghijklmnopqrstuvwxyz"
MOST_POINTS = 1_000_000
PICTURE = re.compile(r"!\[[^\[\]\n]*+\]\((?!https?:)([^()\s]+)")


@dataclass
class Option:
    text: str
    right: bool
    feedback: str = ""


@dataclass
class QuizQuestion:
    """A question while its elements come in. `lines` is where it stands, for one that is kept as it is."""

    element: QuizElement
    lines: tuple[int, int]
    title: str = ""
    points: float = 1
    family: str = ""
    feedback: dict[str, str] = field(default_factory=dict)
    options: list[Option] = field(default_factory=list)
    number: dict[str, Any] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    weight: int = 0

    def add(self, element: QuizElement) -> None:
        """One element below the question's text; of a question that is too large anyway, only its length."""
        self.lines = (self.lines[0], element.lines[1])
        self.weight += VALUE_WEIGHT + len(element.text)
        if self.weight > MAX_WEIGHT:
            return
        if element.name in FEEDBACK:
            self.add_feedback(element)
            return
        family = FAMILIES[element.name]
        if self.family and (self.family != family or family in ONCE):
            self.problems.append(about(element, "mixed"))
            return
        self.family = family
        if family == "number":
            self.number, problems = number_answer(element.text)
            self.problems += [problem.at(line=element.line) for problem in problems]
        elif family not in ONCE:
            self.options.append(Option(element.text, element.name in ("right", "ticked", "answer")))

    def add_feedback(self, element: QuizElement) -> None:
        """Feedback of the question, or, below a choice, of that choice."""
        moment = FEEDBACK[element.name]
        if self.family in ("choice", "multiple") and moment == "general":
            if self.options[-1].feedback:
                self.problems.append(about(element, "feedback-twice"))
            self.options[-1].feedback = element.text
        elif self.family:
            self.problems.append(about(element, "feedback-place"))
        elif moment in self.feedback:
            self.problems.append(about(element, "feedback-twice"))
        else:
            self.feedback[moment] = element.text

    def item(self, language: str, source: Sequence[str]) -> tuple[Item, list[Problem]]:
        """The question as an item; what keeps it from being one stands among the problems."""
        item = Item(
            stem={language: self.element.text},
            title={language: self.title} if self.title else {},
            points=self.points,
            feedback={moment: {language: text} for moment, text in self.feedback.items()},
        )
        problems = [*self.problems, *self.missing_pictures()]
        item.kind = self.family
        if not self.family:
            problems.append(about(self.element, "no-answers"))
        elif self.family == "upload":
            item.kind = "opaque"
            item.provenance["original"] = "\n".join(source[slice(*self.lines)])
        elif self.family == "number":
            item.response = {"answers": [self.number]}
        elif self.family == "text":
            item.response = {"answers": [{"text": pattern_of(one.text), "fraction": 1} for one in self.options]}
        elif self.is_true_or_false():
            item.kind = "truefalse"
            item.response = self.truth(language)
        elif self.family != "essay":
            item.response = {"choices": self.choices(language)}
            if self.family == "choice" and sum(one.right for one in self.options) > 1:
                problems.append(about(self.element, "two-right"))
            if len({one.text for one in self.options}) < len(self.options):
                problems.append(about(self.element, "same-choice"))
        return item, problems

    def missing_pictures(self) -> list[Problem]:
        """A text file holds no pictures, only their names."""
        own = [text for one in self.options if self.family != "text" for text in (one.text, one.feedback)]
        names = [name for text in (self.element.text, *self.feedback.values(), *own) for name in PICTURE.findall(text)]
        return [about(self.element, "picture", name=name) for name in dict.fromkeys(names)]

    def is_true_or_false(self) -> bool:
        words = sorted(TRUE_FALSE.get(one.text, "") for one in self.options)
        return self.family == "choice" and words == ["false", "true"] and sum(one.right for one in self.options) == 1

    def truth(self, language: str) -> dict[str, Any]:
        answer = next(TRUE_FALSE[one.text] for one in self.options if one.right)
        feedback = {TRUE_FALSE[one.text]: {language: one.feedback} for one in self.options if one.feedback}
        return {"answer": answer == "true", **({"feedback": feedback} if feedback else {})}

    def choices(self, language: str) -> list[dict[str, Any]]:
        return [
            {
                "id": choice_id(index),
                "text": {language: one.text},
                "fraction": int(one.right),
                **({"feedback": {language: one.feedback}} if one.feedback else {}),
            }
            for index, one in enumerate(self.options)
        ]


def choice_id(index: int) -> str:
    """a, b, … z, aa, ab, …"""
    name = ""
    while index >= 0:
        index, letter = index // len(LETTERS) - 1, index % len(LETTERS)
        name = LETTERS[letter] + name
    return name


def half_points(element: QuizElement) -> float | None:
    """Points in half steps; None for anything else."""
    try:
        points = Decimal(element.text)
    except InvalidOperation:
        return None
    if not points.is_finite() or not 0 < points <= MOST_POINTS or points * 2 % 1:
        return None
    return float(points) if points % 1 else int(points)
