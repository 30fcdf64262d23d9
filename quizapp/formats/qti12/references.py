"""What a quiz of QTI 1.2 takes from elsewhere: items and whole banks that it names and doesn't hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from quizapp.errors import N_, Problem
from quizapp.formats.losses import loss
from quizapp.formats.qti.documents import local

REFERENCES = {"bankentry_item": "item_ref", "itemref": "linkrefid", "sectionref": "linkrefid"}
"""The elements that name an item or a section, each with the attribute that does."""
EXPORT_BANK = N_("Export the bank too, and import it by itself.")


@dataclass
class References:
    """The idents of what was found in a file, and what its quizzes name."""

    found: set[str] = field(default_factory=set)
    named: list[tuple[Any, str]] = field(default_factory=list)
    """Elements, each with its file."""

    def problems(self) -> Iterator[Problem]:
        """A loss for each reference that leads out of the file or says more than which question it means."""
        for element, file in self.named:
            problem = missing_bank(element, self.found) if local(element) == "sourcebank_ref" else self.entry(element)
            if problem:
                yield problem.at(line=element.sourceline, place=file)

    def entry(self, element: Any) -> Problem | None:
        ident = element.get(REFERENCES[local(element)]) or ""
        if ident not in self.found:
            bank = element.get("sourcebank_ref") or ""
            return Problem(
                N_("The quiz takes the question “%(ident)s” from elsewhere (%(bank)s); it isn't in this file."),
                {"ident": ident, "bank": bank or "?"},
                code="reference",
                severity="loss",
                text=ident,
                mend=EXPORT_BANK,
            )
        points = element.get("points_possible")
        if not points:
            return None
        return loss(
            N_("The quiz gives the question “%(ident)s” %(points)s points; its own are kept here."),
            "reference-points",
            ident=ident,
            points=points,
        )


def missing_bank(element: Any, found: set[str]) -> Problem | None:
    ident = (element.text or "").strip()
    if not ident or ident in found:
        return None
    return Problem(
        N_("The questions of this section come from the bank “%(ident)s”, which isn't in this file."),
        {"ident": ident},
        code="reference",
        severity="loss",
        text=ident,
        mend=EXPORT_BANK,
    )
