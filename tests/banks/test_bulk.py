"""Changing many questions at once."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.banks import actions, queries
from quizapp.banks.actions.bulk import ChangedMeanwhile
from quizapp.banks.models import Bank, Question
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from tests.banks.test_sharing import statement
from tests.conftest import user_of
from tests.person import Page, Person


@pytest.fixture
def bank(app: Flask) -> Bank:
    """Thirty questions: more than a page."""
    items = [statement(number) for number in range(30)]
    items[0].tags = ["geo"]
    actions.import_items(user_of("instructor"), "made", {"en": "Made"}, items, clock.now())
    return queries.bank("made")


def question(key: str) -> Question:
    db.session.rollback()
    return db.session.scalars(select(Question).where(Question.key == key).order_by(Question.id)).first() or Question()


def name(key: str) -> str:
    return question(key).public_id


def ask(instructor: Person, operation: str, value: str = "", **fields: object) -> Page:
    return instructor.get("/banks/made").send("operation", ("do", "look"), operation=operation, value=value, **fields)


def test_a_tag_for_two(bank: Bank, instructor: Person) -> None:
    look = ask(instructor, "add-tag", " geo ", question=[name("q0"), name("q1")])
    assert "1 question would change, 1 stays as it is." in look.text
    assert question("q1").tags == ""
    done = look.send("bulk", ("do", "apply"))
    assert done.heading == "1 question is changed"
    assert question("q1").tags == "\ngeo\n"
    assert [version.number for version in queries.versions(question("q1").id)] == [2, 1]
    assert len(queries.versions(question("q0").id)) == 1
    done.send("undo")
    assert question("q1").tags == ""
    versions = queries.versions(question("q1").id)
    assert [version.number for version in versions] == [3, 2, 1]
    assert versions[0].content == versions[2].content
    assert instructor.send("GET", done.url).status_code == 404


@pytest.mark.parametrize(
    ("operation", "value", "field", "found"),
    [
        ("objective", "kings", "objectives", ["kings"]),
        ("difficulty", "3", "difficulty", 3),
        ("points", "2.5", "points", 2.5),
    ],
)
def test_all_that_are_listed(
    bank: Bank, instructor: Person, operation: str, value: str, field: str, found: object, statements: list[str]
) -> None:
    look = ask(instructor, operation, value, everything="1")
    statements.clear()
    done = look.send("bulk", ("do", "apply"))
    assert len(statements) < 25
    assert done.heading == "30 questions are changed"
    values = [getattr(item, field) for item in queries.items(bank.id)]
    assert values == [found] * 30
    if operation == "difficulty":
        assert queries.page(bank.id, queries.Filters(difficulty=3), 1)[1] == 30


def test_what_was_changed_meanwhile_is_not_overwritten(bank: Bank, app: Flask, instructor: Person) -> None:
    look = ask(instructor, "add-tag", "geo", question=[name("q1"), name("q2")])
    found = [question("q1"), question("q2")]
    items = [replace(one.current.item, tags=["geo"]) for one in found if one.current]
    with writing(app, question("q2"), replace(items[1], tags=["river"])), pytest.raises(ChangedMeanwhile):
        actions.write_many(bank, list(zip(found, items, strict=True)), user_of("instructor"), clock.now())
    assert (question("q1").tags, question("q2").tags) == ("", "\nriver\n")
    look.send("bulk", ("do", "apply"))
    assert question("q2").tags == "\nriver\ngeo\n"


def test_an_import_waits_for_whoever_writes_a_question(bank: Bank, app: Flask) -> None:
    """Its version comes after theirs, by number too."""
    items = [replace(statement(number), tags=["new"]) for number in range(30)]
    with writing(app, question("q2"), replace(statement(2), tags=["river"])):
        actions.import_items(user_of("instructor"), "made", {"en": "Made"}, items, clock.now())
    assert [one.number for one in queries.versions(question("q2").id)] == [3, 2, 1]
    assert question("q2").tags == "\nnew\n"


@contextmanager
def writing(app: Flask, one: Question, item: Item) -> Iterator[None]:
    """Somebody has begun to save another version of a question, and commits it half a second later."""
    begun, question_id = threading.Event(), one.id

    def save() -> None:
        with app.app_context():
            with atomic():
                found = db.session.get_one(Question, question_id)
                actions.write_question(queries.bank("made"), found, item, 1, user_of("instructor"), clock.now())
                db.session.flush()
                begun.set()
                time.sleep(0.5)
            db.session.remove()

    other = threading.Thread(target=save)
    other.start()
    assert begun.wait(5)
    yield
    other.join()


def test_all_that_suit_the_filters(bank: Bank, instructor: Person) -> None:
    page = instructor.get("/banks/made?q=Statement 2")
    look = page.send("operation", ("do", "look"), operation="add-tag", value="two", everything="1")
    look.send("bulk", ("do", "apply"))
    assert queries.page(bank.id, queries.Filters(tag="two"), 1)[1] == 12


def test_archive_and_bring_back(bank: Bank, instructor: Person) -> None:
    ask(instructor, "archive", question=[name("q3"), name("q4")])
    assert queries.page(bank.id, queries.Filters(), 1)[1] == 28
    archived = instructor.get("/banks/made?archived=1")
    archived.send("operation", ("do", "look"), operation="bring-back", everything="1")
    assert queries.page(bank.id, queries.Filters(), 1)[1] == 30


def test_copies_into_another_bank(bank: Bank, instructor: Person) -> None:
    actions.create_bank(user_of("instructor"), "second", {"en": "Second"}, "", clock.now())
    ask(instructor, "copy", "second", question=[name("q5"), name("q6")])
    page = ask(instructor, "copy", "second", question=[name("q6"), name("q7")])
    assert page.url == "/banks/second"
    assert [item.id for item in queries.items(queries.bank("second").id)] == ["q5", "q6", "q7"]
    assert ask(instructor, "copy", "nobody's", question=[name("q5")]).status == 422
    assert ask(instructor, "copy", "made", question=[name("q5")]).status == 422, "into itself"


@pytest.mark.parametrize(
    ("operation", "value", "chosen"),
    [("add-tag", "x", False), ("add-tag", " ", True), ("points", "-1", True), ("points", "nan", True),
     ("difficulty", "9", True), ("drop-table", "x", True)],
)  # fmt: skip
def test_what_can_not_be(bank: Bank, instructor: Person, operation: str, value: str, chosen: bool) -> None:
    refused = ask(instructor, operation, value, **({"question": [name("q1")]} if chosen else {}))
    assert refused.status == 422
    assert len(queries.versions(question("q1").id)) == 1


def test_a_refusal_keeps_what_was_chosen(bank: Bank, instructor: Person) -> None:
    found = instructor.get("/banks/made?q=Statement&page=2")
    fields = {"question": [name("q26"), name("q28")], "operation": "points", "value": "-1"}
    refused = found.send("operation", ("do", "look"), **fields)
    assert (refused.status, refused.heading) == (422, "Made")
    assert "points are above 0" in refused.text
    kept = refused.form("operation")
    assert [value for key, value in kept.form_values() if key == "question"] == fields["question"]
    assert (kept.fields["operation"], kept.fields["value"], kept.fields["q"]) == ("points", "-1", "Statement")
    look = refused.send("operation", ("do", "look"), value="2")
    assert "2 questions would change" in look.text


def test_questions_of_another_bank_are_passed_over(bank: Bank, instructor: Person) -> None:
    foreign = db.session.scalars(select(Question.public_id).where(Question.bank_id != bank.id)).first()
    assert ask(instructor, "add-tag", "x", question=[foreign]).status == 422
