"""What is known of a learner beyond single attempts."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Model, UTCDateTime


class LessonProgress(Model):
    """How far a learner has read a lesson: `share` 0 to 1, and when it was finished."""

    __tablename__ = "lesson_progress"
    __table_args__ = (UniqueConstraint("user_id", "lesson_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    share: Mapped[float] = mapped_column(default=0.0)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Mastery(Model):
    """A learner's level in one objective of a course, by the rule in `rules.mastery`."""

    __tablename__ = "mastery"
    __table_args__ = (UniqueConstraint("user_id", "course_id", "objective"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    objective: Mapped[str] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(12))
    right: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime)
