"""A quiz's results: who, when, how well, what each question tells, and the sheets to take away."""

from __future__ import annotations

import csv
import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.gradebook import outcomes
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

NAMES = ('=HYPERLINK("http://x")', "나 학생", "@SUM(1)", "-1+1", "\u200b+cmd", 'Last, "quoted"')
SIX = ("1110", "1111", "1010", "1000", "0100", "1100")
"""Six learners' right answers to four questions: the worked example of the item statistics."""


def choice(number: int) -> Item:
    return Item(id=f"q{number}", kind="choice", stem={"ko": f"=문제 {number}", "en": f"=Question {number}"},
                response={"choices": [{"id": name, "text": {"en": f"{name}{number}"}, "fraction": int(name == "a")}
                                      for name in ("a", "b", "c")]})  # fmt: skip


@pytest.fixture
def quiz(app: Flask) -> Quiz:
    """A quiz of four single choices in the order of the bank."""
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(4)], clock.now())
    return quiz_of({"bank": "made"}, feedback="deferred", shuffle_questions=False)


def take(quiz: Quiz, user: User, pattern: str, later: int = 0) -> Attempt:
    """Answer "1" rightly, "0" with b, "-" not at all, and hand in."""
    at = clock.now() + timedelta(minutes=later)
    attempt = attempts.start(user, quiz, at)
    for position, right in enumerate(pattern, 1):
        if right != "-":
            give_answer(user, attempt.public_id, position, {"choice": "a" if right == "1" else "b"}, 0, at)
    return attempts.submit(user, attempt.public_id, at + timedelta(minutes=5))


@pytest.fixture
def six(quiz: Quiz) -> list[Attempt]:
    people = [accounts.create(f"p{n}@example.com", name, "a long password", "learner", clock.now())
              for n, name in enumerate(NAMES)]  # fmt: skip
    return [take(quiz, user, pattern, later) for later, (user, pattern) in enumerate(zip(people, SIX, strict=True))]


def learner_of(attempt: Attempt) -> User:
    return db.session.get_one(User, attempt.user_id)


def address(quiz: Quiz, rest: str = "") -> str:
    return f"/quizzes/{quiz.public_id}/results{rest}"


def test_nobody_yet(quiz: Quiz, instructor: Person) -> None:
    assert "Nobody has handed in yet" in instructor.get(address(quiz)).text
    assert "Nobody has handed in yet" in instructor.get(address(quiz, "/questions")).text
    assert len(instructor.send("GET", address(quiz, "/sheet.csv")).text.splitlines()) == 1


def test_who_when_and_how_well(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    page = instructor.get(address(quiz))
    words, values = (page.tree.xpath(f"//dl[@class='sums']//{part}/text()") for part in ("dt", "dd"))
    figures = dict(zip(words, values, strict=True))
    assert figures == {"People": "6", "Attempts": "6", "Mean": "54.2%", "Median": "50%", "Passed": "33.3%"}
    names = [link.text for link in page.tree.xpath("//tbody//a")]
    assert names == list(reversed(NAMES))
    by_score = instructor.get(address(quiz, "?sort=score")).tree.xpath("//tbody//a")
    assert by_score[0].text == NAMES[1]


def test_tries_are_counted_and_the_best_is_found(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    again = take(quiz, learner_of(six[3]), "1111", 60)
    take(quiz, learner_of(six[3]), "0000", 120)
    everything = instructor.get(address(quiz))
    assert len(everything.tree.xpath("//tbody/tr")) == 8
    best = instructor.get(address(quiz, "?tries=best"))
    assert len(best.tree.xpath("//tbody/tr")) == 6
    assert again.public_id in best.source
    numbers = {row.attempt.public_id: row.number for row in outcomes.every(quiz, clock.now())}
    assert numbers[again.public_id] == 2


def test_what_questions_tell(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    take(quiz, learner_of(six[3]), "1111", 60)  # a second try: statistics are of the first
    found = outcomes.questions(quiz, outcomes.question_ids(quiz, clock.now()), clock.now())
    assert [one.facility for one in found] == pytest.approx([5 / 6, 4 / 6, 3 / 6, 1 / 6])
    assert [round(one.discrimination or 0, 2) for one in found] == [15.81, 0, 44.72, 54.77]
    assert found[3].choices == {"a": 1, "b": 5}
    page = instructor.get(address(quiz, "/questions"))
    assert "0.55" in page.text
    assert "83%" in page.text


def test_an_attempt_as_the_learner_saw_it(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    page = instructor.get(address(quiz, f"/attempts/{six[2].public_id}"))
    assert NAMES[2] in page.heading
    assert "b1" in page.text
    assert not page.tree.xpath("//main//form")


def test_sheets_run_nothing(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    reply = instructor.send("GET", address(quiz, "/sheet.csv"))
    assert reply.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert len(rows) == 7
    assert all(len(row) == len(rows[0]) for row in rows)
    for row in rows:
        for cell in row:
            assert not cell.strip().startswith(("=", "+", "@", "\t", "\r")), cell
            assert not cell.startswith("-") or cell[1:].replace(".", "").isdigit(), cell
    percent = rows[0].index("Percent")
    assert [row[percent] for row in rows[1:]] == ["75.0", "100.0", "50.0", "25.0", "25.0", "50.0"]
    assert [row[-4:] for row in rows[1:3]] == [["1.0", "1.0", "1.0", "0.0"], ["1.0", "1.0", "1.0", "1.0"]]
    book = load_workbook(io.BytesIO(instructor.send("GET", address(quiz, "/sheet.xlsx")).data))
    sheet = book.worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" for cell in cells)
    assert sheet.cell(2, percent + 1).value == 75
    assert isinstance(sheet.cell(2, 5).value, datetime), "a time, not words"
    assert sheet.column_dimensions["C"].width > sheet.column_dimensions["D"].width
    assert sheet.cell(2, 1).value == f"'{NAMES[0]}"


def test_what_waits_previews_and_practice_stay_apart(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    attempts.preview(user_of("instructor"), quiz, clock.now())
    practice = attempts.practise(learner_of(six[0]), six[0], clock.now())
    attempts.submit(learner_of(six[0]), practice.public_id, clock.now())
    attempts.start(user_of("learner"), quiz, clock.now())
    page = instructor.get(address(quiz))
    assert len(page.tree.xpath("//tbody/tr")) == 6
    assert "Still being taken" in page.text
    assert instructor.send("GET", address(quiz, f"/attempts/{practice.public_id}")).status_code == 404


def test_guests_have_a_name_too(quiz: Quiz, instructor: Person) -> None:
    guest = accounts.start_guest("en", "auto", clock.now())
    take(quiz, guest, "1-11")
    assert f"Guest {guest.public_id[:4]}" in instructor.get(address(quiz)).text
    assert outcomes.questions(quiz, outcomes.question_ids(quiz, clock.now()), clock.now())[1].choices == {"": 1}


def test_results_are_the_owners(quiz: Quiz, six: list[Attempt], app: Flask, learner: Person) -> None:
    other = Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))
    admin = Person(app, accounts.create("admin@example.com", "Admin", "a long password", "admin", clock.now()))
    for rest in ("", "/questions", "/sheet.csv", "/sheet.xlsx", f"/attempts/{six[0].public_id}"):
        assert other.send("GET", address(quiz, rest)).status_code == 404, rest
        assert admin.send("GET", address(quiz, rest)).status_code == 200, rest
        assert learner.send("GET", address(quiz, rest)).status_code == 403, rest
    assert admin.send("GET", address(quiz, "/sheet.pdf")).status_code == 404


def test_a_page_costs_the_same_whatever_is_stored(
    quiz: Quiz, six: list[Attempt], instructor: Person, statements: list[str]
) -> None:
    def cost(rest: str) -> int:
        statements.clear()
        assert instructor.send("GET", address(quiz, rest)).status_code == 200
        return len(statements)

    before: dict[str, Any] = {rest: cost(rest) for rest in ("", "/questions", "/sheet.csv")}
    for number in range(20):
        take(quiz, learner_of(six[number % 6]), "1111", number)
    assert db.session.query(Slot).count() == 26 * 4
    assert {rest: cost(rest) for rest in before} == before
    assert max(before.values()) <= 9, before
