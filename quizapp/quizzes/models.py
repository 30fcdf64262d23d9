"""Quizzes: where their questions come from, and how they are taken."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.courses.models import Course, Lesson
from quizapp.db import Json, Model, UTCDateTime
from quizapp.ids import public_id
from quizapp.rules.settings import QuizSettings


class Quiz(Model):
    """A quiz: where its questions come from, and how it is taken. It may stand alone, without a course.

    `sources` is a list of `{"bank": slug, "count"?: n, "difficulty"?: [..], "objectives"?: [..], "tags"?: [..],
    "unseen"?: true (those that the learner hasn't met come first), "questions"?: [public ids, picked by hand]}`;
    `settings` is that of `rules.settings`.
    """

    __tablename__ = "quizzes"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    course_id: Mapped[int | None] = mapped_column(ForeignKey("courses.id"))
    lesson_id: Mapped[int | None] = mapped_column(ForeignKey("lessons.id", ondelete="SET NULL"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    summary: Mapped[dict[str, str]] = mapped_column(Json)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    settings: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    owner: Mapped[User] = relationship()
    course: Mapped[Course | None] = relationship()
    lesson: Mapped[Lesson | None] = relationship()

    @property
    def reader_id(self) -> int | None:
        """Who has to be allowed to read the banks that it draws from; None for a course's, whose folder brings them."""
        return None if self.course_id else self.owner_id

    @property
    def rules(self) -> QuizSettings:
        return QuizSettings.of(self.settings)
