"""The second migration: questions that were there before can be searched afterwards, and nothing of them is lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask_migrate import check, upgrade
from sqlalchemy import select, text

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.banks.models import Question, labels_of, words_of
from quizapp.db import db
from tests.conftest import admin, make_app

CONTENT = (
    '{"kind": "cloze", "title": {"ko": "수도"}, "tags": ["지리", "두  낱말"], '
    '"response": {"text": {"ko": "<b>서울</b>은 {{g1}}", "en": "SEOUL", "format": "html"}}}'
)


@pytest.fixture(params=["sqlite", "postgresql"])
def old_app(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Flask]:
    """A site at the first revision, with a bank of one question."""
    url = f"sqlite:///{tmp_path}/old.sqlite3"
    if request.param == "postgresql":
        server = request.getfixturevalue("postgres_server")
        url = f"{server}/old"
        with admin(server) as run:
            run("CREATE DATABASE old")
    app = make_app(url)
    with app.app_context():
        upgrade(revision="0001")
        accounts.create("old@example.com", "Old", "a long password", "instructor", clock.now())
        for statement in (
            "INSERT INTO banks (id, slug, title, licence, owner_id, created_at) "
            "VALUES (1, 'old', '{}', '', 1, '2026-01-01 00:00:00+00:00')",
            "INSERT INTO questions (id, public_id, bank_id, key, position, kind, objective) "
            "VALUES (1, 'aaaaaaaaaaaa', 1, 'q1', 0, 'cloze', ''), (2, 'bbbbbbbbbbbb', 1, 'q2', 1, 'cloze', '')",
            "INSERT INTO question_versions (id, question_id, number, content, hash, provenance, created_at) "
            "VALUES (1, 1, 1, :content, 'x', '{}', '2026-01-01 00:00:00+00:00')",
            "UPDATE questions SET current_id = 1 WHERE id = 1",
        ):
            values = {"content": CONTENT} if ":content" in statement else {}
            if values and request.param == "postgresql":
                statement = statement.replace(":content", "CAST(:content AS JSONB)")
            db.session.execute(text(statement), values)
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()
    if request.param == "postgresql":
        with admin(server) as run:
            run("DROP DATABASE old WITH (FORCE)")


def test_questions_are_filled_in(old_app: Flask) -> None:
    upgrade()
    first, second = db.session.scalars(select(Question).order_by(Question.id))
    assert first.current is not None
    assert first.search == words_of(first.current.item) == "수도\nseoul\n서울 은 {{g1}}"
    assert first.tags == labels_of(first.current.item) == "\n지리\n두 낱말\n"
    assert (second.search, second.tags, second.key) == ("", "", "q2")
    db.session.rollback()
    check()
