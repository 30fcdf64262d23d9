"""What a learner marks, and writes down for themselves."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.courses.models import Course
from quizapp.db import Model, UTCDateTime
from quizapp.ids import public_id

MAX_NOTE = 5000
"""The letters of a note."""


class Bookmark(Model):
    """A place that a learner wants to find again, with a note or without: a passage of a lesson, or a question.

    A passage is named as a citation names it: by course, lesson, `anchor` ("" for the whole lesson) and `quote`, so
    that it is followed when the lesson changes, and outlives it; `lesson_id` is None then. `version_id` is the wording
    of a question that the learner saw. `search` is what a search of one's notes looks through.
    """

    __tablename__ = "bookmarks"
    __table_args__ = (Index("ix_bookmarks_user_at", "user_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"), index=True)
    lesson: Mapped[str] = mapped_column(String(80), default="", server_default="")
    anchor: Mapped[str] = mapped_column(String(80), default="")
    quote: Mapped[str] = mapped_column(String(64), default="", server_default="")
    question_id: Mapped[int | None] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id", ondelete="SET NULL"))
    note: Mapped[str] = mapped_column(default="")
    search: Mapped[str] = mapped_column(Text, default="", server_default="")
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    course: Mapped[Course | None] = relationship()

    @property
    def citation(self) -> dict[str, str]:
        return {"lesson": self.lesson, "anchor": self.anchor, "quote": self.quote}
