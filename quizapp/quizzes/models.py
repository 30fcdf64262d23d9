"""Quizzes: where their questions come from, and how they are taken."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.courses.models import Course, Lesson
from quizapp.db import Json, Model, UTCDateTime
from quizapp.ids import public_id
from quizapp.rules.settings import QuizSettings, settings_of

MAY_CLOSE_KEYS = text("""(CAST(settings AS TEXT) LIKE '%"closed"%' OR CAST(settings AS TEXT) LIKE '%"never"%')""")
"""Of quizzes, those alone whose settings may keep what is right closed to their end; `rules` says whether they do."""

OF_A_COURSE = text("course_id IS NOT NULL")


class Quiz(Model):
    """A quiz: where its questions come from, and how it is taken. It may stand alone, without a course.

    `sources` is a list of `{"bank": slug, "count"?: n, "difficulty"?: [..], "objectives"?: [..], "tags"?: [..],
    "unseen"?: true (those that the learner hasn't met come first), "questions"?: [public ids, picked by hand]}`;
    `settings` is that of `rules.settings`. `access_code` has to be given before the start, if there is one. What shows
    after closing only shows from `ends_at`, when the last permitted sitting is over, or from `released_at`, when the
    instructor released it. From `frozen_at` on it draws from its `FrozenVersion`s.
    """

    __tablename__ = "quizzes"
    __table_args__ = (
        UniqueConstraint("course_id", "slug"),
        Index("ix_quizzes_closed", "ends_at", sqlite_where=MAY_CLOSE_KEYS, postgresql_where=MAY_CLOSE_KEYS),
        Index("ix_quizzes_of_courses", "position", "id", sqlite_where=OF_A_COURSE, postgresql_where=OF_A_COURSE),
    )

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
    access_code: Mapped[str] = mapped_column(String(40), default="")
    ends_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    released_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    frozen_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    owner: Mapped[User] = relationship()
    course: Mapped[Course | None] = relationship()
    lesson: Mapped[Lesson | None] = relationship()

    @property
    def reader_id(self) -> int | None:
        """Who has to be allowed to read the banks that it draws from; None for a course's, whose folder brings them."""
        return None if self.course_id else self.owner_id

    _read = None

    @property
    def rules(self) -> QuizSettings:
        """The settings, read once until they are replaced."""
        if self._read is None or self._read[0] is not self.settings:
            self._read = (self.settings, settings_of(json.dumps(self.settings)))
        return self._read[1]

    @property
    def numbers_differ(self) -> bool:
        """Whether a question has another number for one person than for another: shuffled, or drawn from more."""
        return self.rules.shuffle_questions or any(source.get("count") for source in self.sources)

    def is_closed(self, now: datetime) -> bool:
        """Whether the last permitted sitting is over, or the instructor has released the scores."""
        return any(at is not None and at <= now for at in (self.ends_at, self.released_at))


EARLIER = -1
"""In place of a source's number: what was frozen before and isn't drawn now, but still asked of whoever had begun."""


class FrozenVersion(Model):
    """A question that a quiz can draw since it opened, and the version that it asks: `source` is the number of the one
    that draws it, or EARLIER, `place` its own among that source's."""

    __tablename__ = "frozen_versions"
    __table_args__ = (UniqueConstraint("quiz_id", "source", "question_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    source: Mapped[int]
    place: Mapped[int]
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("question_versions.id", ondelete="CASCADE"), index=True)


class Sitter(Model):
    """An entry of a quiz's roster: who may sit there, and the code by which they get in. `given` has own fields.

    `user_id` is the account, or the guest, that came with the code last; another device ends the one before.
    """

    __tablename__ = "sitters"
    __table_args__ = (UniqueConstraint("quiz_id", "code"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(80), default="")
    number: Mapped[str] = mapped_column(String(40), default="")
    email: Mapped[str | None] = mapped_column(String(254))
    given: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    code: Mapped[str] = mapped_column(String(20))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    came_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class QuizMember(Model):
    """Somebody with whom a quiz is shared. `verb` is "see", "grade" or "edit"; each includes those before it."""

    __tablename__ = "quiz_members"
    __table_args__ = (UniqueConstraint("quiz_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    verb: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Accommodation(Model):
    """What one person is given in every quiz of an instructor (`owner_id`); no diagnosis is stored.

    The person is an account (`user_id`) or a number of the rosters (`number`). `factor` multiplies the time (1 or
    more), `extra_tries` and `extra_hours` (until closing) are added, `no_clock` shows no time left.
    """

    __tablename__ = "accommodations"
    __table_args__ = (
        UniqueConstraint("owner_id", "user_id"),
        UniqueConstraint("owner_id", "number"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    number: Mapped[str | None] = mapped_column(String(40))
    factor: Mapped[float] = mapped_column(default=1.0)
    extra_tries: Mapped[int] = mapped_column(default=0)
    extra_hours: Mapped[float] = mapped_column(default=0.0)
    no_clock: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime] = mapped_column(UTCDateTime)


class Announcement(Model):
    """A word to everybody who sits at a quiz now."""

    __tablename__ = "announcements"

    id: Mapped[int] = mapped_column(primary_key=True)
    quiz_id: Mapped[int] = mapped_column(ForeignKey("quizzes.id", ondelete="CASCADE"), index=True)
    text: Mapped[str]
    by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    at: Mapped[datetime] = mapped_column(UTCDateTime)
