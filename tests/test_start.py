"""What the tests start from is the same for each: rows that a test has written are gone for the next."""

from __future__ import annotations

import psycopg
from sqlalchemy import create_engine

from quizapp.config import normalised
from tests import old_sites, postgres

WRITING = """
INSERT INTO users (public_id, name, role, theme, epoch, created_at) VALUES ('x', 'x', 'guest', 'auto', 0, now())
RETURNING id
"""


def test_rows_are_brought_back_and_numbers_too(postgres_url: str) -> None:
    engine = create_engine(normalised(postgres_url))
    before, ids = old_sites.snapshot(engine), []
    for _ in range(2):
        with psycopg.connect(postgres_url) as other:
            ids.append(other.execute(WRITING).fetchone())
            other.execute("UPDATE courses SET title = '{}'")
            other.execute("DELETE FROM quizzes WHERE id = (SELECT min(id) FROM quizzes)")
            other.commit()
            assert old_sites.snapshot(engine) != before
            engine.dispose()
            assert postgres.bring_back(postgres_url), "whoever is still connected is sent away"
        assert old_sites.snapshot(engine) == before
    engine.dispose()
    assert ids[0] == ids[1]


def test_a_database_with_other_tables_is_made_anew(postgres_url: str) -> None:
    with psycopg.connect(postgres_url) as other:
        other.execute("DROP TABLE alembic_version")
    assert not postgres.bring_back(postgres_url)
