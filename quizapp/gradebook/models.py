"""What instructors and learners say to each other about scores."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.attempts.models import Regrade, Slot
from quizapp.db import Json, Model, UTCDateTime
from quizapp.ids import public_id


class Notice(Model):
    """A learner is told that a score has changed: what it was, what it is, and why. `slot_id` says where."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_user_read", "user_id", "read_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id"), index=True)
    was: Mapped[float | None]
    now: Mapped[float | None]
    reason: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    read_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    slot: Mapped[Slot] = relationship()
    batch: Mapped[Regrade | None] = relationship()


class Challenge(Model):
    """A learner says that an answer should count, or that a question is wrong; always answered by a person.

    `kind` is "answer" or "question". `version_id` is the version they saw; `slot_id` is None outside an attempt.
    `decision` is "" while it waits, "accepted" or "declined"; `batch_id` the regrade that followed.
    """

    __tablename__ = "challenges"
    __table_args__ = (Index("ix_challenges_question_decision", "question_id", "decision"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id"))
    slot_id: Mapped[int | None] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(10))
    text: Mapped[str] = mapped_column(default="")
    response: Mapped[dict[str, Any] | None] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
    decision: Mapped[str] = mapped_column(String(10), default="", index=True)
    reply: Mapped[str] = mapped_column(default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    decided_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("regrades.id"))

    user: Mapped[User] = relationship(foreign_keys=[user_id])
    slot: Mapped[Slot | None] = relationship()


class GradeDraft(Model):
    """A grade that a grader has begun and not given: theirs alone."""

    __tablename__ = "grade_drafts"
    __table_args__ = (UniqueConstraint("slot_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    slot_id: Mapped[int] = mapped_column(ForeignKey("slots.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    points: Mapped[float | None]
    comment: Mapped[str] = mapped_column(default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class SavedComment(Model):
    """A comment that a grader uses again for a question."""

    __tablename__ = "saved_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    used_at: Mapped[datetime] = mapped_column(UTCDateTime)


class QuizFigures(Model):
    """What was counted of a large quiz: `gradebook.figures` as JSON. `of` says of which results, so that nothing is
    counted again that stands; `claimed_at` is set by whoever counts."""

    __tablename__ = "quiz_figures"

    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), primary_key=True)
    of: Mapped[str] = mapped_column(String(200), default="")
    figures: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    counted_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    claimed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
