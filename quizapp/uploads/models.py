"""Uploads: files on their way into a bank."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from quizapp.db import Json, Model, UTCDateTime
from quizapp.ids import public_id


class Upload(Model):
    """A file on its way into a bank: kept here, bytes and all, until somebody has seen what it would change.

    `format`, `language` and `encoding` are "" where the file itself tells. `left_out`: places of the questions in the
    file that aren't to be taken. `outcome`: what else was decided, and what was done. Before the import `columns`
    {shape of a sheet: meanings of its columns}, `ticked` and `as_new` [places]; once applied also the counts, `added`
    {question id: version number} and `changed` {question id: [number before, number after, whether it was archived]},
    which is what an undo needs.
    """

    __tablename__ = "uploads"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True, default=public_id)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    bank_slug: Mapped[str] = mapped_column(String(80))
    bank_title: Mapped[dict[str, str]] = mapped_column(Json)
    filename: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(20), default="")
    language: Mapped[str] = mapped_column(String(2), default="")
    encoding: Mapped[str] = mapped_column(String(20), default="", server_default="")
    data: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    left_out: Mapped[list[int]] = mapped_column(Json, default=list)
    outcome: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime)
    applied_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    undone_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class ReadingJob(Model):
    """The reading of a large file, which a process of its own does once: that it is due, and then what the file held.

    `way` is the `ReadingOptions` in which it is read; in another way it is another row. `content` is what
    `formats.child` wrote. Until it is there, the row is claimed by a host until `claimed_until`, and then by whoever
    comes next; `tries` counts them.
    """

    __tablename__ = "upload_readings"

    id: Mapped[int] = mapped_column(primary_key=True)
    upload_id: Mapped[int] = mapped_column(ForeignKey("uploads.id", ondelete="CASCADE"), unique=True)
    way: Mapped[dict[str, Any]] = mapped_column(Json)
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    tries: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str] = mapped_column(String(80), default="")
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    done_at: Mapped[datetime | None] = mapped_column(UTCDateTime, index=True)
