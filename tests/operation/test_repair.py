"""Texts that were stored before they were cleaned on their way in: what they break, how they are found and mended."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import insert, select, update

from quizapp import clock
from quizapp.accounts.models import AuditEntry, User
from quizapp.banks import actions as banks
from quizapp.banks import queries
from quizapp.banks.models import Bank, MediaFile, Question, QuestionVersion
from quizapp.db import atomic, db
from quizapp.formats import FORMATS
from quizapp.formats.items import Item
from quizapp.gradebook import sheets
from quizapp.operation import repair
from tests.conftest import user_of
from tests.person import Person

ODD = "a\x01b\x1b[31m\x7f\x0b"


@pytest.fixture
def damaged(app: Flask) -> Question:
    """A site with control characters in each place that a text comes to, written past all actions."""
    items = [Item(id="q", kind="truefalse", stem={"en": "Statement"}, response={"answer": True}, tags=["tag"])]
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, items, clock.now())
    question = queries.questions(queries.bank("made").id)[0]
    assert question.current is not None
    content = question.current.content | {"stem": {"en": f"Statement {ODD}"}, "tags": [ODD]}
    with atomic():
        version = {"question_id": question.id, "number": 2, "content": content, "hash": "x" * 64, "provenance": {},
                   "created_at": clock.now()}  # fmt: skip
        made = db.session.scalars(insert(QuestionVersion).returning(QuestionVersion.id), [version]).one()
        db.session.execute(update(Question).where(Question.id == question.id).values(current_id=made))
        db.session.execute(update(Question).where(Question.id == question.id).values(key=f"q{ODD}"))
        db.session.execute(update(Bank).where(Bank.slug == "made").values(title={"en": "Made\r\nX: y\n", "ko": ODD}))
        db.session.execute(update(User).where(User.email == "learner@example.com").values(name=f"Learner {ODD}"))
        kind = "image/svg+xml; a=" + "b" * 40
        file = {"hash": "0" * 64, "type": kind, "data": b"\x89PNG\r\n\x1a\n rest", "created_at": clock.now()}
        db.session.execute(insert(MediaFile), [file])
    db.session.expire_all()
    db.session.refresh(question)
    return question


def test_what_is_stored_is_found_and_mended(damaged: Question) -> None:
    found = [flaw.where.partition(" ")[0] for flaw in repair.flaws(clock.now())]
    assert sorted(found) == ["bank", "file", "question", "question", "user"]
    first = db.session.scalars(select(QuestionVersion).where(QuestionVersion.question_id == damaged.id)).all()
    before = {one.number: one.content for one in first}
    mended = repair.repair(clock.now())
    assert len(mended) == len(found)
    db.session.expire_all()
    assert list(repair.flaws(clock.now())) == []
    assert repair.repair(clock.now()) == []
    versions = {one.number: one for one in queries.versions(damaged.id)}
    assert {number: versions[number].content for number in before} == before, "no version is ever updated"
    assert versions[3].content["stem"] == {"en": "Statement ab[31m"}
    assert versions[3].hash == versions[3].item.content_hash()
    question = queries.question(damaged.bank_id, damaged.public_id)
    assert (question.key, question.tags) == ("qab[31m", "\nab[31m\n")
    assert question.current_id == versions[3].id
    assert queries.bank("made").title == {"en": "Made X: y", "ko": "ab[31m"}
    assert user_of("learner").name == "Learner ab[31m"
    assert db.session.scalar(select(MediaFile.type).where(MediaFile.hash == "0" * 64)) == "image/png"
    notes = db.session.scalars(select(AuditEntry.target).where(AuditEntry.verb == "repair")).all()
    assert len(notes) == len(found)


def test_two_keys_that_would_be_one_stay_two(damaged: Question) -> None:
    other = Item(id="qab[31m", kind="truefalse", stem={"en": "Other"}, response={"answer": True})
    banks.import_items(user_of("instructor"), "made", {}, [other], clock.now())
    repair.repair(clock.now())
    keys = set(db.session.scalars(select(Question.key).where(Question.bank_id == damaged.bank_id)))
    assert len(keys) == 2
    assert "qab[31m" in keys


def test_nothing_that_is_stored_breaks_a_page_or_a_sheet(
    damaged: Question, instructor: Person, learner: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before it is mended: the pages, every export, and the results with that name; and no file is left behind."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    public_id = damaged.public_id
    made = instructor.get("/quizzes/new?bank=made").send("preset", ("do", "edit"), preset="practice")
    quiz = made.url.split("/")[2]
    question = learner.get(f"/quizzes/{quiz}").send("attempts")
    learner.get(question.url.split("/questions")[0] + "/summary").send("submission")
    for url in ("/banks/made", f"/banks/made/questions/{public_id}", "/banks/made/settings", "/banks",
                f"/quizzes/{quiz}/results", f"/quizzes/{quiz}/results/questions"):  # fmt: skip
        instructor.get(url)
    for suffix in ("csv", "xlsx"):
        reply = instructor.send("GET", f"/quizzes/{quiz}/results/sheet.{suffix}")
        assert reply.status_code == 200
        reply.close()
    for name in FORMATS:
        reply = instructor.send("GET", f"/banks/made/export/{name}?partial=1")
        assert reply.status_code in (200, 302, 404), name
        assert "X" not in reply.headers
        reply.close()
    assert list(folder.iterdir()) == []


def test_a_sheet_that_fails_half_way_leaves_no_file(
    app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))

    def lines(count: int) -> Iterator[list[str]]:
        yield from ([f"row {number}"] * 20 for number in range(count))
        raise OSError("the connection broke")

    with app.test_request_context():
        for count in (0, 1, 1000):
            with pytest.raises(OSError, match="broke"):
                sheets.as_xlsx(lines(count))
    assert list(folder.iterdir()) == []
