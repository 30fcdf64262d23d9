"""Sharing a bank, public banks, and copies of whole banks."""

from __future__ import annotations

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import AuditEntry
from quizapp.banks import actions, queries
from quizapp.banks.models import Bank, Question
from quizapp.db import db
from quizapp.formats.items import Item, Media
from tests.conftest import user_of
from tests.person import Person

PICTURE = b"\x89PNG\r\n\x1a\n picture"


def statement(number: int) -> Item:
    return Item(id=f"q{number}", kind="truefalse", stem={"ko": f"문장 {number}", "en": f"Statement {number}"},
                response={"answer": True}, licence="CC BY 4.0")  # fmt: skip


@pytest.fixture
def bank(app: Flask) -> Bank:
    items = [statement(1), statement(2)]
    items[0].stem["en"] += " ![](media:a.png)"
    items[0].media = [Media("a.png", PICTURE, "image/png")]
    actions.import_items(user_of("instructor"), "made", {"ko": "만든 것", "en": "Made"}, items, clock.now())
    return queries.bank("made")


@pytest.fixture
def other(app: Flask) -> Person:
    return Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))


def question_url() -> str:
    name = db.session.scalars(
        select(Question.public_id).where(Question.key == "q1").order_by(Question.id.desc())
    ).first()
    return f"/banks/made/questions/{name}"


def test_a_reader_reads_and_an_editor_edits(bank: Bank, instructor: Person, other: Person) -> None:
    assert other.send("GET", "/banks/made").status_code == 404
    settings = instructor.get("/banks/made/settings")
    settings.send("members", email="OTHER@example.com", role="reader")
    page = other.get("/banks/made")
    assert "Statement 1" in page.text
    assert "New question" not in page.text
    assert "Copy into my banks" in page.text
    assert "Made" in other.get("/banks").text
    assert "Edit" not in other.get(question_url()).text
    assert other.send("GET", "/banks/made/export").status_code == 200
    for url in (f"{question_url()}/archive", f"{question_url()}/edit", "/banks/made/bulk"):
        assert other.send("POST", url, data={"csrf_token": other.token()}).status_code == 404
    instructor.get("/banks/made/settings").send("members", email="other@example.com", role="editor")
    assert "New question" in other.get("/banks/made").text
    assert other.get(f"{question_url()}/edit").status == 200
    assert other.send("GET", "/banks/made/settings").status_code == 404
    assert [member.role for member in queries.members(bank.id)] == ["editor"]
    instructor.get("/banks/made/settings").send("removal")
    assert other.send("GET", "/banks/made").status_code == 404


def test_a_member_may_leave(bank: Bank, other: Person) -> None:
    actions.share(bank, "other@example.com", "reader", user_of("instructor"), clock.now())
    mine = f"/banks/made/members/{user_of('other').public_id}/removal"
    assert other.send("POST", mine, data={"csrf_token": other.token()}).status_code == 303
    assert queries.members(bank.id) == []


@pytest.mark.parametrize("email", ["nobody@example.com", "learner@example.com", "instructor@example.com"])
def test_only_other_instructors_can_be_given_a_bank(bank: Bank, instructor: Person, email: str) -> None:
    """The three answers are the same: who has an account isn't told."""
    refused = instructor.get("/banks/made/settings").send("members", email=email, role="editor")
    assert refused.status == 422
    assert "No instructor has an account with this address" in refused.text
    assert queries.members(bank.id) == []


def test_a_public_bank_is_found_read_and_copied(bank: Bank, instructor: Person, other: Person, learner: Person) -> None:
    assert "No public bank yet" in other.get("/banks/public").text
    instructor.get("/banks/made/settings").send("visibility", visibility="public", licence="CC BY 4.0")
    assert "Made" in other.get("/banks/public?q=made").text
    assert "Made" not in other.get("/banks/public?q=없는").text
    assert learner.send("GET", "/banks/public").status_code == 403
    copied = other.get("/banks/made").send("copy")
    assert copied.url == "/banks/made-2"
    mine = queries.bank("made-2")
    originals, copies = queries.items(bank.id), queries.items(mine.id)
    assert [item.content() for item in copies] == [item.content() for item in originals]
    assert [item.id for item in copies] == ["q1", "q2"]
    assert copies[0].media[0].data == PICTURE
    assert all("copied_from" in item.provenance for item in copies)
    again = other.get("/banks/made").send("copy")
    assert again.url == "/banks/made-3"
    instructor.get("/banks/made/settings").send("visibility", visibility="private")
    assert other.send("GET", "/banks/made").status_code == 404
    assert other.send("GET", "/banks/made-2").status_code == 200


def test_a_bank_is_described(bank: Bank, instructor: Person) -> None:
    assert instructor.get("/banks/made/settings").send("visibility", **{"title-ko": "", "title-en": " "}).status == 422
    page = instructor.get("/banks/made/settings").send("visibility", **{"title-en": "Renamed", "licence": "x" * 200})
    assert page.heading == "Renamed"
    assert len(queries.bank("made").licence) == 80


def test_an_empty_bank_to_write_into(instructor: Person) -> None:
    page = instructor.get("/banks").send("new", title="내 문제")
    assert page.heading == "New question"
    assert queries.editable_banks(user_of("instructor").id)[0].title == {"ko": "내 문제"}


def test_every_act_is_in_the_log(bank: Bank, instructor: Person, other: Person) -> None:
    settings = instructor.get("/banks/made/settings")
    settings.send("members", email="other@example.com", role="reader")
    settings.send("visibility", visibility="public")
    other.get("/banks/made").send("copy")
    instructor.get("/banks/made/settings").send("removal")
    verbs = list(db.session.scalars(select(AuditEntry.verb).order_by(AuditEntry.id)))
    assert verbs[-6:] == ["share", "publish", "describe", "make a bank", "copy", "stop sharing"]
