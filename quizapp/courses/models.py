"""Courses and their lessons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.db import Json, Model, UTCDateTime


class Course(Model):
    """A course: its page (`content` is course.yaml as checked on loading), and lessons.

    `places` and `deadline` belong to the accompanied round; reading and practising stay open to everybody.
    """

    __tablename__ = "courses"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    position: Mapped[int] = mapped_column(default=0)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    places: Mapped[int | None]
    deadline: Mapped[datetime | None] = mapped_column(UTCDateTime)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"))

    owner: Mapped[User] = relationship()
    lessons: Mapped[list[Lesson]] = relationship(order_by="Lesson.position", back_populates="course")


class Lesson(Model):
    """A lesson: Markdown in each language, with the same anchors. `search` is what a search looks through."""

    __tablename__ = "lessons"
    __table_args__ = (UniqueConstraint("course_id", "slug"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    slug: Mapped[str] = mapped_column(String(80))
    position: Mapped[int]
    minutes: Mapped[int] = mapped_column(default=5)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    summary: Mapped[dict[str, str]] = mapped_column(Json)
    body: Mapped[dict[str, str]] = mapped_column(Json, deferred=True)
    search: Mapped[str] = mapped_column(Text, default="", server_default="", deferred=True)

    course: Mapped[Course] = relationship(back_populates="lessons")


class LessonVersion(Model):
    """A lesson's body as it was from `at` on, for ever: what a citation of that time saw.

    It names its lesson by course and slug, so that it outlives a lesson that leaves the course.
    """

    __tablename__ = "lesson_versions"
    __table_args__ = (Index("ix_lesson_versions_course_slug", "course_id", "slug", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id", ondelete="CASCADE"))
    slug: Mapped[str] = mapped_column(String(80))
    body: Mapped[dict[str, str]] = mapped_column(Json)
    at: Mapped[datetime] = mapped_column(UTCDateTime)


class Enrolment(Model):
    """A place taken in a course."""

    __tablename__ = "enrolments"
    __table_args__ = (UniqueConstraint("course_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    course_id: Mapped[int] = mapped_column(ForeignKey("courses.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UTCDateTime)
