"""A quiz's results: who, when, how well, what each question tells, and the sheets to take away."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select, text

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts.models import Attempt, Regrade, Slot
from quizapp.attempts.overdue import over
from quizapp.banks import actions as banks
from quizapp.banks.models import Question, QuestionVersion
from quizapp.banks.versions import NewVersion, add_versions, wording_of
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.gradebook import beside as module
from quizapp.gradebook import counting, figures, listing, outcomes
from quizapp.gradebook.models import QuizFigures
from quizapp.operation import repair, tasks
from quizapp.quizzes.models import Quiz, QuizMember
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Page, Person
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
    """Answer "1" rightly, "0" with b, "-" not at all, a choice's letter with that, and hand in."""
    at = clock.now() + timedelta(minutes=later)
    attempt = attempts.start(user, quiz, at)
    for position, right in enumerate(pattern, 1):
        if right != "-":
            chosen = {"1": "a", "0": "b"}.get(right, right)
            give_answer(user, attempt.public_id, position, {"choice": chosen}, 0, at)
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
    best = instructor.get(address(quiz, "?tries=counts"))
    assert len(best.tree.xpath("//tbody/tr")) == 6
    assert again.public_id in best.source
    numbers = {row.attempt.public_id: row.number for row in outcomes.every(over(quiz.id, clock.now()))}
    assert numbers[again.public_id] == 2


def test_what_questions_tell(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    take(quiz, learner_of(six[3]), "1111", 60)  # a second try: statistics are of the first
    counted = figures.count(quiz, over(quiz.id, clock.now()))
    found = [one.figures for one in counted.versions]
    assert [one.facility for one in found] == pytest.approx([5 / 6, 4 / 6, 3 / 6, 1 / 6])
    assert [round(one.discrimination or 0, 2) for one in found] == [15.81, 0, 44.72, 54.77]
    assert [round(one.efficiency or 0, 2) for one in found] == [25, 0, 50, 100]
    assert [round(one.weight or 0, 2) for one in counted.versions] == [20.89, 22.33, 30.58, 26.19]
    assert {name: one.chosen for name, one in found[3].options.items()} == {"a": 1, "b": 5}
    test = counted.test
    assert (round(test.sd or 0, 4), round(test.skewness or 0, 4), round(test.kurtosis or 0, 4)) == (
        1.169,
        0.6676,
        -0.4462,
    )
    assert [round(one or 0, 4) for one in (test.consistency, test.error_ratio, test.standard_error)] == pytest.approx(
        [45.53, 73.80, 0.8628], abs=0.01
    )
    page = instructor.get(address(quiz, "/questions"))
    for figure in ("0.55", "83%", "83.3%", "25%", "100%", "30.6%", "45.5%", "0.86", "-0.45"):
        assert figure in page.text, figure


def test_an_attempt_as_the_learner_saw_it(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    page = instructor.get(address(quiz, f"/attempts/{six[2].public_id}"))
    assert NAMES[2] in page.heading
    assert "b1" in page.text
    assert not page.tree.xpath("//main//form")
    assert page.link("1. =Question 0").endswith("/questions/1/score")


def test_what_people_wrote_is_listed(app: Flask, instructor: Person) -> None:
    """A short answer has no options to count: what was written shows whether the key lacks something."""
    item = Item(id="unit", kind="text", stem={"en": "What is current measured in?"},
                response={"answers": [{"text": "ampere", "fraction": 1}]})  # fmt: skip
    essay = Item(id="why", kind="essay", stem={"en": "Why?"})
    banks.import_items(user_of("instructor"), "written", {"en": "Written"}, [item, essay], clock.now())
    found = quiz_of({"bank": "written"}, feedback="deferred", shuffle_questions=False)
    for n, words in enumerate(("Ampere", "A", "ampere ", "a", "volt", "A")):
        user = accounts.create(f"w{n}@example.com", "W", "a long password", "learner", clock.now())
        one = attempts.start(user, found, clock.now())
        give_answer(user, one.public_id, 1, {"text": words}, 0, clock.now())
        attempts.submit(user, one.public_id, clock.now())
    page = instructor.get(address(found, "/questions"))
    rows = page.tree.xpath("//table[contains(., 'Answers given')]/tbody/tr")
    said = [" ".join(row.text_content().split()) for row in rows]
    assert said == ["A 3 0%", "Ampere Right 2 100%", "volt 1 0%"]


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


def test_the_columns_of_a_sheet_say_what_they_count(app: Flask, instructor: Person) -> None:
    """The questions' have the points that each was asked for, several where they have changed meanwhile."""
    worth = [replace(choice(n), points=points) for n, points in enumerate((1, 2.5, 5))]
    by = user_of("instructor")
    banks.import_items(by, "worth", {"en": "Worth"}, worth, clock.now())
    quiz = quiz_of({"bank": "worth"}, feedback="deferred", shuffle_questions=False)
    take(quiz, user_of("learner"), "111")
    last = db.session.scalars(select(Question).order_by(Question.id.desc()).limit(1)).one()
    with atomic():
        add_versions([NewVersion(last.id, wording_of(replace(worth[2], points=4)))], None, clock.now())
    take(quiz, user_of("learner"), "110")
    at = address(quiz, "/sheet.csv")
    korean = Person(app, user_of("instructor"), "ko")
    sheets = [one.send("GET", at).data.decode("utf-8-sig") for one in (instructor, korean)]
    heads = [next(csv.reader(io.StringIO(one))) for one in sheets]
    assert heads[0][-3:] == [
        "Question 1 (1 point): =Question 0",
        "Question 2 (2.5 points): =Question 1",
        "Question 3 (4–5 points): =Question 2",
    ]
    assert heads[1][-3:] == ["1번 (1점): =문제 0", "2번 (2.5점): =문제 1", "3번 (4–5점): =문제 2"]
    assert (heads[0][6], heads[1][6]) == ("Minutes taken", "걸린 시간(분)")


def test_what_waits_previews_and_practice_stay_apart(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    attempts.preview(user_of("instructor"), quiz, clock.now())
    practice = attempts.practise(learner_of(six[0]), six[0], clock.now())
    attempts.submit(learner_of(six[0]), practice.public_id, clock.now())
    attempts.start(user_of("learner"), quiz, clock.now())
    page = instructor.get(address(quiz))
    assert len(page.tree.xpath("//tbody/tr")) == 6
    assert "1 attempt has been started and not handed in" in page.text
    assert instructor.send("GET", address(quiz, f"/attempts/{practice.public_id}")).status_code == 404


def test_guests_have_a_name_too(quiz: Quiz, instructor: Person) -> None:
    guest = accounts.start_guest("en", "auto", clock.now())
    take(quiz, guest, "1-11")
    assert f"Guest {guest.public_id[:4]}" in instructor.get(address(quiz)).text
    options = figures.count(quiz, over(quiz.id, clock.now())).versions[1].figures.options
    assert {name: one.chosen for name, one in options.items()} == {"": 1}


def test_results_are_the_owners(quiz: Quiz, six: list[Attempt], app: Flask, learner: Person) -> None:
    other = Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))
    admin = Person(app, accounts.create("admin@example.com", "Admin", "a long password", "admin", clock.now()))
    one = f"/attempts/{six[0].public_id}"
    for rest in ("", "/questions", "/sheet.csv", "/sheet.xlsx", one, f"{one}/questions/1/score"):
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
    assert max(before.values()) <= 13, before


# --- what waits, what is late, and who is looked for ---


@pytest.fixture
def with_essay(app: Flask) -> Quiz:
    """A choice and an essay, of one point each."""
    items = [choice(0), Item(id="e", kind="essay", stem={"en": "Write."}, response={})]
    banks.import_items(user_of("instructor"), "mixed", {"en": "Mixed"}, items, clock.now())
    return quiz_of({"bank": "mixed"}, feedback="deferred", shuffle_questions=False)


def write(quiz: Quiz, user: User, right: bool) -> Attempt:
    at = clock.now()
    attempt = attempts.start(user, quiz, at)
    give_answer(user, attempt.public_id, 1, {"choice": "a" if right else "b"}, 0, at)
    give_answer(user, attempt.public_id, 2, {"text": "So."}, 0, at)
    return attempts.submit(user, attempt.public_id, at)


def sums(page: Any) -> dict[str, str]:
    words, values = (page.tree.xpath(f"//dl[@class='sums']//{part}/text()") for part in ("dt", "dd"))
    return dict(zip(words, values, strict=True))


def test_essays_that_wait_never_count_as_zero(with_essay: Quiz, instructor: Person) -> None:
    people = [
        accounts.create(f"w{n}@example.com", f"W{n}", "a long password", "learner", clock.now()) for n in range(4)
    ]
    made = [write(with_essay, user, right=True) for user in people]
    page = instructor.get(address(with_essay))
    assert sums(page) == {"People": "4", "Attempts": "4", "Mean": "–", "Median": "–", "Passed": "–"}
    assert "4 attempts are waiting for a grade and aren't counted" in page.text
    assert "1 answer waiting" in page.text
    queue = instructor.get(page.link("4 answers are waiting for a grade"))
    assert "4 answers are waiting" in queue.text
    for attempt, fraction in zip(made, (1, 0.5, 0.0), strict=False):
        slot = db.session.scalars(select(Slot).where(Slot.attempt_id == attempt.id, Slot.position == 2)).one()
        attempts.grade(slot, fraction, "", user_of("instructor"), clock.now())
    for rest in ("", "?tries=counts"):
        page = instructor.get(address(with_essay, rest))
        assert sums(page) == {"People": "4", "Attempts": "4", "Mean": "75%", "Median": "75%", "Passed": "66.7%"}
        assert "1 attempt is waiting for a grade and isn't counted" in page.text
    counted = figures.count(with_essay, over(with_essay.id, clock.now()))
    assert counted.left_out == 1
    assert [one.figures.count for one in counted.versions] == [4, 3], "its other answers have a facility"
    assert counted.test.count == 3
    assert len(instructor.get(address(with_essay, "?state=waiting")).tree.xpath("//tbody/tr")) == 1


def test_the_best_is_never_one_that_waits(with_essay: Quiz, instructor: Person) -> None:
    user = user_of("learner")
    first, second = write(with_essay, user, right=False), write(with_essay, user, right=True)
    slot = db.session.scalars(select(Slot).where(Slot.attempt_id == first.id, Slot.position == 2)).one()
    attempts.grade(slot, 0.5, "", user_of("instructor"), clock.now())
    page = instructor.get(address(with_essay, "?tries=counts"))
    assert first.public_id in page.source
    assert second.public_id not in page.source


def test_who_has_begun_and_not_handed_in_is_on_top(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    begun = attempts.start(user_of("learner"), quiz, clock.now())
    give_answer(user_of("learner"), begun.public_id, 1, {"choice": "a"}, 0, clock.now())
    late = attempts.start(learner_of(six[1]), quiz, clock.now())
    with atomic():
        db.session.get_one(Attempt, late.id).due_at = clock.now() - timedelta(minutes=1)
    page = instructor.get(address(quiz))
    running = instructor.get(page.link("1 attempt has been started")).tree.xpath("//tbody/tr")
    told = [" ".join(row.text_content().split()) for row in running]
    assert len(told) == 1
    assert told[0].startswith("김하늘")
    assert told[0].endswith("– 1"), "one answer so far"
    for stored in (False, True):  # it reads the same before it is handed in by the task as after
        if stored:
            assert attempts.close_overdue(clock.now()) == 1
        page = instructor.get(address(quiz))
        assert sums(page)["Attempts"] == "7"
        ended = instructor.get(page.link("1 attempt ran out of time")).tree.xpath("//tbody/tr")
        assert [row.xpath("string(th/a)") for row in ended] == [NAMES[1]]
        assert "Ran out of time" in ended[0].text_content()
        assert len(instructor.get(address(quiz, "?tries=counts")).tree.xpath("//tbody/tr")) == 6


@pytest.mark.parametrize(
    ("search", "found"), [("나 학", [1]), ("P3@EXAMPLE", [3]), ("cmd", [4]), ("%", []), ("zz", [])]
)
def test_people_are_found(quiz: Quiz, six: list[Attempt], instructor: Person, search: str, found: list[int]) -> None:
    page = instructor.get(address(quiz, f"?q={quote(search)}"))
    assert [link.text for link in page.tree.xpath("//tbody//a")] == [NAMES[one] for one in found]
    if not found:
        assert "Nobody here" in page.text


def test_sorting_by_the_heads_of_the_columns(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    page = instructor.get(address(quiz))
    for press in range(2):
        page = instructor.get(next(a.get("href") for a in page.tree.xpath("//thead//a") if a.text == "Score"))
        shares = [cell.text.split()[0] for cell in page.tree.xpath("//tbody/tr/td[1]")]
        assert shares == sorted(shares, key=lambda one: float(one.rstrip("%")), reverse=press == 0)
    assert page.tree.xpath("//th[@aria-sort]/@aria-sort") == ["ascending"]


# --- from one attempt to the next ---


def beside(page: Page, rel: str) -> str | None:
    """The address of the previous or the next one, and None at an end of the list."""
    return next(iter(page.tree.xpath(f"//main//a[@rel='{rel}']/@href")), None)


@pytest.mark.parametrize("query", ["", "?sort=low", "?sort=name", "?sort=score&tries=counts", "?q=cmd"])
def test_the_list_is_gone_through_one_by_one(
    quiz: Quiz, six: list[Attempt], instructor: Person, query: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In its order, both ways, over its pages, and back to where one is."""
    monkeypatch.setattr(listing, "PAGE", 4)
    monkeypatch.setattr(module, "PAGE", 4)
    take(quiz, learner_of(six[3]), "1111", 60)
    page = instructor.get(address(quiz, query))
    listed = [link.text for link in page.tree.xpath("//tbody//a")]
    if more := beside(page, "next"):
        listed += [link.text for link in instructor.get(more).tree.xpath("//tbody//a")]
    at = page.tree.xpath("//tbody//a/@href")[0]
    way: list[Page] = []
    while at:
        way.append(instructor.get(at))
        at = beside(way[-1], "next")
    assert [one.heading.removeprefix("Attempt by ") for one in way] == [" ".join(name.split()) for name in listed]
    for number, one in enumerate(way):
        assert beside(one, "prev") == (way[number - 1].url if number else None)
        back = instructor.get(one.link("Back to the list"))
        assert one.url in back.links()


def test_what_comes_and_goes_meanwhile_leaves_nobody_out(with_essay: Quiz, instructor: Person) -> None:
    """A newer one moves the list on; one that is graded leaves it, and its place to the next."""
    people = [
        accounts.create(f"w{n}@example.com", f"W{n}", "a long password", "learner", clock.now()).id for n in range(4)
    ]
    oldest, middle, newest = [
        write(with_essay, db.session.get_one(User, one), right=True).public_id for one in people[:3]
    ]
    links = instructor.get(address(with_essay, "?state=waiting")).links()
    again = db.session.scalars(select(Quiz).order_by(Quiz.id.desc()).limit(1)).one()
    write(again, db.session.get_one(User, people[3]), right=True)
    page = instructor.get(next(link for link in links if middle in link))
    assert newest in (beside(page, "prev") or "")
    assert oldest in (beside(page, "next") or "")
    score = page.link("2. Write.")
    set_by_hand = instructor.get(score).send("mark", mark="1", reason="So.")
    assert middle in set_by_hand.url
    assert newest in (beside(set_by_hand, "prev") or "")
    assert oldest in (beside(set_by_hand, "next") or "")
    for words in ("0", "-1", "x", "9" * 40, "1000000"):
        assert instructor.send("GET", f"{page.url.split('?')[0]}?at={words}").status_code == 200, words
    assert beside(instructor.get(page.url.split("?")[0]), "next") is None


# --- scores set by hand ---


def test_a_score_is_set_by_hand_with_a_reason(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    page = instructor.get(address(quiz, f"/attempts/{six[3].public_id}"))
    form = instructor.get(page.link("4. =Question 3"))
    assert form.send("mark", mark="1").status == 422, "it takes a reason"
    other = instructor.get(form.url)
    done = form.send("mark", mark="0.5", reason="The room was too loud")
    assert "The score is set" in done.text
    slot = db.session.scalars(select(Slot).where(Slot.attempt_id == six[3].id, Slot.position == 4)).one()
    assert (slot.fraction, slot.comment) == (0.5, "The room was too loud")
    assert db.session.get_one(Attempt, six[3].id).mark == 1.5
    again = other.send("mark", mark="0", reason="An older page")
    assert again.status == 409
    assert "it is 0.5 of 1 points now" in again.text
    assert db.session.get_one(Slot, slot.id, populate_existing=True).fraction == 0.5
    again.send("mark")
    assert db.session.get_one(Slot, slot.id, populate_existing=True).fraction == 0
    assert "The room was too loud" in instructor.get(form.url).text, "the record keeps the first"


# --- versions and keys ---


def mend(quiz: Quiz, key: str) -> QuestionVersion:
    """Another version of the first question, with another key."""
    item = choice(0)
    for one in item.response["choices"]:
        one["fraction"] = int(one["id"] == key)
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [item], clock.now())
    question = db.session.scalars(select(Question).where(Question.key == "q0")).one()
    assert question.current is not None
    return question.current


def test_versions_are_kept_apart_and_say_their_key(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    version = mend(quiz, "b")
    take(quiz, user_of("learner"), "0000")
    page = instructor.get(address(quiz, "/questions"))
    first = " ".join(page.tree.xpath("//li[@id='question-1']")[0].text_content().split())
    assert first.index("Version 2, answered by 1 person") < first.index("Version 1, answered by 6 people")
    assert "Counted by the key of version 2." in first
    assert "Counted by the key of version 1." in first
    right = page.tree.xpath("//li[@id='question-1']//tr[contains(., 'Right')]/th/text()")
    assert [one.strip() for one in right if one.strip()] == ["b0", "a0"]
    with atomic():
        db.session.add(
            Regrade(question_id=version.question_id, version_id=version.id, policy="again", made_at=clock.now(),
                    applied_at=clock.now())
        )  # fmt: skip
    page = instructor.get(address(quiz, "/questions"))
    right = page.tree.xpath("//li[@id='question-1']//tr[contains(., 'Right')]/th/text()")
    assert [one.strip() for one in right if one.strip()] == ["b0", "b0"], "scored again by the second key"
    assert page.text.count("Counted by the key of version 2") == 2


def test_what_looks_wrong_is_marked_and_leads_to_the_editor(quiz: Quiz, instructor: Person) -> None:
    for n, pattern in enumerate(("0111", "0111", "0110", "0100", "1000", "1000", "1000", "1001")):
        take(quiz, accounts.create(f"d{n}@example.com", f"D{n}", "a long password", "learner", clock.now()), pattern)
    page = instructor.get(address(quiz, "/questions"))
    assert "1 question looks wrong" in page.text
    first = page.tree.xpath("//li[@id='question-1']")[0].text_content()
    assert "Those who know more get it wrong more often" in first
    assert "A wrong option correlates better with the rest of the score" in first
    assert page.link("Edit the question").endswith("/edit")
    instructor.get(page.link("Edit the question"))


@pytest.mark.parametrize("verb", ["see", "grade"])
def test_who_may_only_look_changes_no_score(app: Flask, quiz: Quiz, six: list[Attempt], verb: str) -> None:
    helper = accounts.create("helper@example.com", "Helper", "a long password", "instructor", clock.now())
    with atomic():
        db.session.add(QuizMember(quiz_id=quiz.id, user_id=helper.id, verb=verb, created_at=clock.now()))
    person, at = Person(app, helper), address(quiz, f"/attempts/{six[0].public_id}")
    page, may = person.get(at), verb == "grade"
    assert ("Set a score by hand" in page.text) == may
    person.get(f"{at}/questions/1/score", 200 if may else 403)
    fields = {"csrf_token": person.token(), "mark": "0", "seq": "1", "reason": "So."}
    assert person.send("POST", f"{at}/questions/1/score", data=fields).status_code == (303 if may else 403)
    db.session.expire_all()
    assert db.session.get_one(Attempt, six[0].id).mark == (2 if may else 3)


# --- large quizzes ---


def test_a_large_quiz_is_counted_in_the_background(quiz: Quiz, six: list[Attempt], instructor: Person) -> None:
    at = clock.now()
    assert figures.of_quiz(quiz, over(quiz.id, clock.now()), versions=True, live=5) is None
    assert counting.count_due(at, least=5) >= 1
    assert counting.count_due(at, least=5) == 0, "nothing has changed"
    kept = figures.of_quiz(quiz, over(quiz.id, clock.now()), versions=True, live=5)
    assert kept is not None
    assert kept.counted_at == at
    counted = figures.count(quiz, over(quiz.id, clock.now()))
    assert replace(kept, counted_at=None) == counted, "what was kept is what would be counted"
    take(quiz, learner_of(six[0]), "1111", 60)
    stale = figures.of_quiz(quiz, over(quiz.id, clock.now()), versions=True, live=5)
    assert stale is not None
    assert stale.every.attempts == 6
    assert counting.count_due(clock.now(), least=5) == 1
    with atomic():
        db.session.get_one(QuizFigures, quiz.id).claimed_at = clock.now()
    take(quiz, learner_of(six[0]), "0000", 90)
    assert counting.count_due(clock.now(), least=5) == 0, "somebody else is at it"
    assert counting.count_due(clock.now() + timedelta(minutes=11), least=5) == 1, "and didn't come back"


def test_kept_figures_that_are_wrong_are_found_and_counted_anew(quiz: Quiz, six: list[Attempt]) -> None:
    counting.count_due(clock.now(), least=5)
    assert list(repair.flaws(clock.now())) == []
    with atomic():
        kept = db.session.get_one(QuizFigures, quiz.id)
        kept.figures = kept.figures | {"every": kept.figures["every"] | {"mean": 0.9}}
    assert [flaw.where for flaw in repair.flaws(clock.now())] == [f"quiz {quiz.public_id}"]
    repair.repair(clock.now())
    assert list(repair.flaws(clock.now())) == []
    assert counting.count_due(clock.now(), least=5) == 1
    assert list(repair.flaws(clock.now())) == []


def test_two_marks_that_change_places_are_counted_anew(quiz: Quiz, six: list[Attempt]) -> None:
    counting.count_due(clock.now(), least=5)
    one, other = next((a, b) for a in six for b in six if (a.mark or 0) < (b.mark or 0))
    low, high = one.mark, other.mark
    with atomic():
        db.session.get_one(Attempt, one.id).mark = high
        db.session.get_one(Attempt, other.id).mark = low
    assert counting.count_due(clock.now(), least=5) == 1


def test_figures_are_the_same_before_and_after_the_task_hands_in(app: Flask, quiz: Quiz, six: list[Attempt]) -> None:
    """Out of time and not handed in: the stored columns don't say it yet, so that expressions do."""
    learner, at = learner_of(six[0]), clock.now() - timedelta(hours=2)
    late = attempts.start(learner, quiz, at)
    give_answer(learner, late.public_id, 1, {"choice": "a"}, 0, at)
    with atomic():
        db.session.get_one(Attempt, late.id).due_at = at + timedelta(hours=1)

    def all_of_it() -> tuple[Any, ...]:
        ended = over(quiz.id, clock.now())
        lists = [
            [row.attempt.public_id for row in listing.page(ended, listing.Listing(what_counts, sort, state), 1)[0]]
            for what_counts in (False, True)
            for sort in listing.SORTS
            for state in listing.STATES
        ]
        return lists, figures.to_json(figures.count(quiz, ended)), outcomes.to_do(ended)

    before = all_of_it()
    assert before[2].by_clock == 1
    tasks.run(app, tasks.close_overdue)
    db.session.expire_all()
    assert db.session.get_one(Attempt, late.id).mark == 1
    lists, counted, to_do = all_of_it()
    assert (lists, to_do) == (before[0], before[2])
    assert counting.same(json.loads(json.dumps(counted)), json.loads(json.dumps(before[1])))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # PostgreSQL chooses by the size of the table
def test_lists_read_an_index_only(quiz: Quiz, six: list[Attempt]) -> None:
    """Whatever the order: the ids of a page come from the index of results, and from no row of the table."""
    ended = over(quiz.id, clock.now())
    for sort in ("new", "old", "score", "low", "waiting"):
        for state in ("", "waiting"):
            plan = explained(listing.ids_of_page(ended, listing.Listing(sort=sort, state=state), 1))
            assert "ix_attempts_results" in plan or "ix_attempts_waiting" in plan, (sort, state, plan)
            assert "SCAN attempts" not in plan, (sort, state, plan)
    best = explained(listing.ids_of_page(ended, listing.Listing(what_counts=True, sort="score"), 1))
    assert "SEARCH attempts USING COVERING INDEX ix_attempts_results" in best, best
    assert best.count("ix_attempts_") == 1, f"one pass, not one for each:\n{best}"


def explained(statement: Any) -> str:
    words = statement.compile(db.engine, compile_kwargs={"literal_binds": True})
    return "\n".join(row[3] for row in db.session.execute(text(f"EXPLAIN QUERY PLAN {words}")))
