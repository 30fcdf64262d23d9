"""What a learner may see when: scores wait for their moment, everywhere, and an examination's questions stay secret."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock, events
from quizapp.attempts import actions, answering, ending, queries, tries
from quizapp.attempts.disclosure import outcomes_released, outcomes_released_rows, released, released_rows
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.db import atomic, db
from quizapp.errors import Conflict
from quizapp.formats.items import Item
from quizapp.gradebook.actions import challenges
from quizapp.gradebook.models import Challenge, Notice
from quizapp.progress.models import Mastery
from quizapp.quizzes.held import held
from quizapp.quizzes.models import Quiz
from quizapp.review.models import StaleReview
from tests.attempts.test_story import place_of_choice, quiz_with, right, wrong
from tests.conftest import user_of
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

HOUR = timedelta(hours=1)


def settle(quiz: Quiz, **settings: Any) -> Quiz:
    """The quiz with other settings, as an instructor saves them."""
    with atomic():
        quiz.settings = quiz.settings | {"time_limit": None, **settings}
        ending.on_rescheduled(quiz, clock.now())
    return quiz


def exam(closes_in: timedelta | None = HOUR) -> Quiz:
    closes_at = (clock.now() + closes_in).isoformat() if closes_in else None
    return settle(quiz_with("deferred"), feedback="closed", closes_at=closes_at)


def sat(quiz: Quiz) -> Attempt:
    """An attempt at the quiz, answered well and handed in."""
    learner = user_of("learner")
    attempt = actions.start(learner, quiz, clock.now())
    for slot in queries.slots(attempt.id):
        answering.give_answer(slot, right(slot), slot.seq, clock.now())
    return actions.submit(learner, attempt.public_id, clock.now())


def in_rows(attempt: Attempt, now: datetime) -> tuple[bool, bool]:
    statement = select(func.count()).select_from(Attempt).outerjoin(Quiz).where(Attempt.id == attempt.id)
    released, told = (db.session.scalar(statement.where(rows(now))) for rows in (released_rows, outcomes_released_rows))
    return bool(released), bool(told)


RULES: list[dict[str, Any]] = [
    {},
    {"feedback": "immediate"},
    {"feedback": "deferred"},
    {"feedback": "closed"},
    {"feedback": "never"},
    {"feedback": "deferred", "shows": {"marks": "closed"}},
    {"feedback": "closed", "shows": {"marks": "after", "solution": None}},
    {"feedback": "closed", "shows": {"marks": None}},
    {"feedback": "deferred", "shows": {"marks": "never"}},
    {"feedback": "deferred", "shows": {"correctness": "closed"}},
    {"shows": {"marks": "closed", "response": "never"}},
]


@pytest.mark.parametrize("purpose", ["graded", "practice", "surplus", "preview"])
def test_lists_follow_the_same_rule_as_a_page(app: Flask, purpose: str) -> None:
    quiz, now = quiz_with("deferred"), clock.now()
    attempt = actions.start(user_of("learner"), quiz, now)
    attempt.purpose = "practice" if purpose == "surplus" else purpose
    for settings in RULES:
        attempt.settings = {"feedback": "immediate"} if purpose == "practice" else settings
        attempt.__dict__.pop("rules", None)  # read once, as they never change elsewhere
        found = set()
        for attempt.submitted_at in (None, now):
            for ends_at in (None, now - HOUR, now + HOUR):
                for released_at in (None, now - HOUR):
                    quiz.settings, quiz.ends_at, quiz.released_at = settings, ends_at, released_at
                    attempt.mark_held = False
                    db.session.flush()
                    found.add(released(attempt, now))
                    assert in_rows(attempt, now) == (released(attempt, now), outcomes_released(attempt, now)), settings
                    attempt.mark_held = True
                    db.session.flush()
                    assert not released(attempt, now)
                    assert in_rows(attempt, now) == (False, outcomes_released(attempt, now)), settings
        assert found == ({False} if settings.get("feedback") == "never" and purpose != "practice" else found)
        assert False in found


def test_an_examination_tells_nothing_before_it_is_over(app: Flask, learner: Person) -> None:
    quiz = exam()
    done, now = sat(quiz), clock.now()
    page = learner.get(f"/attempts/{done.public_id}/results")
    assert "shown after the quiz closes" in page.text
    assert "points" not in page.text
    assert not page.tree.xpath("//*[contains(@class, 'result-question')]")
    assert f"{done.mark:g} /" not in learner.get(f"/quizzes/{quiz.public_id}").text
    assert tries.quiz_scores(user_of("learner").id, now) == {}
    assert db.session.scalar(select(func.count(Mastery.id))) == 0
    data = learner.send("GET", "/settings/data").get_json()["attempts"][0]
    assert data["mark"] is None
    assert {answer["fraction"] for one in data["questions"] for answer in one["answers"]} == {None}
    with pytest.raises(Conflict):
        actions.practise(user_of("learner"), done, now)


def test_after_closing_everything_follows_once(app: Flask, learner: Person) -> None:
    quiz = exam()
    done, later = sat(quiz), clock.now() + 2 * HOUR
    assert ending.release_due(clock.now()) == 0
    assert released(done, later)
    assert ending.release_due(later) == 1
    assert ending.release_due(later) == 0
    assert tries.quiz_scores(user_of("learner").id, later)[quiz.id].share == 1
    assert db.session.scalar(select(func.count(Mastery.id)))


def test_one_that_fails_keeps_no_other_waiting(app: Flask) -> None:
    quiz = exam()
    first, _second = sat(quiz), sat(quiz)

    def fail(attempt: Attempt, **_kwargs: object) -> None:
        if attempt.id == first.id:
            raise ValueError("as it happens")

    with events.released.connected_to(fail), pytest.raises(ExceptionGroup, match="1 failed, 1 were done"):
        ending.release(quiz, user_of("instructor"), clock.now())
    assert ending.waiting_ids(clock.now(), quiz) == [first.id]
    assert ending.release_due(clock.now()) == 1


def test_a_level_waits_for_what_was_right(app: Flask, learner: Person) -> None:
    """The points may show before: of an objective with one question a level would say whether it was right."""
    quiz = settle(exam(), shows={"marks": "after"})
    done, later = sat(quiz), clock.now() + 2 * HOUR
    assert released(done, clock.now())
    assert not db.session.scalar(select(func.count(Mastery.id)))
    assert ending.release_due(clock.now()) == 0
    assert ending.release_due(later) == 1
    assert db.session.scalar(select(func.count(Mastery.id)))


def test_the_instructor_releases(app: Flask, learner: Person) -> None:
    quiz = exam(closes_in=None)
    done = sat(quiz)
    assert "when the instructor releases it" in learner.get(f"/attempts/{done.public_id}/results").text
    ending.release(quiz, user_of("instructor"), clock.now())
    assert "points" in learner.get(f"/attempts/{done.public_id}/results").text
    assert db.session.scalar(select(func.count(Mastery.id)))
    ending.withhold(quiz, user_of("instructor"), clock.now())
    assert "points" not in learner.get(f"/attempts/{done.public_id}/results").text


def test_a_quiz_ends_with_its_last_sitting(app: Flask) -> None:
    quiz = exam()
    attempt = actions.start(user_of("learner"), quiz, clock.now())
    later = clock.now() + 3 * HOUR
    settle(quiz, closes_at=later.isoformat())
    assert attempt.due_at == later
    assert quiz.ends_at == later + timedelta(seconds=quiz.rules.grace), (
        "nobody sees a key while an answer is on its way"
    )
    settle(quiz, closes_at=None)
    assert attempt.due_at is None
    assert quiz.ends_at is None


def test_a_question_of_an_examination_is_held_everywhere(app: Flask, learner: Person) -> None:
    """The other quiz, of the same questions and with feedback at once, tells nothing until the examination is over."""
    other = quiz_with("immediate", whole=True)
    quiz = exam()
    with atomic():
        quiz.sources = other.sources
    now = clock.now()
    ids = {question for _slot, question, _item in queries.slots_with_items(sat(other).id)}
    assert held(ids, now) == ids
    assert held(ids, now, but=quiz.id) == set()
    assert held(ids, now + 2 * HOUR) == set()

    attempt = actions.start(user_of("learner"), other, now)
    slot = queries.slots(attempt.id)[place_of_choice(attempt) - 1]
    answering.give_answer(slot, wrong(slot), slot.seq, now, check=True)
    page = learner.get(f"/attempts/{attempt.public_id}/questions/{slot.position}")
    assert "An exam may ask this question" in page.text
    assert not page.tree.xpath("//*[contains(@class, 'solution') or contains(@class, 'outcome')]")
    assert not page.tree.xpath("//*[contains(@class, 'slot-wrong')]")
    done = actions.submit(user_of("learner"), attempt.public_id, now)
    results = learner.get(f"/attempts/{done.public_id}/results")
    assert not results.tree.xpath("//*[contains(@class, 'solution') or contains(@class, 'outcome')]")
    with pytest.raises(Conflict):
        actions.practise(user_of("learner"), done, now)
    ending.release(quiz, user_of("instructor"), clock.now())
    assert "Right answer" in learner.get(f"/attempts/{done.public_id}/results").text


def test_a_mark_that_counts_a_held_question_waits_for_the_examination(app: Flask, learner: Person) -> None:
    """What was handed in before has been seen; what is practised or runs out of time meanwhile waits as well."""
    me, now = user_of("learner"), clock.now()
    other = settle(quiz_with("immediate", whole=True), time_limit=10)
    earlier, out_of_time = actions.start(me, other, now), None
    earlier = actions.submit(me, earlier.public_id, now)
    practice = actions.practise(me, earlier, now)
    beforehand = "neither your score nor what was right is shown"
    assert beforehand not in learner.get(f"/quizzes/{other.public_id}").text
    quiz = exam()
    with atomic():
        quiz.sources = other.sources
    assert beforehand in learner.get(f"/quizzes/{other.public_id}").text
    assert beforehand not in learner.get(f"/quizzes/{quiz.public_id}").text
    actions.submit(me, practice.public_id, now)
    out_of_time = actions.start(me, other, now - 2 * HOUR)
    later = sat(other)
    for one in (practice, out_of_time, later):
        page = learner.get(f"/attempts/{one.public_id}/results").text
        assert "Your score is shown once that is over" in page
        assert "points" not in page
        assert ("Handed in" in page) != ("The time ran out" in page)
    actions.close_overdue(now)
    assert "0 of" in learner.get(f"/attempts/{earlier.public_id}/results").text
    assert [released(one, now) for one in (earlier, practice, out_of_time, later)] == [True, False, False, False]
    assert tries.quiz_scores(me.id, now)[other.id].tries == 1

    assert ending.let_go(now) == 0
    settle(quiz, sources=quiz.sources, closes_at=(now - HOUR).isoformat())
    assert ending.let_go(now) == 3
    assert db.session.scalars(select(StaleReview.user_id)).all() == [me.id], "what was held is rated by the task"
    assert ending.let_go(now) == 0
    assert f"{later.mark:g} of" in learner.get(f"/attempts/{later.public_id}/results").text
    assert tries.quiz_scores(me.id, now)[other.id].tries == 3


def test_a_mark_waits_for_no_more_than_it_has_to(app: Flask, learner: Person) -> None:
    """For no examination that is its own quiz, and not at all where its quiz shows it later: then a person decides."""
    other, quiz = quiz_with("immediate", whole=True), exam()
    with atomic():
        quiz.sources = other.sources
    mine = sat(quiz)
    settle(other, feedback="closed", closes_at=(clock.now() + HOUR).isoformat())
    closed = sat(other)
    assert not mine.mark_held
    assert not closed.mark_held
    ending.release(other, user_of("instructor"), clock.now())
    assert released(closed, clock.now())
    assert sat(other).mark_held, "it would show right away"
    ending.release(quiz, user_of("instructor"), clock.now())
    assert not [one for one in db.session.scalars(select(Attempt)) if one.mark_held]


def test_practice_says_that_what_an_examination_may_ask_is_not_in_it(app: Flask, learner: Person) -> None:
    for bank in ("free", "asked"):
        item = Item(
            id=bank, kind="number", stem={"en": "1 + 1?"}, response={"answers": [{"value": "2", "fraction": 1}]}
        )
        banks.import_items(user_of("instructor"), bank, {"en": bank}, [item], clock.now())
    quiz = quiz_of({"bank": "free"}, {"bank": "asked"}, feedback="deferred")
    done = actions.start(user_of("learner"), quiz, clock.now())
    actions.submit(user_of("learner"), done.public_id, clock.now())
    note = "Questions that an exam may ask can be practised once it is over."
    address = f"/attempts/{done.public_id}/results"
    page = learner.get(address)
    assert "Practise the 2 I missed" in page.text
    assert note not in page.text
    examination = exam()
    with atomic():
        examination.sources = [{"bank": "asked"}]
    page = learner.get(address)
    assert "Practise the one I missed" in page.text
    assert note in page.text


def asked_twice(settings: dict[str, Any]) -> Quiz:
    """A quiz of one question that has hints; an examination may ask it too."""
    choices = [{"id": one, "text": {"en": one.upper()}, "fraction": int(one == "a")} for one in "abc"]
    hints: Any = [{"en": "Look again."}, {"en": "And again."}]
    item = Item(id="hinted", kind="choice", stem={"en": "Which?"}, response={"choices": choices}, hints=hints)
    banks.import_items(user_of("instructor"), "hinted", {"en": "Hinted"}, [item], clock.now())
    examination = exam()
    with atomic():
        examination.sources = [{"bank": "hinted"}]
    return quiz_of({"bank": "hinted"}, **settings)


@pytest.mark.parametrize("layout", ["one", "all"])
@pytest.mark.parametrize(
    "settings", [{"feedback": "immediate"}, {"feedback": "closed", "shows": {"passage": "during"}}], ids=str
)
def test_no_other_try_tells_that_an_answer_was_wrong(
    app: Flask, learner: Person, settings: dict[str, Any], layout: str
) -> None:
    """Of a question that another examination holds, and of an examination's own."""
    quiz = asked_twice({**settings, "page": layout})
    attempt = actions.start(user_of("learner"), quiz, clock.now())
    (slot,) = queries.slots(attempt.id)
    answering.give_answer(slot, {"choice": "b"}, slot.seq, clock.now(), check=True)
    address = f"/attempts/{attempt.public_id}/questions"
    shown = learner.get(f"{address}/1" if layout == "one" else address)
    assert not shown.tree.xpath("//button[starts-with(@value, 'hint')]")
    data = {"csrf_token": learner.token(), "do": "hint" if layout == "one" else "hint-1"}
    learner.send("POST", f"{address}/1" if layout == "one" else address, data=data)
    (slot,) = queries.slots(attempt.id)
    assert slot.checked_at is not None
    assert slot.hints == 0


@pytest.mark.parametrize("choice", ["a", "b"])
def test_a_repair_tells_nothing_of_a_held_question(app: Flask, learner: Person, choice: str) -> None:
    """A practice goes on that was begun before the examination was made."""
    other, now = quiz_with("immediate", whole=True), clock.now()
    earlier = actions.start(user_of("learner"), other, now)
    actions.submit(user_of("learner"), earlier.public_id, now)
    practice = actions.practise(user_of("learner"), earlier, now)
    quiz = exam()
    with atomic():
        quiz.sources = other.sources
    slot = queries.slots(practice.id)[place_of_choice(practice) - 1]
    response = right(slot) if choice == "a" else wrong(slot)
    answering.give_answer(slot, response, slot.seq, now, check=True)
    count = len(queries.slots(practice.id))
    address = f"/review/attempts/{practice.public_id}/questions/{slot.position}/repair"
    assert learner.send("GET", address).status_code == 404
    data = {"csrf_token": learner.token(), "do": "again"}
    assert learner.send("POST", address, data=data).status_code == 404
    assert len(queries.slots(practice.id)) == count


def test_what_was_decided_of_an_objection_waits_for_the_examination(app: Flask, learner: Person) -> None:
    other, now = quiz_with("immediate", whole=True), clock.now()
    done = sat(other)
    slot = queries.slots(done.id)[0]
    challenges.challenge(slot, "answer", "It counts.", user_of("learner"), now)
    results = f"/attempts/{done.public_id}/results"
    assert "Waiting for the instructor" in learner.get(results).text
    with atomic():
        for one in db.session.scalars(select(Challenge)):
            one.decision, one.reply = "declined", "It doesn't."
    assert "Declined" in learner.get(results).text
    quiz = exam()
    with atomic():
        quiz.sources = other.sources
    assert "Declined" not in learner.get(results).text


def test_own_data_does_not_say_that_somebody_has_scored_an_answer(app: Flask, learner: Person) -> None:
    quiz = exam()
    done = sat(quiz)
    actions.override(queries.slots(done.id)[0], 0, "", user_of("instructor"), clock.now())
    assert {one["source"] for one in own_answers(learner, 0)} <= {"learner", "check"}
    ending.release(quiz, user_of("instructor"), clock.now())
    assert "override" in {one["source"] for one in own_answers(learner, 0)}


@pytest.mark.parametrize("part", ["correctness", "solution", "feedback"])
def test_own_data_tells_of_a_question_what_its_page_does(app: Flask, learner: Person, part: str) -> None:
    """The points of a quiz may show while what is right waits."""
    quiz = settle(quiz_with("deferred"), closes_at=(clock.now() + HOUR).isoformat(), shows={part: "closed"})
    done = sat(quiz)
    slot = queries.slots(done.id)[0]
    actions.override(slot, 0.5, "Half of it.", user_of("instructor"), clock.now())
    told = own_answers(learner, 0)
    of = {"correctness": "fraction", "solution": "response", "feedback": "comment"}
    for name, column in of.items():
        assert any(answer[column] is not None and answer[column] != "" for answer in told) == (name != part), name
    ending.release(quiz, user_of("instructor"), clock.now())
    assert all(any(answer[column] for answer in own_answers(learner, 0)) for column in of.values())


def own_answers(learner: Person, place: int) -> list[dict[str, Any]]:
    data = learner.send("GET", "/settings/data").get_json()["attempts"][place]
    return [answer for one in data["questions"] for answer in one["answers"]]


def test_own_data_holds_back_what_an_examination_does(app: Flask, learner: Person) -> None:
    """Practice, checks and earlier quizzes of the same questions too."""
    other = quiz_with("immediate", whole=True)
    earlier = sat(other)
    assert any(answer["fraction"] for answer in own_answers(learner, 0))
    quiz = exam()
    with atomic():
        quiz.sources = other.sources
    assert earlier.submitted_at is not None
    told = own_answers(learner, 0)
    assert {(answer["fraction"], answer["response"]) for answer in told} == {(None, None)}
    assert all(answer["text"] for answer in told)


def test_a_changed_score_is_told_when_the_question_s_may_be_seen(app: Flask, learner: Person) -> None:
    shows = {"correctness": "closed", "solution": "closed"}
    quiz = settle(quiz_with("deferred"), closes_at=(clock.now() + HOUR).isoformat(), shows=shows)
    done = sat(quiz)
    slot = queries.slots(done.id)[0]
    with atomic():
        db.session.add(Notice(user_id=done.user_id, slot_id=slot.id, reason="The key was mended.", at=clock.now(),
                              was=1.0, now=0.0))  # fmt: skip
    results = f"/attempts/{done.public_id}/results"
    for url in ("/home", results):
        assert "The key was mended." not in learner.get(url).text
    ending.release(quiz, user_of("instructor"), clock.now())
    for url in ("/home", results):
        assert "The key was mended." in learner.get(url).text


def test_a_changed_score_of_a_question_that_is_held_waits(app: Flask, learner: Person) -> None:
    """Whether an answer counts says whether it was right."""
    other = quiz_with("immediate", whole=True)
    done = sat(other)
    slot = queries.slots(done.id)[0]
    with atomic():
        db.session.add(Notice(user_id=done.user_id, slot_id=slot.id, reason="The key was mended.", at=clock.now(),
                              was=1.0, now=0.0))  # fmt: skip
    pages = ("/home", f"/attempts/{done.public_id}/results")
    for url in pages:
        assert "The key was mended." in learner.get(url).text
    quiz = exam()
    with atomic():
        quiz.sources = other.sources
    for url in pages:
        assert "The key was mended." not in learner.get(url).text


def test_a_device_that_an_attempt_has_left_is_told_nothing(app: Flask, learner: Person, stranger: Person) -> None:
    done = sat(quiz_with("immediate", whole=True))
    with atomic():
        db.session.add(Notice(user_id=done.user_id, slot_id=queries.slots(done.id)[0].id, reason="The key was mended.",
                              at=clock.now(), was=1.0, now=0.0))  # fmt: skip
        done.user_id = user_of("stranger").id
    assert "The key was mended." not in learner.get("/home").text
