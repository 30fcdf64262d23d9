"""Checks: questions of a bank that a lesson asks, answered where they stand, at once and ungraded.

A learner has one attempt for all checks of a lesson; it gets a slot with each answer (`check_actions`) and is never
handed in. What belongs to the user is looked for in all of them: a guest's becomes one more of the account's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import contains_eager
from werkzeug.datastructures import MultiDict

from quizapp.attempts.blanks import refuse_blank
from quizapp.attempts.models import CHECK, Attempt, Slot
from quizapp.attempts.presentation import PresentedQuestion, arranged_item, presented_to_learner
from quizapp.banks.models import Question, QuestionVersion
from quizapp.courses import shelf
from quizapp.courses.checks import Name, named_in, questions_named, unusable
from quizapp.db import db
from quizapp.kinds.base import Response
from quizapp.rules.settings import QuizSettings
from quizapp.texts.directives import Directive
from quizapp.web import controls
from quizapp.web.i18n import language

RULES = QuizSettings(feedback="immediate", shuffle_choices=True)


@dataclass(frozen=True)
class Check:
    """A check as its lesson shows it `at` a time. `given` are the learner's answers to it so far, the newest last.

    `again`: it is to be answered once more. `problem` says why what was sent wasn't taken.
    """

    named: Directive
    question: Question
    version: QuestionVersion
    at: datetime
    given: tuple[Slot, ...] = ()
    again: bool = False
    typed: controls.Fields | None = None
    problem: str = ""

    @property
    def name(self) -> Name:
        return self.named.bank, self.named.key

    @property
    def suffix(self) -> str:
        """What the ids and names of its form end with: a page has several."""
        return f"-{self.question.public_id}"

    @cached_property
    def asked(self) -> PresentedQuestion:
        if self.given and not self.again:
            return presented_to_learner(self.given[-1], self.given[-1].version.item, self.at)
        return presented_to_learner(unanswered(self.version), self.version.item, self.at, self.typed)

    @property
    def state(self) -> controls.State:
        state = self.asked.state
        described = f"problem{self.suffix}" if state.describedby else ""
        return replace(state, suffix=self.suffix, invalid=bool(self.problem), describedby=described)

    def fields_of(self, form: MultiDict[str, str]) -> MultiDict[str, str]:
        """What its form sent, by the names that a control knows."""
        return MultiDict((name.removesuffix(self.suffix), value) for name, value in form.items(multi=True))


def unanswered(version: QuestionVersion) -> Slot:
    """The slot of an answer that isn't there yet; it is never stored."""
    attempt = Attempt(purpose=CHECK, settings=RULES.model_dump(mode="json"))
    return Slot(
        attempt=attempt, version=version, version_id=version.id, position=1, seq=0, answered=False, tries=0, hints=0
    )


def on_page(lesson_id: int, directives: Iterable[Directive], user_id: int | None, now: datetime) -> dict[Name, Check]:
    """The checks that a lesson names, as far as they can be asked, with the user's answers. Two statements at most."""
    named = named_in(directives)
    found = questions_named(named)
    questions = {name: found[name] for name, check in named.items() if unusable(check, found.get(name)) is None}
    given: dict[int, list[Slot]] = {}
    if user_id is not None and questions:
        for slot in answers_of(user_id, lesson_id):
            given.setdefault(slot.question_id, []).append(slot)
    return {
        name: Check(named[name], one, one.current, now, tuple(given.get(one.id, ())))
        for name, one in questions.items()
        if one.current is not None
    }


def answers_of(user_id: int, lesson_id: int) -> Iterable[Slot]:
    """The user's answers to checks of the lesson, the newest last."""
    return db.session.scalars(
        select(Slot)
        .join(Slot.attempt)
        .join(Slot.version)
        .where(
            Attempt.user_id == user_id,
            Attempt.lesson_id == lesson_id,
            Attempt.purpose == CHECK,
            Slot.checked_at.is_not(None),
        )
        .options(contains_eager(Slot.attempt), contains_eager(Slot.version))
        .order_by(Slot.checked_at, Slot.id)
    )


def response_in(check: Check, form: MultiDict[str, str]) -> Response:
    """The response in the check's form. Raises ResponseError for one of the wrong shape, and for none."""
    response = arranged_item(unanswered(check.version), check.version.item).read(check.fields_of(form))
    refuse_blank(response)
    return response


def refused_check(check: Check, form: MultiDict[str, str], problem: str) -> Check:
    """The check with what was sent to it and not taken."""
    typed = arranged_item(unanswered(check.version), check.version.item).sent(check.fields_of(form))
    return replace(check, again=True, typed=typed, problem=problem)


def cited(course_id: int, found: Iterable[Check]) -> dict[tuple[str, str], shelf.Passage]:
    """The passages behind the checks that are answered."""
    items = [check.asked.item for check in found if check.asked.reveal.feedback]
    return shelf.behind(course_id, items, language()) if items else {}
