"""A question of Moodle XML while it is read: its texts, settings, answers and numbers as Moodle means them."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.items import Item
from quizapp.formats.losses import loss
from quizapp.formats.moodle_xml.texts import Files, text_of
from quizapp.kinds.base import Text, nfc

COMMA = re.compile(r"[+-]?[0-9]*,[0-9]+")


@dataclass
class MoodleQuestion:
    """One `<question>` while it is read."""

    element: Any
    language: str
    item: Item = field(default_factory=Item)
    files: Files = field(default_factory=Files)
    problems: list[Problem] = field(default_factory=list)

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
        """A number; a decimal comma becomes a point, with a warning."""
        written = written.strip()
        if not COMMA.fullmatch(written):
            return written
        value = written.replace(",", ".")
        self.problems.append(
            Problem(N_("“%(words)s” was read as %(value)s."), {"words": written, "value": value}, code="comma",
                    severity="warning", line=answer.sourceline, mend=N_("Write the decimal point as a point."))
        )  # fmt: skip
        return value

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
