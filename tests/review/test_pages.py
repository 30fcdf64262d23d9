"""The pages of the review: home, the session, its finish, preferences, and the repair of what was missed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, insert, select, update

from quizapp import clock
from quizapp.accounts.models import User
from quizapp.attempts import actions as attempts
from quizapp.attempts import queries as attempt_queries
from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.presentation import arranged_question
from quizapp.banks.models import Question, QuestionVersion
from quizapp.courses.models import Course, Lesson, LessonVersion
from quizapp.db import atomic, db
from quizapp.progress import actions as progress
from quizapp.progress.models import Mastery
from quizapp.quizzes.models import Quiz
from quizapp.review import actions, queries
from quizapp.review.repair import repair_of
from quizapp.rules.daily import Preferences
from tests.answers import give_answer
from tests.attempts.test_story import quiz_with, right, wrong
from tests.conftest import user_of
from tests.person import Page, Person
from tests.review.test_cards import DAY, NINE, answer, choices, missed_one

MOVED: dict[str, datetime] = {}


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch, app: Flask) -> Iterator[Any]:
    """Move the clock of the pages: `at(moment)`."""
    rooms = ("quizapp.review.views", "quizapp.progress.views", "quizapp.attempts.views")
    for room in rooms:
        monkeypatch.setattr(f"{room}.now", lambda: MOVED["now"])
    MOVED["now"] = NINE
    yield lambda moment: MOVED.update(now=moment)
    MOVED.clear()


def asked_on(page: Page) -> Slot:
    """The question that a page of the learner's asks."""
    found = re.search(r"/attempts/([\w-]+)/questions/(\d+)", page.url)
    assert found is not None
    return attempt_queries.slot(found[1], int(found[2]), user_of("learner").id)


def give(page: Page, *, knows: bool) -> Page:
    """Check the question of a page, by its form as it stands there."""
    slot = asked_on(page)
    with page.person.client.application.test_request_context():
        fields: Any = arranged_question(slot).fields(right(slot) if knows else wrong(slot))
    return page.send("seq", ("do", "check"), **{name: value for name, value in fields.items() if value})


def primary(page: Page) -> list[str]:
    return [
        " ".join(one.text_content().split()) for one in page.tree.xpath("//main//*[contains(@class,'btn-primary')]")
    ]


def levels(user: User, objective: str) -> str | None:
    db.session.expire_all()
    return db.session.scalar(select(Mastery.level).where(Mastery.user_id == user.id, Mastery.objective == objective))


def test_missed_brought_back_and_mastered(app: Flask, learner: Person, at: Any) -> None:
    """Missed in a quiz; the next day the review brings it back; right twice more, days later: mastered."""
    user = user_of("learner")
    slot = missed_one(user)
    objective = slot.version.question.objective
    assert levels(user, objective) == "attempted"
    for address in ("/home", "/review"):
        assert "Nothing is due now. 1 question comes back on December 2, 2026" in learner.get(address).text
    seen = []
    for days in (1, 2, 5, 14):
        at(NINE + days * DAY)
        home = learner.get("/home")
        if "question" not in primary(home)[0]:
            continue
        assert primary(home) == ["Today's review · 1 question · 1 minute"]
        page = home.send("/review/attempts")
        assert page.heading == "Question 1 of 1"
        page = give(page, knows=True)
        assert "Right" in page.text
        page = page.send("submission")
        assert page.heading == "The review is done"
        assert "You knew the one question." in page.text
        seen.append((days, levels(user, objective)))
        assert "Done for today" in learner.get("/home").text
    assert seen[0] == (1, "familiar")
    assert seen[-1] == (14, "mastered")
    assert "Mastered" in learner.get("/home").text


def test_an_honest_finish(app: Flask, learner: Person, at: Any) -> None:
    user = user_of("learner")
    attempt = attempts.start(user, quiz_with("immediate", whole=True), NINE)
    for slot in choices(attempt)[:3]:
        answer(user, attempt, slot.position, NINE, knows=False)
    attempts.submit(user, attempt.public_id, NINE + timedelta(minutes=1))
    at(NINE + DAY)
    page = learner.get("/review").send("/review/attempts")
    first = give(page, knows=False)
    address = first.url.split("/questions/")[0].split("?")[0]
    give(learner.get(f"{address}/questions/2"), knows=True)
    summary = learner.get(f"{address}/summary")
    assert "1 question was skipped" in summary.text
    assert "earns nothing" not in summary.text
    page = summary.send("submission")
    assert "You knew 1 of 2 questions." in page.text
    assert "asked again" not in page.text
    assert "You skipped 1 question: it comes back in the next review." in page.text
    assert "December 3, 2026 1 question" in page.text
    assert not re.search("Great|Well done|Congrat|Perfect", page.text)
    assert page.text.count("Comes back on") == 2
    assert learner.get(f"{address}/results").url == page.url
    page = page.send("/undo")
    assert "doesn't count now" in page.text
    at(NINE + 2 * DAY)
    assert "2 question" in primary(learner.get("/home"))[0] or "3 question" in primary(learner.get("/home"))[0]


def test_the_finish_shows_part_by_part_what_was_wrong(app: Flask, learner: Person, at: Any) -> None:
    user = user_of("learner")
    attempt = attempts.start(user, quiz_with("immediate", whole=True), NINE)
    slot = next(one for one in attempt_queries.slots(attempt.id) if one.version.item.kind == "categorise")
    first = slot.version.item.body["rows"][0]["id"]
    partly: Any = {"pairs": {first: dict(right(slot)["pairs"])[first]}}  # type: ignore[index]
    give_answer(user, attempt.public_id, slot.position, partly, 0, NINE, check=True)
    at(NINE + DAY)
    page = learner.get("/review").send("/review/attempts")
    with app.test_request_context():
        fields: Any = arranged_question(asked_on(page)).fields(partly)
    page = page.send("seq", ("do", "check"), anyway="1", **fields)
    page = page.send("submission")
    lines = page.tree.xpath("//ol[@class='compared']/li")
    assert len(lines) == len(slot.version.item.body["rows"])
    assert len(page.tree.xpath("//ol[@class='compared']//dd[contains(@class, 'solution-text')]")) == len(lines) - 1


def asked_question(slot: Slot) -> str:
    """What addresses call the question of a slot."""
    version = db.session.get_one(QuestionVersion, slot.version_id)
    return db.session.get_one(Question, version.question_id).public_id


def test_cards_are_put_aside_and_brought_back(app: Flask, learner: Person, at: Any) -> None:
    slot = missed_one(user_of("learner"))
    at(NINE + DAY)
    page = give(learner.get("/review").send("/review/attempts"), knows=True)
    page = page.send("submission")
    question = asked_question(slot)
    page = page.send(f"/review/questions/{question}", ("do", "sooner"))
    assert "comes back tomorrow" in page.text
    assert "Comes back on December 3, 2026" in page.text
    page = page.send(f"/review/questions/{question}", ("do", "suspend"))
    assert page.url.startswith("/review/attempts/")
    at(NINE + 2 * DAY)
    page = learner.get("/review")
    assert "Nothing is due now" in page.text
    page = page.send(f"/review/questions/{question}", ("do", "resume"))
    assert "1 question" in primary(page)[0]
    bad = learner.post(f"/review/questions/{question}", {"csrf_token": learner.token(), "do": "burn"})
    assert bad.status == 404


def test_preferences_are_kept_and_bad_ones_are_told(app: Flask, learner: Person) -> None:
    page = learner.get("/review/preferences")
    bad = page.send("minutes", minutes="0", goal="9", rest="x", exam_on="2026-13-01")
    assert bad.status == 422
    for words in ("from 1 to 60", "from 0 to 7", "from 0 to 6"):
        assert words in bad.text
    assert queries.preferences(user_of("learner").id).chosen == {}
    exam = (clock.now() + 60 * DAY).date().isoformat()
    page = page.send("minutes", minutes="12", exam_on=exam, zone="Europe/Berlin")
    assert "Your preferences are saved" in page.text
    chosen = queries.preferences(user_of("learner").id).chosen
    assert chosen == {"minutes": 12, "exam": exam, "zone": "Europe/Berlin"}
    assert page.send("minutes", zone="Mars/Olympus").status == 422
    zones = page.tree.xpath("//select[@name='zone']/option/@value")
    assert {"Asia/Seoul", "UTC"} <= set(zones)
    assert not {"localtime", "Factory", "EST5EDT", "ROK"} & set(zones), "places, not what is none"


@pytest.mark.parametrize("exam_on", ["0001-01-01", "1999-12-31", "9999-12-31", "x"])
def test_a_day_that_no_exam_has_is_told(app: Flask, learner: Person, exam_on: str) -> None:
    page = learner.get("/review/preferences").send("minutes", exam_on=exam_on)
    assert page.status == 422
    assert page.tree.xpath("//input[@name='exam_on']/@value") == [exam_on]
    assert exam_on == "x" or "from a year ago to ten years ahead" in page.text


@pytest.mark.parametrize("zone", ["Asia/Seoul", "America/Los_Angeles", "Pacific/Kiritimati"])
@pytest.mark.parametrize("exam", ["0001-01-01", "0001-01-31", "9999-12-31"])
def test_a_day_that_is_kept_since_before_keeps_nobody_back(app: Flask, learner: Person, exam: str, zone: str) -> None:
    user = user_of("learner")
    actions.choose(user, Preferences(exam=exam, zone=zone), clock.now())
    attempt = attempts.start(user, quiz_with("deferred"), clock.now())
    for slot in attempt_queries.slots(attempt.id):
        give_answer(user, attempt.public_id, slot.position, right(slot), slot.seq, clock.now())
    attempts.submit(user, attempt.public_id, clock.now())
    for address in ("/review", "/home", "/review/preferences", "/settings/data"):
        assert learner.send("GET", address).status_code == 200


def test_a_miss_is_repaired_with_its_passage(app: Flask, learner: Person, at: Any) -> None:
    """In a practice: the sentence with blanks, then the question again, at the end of the same practice."""
    slot = missed_one(user_of("learner"))
    attempt = db.session.get(Attempt, slot.attempt_id)
    assert attempt is not None
    page = learner.get(f"/attempts/{attempt.public_id}/results").send("practice")
    while "not right" not in page.text and "Wrong" not in page.text:
        found = attempt_queries.slot(
            page.url.split("/")[2], int(page.url.split("/")[4].split("?")[0]), slot.attempt.user_id
        )
        if found.version.item.kind == "choice":
            page = give(page, knows=False)
        else:
            page = page.send("seq", ("do", f"go-{found.position + 1}"))
    repair = learner.get(page.link("Fill in the passage"))
    blanks = repair.tree.xpath("//input[@name='blank']")
    assert 1 <= len(blanks) <= 3
    tried = repair.send("blank", ("do", "fill"), blank=["?"] * len(blanks))
    assert "right yet" in tried.text
    assert len(tried.tree.xpath("//input[@aria-invalid]")) == len(blanks)
    shown = tried.send("blank", ("do", "show"))
    words = [one.text for one in shown.tree.xpath("//mark")]
    assert len(words) == len(blanks)
    again = repair.send("blank", ("do", "fill"), blank=words)
    before = int(re.findall(r"of (\d+)", page.heading)[0])
    assert again.heading == f"Question {before + 1} of {before + 1}"
    assert "All blanks are filled" in again.text
    twice = repair.send("blank", ("do", "again"))
    assert twice.heading == again.heading, "it waits there already"
    right_now = give(again, knows=True)
    assert "Right" in right_now.text


def test_a_passage_without_words_to_fill_in_is_read(app: Flask, learner: Person, at: Any) -> None:
    """It is shown whole, and only a form asks the question again."""
    slot = missed_one(user_of("learner"))
    place = slot.version.item.citations[0]
    lesson = db.session.scalars(select(Lesson).where(Lesson.slug == place["lesson"])).one()
    body = {"ko": f"{{#{place['anchor']}}}\n이 그 저.", "en": f"{{#{place['anchor']}}}\nIt is so."}
    with atomic():
        lesson.body = body
        db.session.add(LessonVersion(course_id=lesson.course_id, slug=lesson.slug, body=body, at=NINE + DAY))
    at(NINE + DAY)
    page = give(learner.get("/home").send("/review/attempts"), knows=False)
    way, asked = page.link("Fill in the passage"), page.heading
    before = db.session.scalar(select(func.count(Slot.id)))
    for _ in range(2):
        repair = learner.get(way)
    assert "It is so." in repair.text
    assert "from memory" not in repair.text
    assert not repair.tree.xpath("//input[@name='blank']")
    assert db.session.scalar(select(func.count(Slot.id))) == before
    again = repair.send("repair", ("do", "again"))
    assert (asked, again.heading) == ("Question 1 of 1", "Question 2 of 2")


def test_a_review_asks_how_sure_one_is_unless_that_is_switched_off(app: Flask, learner: Person, at: Any) -> None:
    user = user_of("learner")
    missed_one(user)
    at(NINE + DAY)
    page = learner.get("/review").send("/review/attempts")
    assert len(page.tree.xpath("//input[@name='certainty']")) == 3
    slot = asked_on(page)
    with app.test_request_context():
        fields: Any = arranged_question(slot).fields(right(slot))
    page = page.send("seq", ("do", "check"), certainty="1", **{name: value for name, value in fields.items() if value})
    assert asked_on(page).certainty == 1
    assert not page.tree.xpath("//input[@name='certainty']"), "it is final"
    page = page.send("submission")
    assert "You marked 1 of them as a guess" in page.text
    at(NINE + 30 * DAY)
    learner.get("/review/preferences").send("minutes", certainty=[])
    page = learner.get("/review").send("/review/attempts")
    assert not page.tree.xpath("//input[@name='certainty']")


def test_no_repair_in_a_graded_quiz_and_none_of_others(app: Flask, learner: Person, stranger: Person, at: Any) -> None:
    user = user_of("learner")
    attempt = attempts.start(user, quiz_with("immediate", whole=True), NINE)
    slot = choices(attempt)[0]
    page = learner.get(f"/attempts/{attempt.public_id}/questions/{slot.position}")
    page = give(page, knows=False)
    assert "Fill in the passage" not in page.text
    url = f"/review/attempts/{attempt.public_id}/questions/{slot.position}/repair"
    learner.get(url, 404)
    stranger.get(url, 404)
    stranger.get(f"/review/attempts/{attempt.public_id}", 404)


def test_in_korean(app: Flask, at: Any) -> None:
    slot = missed_one(user_of("learner"))
    at(NINE + DAY)
    person = Person(app, user_of("learner"), "ko")
    home = person.get("/home")
    assert primary(home) == ["오늘의 복습 · 1문제 · 1분"]
    page = give(home.send("/review/attempts"), knows=False)
    repair = person.get(page.link("구절의 빈칸을 채우고 다시 풀기"))
    assert repair.heading == "구절의 빈칸 채우기"
    with app.test_request_context(headers={"Accept-Language": "ko"}):
        found = repair_of(attempt_queries.slot(page.url.split("/")[2], 1, slot.attempt.user_id), NINE + DAY)
    assert found is not None
    again = repair.send("blank", ("do", "fill"), blank=[one.text for one in found.pieces if one.blank])
    assert "빈칸을 모두 채웠어요" in again.text


def test_a_finished_course_isnt_told_to_enrol(app: Flask, learner: Person) -> None:
    user, course = user_of("learner"), db.session.scalars(select(Course).where(Course.position == 0)).one()
    url = f"/courses/{course.slug}"
    cta = course.content["banner"]["cta"]["en"]
    assert cta in learner.get(url).text
    for lesson in course.lessons:
        progress.read_lesson(user, lesson, 1.0, True, NINE)
    assert cta in learner.get(url).text
    with atomic():
        for quiz in db.session.scalars(select(Quiz).where(Quiz.course_id == course.id)):
            quiz.archived_at = NINE
    page = learner.get(url)
    assert cta not in page.text
    assert "Course complete" in page.text


def test_a_course_that_was_begun_is_no_other_one(app: Flask, visitor: Person) -> None:
    """A guest's first attempt is going on: its course is among one's own."""
    quiz = quiz_with("immediate")
    visitor.get(f"/quizzes/{quiz.public_id}").send("attempts")
    home = visitor.get("/home")
    others = home.tree.xpath("string(//section[@aria-labelledby='others'])")
    assert quiz.course is not None
    assert quiz.course.title["en"] not in others
    assert home.tree.xpath(f"//h2[@id='course-{quiz.course_id}']")


def many(user: User) -> None:
    """Eighteen courses more, and 5,000 questions that were answered long ago, each in its place of 50 quizzes."""
    course = db.session.scalars(select(Course)).first()
    version = db.session.scalars(select(QuestionVersion).join(Question, Question.current_id == QuestionVersion.id)
                                 .where(Question.kind == "choice")).first()  # fmt: skip
    assert course is not None
    assert version is not None
    bank, quiz = version.question.bank_id, quiz_with("immediate")
    with atomic():
        for number in range(18):
            db.session.add(
                Course(slug=f"course-{number}", position=number + 5, title=course.title, content=course.content,
                       owner_id=course.owner_id)
            )  # fmt: skip
        db.session.execute(insert(Question), [
            {"public_id": f"many{number}", "bank_id": bank, "key": f"many-{number}", "kind": "choice",
             "objective": f"objective-{number % 50}", "position": number}
            for number in range(5000)
        ])  # fmt: skip
        asked = db.session.scalars(select(Question.id).where(Question.key.startswith("many-"))).all()
        db.session.execute(insert(QuestionVersion), [
            {"question_id": one, "number": 1, "content": version.content, "hash": version.hash, "created_at": NINE}
            for one in asked
        ])  # fmt: skip
        versions = db.session.scalars(
            select(QuestionVersion.id).where(QuestionVersion.question_id.in_(asked)).order_by(QuestionVersion.id)
        ).all()
        newest = select(QuestionVersion.id).where(QuestionVersion.question_id == Question.id).scalar_subquery()
        db.session.execute(
            update(Question).where(Question.key.startswith("many-")).values(current_id=newest),
            execution_options={"synchronize_session": False},
        )
        at = [NINE + (number % 20) * DAY for number in range(50)]
        sat = [
            Attempt(user_id=user.id, quiz_id=quiz.id, purpose="graded", seed="x", settings=quiz.settings,
                    started_at=one, submitted_at=one, max_mark=100, mark=0)
            for one in at
        ]  # fmt: skip
        db.session.add_all(sat)
        db.session.flush()
        db.session.execute(insert(Slot), [
            {"attempt_id": sat[place // 100].id, "position": place % 100 + 1, "version_id": one, "max_mark": 1,
             "answered": True, "fraction": 0, "checked_at": at[place // 100]}
            for place, one in enumerate(versions)
        ])  # fmt: skip
    actions.replay(user.id, NINE)


def test_home_costs_the_same_with_20_courses_and_5000_cards(
    app: Flask, learner: Person, statements: list[str], at: Any
) -> None:
    many(user_of("learner"))
    at(NINE + 10 * DAY + timedelta(hours=1))
    statements.clear()
    page = learner.get("/home")
    assert len(statements) <= 12, statements
    assert re.fullmatch(r"Today's review · 12 questions · 5 minutes", primary(page)[0])
    statements.clear()
    review = learner.get("/review")
    assert len(statements) <= 12, statements
    assert "2988 more questions are due" in review.text
    began = time.monotonic()
    page = page.send("/review/attempts")
    assert page.heading == "Question 1 of 12"
    assert time.monotonic() - began < 10, "all cards were made anew"


def test_the_download_of_ones_data_has_the_review(app: Flask, learner: Person) -> None:
    missed_one(user_of("learner"))
    reply = learner.send("GET", "/settings/data")
    assert len(reply.json["review"]["cards"]) == 1
