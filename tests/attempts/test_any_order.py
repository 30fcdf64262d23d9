"""Any order of answers, checks, hand-ins, grades, overrides, regrades, undos and claims: what is stored is what the
rows amount to, an undo gives back what would be without the batch, and no row is ever changed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select, text

from quizapp import events
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions, answering, queries, tries
from quizapp.attempts.models import Attempt, Regrade, Slot
from quizapp.attempts.overdue import over
from quizapp.attempts.record import earning, rows_of
from quizapp.attempts.regrading import Rule
from quizapp.banks import actions as banks
from quizapp.banks.models import Question
from quizapp.banks.versions import NewVersion, add_versions, wording_of
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.gradebook import outcomes, previews
from quizapp.gradebook.actions import regrades
from quizapp.quizzes.models import Quiz
from quizapp.rules import scores
from tests.conftest import user_of
from tests.draws import exploring
from tests.gradebook.test_results import choice
from tests.quizzes.test_quizzes import quiz_of

BEGIN = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
CHOICES = st.sampled_from([None, "a", "b", "c"])
ACCEPTED = st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True)
SHARES = st.sampled_from([0.0, 0.25, 1.0])
PLACES = st.integers(1, 2)


class Record(RuleBasedStateMachine):
    """Two questions, three people at most, and an instructor who changes her mind."""

    app: Flask

    def __init__(self) -> None:
        super().__init__()
        self.now = BEGIN
        self.seen: list[Any] = []

    def tick(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now

    @initialize(
        feedback=st.sampled_from(["immediate", "deferred"]), due=st.sampled_from([None, 5, 15]),
        method=st.sampled_from(["highest", "average", "first", "last"]), order=st.sampled_from(["free", "sequential"]),
    )  # fmt: skip
    def site(self, feedback: str, due: int | None, method: str, order: str) -> None:
        """A bank and a quiz of this story's own; the people are of all stories."""
        Record.stories = getattr(Record, "stories", 0) + 1
        slug = f"made-{Record.stories}"
        self.by = user_of("instructor")
        banks.import_items(self.by, slug, {"en": "Made"}, [choice(1), choice(2)], self.now)
        due_at = (self.now + timedelta(seconds=due)).isoformat() if due else None
        self.quiz: Quiz = quiz_of(
            {"bank": slug},
            feedback=feedback,
            shuffle_questions=False,
            due_at=due_at,
            grace=0,
            grade_by=method,
            order=order,
        )
        self.people: list[User] = [user_of("learner"), accounts.start_guest("en", "auto", self.now)]
        self.attempts: list[Attempt] = []
        self.questions = list(
            db.session.scalars(
                select(Question).where(Question.key.in_(["q1", "q2"])).order_by(Question.id.desc()).limit(2)
            )
        )[::-1]

    @property
    def running(self) -> list[Attempt]:
        return [one for one in self.attempts if one.submitted_at is None]

    @property
    def over(self) -> list[Attempt]:
        return [one for one in self.attempts if one.submitted_at is not None]

    def slot(self, attempt: Attempt, place: int) -> Slot:
        db.session.expire_all()
        return queries.slot(attempt.public_id, place, attempt.user_id)

    @rule(who=st.integers(0, 2))
    def start(self, who: int) -> None:
        person = self.people[who % len(self.people)]
        attempt = actions.start(person, self.quiz, self.tick())
        if attempt not in self.attempts:
            self.attempts.append(attempt)

    @precondition(lambda self: self.attempts)
    @rule(
        which=st.integers(0, 9), place=PLACES, chosen=CHOICES, check=st.booleans(), sure=st.sampled_from([None, 1, 3])
    )
    def answer(self, which: int, place: int, chosen: str | None, check: bool, sure: int | None) -> None:
        """In time or late, over a checked one or not."""
        slot = self.slot(self.attempts[which % len(self.attempts)], place)
        given = {"choice": chosen} if chosen else None
        try:
            answering.give_answer(slot, given, slot.seq, self.tick(), check=check, certainty=sure)
        except (answering.Closed, answering.Ahead):
            db.session.rollback()

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9), place=PLACES, hint=st.booleans())
    def go_on(self, which: int, place: int, hint: bool) -> None:
        slot = self.slot(self.running[which % len(self.running)], place)
        try:
            if not hint:
                answering.try_again(slot, self.tick())
            elif slot.checked_at is None:
                answering.take_hint(slot, self.tick())
        except (answering.Closed, answering.Ahead):
            db.session.rollback()

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9), place=PLACES)
    def leave(self, which: int, place: int) -> None:
        """For the next question: where there is no way back, this is one to nothing but late answers."""
        attempt = self.running[which % len(self.running)]
        actions.go_on(attempt, place)
        db.session.expire_all()
        assert attempt.reached in (1, 2)

    @precondition(lambda self: self.running)
    @rule(which=st.integers(0, 9))
    def hand_in(self, which: int) -> None:
        attempt = self.running[which % len(self.running)]
        person = db.session.get_one(User, attempt.user_id)
        actions.submit(person, attempt.public_id, self.tick())
        undone = set(db.session.scalars(select(Regrade.id).where(Regrade.undone_by_id.is_not(None))))
        for slot in self.slots():
            if slot.attempt_id == attempt.id:
                rows = [row for row in rows_of([slot.id])[slot.id] if row.batch_id not in undone]
                assert slot.fraction == scores.fold(rows, earning(slot.attempt.rules, slot.version.item)).fraction

    @precondition(lambda self: self.over)
    @rule(which=st.integers(0, 9), place=PLACES, share=SHARES, whatever=st.booleans())
    def grade(self, which: int, place: int, share: float, whatever: bool) -> None:
        slot = self.slot(self.over[which % len(self.over)], place)
        act = actions.override if whatever else actions.grade
        act(slot, share, "So be it", self.by, self.tick())

    @precondition(lambda self: self.over)
    @rule(which=st.integers(0, 9), what=st.sampled_from(["admit", "decline", ""]))
    def decide(self, which: int, what: str) -> None:
        """Of the first late response; what is taken back leaves the score that would be without it."""
        for slot, row, before in queries.late_responses(self.over[which % len(self.over)].id)[:1]:
            rows = rows_of([slot.id])[slot.id]
            actions.decide(slot, row.seq, what, self.by, self.tick())
            if what == "" and before == "admit":
                decision = scores.decided(rows)[row.seq]
                assert decision is not None
                if rows[-1].seq == decision.seq:
                    stands = scores.fold(rows[:-1], earning(slot.attempt.rules, slot.version.item))
                    assert slot.fraction == stands.fraction

    @rule(later=st.integers(-10, 20))
    def move_the_due_date(self, later: int) -> None:
        """What was given between the old one and the new is scored anew, in attempts that go on."""
        with atomic():
            quiz = db.session.get_one(Quiz, self.quiz.id)
            if quiz.rules.due_at is not None:
                moved = quiz.rules.due_at + timedelta(seconds=later)
                quiz.settings = quiz.settings | {"due_at": moved.isoformat()}
                events.rescheduled.send(quiz, now=self.now)

    @precondition(lambda self: self.over)
    @rule(which=st.integers(0, 9))
    def reopen(self, which: int) -> None:
        with atomic():
            self.over[which % len(self.over)].submitted_at = None

    @rule(place=PLACES, right=st.sampled_from("abc"))
    def mend(self, place: int, right: str) -> None:
        question = self.questions[place - 1]
        item = Item(id=question.key, kind="choice", stem={"en": "Mended"}, response={"choices": [
            {"id": name, "text": {"en": name}, "fraction": int(name == right)} for name in "abc"]})  # fmt: skip
        with atomic():
            add_versions([NewVersion(question.id, wording_of(item))], None, self.tick())

    @precondition(lambda self: self.over)
    @rule(place=PLACES, policy=st.sampled_from(scores.POLICIES), keep=st.booleans(), accepted=ACCEPTED)
    def regrade(self, place: int, policy: str, keep: bool, accepted: list[str]) -> None:
        """What the preview says is what is done."""
        db.session.expire_all()
        question = self.questions[place - 1]
        responses = tuple({"choice": one} for one in accepted) if policy == "accept" else ()
        how = Rule(policy, question.current_id or 0, responses, keep)
        shown = previews.preview(question, how, previews.own(self.by))
        regrades.make(question, how, None, "Mended", shown.token, self.by, self.tick())
        db.session.expire_all()
        for line in shown.lines:
            attempt = next(one for one in self.attempts if one.public_id == line.attempt)
            assert attempt.share == pytest.approx(line.share_now)

    @rule(which=st.integers(0, 9))
    def undo(self, which: int) -> None:
        """As if it had never been: what the rows amount to without those of the batch, to the last digit; where an
        attempt is open just then, as soon as it is handed in."""
        ours = [one.id for one in self.questions]
        live = db.session.scalars(
            select(Regrade).where(Regrade.question_id.in_(ours), Regrade.undone_by_id.is_(None)).order_by(Regrade.id)
        ).all()
        if not live:
            return
        batch = live[which % len(live)]
        without = {}
        for slot in self.slots():
            rows = [row for row in rows_of([slot.id])[slot.id] if row.batch_id != batch.id]
            without[slot.id] = scores.fold(rows, earning(slot.attempt.rules, slot.version.item))
        regrades.undo(batch, self.by, self.tick())
        for slot in self.slots():
            if slot.attempt.submitted_at is None:
                continue
            stands = without[slot.id]
            assert (slot.fraction, slot.dropped, slot.comment) == (stands.fraction, stands.dropped, stands.comment)

    @precondition(lambda self: len(self.people) == 2)
    @rule()
    def claim(self) -> None:
        guest = self.people.pop()
        accounts.claim(guest, self.people[0])
        db.session.expire_all()

    def slots(self) -> list[Slot]:
        db.session.expire_all()
        ids = [one.id for one in self.attempts]
        return list(db.session.scalars(select(Slot).where(Slot.attempt_id.in_(ids)).order_by(Slot.id)))

    @invariant()
    def nothing_disagrees(self) -> None:
        db.session.rollback()
        assert list(queries.wrong_scores()) == []

    @invariant()
    def what_counts_of_several_tries_is_the_same_in_every_list(self) -> None:
        db.session.rollback()
        quiz = db.session.get_one(Quiz, self.quiz.id)
        method = quiz.rules.grade_by
        own = [
            found.share
            for person in self.people
            if (found := tries.quiz_scores(person.id, self.now).get(quiz.id))
        ]  # fmt: skip
        listed = outcomes.what_counts(over(quiz.id, self.now), method)
        assert sorted(map(repr, own)) == sorted(map(repr, listed.values()))

    @invariant()
    def no_row_is_changed(self) -> None:
        rows = list(db.session.execute(text("SELECT * FROM answers ORDER BY id")).all())
        assert rows[: len(self.seen)] == self.seen
        self.seen = rows


def test_any_order_of_events(app: Flask) -> None:
    """Not shrunk: all stories are told to one database, and a shorter one would take minutes to find."""
    Record.app = app
    stories, steps = (200, 50) if exploring() else (12, 30)
    told = settings(max_examples=stories, stateful_step_count=steps, phases=[Phase.generate])
    run_state_machine_as_test(Record, settings=told)
