"""A question of Moodle XML while it is read: its texts, settings, answers and numbers as Moodle means them."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.formats.moodle_xml.texts import QuestionFiles, text_of
from quizapp.formats.numbers import number_in
from quizapp.kinds.base import Text, nfc


@dataclass
class MoodleQuestion:
    """One `<question>` while it is read."""

    element: Any
    language: str
    item: Item = field(default_factory=Item)
    files: QuestionFiles = field(default_factory=QuestionFiles)
    problems: list[Problem] = field(default_factory=list)
    reason: str = ""
    """Why it can't be played, where its type doesn't say it."""
    values: dict[str, str] = field(default_factory=dict)

    def not_played(self, reason: str, **values: str) -> bool:
        """Say why the item can't hold the question; returns that it can't."""
        self.reason, self.values = reason, values
        return False

    def text(self, element: Any) -> Text:
        """A text; without a format of its own it has that of the question, as in Moodle."""
        stem = self.element.find("questiontext")
        return text_of(element, self.language, self.files, "html" if stem is None else stem.get("format", "html"))

    def setting(self, name: str, default: str = "") -> str:
        return nfc(self.element.findtext(name) or default).strip()

    def is_on(self, name: str, default: str) -> bool:
        return self.setting(name, default).lower() in ("1", "true")

    def with_feedback(self, answer: Any) -> dict[str, Text]:
        feedback = self.text(answer.find("feedback"))
        return {"feedback": feedback} if feedback else {}

    def fraction(self, answer: Any) -> float:
        value = finite(answer.get("fraction", "0"))
        if value is None:
            self.problems.append(
                Problem(
                    N_("“%(fraction)s” is not a percentage."),
                    {"fraction": answer.get("fraction", "")[:50]},
                    code="fraction",
                    line=answer.sourceline,
                )
            )
            return 0
        value = round(value / 100, 7)
        return int(value) if value == int(value) else value

    def has_right(self, fractions: list[float]) -> bool:
        """Whether an answer is right; else says that it is kept, unless a fraction couldn't be read."""
        if any(one > 0 for one in fractions) or any(problem.is_error for problem in self.problems):
            return True
        return self.not_played(N_("No answer is marked as right, as in a survey; the question is kept as it is."))

    def answers(self) -> list[Any]:
        """The answers without those that were left blank, which Moodle ignores too."""
        listed = self.element.findall("answer")
        if self.element.get("type") == "numerical":
            blank = [one for one in listed if not (one.findtext("text") or "").strip()]
        else:
            blank = [one for one in listed if not self.text(one)]
        blank = [one for one in blank if not self.fraction(one)]
        if blank:
            self.problems.append(loss(N_("%(count)s blank answers are left out."), "blank", count=len(blank)))
        return [one for one in listed if one not in blank]

    def decimal(self, written: str, answer: Any) -> str:
        """A number; one that isn't written plainly is read with a warning."""
        value, said = number_in(written)
        self.problems += [problem.at(line=answer.sourceline) for problem in said]
        return written.strip() if value is None else value

    def number(self, name: str, default: float) -> float:
        value = finite(self.setting(name, str(default)))
        return default if value is None else value


def finite(written: str) -> float | None:
    """A number as Moodle writes it; None for anything else."""
    try:
        value = float(written)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
