"""Cards of the daily review. A card is a cache: it can be made again from the record of answers and the acts."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Json, Model, UTCDateTime


class Card(Model):
    """How well a learner remembers a question, by FSRS: `stability` in days, `difficulty` 1 to 10, `state` and `step`
    as in that package. `missed_sure`: the last answer was wrong, and given as sure. It comes back at `due_at`, unless
    it is suspended.
    """

    __tablename__ = "cards"
    __table_args__ = (
        UniqueConstraint("user_id", "question_id"),
        Index("ix_cards_user_due", "user_id", "suspended_at", "due_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    state: Mapped[int]
    step: Mapped[int | None]
    stability: Mapped[float | None]
    difficulty: Mapped[float | None]
    reviewed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    reviews: Mapped[int] = mapped_column(default=0)
    lapses: Mapped[int] = mapped_column(default=0)
    missed_sure: Mapped[bool] = mapped_column(default=False)
    suspended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ReviewAct(Model):
    """What a learner did to a card other than answering: never updated.

    `act`: "suspend", "resume", "sooner" or "undo" (of the rating by `answer_id`).
    """

    __tablename__ = "review_acts"
    __table_args__ = (Index("ix_review_acts_user_question", "user_id", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    act: Mapped[str] = mapped_column(String(10))
    answer_id: Mapped[int | None] = mapped_column(ForeignKey("answers.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class StaleReview(Model):
    """The cards and levels of this learner don't follow from the record any more: a score was changed since. A task
    makes them anew, and those first that somebody looks at."""

    __tablename__ = "stale_reviews"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class ReviewSettings(Model):
    """How a learner reviews; `chosen` has what differs from the defaults of `rules.spacing`."""

    __tablename__ = "review_settings"

    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    chosen: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
