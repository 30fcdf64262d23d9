"""A question of an attempt as its pages present it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import url_for

from quizapp.attempts import answering
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks.models import QuestionVersion
from quizapp.courses import shelf
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Response, Score
from quizapp.quizzes.models import Quiz
from quizapp.rules.modes import Reveal
from quizapp.web import controls
from quizapp.web.i18n import language


@dataclass(frozen=True)
class Asked:
    """One question as the learner meets it: what the player and the results show of a slot."""

    slot: Slot
    item: Item
    shown: controls.Shown
    fields: controls.Fields
    reveal: Reveal
    state: controls.State
    score: Score | None

    @property
    def media(self) -> Mapping[str, str]:
        return media_addresses(self.item)

    @property
    def answer(self) -> str:
        """The response in words."""
        return self.shown.words(self.slot.response, language())

    @property
    def solution(self) -> str:
        """The right response in words; "" where there is none, or where it isn't to be seen yet."""
        if not self.reveal.solution:
            return ""
        return self.shown.words(KINDS[self.item.kind].solution(self.item.body), language())

    @property
    def outcome(self) -> str:
        """right, partial, wrong, empty or waiting; "" before it may be seen."""
        if not self.reveal.correctness:
            return ""
        if not self.slot.answered:
            return "empty"
        if self.slot.fraction is None:
            return "waiting"
        return "right" if self.slot.fraction >= 1 else "partial" if self.slot.fraction > 0 else "wrong"


def in_words(slot: Slot, response: Response | None) -> str:
    """A response to the slot's question in words, in the order in which its attempt shows it."""
    return shown_of(slot).words(response, language())


def media_addresses(item: Item) -> dict[str, str]:
    return {media.name: url_for("banks.media", media_hash=media.hash) for media in item.media}


def asked(attempt: Attempt, slot: Slot, typed: controls.Fields | None = None) -> Asked:
    """The slot for its page. `typed` are fields that were sent and not taken: they are shown again."""
    version: QuestionVersion = slot.version
    item = version.item
    shown = shown_of(slot)
    reveal = slot.reveal()
    state = controls.State(disabled=attempt.submitted_at is not None or slot.checked_at is not None)
    score = None
    if reveal.correctness:
        state = controls.revealed(item, shown, slot.response)
        score = answering.score(version, slot.response)
    fields = shown.fields(slot.response) if typed is None else typed
    return Asked(slot, item, shown, fields, reveal, state, score)


def cited_by(quiz: Quiz, questions: list[Asked]) -> dict[tuple[str, str], shelf.Passage]:
    """The passages behind the questions that are revealed; none for a quiz without a course."""
    revealed = [one.item for one in questions if one.reveal.feedback and one.item.citations]
    return shelf.behind(quiz.course_id, revealed, language()) if quiz.course_id and revealed else {}


def shown_of(slot: Slot) -> controls.Shown:
    """The slot's question as its attempt shows it."""
    attempt = slot.attempt
    return controls.show(slot.version.item, f"{attempt.seed}:{slot.position}", attempt.rules.shuffle_choices)
