"""An essay's way: handed in, waiting, graded by a person, seen by the learner; and who may grade."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.accounts.models import User
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Answer, Attempt, Slot
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.formats.items import Item
from quizapp.gradebook import grading
from quizapp.gradebook.models import GradeDraft, SavedComment
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.conftest import user_of
from tests.person import Page, Person
from tests.quizzes.test_quizzes import quiz_of

NOTES = {"ko": "1점: 근거가 둘. 1점: 맺음말이 있음."}


def write(user: User, quiz: Quiz, *texts: str) -> Attempt:
    """Hand in an attempt with these texts."""
    attempt = actions.start(user, quiz, clock.now())
    for position, text in enumerate(texts, 1):
        give_answer(user, attempt.public_id, position, {"text": text}, 0, clock.now())
    return actions.submit(user, attempt.public_id, clock.now())


def slot_of(attempt: Attempt, position: int = 1) -> Slot:
    return db.session.scalars(
        select(Slot)
        .where(Slot.attempt_id == attempt.id, Slot.position == position)
        .execution_options(populate_existing=True)
    ).one()


@pytest.fixture
def essay(app: Flask) -> Slot:
    """An essay that the learner has handed in."""
    learner = user_of("learner")
    quiz = next(
        one for one in db.session.scalars(select(Quiz)) if {source["bank"] for source in one.sources} == {"writing"}
    )
    attempt = write(learner, quiz, "근거는 두 가지입니다.")
    return queries.slot(attempt.public_id, 1, learner.id)


@pytest.fixture
def class_of_four(app: Flask) -> list[Attempt]:
    """Four people at two essays of two points each; the first and the third say nearly the same."""
    items = [
        Item(
            id=f"e{n}",
            kind="essay",
            stem={"en": f"Essay {n}?"},
            points=2,
            response={"grader_notes": NOTES} if n else {},
        )
        for n in range(2)
    ]
    banks.import_items(user_of("instructor"), "essays", {"en": "Essays"}, items, clock.now())
    quiz = quiz_of({"bank": "essays"}, feedback="deferred", shuffle_questions=False)
    texts = ("Two reasons.", "One  reason", "two reasons", "None at all")
    return [
        write(accounts.create(f"e{n}@example.com", f"Writer {n}", "a long password", "learner", clock.now()), quiz,
              text, f"Second of {n}")
        for n, text in enumerate(texts)
    ]  # fmt: skip


def test_two_graders_of_the_same_responses_wait_for_one_another(
    class_of_four: list[Attempt], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One begins with the first and has the third beside it, the other has it the other way round."""
    one, other = slot_of(class_of_four[0]), slot_of(class_of_four[2])
    ids, seen = (one.id, other.id), (one.seq, other.seq)
    begun, grade, found = threading.Event(), actions.grade, []

    def slowly(*given: Any, **named: Any) -> None:
        grade(*given, **named)
        if not begun.is_set():
            begun.set()
            time.sleep(0.5)

    def the_other_way_round() -> None:
        with app.app_context():
            first, third = (db.session.get_one(Slot, id_) for id_ in ids)
            assert begun.wait(5)
            with pytest.raises(actions.ScoredMeanwhile):
                grading.grade(third, 1, "", user_of("instructor"), clock.now(), seen=seen[1], also=[(first, seen[0])])
            found.append("told")
            db.session.remove()

    monkeypatch.setattr(actions, "grade", slowly)
    thread = threading.Thread(target=the_other_way_round)
    thread.start()
    grader = user_of("instructor")
    assert grading.grade(one, 2, "", grader, clock.now(), seen=seen[0], also=[(other, seen[1])]) == (2, 0)
    thread.join()
    assert found == ["told"]


def words(page: Page, name: str) -> list[str]:
    """What stands where that class is."""
    return [one.text_content().strip() for one in page.tree.xpath(f"//*[contains(@class, '{name}')]")]


def open_first(person: Person, attempt: Attempt, position: int = 1) -> Page:
    return person.get(f"/grading/{slot_of(attempt, position).id}")


def test_an_essay_waits_and_is_graded(essay: Slot, instructor: Person, learner: Person) -> None:
    results = f"/attempts/{essay.attempt.public_id}/results"
    assert "Waiting for a grade" in learner.get(results).text
    queue = instructor.get("/grading")
    assert "1 answer is waiting" in queue.text
    stem = essay.item.stem
    form = instructor.get(queue.link((stem["en"] if isinstance(stem, dict) else stem)[:40]))
    assert "근거는 두 가지입니다." in form.text
    assert "김하늘" in form.text
    done = form.send("mark", mark=str(essay.max_mark / 2), comment="둘째 근거를 더 풀어 쓰세요.")
    assert "Nothing to grade" in done.text
    page = learner.get(results)
    assert "Waiting for a grade" not in page.text
    assert "둘째 근거를 더 풀어 쓰세요." in page.text
    attempt = db.session.get_one(Attempt, essay.attempt_id, populate_existing=True)
    assert (attempt.mark, attempt.waiting) == (essay.max_mark / 2, 0)


def test_what_waits_is_no_verdict_of_what_is_earned(app: Flask, learner: Person, instructor: Person) -> None:
    """An essay of two points, alone, and with a number that was right: a point of one so far."""
    essay = Item(id="essay", kind="essay", stem={"en": "Why?"}, points=2, response={})
    number = Item(
        id="number", kind="number", stem={"en": "1+1?"}, response={"answers": [{"value": "2", "fraction": 1}]}
    )
    found = []
    for bank, items in (("alone", [essay]), ("mixed", [essay, number])):
        banks.import_items(user_of("instructor"), bank, {"en": bank}, items, clock.now())
        quiz = quiz_of({"bank": bank}, feedback="deferred", shuffle_questions=False)
        attempt = write(user_of("learner"), quiz, *["So.", "2"][: len(items)])
        page = learner.get(f"/attempts/{attempt.public_id}/results")
        assert "Points still to be graded: 2" in page.text
        assert not page.tree.xpath("//*[@class='ring']")
        theirs = instructor.get(f"/quizzes/{quiz.public_id}/results/attempts/{attempt.public_id}")
        assert not theirs.tree.xpath("//*[@class='ring']")
        assert words(theirs, "score-mark") == words(page, "score-mark")
        found.append(words(page, "score-mark") + words(learner.get(f"/quizzes/{quiz.public_id}"), "result-mark"))
    assert found == [[], ["So far: 1 of 1 points", "1 so far"]]


def test_a_second_grade_takes_a_reason_and_the_first_stays(essay: Slot, instructor: Person) -> None:
    instructor.get(f"/grading/{essay.id}").send("mark", mark="0", comment="")
    refused = instructor.get(f"/grading/{essay.id}").send("mark", mark=str(essay.max_mark), comment="")
    assert refused.status == 422
    assert "Say why the grade is changed" in refused.text
    refused.send("mark", mark=str(essay.max_mark), reason="I overlooked a page")
    rows = db.session.scalars(select(Answer).where(Answer.slot_id == essay.id).order_by(Answer.seq)).all()
    assert [(row.source, row.fraction) for row in rows] == [("learner", None), ("grader", 0), ("grader", 1)]
    assert {row.by_id for row in rows} == {None, user_of("instructor").id}
    assert "I overlooked a page" in instructor.get(f"/grading/{essay.id}").text


@pytest.mark.parametrize("mark", ["-1", "1000", "", "many", "NaN", "Infinity"])
def test_a_mark_out_of_range_says_what_to_give(essay: Slot, instructor: Person, mark: str) -> None:
    page = instructor.get(f"/grading/{essay.id}").send("mark", mark=mark, comment="kept")
    assert page.status == 422
    assert "kept" in page.tree.xpath("string(//textarea)")
    assert db.session.get_one(Slot, essay.id, populate_existing=True).fraction is None


def test_a_form_without_its_number_is_refused(essay: Slot, instructor: Person) -> None:
    page = instructor.post(f"/grading/{essay.id}", {"csrf_token": instructor.token(), "mark": "1"})
    assert page.status == 422
    assert "arrived incomplete" in page.text


def test_question_by_question_without_a_way_back(class_of_four: list[Attempt], instructor: Person) -> None:
    """Eight essays are graded by eight forms, the first question of all before the second of any."""
    queue = instructor.get("/grading")
    assert "8 answers are waiting" in queue.text
    page = instructor.get(queue.link("Essay 0?"))
    seen = []
    while page.tree.xpath("//form[@data-grade]"):
        seen.append(int(page.url.split("/")[2].partition("?")[0]))
        page = page.send("mark", mark="1")
    assert seen == [slot_of(one, place).id for place in (1, 2) for one in class_of_four]
    assert page.url == "/grading"
    assert {slot_of(one, place).fraction for one in class_of_four for place in (1, 2)} == {0.5}


def test_passed_over_ones_come_last(class_of_four: list[Attempt], instructor: Person) -> None:
    page = open_first(instructor, class_of_four[0])
    page = instructor.get(page.link("Skip this one"))
    for expected in (1, 2, 3, 0):
        assert page.url == f"/grading/{slot_of(class_of_four[expected]).id}"
        page = page.send("mark", mark="2")
    assert page.url == f"/grading/{slot_of(class_of_four[0], 2).id}", "then the next question"


def test_the_queue_is_of_one_quiz_and_names_can_be_hidden(
    class_of_four: list[Attempt], essay: Slot, instructor: Person
) -> None:
    assert "9 answers are waiting" in instructor.get("/grading").text
    quiz = class_of_four[0].quiz
    assert quiz is not None
    page = instructor.get(f"/grading?quiz={quiz.public_id}&anonymous=1")
    assert "8 answers are waiting" in page.text
    form = instructor.get(page.link("Essay 0?"))
    assert "Writer 0" not in form.source
    form = form.send("mark", mark="1")
    assert "anonymous=1" in form.url
    assert "Writer 1" not in form.source
    assert "Writer 1" in instructor.get(form.link("Show the names")).text


def test_the_lines_of_a_rubric_give_the_points(class_of_four: list[Attempt], instructor: Person) -> None:
    criteria = open_first(instructor, class_of_four[0], 2)
    assert criteria.tree.xpath("//input[@name='line']/@type") == ["checkbox"] * 2
    criteria.send("mark", line=["0", "1"])
    assert slot_of(class_of_four[0], 2).fraction == 1
    steps = open_first(instructor, class_of_four[0])
    assert steps.tree.xpath("//input[@name='line']/@type") == ["radio"] * 3
    steps.send("mark", line="1")
    assert slot_of(class_of_four[0]).fraction == 0.5
    again = open_first(instructor, class_of_four[0])
    assert again.tree.xpath("//input[@name='line'][@checked]/@value") == ["1"]
    again.send("mark", mark="0.5", reason="Half of a half")
    assert slot_of(class_of_four[0]).fraction == 0.25, "a number that was typed beats the line that was chosen before"


def test_what_says_the_same_is_graded_at_once(class_of_four: list[Attempt], instructor: Person) -> None:
    page = open_first(instructor, class_of_four[0])
    boxes = page.tree.xpath("//input[@name='also']/@value")
    assert boxes == [f"{slot_of(class_of_four[2]).id}:1"]
    assert "1 other answer says the same" in page.text
    done = page.send("mark", mark="2", comment="Good.", also=boxes)
    assert "2 points for 2 answers" in done.text
    assert [slot_of(one).fraction for one in class_of_four] == [1, None, 1, None]
    assert slot_of(class_of_four[2]).comment == "Good."


def test_of_those_that_say_the_same_one_may_be_graded_already(class_of_four: list[Attempt], instructor: Person) -> None:
    page = open_first(instructor, class_of_four[0])
    boxes = page.tree.xpath("//input[@name='also']/@value")
    other = slot_of(class_of_four[2])
    actions.grade(other, 0, "No.", user_of("instructor"), clock.now())
    page.send("mark", mark="2", also=boxes)
    assert [slot_of(one).fraction for one in class_of_four] == [1, None, 0, None]


def test_comments_are_kept_for_the_question(class_of_four: list[Attempt], instructor: Person) -> None:
    open_first(instructor, class_of_four[0]).send("mark", mark="1", comment="Name a second reason.", keep="y")
    page = open_first(instructor, class_of_four[1])
    kept = page.tree.xpath("//input[@name='saved']/@value")
    assert len(kept) == 1
    page.send("mark", mark="1", comment="Hm.", saved=kept)
    assert slot_of(class_of_four[1]).comment == "Hm.\nName a second reason."
    assert not open_first(instructor, class_of_four[1], 2).tree.xpath("//input[@name='saved']"), "another question"
    page = open_first(instructor, class_of_four[2])
    page.send("mark", ("do", f"forget-{kept[0]}"), comment="half a word")
    assert db.session.scalars(select(SavedComment)).all() == []
    assert "half a word" in open_first(instructor, class_of_four[2]).source, "what was typed stays, as a draft"


def test_a_draft_is_the_grader_s_alone(class_of_four: list[Attempt], instructor: Person, app: Flask) -> None:
    admin = Person(app, accounts.create("admin@example.com", "Admin", "a long password", "admin", clock.now()))
    page = open_first(instructor, class_of_four[0]).send("mark", ("do", "draft"), mark="1.5", comment="So far")
    assert page.tree.xpath("//input[@name='mark']/@value") == ["1.5"]
    assert "So far" in page.source
    assert "So far" not in open_first(admin, class_of_four[0]).source
    assert slot_of(class_of_four[0]).fraction is None
    sent = {"do": "draft", "mark": "many", "comment": "Further", "seq": "1"}
    told = instructor.fetch(f"/grading/{slot_of(class_of_four[0]).id}", sent)
    assert told.json["text"].startswith("Draft kept at")
    begun = db.session.scalars(select(GradeDraft)).one()
    assert (begun.points, begun.comment) == (None, "Further")
    open_first(instructor, class_of_four[0]).send("mark", mark="2")
    assert slot_of(class_of_four[0]).comment == "Further"
    assert db.session.scalars(select(GradeDraft)).all() == []
    page = open_first(instructor, class_of_four[1]).send("mark", ("do", "draft"), mark="1")
    assert page.send("mark", ("do", "drop")).tree.xpath("//input[@name='mark']/@value") == [""]


def test_two_graders_lose_nothing(class_of_four: list[Attempt], instructor: Person, app: Flask) -> None:
    """The second is told, sees both, and decides; nobody's grade is written over unseen."""
    admin = Person(app, accounts.create("admin@example.com", "Admin", "a long password", "admin", clock.now()))
    mine, theirs = open_first(instructor, class_of_four[0]), open_first(admin, class_of_four[0])
    theirs.send("mark", mark="2", comment="Convincing.")
    both = mine.send("mark", mark="1", comment="Too short.")
    assert both.status == 409
    assert "Convincing." in both.text
    assert both.tree.xpath("//input[@name='mark']/@value") == ["1"]
    assert "Too short." in both.source
    assert slot_of(class_of_four[0]).fraction == 1
    unsaid = both.send("mark")
    assert unsaid.status == 422, "to change it takes a reason"
    unsaid.send("mark", reason="We agreed on one point")
    assert slot_of(class_of_four[0]).fraction == 0.5
    rows = db.session.scalars(select(Answer).where(Answer.slot_id == slot_of(class_of_four[0]).id).order_by(Answer.seq))
    assert [row.fraction for row in rows] == [None, 1, 0.5]


def test_who_helps_begins_at_the_other_end(class_of_four: list[Attempt], app: Flask) -> None:
    admin = Person(app, accounts.create("admin@example.com", "Admin", "a long password", "admin", clock.now()))
    page = admin.get(admin.get("/grading").link("Essay 0?"))
    for expected in (3, 2, 1):
        assert page.url == f"/grading/{slot_of(class_of_four[expected]).id}"
        page = page.send("mark", mark="1")


def test_there_is_a_way_back_to_graded_ones(class_of_four: list[Attempt], instructor: Person) -> None:
    open_first(instructor, class_of_four[0]).send("mark", mark="1")
    open_first(instructor, class_of_four[1]).send("mark", mark="0")
    page = instructor.get(instructor.get("/grading").link("2 wait"))
    graded = instructor.get(page.link("Graded (2)"))
    assert "Writer 0" in graded.text
    assert "Writer 2" not in graded.text
    form = instructor.get(graded.link("Two reasons."))
    after = form.send("mark", mark="2", reason="Second look")
    assert after.url == f"/grading/{slot_of(class_of_four[1]).id}?graded=1"
    assert slot_of(class_of_four[0]).fraction == 1


def test_learners_don_t_grade(essay: Slot, learner: Person) -> None:
    learner.get(f"/grading/{essay.id}", status=403)
    learner.get("/grading", status=403)


def test_somebody_else_s_quiz_is_not_there(class_of_four: list[Attempt], app: Flask, instructor: Person) -> None:
    other = accounts.create("other@example.com", "Other", "a long password", "instructor", clock.now())
    person = Person(app, other)
    person.get(f"/grading/{slot_of(class_of_four[0]).id}", status=404)
    person.get(instructor.get("/grading").link("4 wait"), status=404)
    assert "Nothing to grade" in person.get("/grading").text


def test_previews_wait_for_nobody(class_of_four: list[Attempt], instructor: Person) -> None:
    quiz = class_of_four[0].quiz
    assert quiz is not None
    user = user_of("instructor")
    attempt = actions.preview(user, quiz, clock.now())
    give_answer(user, attempt.public_id, 1, {"text": "A try of mine."}, 0, clock.now())
    actions.submit(user, attempt.public_id, clock.now())
    assert "8 answers are waiting" in instructor.get("/grading").text


def test_grading_costs_the_same_whatever_waits(
    class_of_four: list[Attempt], instructor: Person, statements: list[str]
) -> None:
    def cost(url: str) -> int:
        statements.clear()
        instructor.get(url)
        return len(statements)

    quiz = class_of_four[0].quiz
    assert quiz is not None
    urls = ["/grading", f"/grading/{slot_of(class_of_four[0]).id}", instructor.get("/grading").link("4 wait")]
    before = [cost(url) for url in urls]
    for n in range(12):
        write(
            accounts.create(f"m{n}@example.com", f"More {n}", "a long password", "learner", clock.now()), quiz, "So", ""
        )
    assert [cost(url) for url in urls] == before
    assert max(before) <= 16, before
