"""Attempts, their slots, and the answers given: the record that no score may lose.

`Answer` rows are only ever added; the database refuses an update. A slot repeats the newest of them, so that a
page needs no history. Any score can be computed again from an answer's response and its question version.
"""

from __future__ import annotations

from datetime import datetime
from functools import cached_property
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.banks.models import QuestionVersion
from quizapp.db import Json, Model, UTCDateTime
from quizapp.ids import public_id
from quizapp.quizzes.models import Quiz
from quizapp.rules.modes import Reveal, reveal
from quizapp.rules.settings import QuizSettings

GRADED = "graded"
PRACTICE = "practice"
PREVIEW = "preview"


class Attempt(Model):
    """One go at a quiz. `seed` shuffles it and stays on the server; `settings` are those at the start.

    `purpose` is "graded", "practice" or "preview" (an instructor's own look); only "graded" ever counts. `mark` is None
    until submitted, and while `waiting` counts the responses that a person has still to grade, it is what the rest has
    earned.
    """

    __tablename__ = "attempts"
    __table_args__ = (Index("ix_attempts_user_quiz", "user_id", "quiz_id", "submitted_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id"), index=True)
    purpose: Mapped[str] = mapped_column(String(10), default=GRADED)
    seed: Mapped[str] = mapped_column(String(32))
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    submitted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    max_mark: Mapped[float]
    mark: Mapped[float | None]
    waiting: Mapped[int] = mapped_column(default=0)

    user: Mapped[User] = relationship()
    quiz: Mapped[Quiz] = relationship()
    slots: Mapped[list[Slot]] = relationship(
        order_by="Slot.position", back_populates="attempt", cascade="all, delete-orphan", passive_deletes=True
    )

    @cached_property
    def rules(self) -> QuizSettings:
        """The settings, read once: they never change."""
        return QuizSettings.of(self.settings)

    @property
    def is_practice(self) -> bool:
        return self.purpose == PRACTICE

    @property
    def counts(self) -> bool:
        """Whether it may touch a grade or anybody's progress."""
        return self.purpose == GRADED

    def is_over(self, now: datetime) -> bool:
        """Submitted, or out of time by the server's clock."""
        return self.submitted_at is not None or (self.due_at is not None and now >= self.due_at)

    @property
    def share(self) -> float:
        """The mark as a share of the points, 0 to 1."""
        return (self.mark or 0) / self.max_mark if self.max_mark else 0.0


class Slot(Model):
    """One question of an attempt, with the newest answer to it. `seq` counts the answers."""

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
    checked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    saved_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    comment: Mapped[str] = mapped_column(default="")

    attempt: Mapped[Attempt] = relationship(back_populates="slots")
    version: Mapped[QuestionVersion] = relationship()
    answers: Mapped[list[Answer]] = relationship(order_by="Answer.id", cascade="all", passive_deletes=True)

    def reveal(self) -> Reveal:
        """What the learner may see of this question now."""
        return reveal(
            self.attempt.rules.feedback,
            submitted=self.attempt.submitted_at is not None,
            checked=self.checked_at is not None,
        )


class Answer(Model):
    """One response as it was received, or one grade given to it. Never updated; `seq` numbers a slot's rows.

    `source` is "learner", "grader" (a person graded it: `by_id`, `comment`) or "regrade" (scored again against
    `version_id`). `fraction` is None where a person has still to grade.
    """

    __tablename__ = "answers"
    __table_args__ = (UniqueConstraint("slot_id", "seq"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"))
    seq: Mapped[int]
    source: Mapped[str] = mapped_column(String(10), default="learner")
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    response: Mapped[dict[str, Any] | None] = mapped_column(Json)
    fraction: Mapped[float | None]
    comment: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    version: Mapped[QuestionVersion] = relationship()
