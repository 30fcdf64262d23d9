"""A question of an attempt as its pages present it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from flask import url_for
from flask_babel import gettext

from quizapp.accounts.models import DELETED, User
from quizapp.attempts import queries, record
from quizapp.attempts.disclosure import attempt_reveal, slot_reveal
from quizapp.attempts.models import CHECK, Attempt, Slot
from quizapp.attempts.rescored import Rescored
from quizapp.citations.queries import courses_of
from quizapp.courses import shelf
from quizapp.courses.models import Course
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.kinds.base import Response, Score, Text
from quizapp.kinds.fields import OneOf, named
from quizapp.quizzes.models import Quiz
from quizapp.rules.behaviours import may_try_again
from quizapp.rules.modes import EVERYTHING, Reveal
from quizapp.web import controls
from quizapp.web.compared import ComparedPart, Words, compared_parts
from quizapp.web.i18n import language
from quizapp.web.pages import address

MOMENTS = {"right": "right", "partial": "partial", "wrong": "wrong", "empty": "wrong"}
"""Which of an item's feedback texts an outcome earns."""
PROBLEM = "control-problem"
"""The id of what says why an answer can't be taken."""


@dataclass(frozen=True)
class PresentedQuestion:
    """One question as the learner meets it: what the player and the results show of a slot.

    `typed` are fields that were sent and not taken: they are shown again. `rescored`: its score isn't what the key of
    the version that was asked says.
    """

    slot: Slot
    item: Item
    arranged: controls.ArrangedItem
    reveal: Reveal
    score: Score | None
    typed: controls.Fields | None
    rescored: Rescored | None = None

    @cached_property
    def fields(self) -> controls.Fields:
        return self.arranged.fields(self.slot.response) if self.typed is None else self.typed

    @cached_property
    def state(self) -> controls.State:
        if self.reveal.correctness:
            told = controls.revealed(self.item, self.arranged, self.slot.response)
            told = told if self.reveal.feedback else replace(told, notes={})
            return told if self.reveal.solution else replace(told, marks={}, right=frozenset())
        if self.slot.attempt.submitted_at is not None or self.slot.checked_at is not None:
            return controls.State(disabled=True)
        return controls.State()

    @property
    def checks(self) -> bool:
        """Whether its answer can be checked now: what a person grades, nobody can at once."""
        return not self.state.disabled and self.slot.attempt.rules.checks and not KINDS[self.item.kind].MANUAL

    def in_player(self, to_mend: bool) -> controls.State:
        """The same for the player, which says at the control why an answer can't be taken."""
        return self.state if self.state.disabled else replace(self.state, describedby=PROBLEM, invalid=to_mend)

    @cached_property
    def media(self) -> Mapping[str, str]:
        return media_addresses(self.item) | (media_addresses(self.key) if self.key is not self.item else {})

    @property
    def key(self) -> Item:
        """The version by whose key the response counts."""
        return (self.rescored and self.rescored.key) or self.item

    @property
    def by_key(self) -> bool:
        """Whether the score is what a key says of the response, so that its parts say so too."""
        return self.rescored is None or self.rescored.key is not None

    @cached_property
    def language(self) -> str:
        """The page's."""
        return language()

    @property
    def answer(self) -> str:
        """The response in words."""
        return self.arranged.words(self.slot.response, self.language)

    @cached_property
    def right(self) -> Response | None:
        """A right response; None where there is none, or where it isn't to be seen yet."""
        return KINDS[self.key.kind].solution(self.key.body, self.language) if self.reveal.solution else None

    @cached_property
    def solution(self) -> str:
        """The same in words."""
        if self.key is self.item:
            return self.arranged.words(self.right, self.language)
        return KINDS[self.key.kind].text(self.key.body, self.right, self.language)

    @cached_property
    def lines(self) -> list[ComparedPart]:
        """The response part by part, beside the right one once that may be seen; none before."""
        if self.score is None:
            return []
        key, feedback = self.reveal.solution, self.reveal.feedback
        right = self.right if self.key is self.item else None
        told = compared_parts(self.arranged, self.slot.response, right, self.score, self.language)
        if not self.by_key:
            return [one._replace(fraction=None, note=None, right="" if one.is_right else one.right) for one in told]
        if key and feedback:
            return told
        return [
            one._replace(fraction=one.fraction if key else None, note=one.note if feedback else None) for one in told
        ]

    @property
    def given(self) -> dict[str, Words]:
        """The response part by part, by the parts' ids."""
        return {one.name: one.given for one in self.lines}

    @property
    def rule(self) -> str:
        """By which of several methods it was scored, as a message; "" where there is but one."""
        for choice in named(KINDS[self.item.kind].RULES, "method"):
            if isinstance(choice, OneOf):
                words = dict(choice.values)
                return words.get(self.item.scoring.get("method", ""), words[""])
        return ""

    @property
    def said(self) -> list[Text]:
        """What the feedback says to this response as a whole; what it says to a part of it stands beside that part."""
        if not (self.reveal.feedback and self.by_key):
            return []
        moment = MOMENTS.get(self.outcome)
        earned = self.score.feedback if self.score else ()
        of_parts = self.score.notes.values() if self.score else ()
        texts = [*(text for text in earned if text not in of_parts), self.key.feedback.get(moment) if moment else None]
        return [text for text in texts if text]

    @property
    def explained(self) -> list[Text]:
        """What the feedback says to everybody, after the solution."""
        shown = {"general": self.reveal.feedback, "solution": self.reveal.solution}
        return [text for name, may in shown.items() if may and (text := self.key.feedback.get(name))]

    def cited(self, passages: Mapping[tuple[str, str], shelf.Passage]) -> list[shelf.Passage]:
        """Those of these passages that it cites."""
        return [passages[place] for place in map(shelf.place_of, self.item.citations) if place in passages]

    @property
    def hints(self) -> list[Text]:
        """The hints that were taken."""
        return self.item.hints[: self.slot.hints]

    @cached_property
    def next_hint(self) -> int:
        """The number of the hint that another try begins with; 0 where there is no other try."""
        return self.slot.hints + 1 if another_try(self.slot, self.item, self.reveal) else 0

    @cached_property
    def outcome(self) -> str:
        """right, partial, wrong, empty, waiting or dropped; "" before it may be seen."""
        if not self.reveal.correctness:
            return ""
        if self.slot.dropped:
            return "dropped"
        if not self.slot.answered:
            return "empty"
        return queries.outcome(self.slot.fraction, self.late_credit)

    @property
    def tells_points(self) -> bool:
        """Whether its points say what its outcome doesn't."""
        fraction = self.slot.fraction
        differs = self.slot.max_mark != 1 or self.late_credit is not None
        return self.reveal.marks and fraction is not None and (differs or fraction < 0)

    @cached_property
    def late_credit(self) -> float | None:
        """The share of its points that it can earn as it was given after the due date; None where it was in time."""
        return queries.late_credit(self.slot.attempt, self.slot.saved_at)


def name_of(attempt: Attempt) -> str:
    """Who made an attempt: as the roster or the person said, or as the account is called."""
    return attempt.given.get("name") or display_name(attempt.user)


def display_name(user: User) -> str:
    """How an account is called; a guest, or somebody who has left, has no name but a few letters."""
    if user.role == DELETED:
        return gettext("Deleted person %(name)s", name=user.public_id[:4])
    return ("" if user.is_guest else user.name) or gettext("Guest %(name)s", name=user.public_id[:4])


def number_of(attempt: Attempt) -> str:
    """The number of whoever made an attempt, by the roster or as they gave it; "" without one."""
    return attempt.given.get("number", "")


def person_of(attempt: Attempt) -> str:
    """Who made an attempt, with the number, as namesakes are told apart by it."""
    return f"{name_of(attempt)} {number_of(attempt)}".rstrip()


def in_words(slot: Slot, response: Response | None) -> str:
    """A response to the slot's question in words, in the order in which its attempt shows it."""
    return arranged_question(slot).words(response, language())


def media_addresses(item: Item) -> dict[str, str]:
    return {media.name: url_for("banks.media", media_hash=media.hash) for media in item.media}


def presented_to_learner(
    slot: Slot, item: Item, at: datetime, typed: controls.Fields | None = None, *, held: bool = False
) -> PresentedQuestion:
    """The slot for its learner's page. `item` is the version that it asks; `held`: an examination keeps it back."""
    reveal = slot_reveal(slot, at, held)
    reveal = replace(reveal, solution=False) if another_try(slot, item, reveal) else reveal
    return presented(slot, item, reveal, typed)


def presented_results(attempt: Attempt, at: datetime) -> list[PresentedQuestion]:
    """All questions of an attempt that is handed in, for its learner's page. Only that some are held tells what may be
    seen of one from what of another."""
    usual, kept_back = (attempt_reveal(attempt, at, one, checked=True) for one in (False, True))
    return [
        presented(one.slot, one.item, kept_back if one.held else usual, rescored=one.rescored)
        for one in queries.result_slots(attempt, at)
    ]


def points_waiting(slots: Iterable[Slot]) -> float:
    """The points of those that a person has still to grade."""
    return sum(slot.max_mark for slot in slots if slot.answered and slot.fraction is None and not slot.dropped)


def presented_in_full(slot: Slot, item: Item, rescored: Rescored | None = None) -> PresentedQuestion:
    """The slot with everything about it, for those who grade."""
    return presented(slot, item, EVERYTHING, rescored=rescored)


def presented(
    slot: Slot,
    item: Item,
    reveal: Reveal,
    typed: controls.Fields | None = None,
    *,
    rescored: Rescored | None = None,
) -> PresentedQuestion:
    key = (rescored and rescored.key) or item
    score = record.score(key, slot.response) if reveal.correctness else None
    return PresentedQuestion(slot, item, arranged_item(slot, item), reveal, score, typed, rescored)


def another_try(slot: Slot, item: Item, reveal: Reveal) -> bool:
    """Whether a checked response may be given anew after a hint, so that its solution isn't to be seen yet. That there
    is another try says that it was wrong: there is none where that may not be seen."""
    running = slot.checked_at is not None and slot.attempt.submitted_at is None
    return running and reveal.correctness and may_try_again(slot.fraction, slot.tries, len(item.hints))


@dataclass(frozen=True)
class Occasion:
    """What an attempt is at, as its pages name it: a quiz, or the review of a day. `course` is where it cites from."""

    title: Text
    address: str
    course: Course | None = None

    @property
    def course_id(self) -> int | None:
        return self.course.id if self.course else None


def occasion(attempt: Attempt, asked: PresentedQuestion | None = None) -> Occasion:
    """The occasion of an attempt, and of a question of it: those of a review are of several courses."""
    quiz = attempt.quiz
    if quiz is not None:
        return Occasion(quiz.title, address("attempts.quiz", public_id=quiz.public_id), quiz.course)
    course = None
    if asked is not None and asked.reveal.feedback:
        question = asked.slot.question_id
        course = courses_of({question: asked.item}).get(question)
    return Occasion({language(): gettext("Today's review")}, url_for("review.today"), course)


def cited_by(quiz: Quiz | Occasion | None, questions: list[PresentedQuestion]) -> dict[tuple[str, str], shelf.Passage]:
    """The passages behind the questions that are revealed; none for a quiz without a course."""
    revealed = [one.item for one in questions if one.reveal.passage and one.item.citations]
    return shelf.behind(quiz.course_id, revealed, language()) if quiz and quiz.course_id and revealed else {}


def arranged_question(slot: Slot) -> controls.ArrangedItem:
    """The slot's question as its attempt shows it."""
    return arranged_item(slot, slot.item)


def arranged_item(slot: Slot, item: Item) -> controls.ArrangedItem:
    """Checks are shown before there is an attempt, and their keys are no secret: all of them are shuffled alike."""
    attempt = slot.attempt
    seed = f"check:{slot.version_id}" if attempt.purpose == CHECK else f"{attempt.seed}:{slot.position}"
    return controls.arrange(item, seed, attempt.rules.shuffle_choices, media_addresses(item))
