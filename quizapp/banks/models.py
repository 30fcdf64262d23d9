"""Banks, their questions, and the versions of a question.

A version is never updated: an edit adds one, by `banks.versions`. The database itself refuses an
update (see the first migration).
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from quizapp.accounts.models import User
from quizapp.db import Json, Model, UTCDateTime
from quizapp.formats.items import Item, from_json
from quizapp.ids import public_id

FOLDER = "course folder"
"""What the provenance of a version says under "from" where a course's folder brought it."""
MADE_HERE = {"edited", "restored", "bulk", "copied_from"}
"""What provenance says of a version that was made on this site from an earlier one, whose provenance it repeats."""


READER, EDITOR = "reader", "editor"
PRIVATE, PUBLIC = "private", "public"


class Bank(Model):
    """A set of questions with one owner. `slug` names it in commands and addresses.

    `visibility` is "private" (the owner and the members see it) or "public" (every instructor may read and copy it).
    """

    __tablename__ = "banks"

    id: Mapped[int] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(String(80), unique=True)
    title: Mapped[dict[str, str]] = mapped_column(Json)
    licence: Mapped[str] = mapped_column(String(80), default="")
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    visibility: Mapped[str] = mapped_column(String(10), default=PRIVATE, server_default=PRIVATE, index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    owner: Mapped[User] = relationship()


class BankMember(Model):
    """An instructor with whom a bank is shared. `role` is "reader" or "editor"."""

    __tablename__ = "bank_members"
    __table_args__ = (UniqueConstraint("bank_id", "user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id", ondelete="CASCADE"))
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    role: Mapped[str] = mapped_column(String(10))
    at: Mapped[datetime] = mapped_column(UTCDateTime)

    user: Mapped[User] = relationship()


class Question(Model):
    """What stays the same while its wording changes: the id, the bank, and which version is current.

    `key` is its stable name within the bank: the file's own id, else the hash of the first content. What pages filter
    by (kind, difficulty, objective, tags, search) and what draws heed (enemies, use) repeats the current version; only
    `banks.versions` writes it.
    """

    __tablename__ = "questions"
    __table_args__ = (UniqueConstraint("bank_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    bank_id: Mapped[int] = mapped_column(ForeignKey("banks.id"), index=True)
    key: Mapped[str] = mapped_column(String(200))
    position: Mapped[int] = mapped_column(default=0)
    kind: Mapped[str] = mapped_column(String(20))
    difficulty: Mapped[int | None]
    objective: Mapped[str] = mapped_column(String(80), default="", index=True)
    current_id: Mapped[int | None] = mapped_column(ForeignKey("question_versions.id", use_alter=True))
    archived_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    search: Mapped[str] = mapped_column(Text, default="", server_default="")
    tags: Mapped[str] = mapped_column(Text, default="", server_default="")
    enemies: Mapped[str] = mapped_column(Text, default="", server_default="")
    use: Mapped[str] = mapped_column(String(10), default="", server_default="")

    bank: Mapped[Bank] = relationship()
    current: Mapped[QuestionVersion | None] = relationship(foreign_keys=[current_id], viewonly=True)


class QuestionVersion(Model):
    """One wording of a question, for ever. `content` is `Item.content()`; `hash` its `content_hash()`."""

    __tablename__ = "question_versions"
    __table_args__ = (UniqueConstraint("question_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question_id: Mapped[int] = mapped_column(ForeignKey("questions.id"), index=True)
    number: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(Json)
    hash: Mapped[str] = mapped_column(String(64))
    provenance: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    author_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)

    question: Mapped[Question] = relationship(foreign_keys=[question_id], viewonly=True)

    @property
    def item(self) -> Item:
        """The version as an item: what the kinds, the formats and the pages work with."""
        return from_json(self.content)


class MediaFile(Model):
    """The bytes of an image or attachment, once for each content."""

    __tablename__ = "media_files"

    hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    type: Mapped[str] = mapped_column(String(80))
    data: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
