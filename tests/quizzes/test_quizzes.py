"""Quizzes made in the browser: put together, drawn, looked at, shared."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions as attempts
from quizapp.attempts.models import Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.banks import queries as bank_queries
from quizapp.banks.models import Question
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.formats.items import Item
from quizapp.progress.models import Mastery
from quizapp.quizzes import actions, freezing, people_actions, queries
from quizapp.quizzes.models import Quiz
from quizapp.rules.settings import AT_ONCE, setting_words
from tests.conftest import user_of
from tests.person import Page, Person

SAVE = ("do", "save")


@pytest.fixture
def items(app: Flask) -> list[Item]:
    """Twelve statements in the instructor's bank "made": two tags, three difficulties."""
    found = [
        Item(id=f"q{number}", kind="truefalse", stem={"ko": f"문장 {number}", "en": f"Statement {number}"},
             response={"answer": True}, tags=["even"] if number % 2 == 0 else ["odd"], difficulty=number % 3 + 1,
             objectives=["first" if number < 6 else "second"], points=number % 2 + 1)
        for number in range(12)
    ]  # fmt: skip
    banks.import_items(user_of("instructor"), "made", {"ko": "만든 것", "en": "Made"}, found, clock.now())
    return found


@pytest.fixture
def page(instructor: Person, items: list[Item]) -> Page:
    """The form of a new quiz from that bank."""
    return instructor.get("/quizzes/new?bank=made").send("preset", ("do", "edit"), preset="practice")


def newest() -> Quiz:
    found = db.session.scalars(select(Quiz).order_by(Quiz.id.desc())).first()
    assert found is not None
    return found


def asked(attempt: Attempt) -> list[str]:
    """The keys of the questions of an attempt, in order."""
    rows = db.session.scalars(select(Slot).where(Slot.attempt_id == attempt.id).order_by(Slot.position))
    return [slot.version.question.key for slot in rows]


def quiz_of(*sources: dict[str, Any], **settings: Any) -> Quiz:
    with atomic():
        quiz = Quiz(slug=f"q{clock.now().timestamp()}", owner_id=user_of("instructor").id, title={"en": "Own"},
                    summary={}, sources=list(sources), settings=settings)  # fmt: skip
        db.session.add(quiz)
    return quiz


def test_a_new_quiz_offers_a_bank_that_it_can_ask_from(instructor: Person) -> None:
    """The bank of the lessons' checks stands first in the list, and no quiz draws from it."""
    offered = instructor.get("/quizzes/new").form("preset")
    assert offered.inputs["bank"].value != "devday-checks"
    assert int(offered.fields["count"]) > 0


def test_a_paper_is_offered_as_a_whole_and_in_its_order(instructor: Person, items: list[Item]) -> None:
    drawn = instructor.get("/quizzes/new?bank=made").form("preset").inputs
    assert (drawn["count"].value, drawn["shuffle_questions"].checked) == ("10", True)
    paper = [replace(item, provenance={"format": "docx"}) for item in items]
    banks.import_items(user_of("instructor"), "paper", {"en": "Paper"}, paper, clock.now())
    new = instructor.get("/quizzes/new?bank=paper")
    offered = new.form("preset").inputs
    assert (offered["count"].value, offered["shuffle_questions"].checked) == ("", False)
    new.send("preset", ("do", "share"), preset="practice")
    quiz = newest()
    assert (quiz.sources, quiz.rules.shuffle_questions) == ([{"bank": "paper"}], False)
    assert asked(attempts.start(user_of("learner"), quiz, clock.now())) == [item.id for item in items]


def test_a_quiz_is_ready_at_once_and_can_be_changed(page: Page, instructor: Person, visitor: Person) -> None:
    assert page.heading == "Made"
    shared = page.send("seen", SAVE, **{"title-en": "My quiz", "sources-0-count": "4", "settings-pass_mark": "85"})
    quiz = newest()
    assert shared.url.endswith("/share")
    assert shared.tree.xpath("//input[@id='link']/@value") == [f"http://localhost/quizzes/{quiz.public_id}"]
    assert shared.tree.xpath("//div[@class='share-code']//*[local-name()='svg']")
    assert (quiz.title, quiz.rules.pass_mark) == ({"ko": "만든 것", "en": "My quiz"}, 0.85)
    start = visitor.get(f"/quizzes/{quiz.public_id}")
    assert "My quiz" in start.heading
    question = start.send("attempts")
    assert "of 4" in question.heading
    assert any(quiz.public_id in link for link in instructor.get("/quizzes").links())


def test_a_quiz_has_its_own_title_and_says_what_it_is_worth(instructor: Person, items: list[Item]) -> None:
    fields = {"preset": "exam", "time_limit": "30", "count": "2", "title": " Midterm "}
    page = instructor.get("/quizzes/new?bank=made").send("preset", ("do", "share"), **fields)
    assert page.heading == "Midterm"
    assert "Points in all2 to 4 points, depending on what is drawn" in page.text
    assert "To pass70%" in page.text
    same = [replace(item, points=5) for item in items]
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, same, clock.now())
    assert "Points in all10 points" in instructor.get(page.url).text


def test_what_is_drawn_can_be_narrowed(page: Page) -> None:
    ticks = {"sources-0-tags": "even", "sources-0-difficulty": ["1", "2"], "sources-0-count": ""}
    page.send("seen", SAVE, **ticks)
    quiz = newest()
    assert quiz.sources == [{"bank": "made", "tags": ["even"], "difficulty": [1, 2]}]
    attempt = attempts.start(user_of("learner"), quiz, clock.now())
    assert sorted(asked(attempt)) == ["q0", "q10", "q4", "q6"]
    assert attempt.max_mark == 4
    assert queries.question_counts([quiz]) == {quiz.id: 4}


def test_questions_are_picked_by_hand(page: Page, instructor: Person) -> None:
    picking = page.send("seen", ("do", "pick:sources-0"))
    assert picking.heading == "Pick questions"
    ids = {q.key: q.public_id for q in db.session.scalars(select(Question).where(Question.key.in_(["q3", "q7"])))}
    back = picking.send("question", ("do", "done"), question=list(ids.values()))
    assert "2 questions are picked by hand" in back.text
    quiz = newest()
    assert sorted(asked(attempts.start(user_of("learner"), quiz, clock.now()))) == ["q3", "q7"]
    address = f"/quizzes/{quiz.public_id}/sources/0/questions"
    assert instructor.get(f"{address}?q=Statement 3").tree.xpath("count(//input[@checked])") == 1
    instructor.get(f"{address}?q=Statement 3").send("question", ("do", "done"), question=[])
    assert newest().sources[0]["questions"] == [ids["q7"]]
    searched = instructor.get(address).send("question", ("do", "go-1"), question=list(ids.values()), q="Statement 3")
    assert searched.tree.xpath("count(//input[@name='listed'])") == 1, "a search keeps what was ticked before it"
    assert newest().sources[0]["questions"] == list(ids.values())
    instructor.get(f"{address}?q=Statement 3").send("question", ("do", "done"), question=[])
    assert instructor.get(f"/quizzes/{quiz.public_id}/edit").send("seen", SAVE).status == 200
    assert newest().sources[0]["questions"] == [ids["q7"]]
    refused = instructor.get(address).send("question", ("do", "done"), question=[])
    assert refused.status == 409
    assert newest().sources[0]["questions"] == [ids["q7"]], "without any, all of the bank would be asked"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title-ko": "", "title-en": " "}, "title"),
        ({"sources-0-count": "0"}, "sources-0-count"),
        ({"sources-0-count": "many"}, "sources-0-count"),
        ({"sources-0-count": "500"}, "sources-0-count"),
        ({"sources-0-bank": "nobody"}, "sources-0-bank"),
        ({"settings-time_limit": "-5"}, "settings-time_limit"),
        ({"settings-pass_mark": "101"}, "settings-pass_mark"),
        ({"settings-attempts": "1.5"}, "settings-attempts"),
        ({"settings-opens_at": "tomorrow"}, "settings-opens_at"),
        ({"settings-opens_at": "2026-12-02T09:00", "settings-closes_at": "2026-12-01T09:00"}, "settings-closes_at"),
    ],
)
def test_what_can_not_be_is_said_at_its_field(page: Page, fields: dict[str, str], field: str) -> None:
    refused = page.send("seen", SAVE, **{"title-en": "Kept", **fields})
    assert refused.status == 422
    assert f"#{field}" in refused.tree.xpath("//div[@class='error-summary']//a/@href")
    assert newest().title == {"ko": "만든 것", "en": "Made"}


def test_two_tabs(page: Page, instructor: Person) -> None:
    again = instructor.get(page.url)
    again.send("seen", SAVE, **{"title-en": "Theirs"})
    stopped = page.send("seen", SAVE, **{"title-en": "Mine"})
    assert stopped.status == 409
    assert newest().title["en"] == "Theirs"
    stopped.send("seen", SAVE)
    assert newest().title["en"] == "Mine"


def test_the_unseen_come_first(app: Flask, items: list[Item]) -> None:
    quiz = quiz_of({"bank": "made", "count": 4, "unseen": True})
    learner = user_of("learner")
    met: list[str] = []
    for _round in range(3):
        attempt = attempts.start(learner, quiz, clock.now())
        met += asked(attempt)
        attempts.submit(learner, attempt.public_id, clock.now())
    assert sorted(met) == sorted(item.id for item in items)
    fourth = attempts.start(learner, quiz, clock.now())
    assert sorted(asked(fourth)) == sorted(met[:4])


def test_opening_times_hold(app: Flask, items: list[Item], learner: Person) -> None:
    now = clock.now()
    later, sooner = ((now + timedelta(minutes=minutes)).isoformat() for minutes in (10, -10))
    user = user_of("learner")
    with pytest.raises(Conflict, match="isn't open yet"):
        attempts.start(user, quiz_of({"bank": "made"}, opens_at=later), now)
    with pytest.raises(Conflict, match="closed"):
        attempts.start(user, quiz_of({"bank": "made"}, closes_at=sooner), now)
    closing = attempts.start(user, quiz_of({"bank": "made"}, closes_at=later, time_limit=60), now)
    assert closing.due_at == now + timedelta(minutes=10)
    assert learner.get(f"/quizzes/{quiz_of({'bank': 'made'}, closes_at=sooner).public_id}").status == 200


def test_a_preview_counts_for_nothing(page: Page, instructor: Person) -> None:
    quiz = newest()
    question = instructor.get(f"/quizzes/{quiz.public_id}/edit").send("preview")
    assert question.heading.startswith("Question 1 of 10")
    attempt = db.session.scalars(select(Attempt).order_by(Attempt.id.desc())).one()
    attempts.submit(user_of("instructor"), attempt.public_id, clock.now())
    assert db.session.scalar(select(func.count(Mastery.id))) == 0
    assert attempt.public_id not in instructor.get("/home").source
    assert "Your attempts" not in instructor.get(f"/quizzes/{quiz.public_id}").text


def test_a_copy_and_the_archive(page: Page, instructor: Person, visitor: Person) -> None:
    first = newest()
    instructor.get(page.url).send("copy")
    assert newest().sources == first.sources
    assert newest().public_id != first.public_id
    assert newest().title == {"ko": "만든 것 (사본)", "en": "Made (copy)"}
    instructor.get(page.url).send("archive")
    assert visitor.send("GET", f"/quizzes/{first.public_id}").status_code == 404
    assert "My quiz" not in instructor.get("/quizzes").text
    instructor.get(page.url).send("archive")
    assert visitor.send("GET", f"/quizzes/{first.public_id}").status_code == 200


def test_others_quizzes_are_not_there(page: Page, app: Flask) -> None:
    other = Person(app, accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now()))
    quiz = newest().public_id
    for part in ("edit", "share", "sources/0/questions"):
        assert other.send("GET", f"/quizzes/{quiz}/{part}").status_code == 404
    for part in ("edit", "preview", "archive", "copy", "sources/0/questions"):
        reply = other.send("POST", f"/quizzes/{quiz}/{part}", data={"csrf_token": other.token(), "do": "save"})
        assert reply.status_code == 404, part
    reply = other.send("POST", "/quizzes", data={"csrf_token": other.token(), "bank": "made"})
    assert reply.status_code == 404


# --- a bank that isn't shared any more ---


@pytest.fixture
def borrowed(app: Flask, items: list[Item]) -> tuple[Person, Quiz]:
    """Another instructor with a quiz from "made", which was shared with them."""
    bank, owner = bank_queries.bank("made"), user_of("instructor")
    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    banks.share(bank, "other@example.com", "reader", owner, clock.now())
    return Person(app, other), actions.create_quiz(other, bank, 12, clock.now())


def take_away(whom: str = "other@example.com") -> None:
    other = accounts.queries.by_email(whom)
    assert other is not None
    banks.unshare(bank_queries.bank("made"), other.public_id, user_of("instructor"), clock.now())


def test_what_was_unshared_is_read_by_no_way(borrowed: tuple[Person, Quiz], learner: Person, visitor: Person) -> None:
    """Not drawn, not in a preview, not in a copy, not in the results; and the quiz says why."""
    other, quiz = borrowed
    begun = learner.get(f"/quizzes/{quiz.public_id}").send("attempts")
    done = visitor.get(f"/quizzes/{quiz.public_id}").send("attempts")
    url = done.url.split("/questions")[0]
    visitor.get(f"{url}/summary").send("submission")
    results = f"/quizzes/{quiz.public_id}/results"
    assert "Statement" in other.get(f"{results}/questions").text
    regrade = f"/regrades/questions/{bank_queries.questions(bank_queries.bank('made').id)[0].public_id}"
    assert "Statement" in other.get(regrade).text
    take_away()
    for public_id in (quiz.public_id, copied(other, quiz)):
        start = visitor.get(f"/quizzes/{public_id}")
        assert "Questions0" in start.text
        refused = start.send("attempts")
        assert refused.status == 409
        assert "isn't shared with its instructor any more" in refused.text
        looked = other.post(f"/quizzes/{public_id}/preview", {"csrf_token": other.token()})
        assert looked.status == 409
        assert "Statement" not in looked.text
        assert "Statement" not in other.get(f"/quizzes/{public_id}/edit").text
        assert other.send("GET", f"/quizzes/{public_id}/sources/0/questions").status_code == 404
    assert "Statement" not in other.get(f"{results}/questions").text
    one = other.get(f"{results}/attempts/{url.rpartition('/')[2]}")
    assert "Statement" not in one.text
    assert "12 questions aren't shown" in one.text
    for suffix in ("csv", "xlsx"):
        sheet = other.send("GET", f"{results}/sheet.{suffix}")
        assert b"Statement" not in sheet.data
        sheet.close()
    assert other.send("GET", regrade).status_code == 404
    assert "Statement" in learner.get(begun.url).text, "what has begun goes on"
    learner.get(begun.url.split("/questions")[0] + "/summary").send("submission")
    assert "Statement" in learner.get(begun.url.split("/questions")[0] + "/results").text


def copied(person: Person, quiz: Quiz) -> str:
    return person.get(f"/quizzes/{quiz.public_id}/edit").send("/copy").url.split("/")[2]


def test_a_bank_that_is_shared_again_is_drawn_from_again(borrowed: tuple[Person, Quiz], visitor: Person) -> None:
    _other, quiz = borrowed
    take_away()
    for visibility, status in (("private", 409), ("public", 200)):
        with atomic():
            bank_queries.bank("made").visibility = visibility
        assert visitor.get(f"/quizzes/{quiz.public_id}").send("attempts").status == status


def test_the_owner_of_a_bank_sees_who_uses_it(borrowed: tuple[Person, Quiz], instructor: Person) -> None:
    shown = instructor.get("/banks/made/settings").tree.xpath("string(//section[@aria-labelledby='uses'])")
    assert "Other" in shown
    assert "can't be started" not in shown
    take_away()
    shown = instructor.get("/banks/made/settings").tree.xpath("string(//section[@aria-labelledby='uses'])")
    assert "can't be started" in shown


def test_questions_that_answer_one_another_are_never_drawn_together(page: Page, items: list[Item]) -> None:
    """Over all sources of a quiz, whichever of the two names the other; the count says how many can be asked."""
    items[0].enemies, items[2].enemies, items[7].enemies = ["q1"], ["q0", "nobody"], ["q4"]
    banks.import_items(user_of("instructor"), "made", {}, items, clock.now())
    pairs = [{"q0", "q1"}, {"q2", "q0"}, {"q7", "q4"}]
    quiz = quiz_of({"bank": "made", "tags": ["even"], "count": 4}, {"bank": "made", "count": 5}, attempts=None)
    for _ in range(20):
        attempt = attempts.start(user_of("learner"), quiz, clock.now())
        keys = asked(attempt)
        assert len(keys) == len(set(keys)) == 9
        assert not any(pair <= set(keys) for pair in pairs)
        again = Attempt(user_id=attempt.user_id, seed=attempt.seed)
        assert [version for version, _ in attempts.draw(quiz, again)] == [
            version for (version,) in db.session.execute(
                select(Slot.version_id).where(Slot.attempt_id == attempt.id).order_by(Slot.position))
        ]  # fmt: skip
        attempts.submit(user_of("learner"), attempt.public_id, clock.now())
    everything = quiz_of({"bank": "made"})
    assert queries.question_counts([everything]) == {everything.id: 10}
    assert len(asked(attempts.start(user_of("learner"), everything, clock.now()))) == 10
    frozen = quiz_of({"bank": "made"}, feedback="closed")
    assert [queries.size_of(one).count for one in (everything, frozen)] == [10, 10]
    assert len(asked(attempts.start(user_of("learner"), frozen, clock.now()))) == 10
    assert frozen.frozen_at is not None
    assert queries.size_of(frozen).count == 10
    refused = page.send("seen", SAVE, **{"sources-0-count": "11"})
    assert refused.status == 422
    assert "Only 10 questions match" in refused.text
    assert page.send("seen", SAVE, **{"sources-0-count": "10"}).status == 200


# --- what an instructor is told ---


def facts(page: Page) -> dict[str, str]:
    names = page.tree.xpath("//dl[@class='facts']//dt")
    return {" ".join(one.text_content().split()): " ".join(one.getnext().text_content().split()) for one in names}


def test_a_new_quiz_has_a_title_of_its_own(instructor: Person, items: list[Item]) -> None:
    new = instructor.get("/quizzes/new?bank=made")
    shared = new.send("preset", ("do", "share"), preset="practice", title="  Midterm\n1 ")
    assert (shared.heading, newest().title) == ("Midterm 1", {"en": "Midterm 1"})
    assert new.send("preset", ("do", "share"), preset="practice", title=" ").heading == "Made"


def test_the_readiness_page_has_all_facts_that_learners_start_from(page: Page, instructor: Person) -> None:
    """And how many marks there are: half of the questions are worth 2."""
    told = facts(page.send("seen", SAVE, **{"sources-0-count": "", "settings-pass_mark": "60"}))
    quiz = newest()
    assert (told["Points in all"], told["To pass"]) == ("18 points", "60% (10.8 points)")
    learners = facts(instructor.get(f"/quizzes/{quiz.public_id}"))
    assert learners.keys() - {"Feedback"} <= told.keys(), "when what shows has a list of its own"
    assert told["To pass"].startswith(learners["To pass"])
    assert told["Points in all"] == learners["Points in all"]
    shared = instructor.get(f"/quizzes/{quiz.public_id}/edit").send("seen", SAVE, **{"settings-pass_mark": "0"})
    assert facts(shared)["To pass"] == "any score"


@pytest.mark.parametrize("frozen", [False, True])
def test_full_marks_by_what_is_drawn(app: Flask, items: list[Item], frozen: bool) -> None:
    quiz = quiz_of({"bank": "made", "tags": ["even"]}, {"bank": "made", "count": 8}, {"bank": "made", "tags": ["odd"]})
    if frozen:
        with atomic():
            freezing.freeze(quiz, clock.now())
    assert queries.size_of(quiz) == queries.Size(20, 6 + 6 + 2 * 2 + 12, 6 + 6 * 2 + 2 + 12)
    assert queries.size_of(quiz_of({"bank": "made", "tags": ["nothing"]})) == queries.Size(0, 0, 0)


def test_the_second_of_two_is_told_what_was_changed_and_by_whom(page: Page, app: Flask, instructor: Person) -> None:
    """What only the other has changed stays, what only oneself has too; what both have, one decides by saving again."""
    other = accounts.create("other@example.com", "한지민", "a long password", "instructor", clock.now())
    people_actions.share_with(newest(), "other@example.com", "edit", user_of("instructor"), clock.now())
    mine = instructor.get(page.url)
    limits = {"settings-time_limit": "50", "settings-pass_mark": "80"}
    Person(app, other).get(page.url).send("seen", SAVE, **{"title-en": "Theirs", **limits})
    stopped = mine.send("seen", SAVE, **{"settings-time_limit": "40", "settings-attempts": "2"})
    assert stopped.status == 409
    (told,) = stopped.tree.xpath("//div[@role='alert'][contains(@class, 'notice-danger')][.//ul]")
    words = " ".join(told.text_content().split())
    assert "한지민 saved this quiz" in words
    lines = [" ".join(one.text_content().split()) for one in told.xpath(".//li")]
    assert lines == [
        "Title: Theirs",
        "Minutes for all of it: they saved “50”; saving again puts your “40” in its place",
        "Percent to pass: 80%",
    ]
    stopped.send("seen", SAVE)
    rules = newest().rules
    assert (newest().title["en"], rules.time_limit, rules.pass_mark, rules.attempts) == ("Theirs", 40, 0.8, 2)


def test_the_settings_say_what_reaches_those_who_sit_now(page: Page, instructor: Person, learner: Person) -> None:
    quiz = newest()
    assert "sitting this quiz now" not in page.text
    learner.get(f"/quizzes/{quiz.public_id}").send("attempts")
    seen = instructor.get(page.url)
    assert "1 person is sitting this quiz now" in seen.text
    assert all(setting_words(name).label in seen.text for name in AT_ONCE)
    later = {"settings-closes_at": "2150-01-01T09:00", "settings-time_limit": "30"}
    seen.send("seen", SAVE, **later)
    attempt = db.session.scalars(select(Attempt).where(Attempt.quiz_id == quiz.id, Attempt.purpose == "graded")).one()
    assert (attempt.due_at, attempt.rules.time_limit) == (newest().rules.closes_at, None), "as it is said"


def test_the_list_says_how_each_quiz_stands_by_one_statement(
    app: Flask, items: list[Item], instructor: Person, learner: Person, stranger: Person, statements: list[str]
) -> None:
    soon, past = ((clock.now() + timedelta(hours=hours)).isoformat() for hours in (2, -2))
    quizzes = [
        quiz_of({"bank": "made"}),
        quiz_of({"bank": "made"}, opens_at=soon),
        quiz_of({"bank": "made"}, closes_at=past),
    ]
    for person in (learner, stranger):
        person.get(f"/quizzes/{quizzes[0].public_id}").send("attempts")
    attempt = db.session.scalars(select(Attempt).where(Attempt.user_id == user_of("learner").id)).one()
    attempts.submit(user_of("learner"), attempt.public_id, clock.now())
    rows = [" ".join(one.text_content().split()) for one in instructor.get("/quizzes").tree.xpath("//ul/li[h2]")]
    closed, opening, running = rows
    assert "Closed" in closed
    assert "Opens" in opening
    assert "Open, without an end" in running
    assert "1 sitting now Results (1 handed in)" in running
    assert instructor.get("/quizzes").link("1 sitting now") == f"/quizzes/{quizzes[0].public_id}/live"
    statements.clear()
    instructor.get("/quizzes")
    before = len(statements)
    for _ in range(20):
        quiz_of({"bank": "made"})
    statements.clear()
    instructor.get("/quizzes")
    assert len(statements) == before <= 12, statements
