"""A site with a long history: other people's attempts with their slots and answers, written by SQL."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from quizapp.db.session import dump_json
from tests.conftest import prepare

SLOTS = 20
PER_PERSON = 10

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {count}) "


def both(body: dict[str, Any]) -> tuple[str, str]:
    """A right and a wrong response to a single choice, as they are stored."""
    ordered = sorted(body["choices"], key=lambda choice: choice["fraction"])
    return tuple(dump_json({"choice": choice["id"]}) for choice in (ordered[-1], ordered[0]))  # type: ignore[return-value]


def grown(path: Path, answers: int) -> str:
    """The address of a prepared site with so many stored answers."""
    prepare(f"sqlite:///{path}")
    attempts = max(1, answers // SLOTS)
    people = max(1, attempts // PER_PERSON)
    with closing(sqlite3.connect(path)) as connection:
        quiz = connection.execute("SELECT id FROM quizzes WHERE slug = 'final-exam'").fetchone()[0]
        version, content = connection.execute(
            "SELECT v.id, v.content FROM question_versions v JOIN questions q ON q.current_id = v.id "
            "WHERE q.kind = 'choice'"
        ).fetchone()
        right, wrong = both(json.loads(content)["response"])
        settings = connection.execute("SELECT settings FROM quizzes WHERE id = ?", (quiz,)).fetchone()[0]
        at = "'2026-01-01 00:00:00.000000'"
        connection.executescript(
            f"""
            PRAGMA synchronous = OFF;
            BEGIN;
            {NUMBERS.format(count=people)}
            INSERT INTO users (id, public_id, name, role, theme, epoch, created_at)
            SELECT 1000000 + i, 'u' || i, 'u' || i, 'guest', 'auto', 0, {at} FROM n;
            {NUMBERS.format(count=attempts)}
            INSERT INTO attempts (id, public_id, user_id, quiz_id, purpose, seed, settings, started_at, submitted_at,
                                  max_mark, mark, waiting)
            SELECT 1000000 + i, 'a' || i, 1000000 + 1 + i % {people}, {quiz}, 'graded', 'seed', '{settings}',
                   {at}, {at}, {SLOTS}, 10, 0 FROM n;
            {NUMBERS.format(count=attempts * SLOTS)}
            INSERT INTO slots (id, attempt_id, position, version_id, max_mark, seq, response, fraction, answered,
                               flagged, saved_at, comment)
            SELECT 1000000 + i, 1000001 + (i - 1) / {SLOTS}, 1 + (i - 1) % {SLOTS}, {version}, 1, 1,
                   iif(i % 2, '{right}', '{wrong}'), i % 2, 1, 0, {at}, '' FROM n;
            INSERT INTO answers (slot_id, seq, source, version_id, response, fraction, comment, at)
            SELECT id, 1, 'learner', version_id, response, fraction, '', {at} FROM slots;
            COMMIT;
            PRAGMA wal_checkpoint(TRUNCATE);
            """  # noqa: S608 -- numbers of our own
        )
    return f"sqlite:///{path}"
