"""Attempts, their slots, and the answers given: the record that no score may lose.

`Answer` rows are only ever added; the database refuses an update. A slot says what they amount to, so that
a page needs no history. Any score can be computed again from an answer's response and its question version.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.banks.models import QuestionVersion
from quizapp.db import Json, Model, UTCDateTime
from quizapp.formats.items import Item
from quizapp.ids import public_id
from quizapp.kinds.base import Response
from quizapp.quizzes.models import Quiz, Sitter
from quizapp.rules import accepting
from quizapp.rules.settings import QuizSettings, settings_of

GRADED = "graded"
PRACTICE = "practice"
PREVIEW = "preview"
REVIEW = "review"
CHECK = "check"
BEYOND_TRIES = "beyond_tries"
"""Beside an attempt's settings: it became practice as it was more than the tries, and shows what a sitting would."""
AGAIN, MOVED, SURPLUS = "again", "moved", "surplus"
RESCORES = text("source IN ('override', 'regrade')")
"""Of the rows of a record, those that score otherwise than by the key."""
RELEASE, WITHHOLD = "release", "withhold"
"""What the audit log calls it, to let learners see scores and to take that back."""


class Attempt(Model):
    """One go at a quiz. `seed` shuffles it and stays on the server; `settings` are those at the start.

    `purpose` is "graded", "practice", "preview" (an instructor's own look), "review" (a day's mixed review) or "check"
    (questions answered in a lesson, `lesson_id`, or on a page of samples); only "graded" ever counts. A review and a
    check belong to no quiz. `mark` is None until it is handed in first (one that was reopened keeps it), and while
    `waiting` counts the responses that a person has still to grade, it is what the rest has earned. `sitter_id` and
    `given` say who sits there: an entry of the quiz's roster, and what a guest was asked before the start.
    What is given after `late_from`, the due date and its grace, earns a share of its points.
    `reached` is the question at which an attempt without a way back is; in others it stays 1.
    `keep_until` is set where the learner has left: it is nobody's since, and goes then. `mark_held`: it was handed in
    while an examination held one of its questions, and its learner sees no mark before that lets go.
    """

    __tablename__ = "attempts"
    __table_args__ = (
        Index("ix_attempts_user_quiz", "user_id", "quiz_id", "submitted_at"),
        Index(
            "ix_attempts_open", "due_at",
            sqlite_where=text("submitted_at IS NULL"), postgresql_where=text("submitted_at IS NULL"),
        ),
        Index(  # all that lists of results sort and sum by, so that they read nothing else
            "ix_attempts_results",
            "quiz_id", "purpose", "submitted_at", "due_at", "user_id", "waiting", "mark", "max_mark", "id",
        ),
        Index(
            "ix_attempts_waiting", "quiz_id",
            sqlite_where=text("waiting > 0"), postgresql_where=text("waiting > 0"),
        ),
        Index(
            "ix_attempts_by_clock", "quiz_id",
            sqlite_where=text("due_at = submitted_at"), postgresql_where=text("due_at = submitted_at"),
        ),
        Index(
            "ix_attempts_keep_until", "keep_until",
            sqlite_where=text("keep_until IS NOT NULL"), postgresql_where=text("keep_until IS NOT NULL"),
        ),
        Index("ix_attempts_mark_held", "id", sqlite_where=text("mark_held"), postgresql_where=text("mark_held")),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"), index=True)
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"), index=True)
    sitter_id: Mapped[int | None] = mapped_column(ForeignKey("sitters.id", ondelete="SET NULL"), index=True)
    given: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    purpose: Mapped[str] = mapped_column(String(10), default=GRADED)
    seed: Mapped[str] = mapped_column(String(32))
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    late_from: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reached: Mapped[int] = mapped_column(default=1)
    max_mark: Mapped[float]
    mark: Mapped[float | None]
    waiting: Mapped[int] = mapped_column(default=0)
    keep_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    mark_held: Mapped[bool] = mapped_column(default=False, server_default=false())

    user: Mapped[User] = relationship()
    quiz: Mapped[Quiz | None] = relationship()
    sitter: Mapped[Sitter | None] = relationship()
    slots: Mapped[list[Slot]] = relationship(
        order_by="Slot.position", back_populates="attempt", cascade="all, delete-orphan", passive_deletes=True
    )

    @cached_property
    def rules(self) -> QuizSettings:
        """The settings, read once: they never change."""
        return settings_of(json.dumps(self.settings))

    @property
    def is_practice(self) -> bool:
        return self.purpose == PRACTICE

    @property
    def counts(self) -> bool:
        """Whether it may touch a grade or anybody's progress."""
        return self.purpose == GRADED

    def is_over(self, now: datetime) -> bool:
        """Submitted, or out of time by the server's clock: due, and its grace gone too."""
        if self.submitted_at is not None or self.due_at is None:
            return self.submitted_at is not None
        if now < self.due_at:
            return False  # without its settings, which cost more to read than the rest
        return now >= self.due_at + timedelta(seconds=self.rules.grace)

    @property
    def share(self) -> float:
        """The mark as a share of the points, 0 to 1."""
        return (self.mark or 0) / self.max_mark if self.max_mark else 0.0


class Slot(Model):
    """One question of an attempt: what the rows of its record amount to now. `seq` counts them.

    `tries` counts the checked responses and `hints` the hints that were taken, `certainty` is 1 to 3 where it was asked
    for. `dropped`: the question counts for nothing, neither earned nor possible.
    """

    __tablename__ = "slots"
    __table_args__ = (UniqueConstraint("attempt_id", "position"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"))
    position: Mapped[int]
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"), index=True)
    max_mark: Mapped[float]
    seq: Mapped[int] = mapped_column(default=0)
    response: Mapped[dict[str, Any] | None] = mapped_column(Json)
    fraction: Mapped[float | None]
    answered: Mapped[bool] = mapped_column(default=False)
    flagged: Mapped[bool] = mapped_column(default=False)
    tries: Mapped[int] = mapped_column(default=0)
    hints: Mapped[int] = mapped_column(default=0)
    certainty: Mapped[int | None]
    dropped: Mapped[bool] = mapped_column(default=False)
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comment: Mapped[str] = mapped_column(default="")

    attempt: Mapped[Attempt] = relationship(back_populates="slots")
    version: Mapped[QuestionVersion] = relationship()
    answers: Mapped[list[Answer]] = relationship(order_by="Answer.id", cascade="all", passive_deletes=True)

    known: ClassVar[tuple[int, Item] | None] = None
    """The question's id and the item, where they were read with the slot. Others share the item: to look at only."""

    @property
    def question_id(self) -> int:
        return self.known[0] if self.known else self.version.question_id

    @property
    def item(self) -> Item:
        """The question as it is asked here."""
        return self.known[1] if self.known else self.version.item


class Answer(Model):
    """One row of a slot's record: a response as it was received, or what was done to its score. Never updated; `seq`
    numbers a slot's rows, and the slot says what they amount to.

    `source`:
    - "learner": a response. "check": it was made final. "hint": a hint was taken. "late": a response that came after
      the end, which counts for nothing. "admit": somebody took a late one in. "decline": somebody didn't.
    - "grader": a person graded it (`by_id`, `comment`). "override": a person set the score, whatever else says.
    - "regrade": scored again in `batch_id`, against `version_id`. "undo": what `batch_id` did is undone, or, without
      one, the row whose number `detail` has under `of`.

    What they amount to is said by `rules.scores`. `fraction` of a response is the score of it alone, and None where a
    person has still to grade. `detail` is what else the row says, by name: the `policy` and `keep_higher` of a regrade,
    the `certainty` of a response, the number of a `hint`.
    """

    __tablename__ = "answers"
    __table_args__ = (
        UniqueConstraint("slot_id", "seq"),
        Index(
            "ix_answers_batch", "batch_id",
            sqlite_where=text("batch_id IS NOT NULL"), postgresql_where=text("batch_id IS NOT NULL"),
        ),
        Index(
            "ix_answers_late", "slot_id",
            sqlite_where=text("source = 'late'"), postgresql_where=text("source = 'late'"),
        ),
        Index("ix_answers_rescored", "slot_id", sqlite_where=RESCORES, postgresql_where=RESCORES),
    )  # fmt: skip

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"))
    seq: Mapped[int]
    source: Mapped[str] = mapped_column(String(10), default="learner")
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    response: Mapped[dict[str, Any] | None] = mapped_column(Json)
    fraction: Mapped[float | None]
    comment: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any] | None] = mapped_column(Json)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id"))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    version: Mapped[QuestionVersion] = relationship()


class Regrade(Model):
    """Responses to one question scored anew, everywhere or in one quiz; undone by new rows, never by deleting any.

    `policy`: "again" (by the key of `version_id`), "full" (full marks to all), "drop" (the question counts for
    nothing) or "accept" (what `response` holds counts as right too, see `rules.accepting`). `keep_higher`: nobody's
    score goes down. `last_slot_id` is how far it has come: a crash leaves whole batches, and the next run goes on from
    there. `seen_answer_id` is the newest row of the record that its preview knew: what has changed since is left alone.
    It is being undone from `undone_by_id` on, and is undone at `undone_at`.
    """

    __tablename__ = "regrades"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    quiz_id: Mapped[int | None] = mapped_column(ForeignKey("quizzes.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    policy: Mapped[str] = mapped_column(String(10))
    response: Mapped[dict[str, Any] | None] = mapped_column(Json)
    keep_higher: Mapped[bool] = mapped_column(default=True)
    reason: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    made_at: Mapped[datetime] = mapped_column(UTCDateTime)
    last_slot_id: Mapped[int] = mapped_column(default=0)
    seen_answer_id: Mapped[int] = mapped_column(default=0)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    version: Mapped[QuestionVersion] = relationship()
    quiz: Mapped[Quiz | None] = relationship()

    @property
    def accepted(self) -> tuple[Response, ...]:
        """The responses that count as right too."""
        return accepting.accepted(self.response)


class AttemptEvent(Model):
    """What somebody other than the learner did to an attempt, or what happened to it: never updated, but that the
    reason goes with the learner's account.

    `kind`: "handed-in", "reopened", "extended", "moved" (to another device), "again" (one more try), "surplus" (a
    guest's that was more than the account's tries) or "incident"; `detail` says how much. "withheld" and "released":
    the score couldn't be seen at hand-in, and what follows from it has followed since.
    """

    __tablename__ = "attempt_events"

    id: Mapped[int] = mapped_column(primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(12))
    reason: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Presence(Model):
    """Where a learner is in an attempt, and when they were last seen there; up to some seconds behind."""

    __tablename__ = "presences"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
