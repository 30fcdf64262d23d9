"""Repair of a missed question: the sentence that it cites, with its key words to be filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from quizapp.attempts.models import Slot
from quizapp.attempts.presentation import PresentedQuestion, cited_by, occasion, presented_to_learner
from quizapp.courses import queries as courses
from quizapp.courses.models import Course
from quizapp.courses.shelf import Passage, place_of
from quizapp.kinds import KINDS
from quizapp.kinds.base import say
from quizapp.quizzes.held import held
from quizapp.rules.repair import Piece, fills, frequencies, gapped
from quizapp.texts.lessons import lesson_page
from quizapp.web.i18n import language

Passages = Mapping[tuple[str, str], Passage]


@dataclass(frozen=True)
class Repair:
    """The sentence in pieces, where it stands, and what was typed into its blanks."""

    course: Course
    passage: Passage
    pieces: Sequence[Piece]
    typed: Sequence[str] | None = None

    @cached_property
    def filled(self) -> list[bool]:
        """Of each blank, whether it is filled rightly."""
        blanks = [one for one in self.pieces if one.blank]
        typed = [*(self.typed or ()), *[""] * len(blanks)]
        return [fills(given, blank) for given, blank in zip(typed, blanks, strict=False)]

    @property
    def is_done(self) -> bool:
        return all(self.filled)

    @property
    def is_only_read(self) -> bool:
        """Nothing in it can be asked for: it is shown whole."""
        return not self.filled


def to_repair(shown: PresentedQuestion, passages: Passages) -> Passage | None:
    """The passage by which a question can be repaired: the first that it cites, where it may be seen."""
    found = (passages.get(place_of(one)) for one in shown.item.citations)
    return next((one for one in found if one is not None and one.anchor), None)


def repair_of(slot: Slot, now: datetime, typed: Sequence[str] | None = None) -> Repair | None:
    """The repair of a question; None where it cites nothing, or nothing may be seen of it."""
    shown = presented_to_learner(slot, slot.item, now, held=bool(held([slot.question_id], now)))
    of = occasion(slot.attempt, shown)
    passage = to_repair(shown, cited_by(of, [shown]))
    if of.course is None or passage is None:
        return None
    lesson = courses.lesson(of.course, passage.lesson)
    kind, spoken = KINDS[shown.item.kind], language()
    often = frequencies(lesson_page(say(lesson.body, spoken)).passages.values())
    key = kind.text(shown.item.body, kind.solution(shown.item.body), spoken)
    pieces = gapped(passage.text, key, say(shown.item.stem, spoken), often) or [Piece(passage.text)]
    return Repair(of.course, passage, pieces, typed)
