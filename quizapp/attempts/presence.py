"""Who is where, and what is said to all: kept in memory by each worker, and brought into line with the database every
few seconds, so that no page of the player costs a statement more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from quizapp.attempts.models import Attempt, Presence
from quizapp.db import atomic, db
from quizapp.quizzes.models import Announcement

ANNOUNCED_FOR = timedelta(hours=12)
"""How long an announcement may matter to somebody who sits there."""
NAME = "quizapp.presence"


@dataclass(frozen=True)
class AnnouncedText:
    id: int
    text: str
    at: datetime


@dataclass
class WorkerMemory:
    """What a worker knows: who was seen where since it last wrote that down, and what was announced, by quiz."""

    seen: dict[int, tuple[int, datetime]] = field(default_factory=dict)
    announced: Mapping[int, Sequence[AnnouncedText]] = field(default_factory=dict)


def init(app: Flask) -> None:
    app.extensions[NAME] = WorkerMemory()


def worker_memory() -> WorkerMemory:
    return current_app.extensions[NAME]


def see(attempt: Attempt, position: int, now: datetime) -> None:
    """The learner is at this question now."""
    worker_memory().seen[attempt.id] = (position, now)


def announced_to(attempt: Attempt) -> list[AnnouncedText]:
    """What was announced since the attempt began, the newest first; up to some seconds behind."""
    said = worker_memory().announced.get(attempt.quiz_id or 0, ())
    return [one for one in said if one.at >= attempt.started_at]


def keep_up(now: datetime) -> None:
    """Write down who was seen, and read what was announced."""
    known = worker_memory()
    known.announced = announced(now)
    seen = dict(known.seen.popitem() for _ in range(len(known.seen)))
    if seen:
        write_sightings(seen)


def announced(now: datetime) -> dict[int, list[AnnouncedText]]:
    found: dict[int, list[AnnouncedText]] = {}
    rows = select(Announcement).where(Announcement.at > now - ANNOUNCED_FOR).order_by(Announcement.id.desc())
    for one in db.session.scalars(rows):
        found.setdefault(one.quiz_id, []).append(AnnouncedText(one.id, one.text, one.at))
    return found


def write_sightings(seen: Mapping[int, tuple[int, datetime]]) -> None:
    """One statement for all; of two workers the one that saw the learner last is right."""
    insert = postgresql.insert if db.engine.dialect.name == "postgresql" else sqlite.insert
    with atomic():
        known = set(db.session.scalars(select(Attempt.id).where(Attempt.id.in_(seen))))
        rows = [{"attempt_id": id, "position": place, "seen_at": at} for id, (place, at) in seen.items() if id in known]
        if not rows:
            return
        statement = insert(Presence).values(rows)
        newest = statement.excluded
        db.session.execute(
            statement.on_conflict_do_update(
                index_elements=[Presence.attempt_id],
                set_={"position": newest.position, "seen_at": newest.seen_at},
                where=Presence.seen_at < newest.seen_at,
            )
        )
