"""Without a way back: one question after the other, each left by a save, and nothing told of the next."""

from __future__ import annotations

import pytest
from flask import Flask

from quizapp import clock
from quizapp.attempts import actions, answering, queries
from quizapp.attempts.models import Attempt
from quizapp.banks import actions as banks
from quizapp.db import db
from quizapp.quizzes.models import Quiz
from tests.answers import give_answer
from tests.attempts.test_record import sources
from tests.conftest import user_of
from tests.gradebook.test_results import choice
from tests.person import Person
from tests.quizzes.test_quizzes import quiz_of

A, B = {"choice": "a"}, {"choice": "b"}


def quiz(feedback: str = "deferred") -> Quiz:
    banks.import_items(user_of("instructor"), "made", {"en": "Made"}, [choice(n) for n in range(3)], clock.now())
    return quiz_of({"bank": "made"}, feedback=feedback, shuffle_questions=False, order="sequential")


def begun(feedback: str = "deferred") -> Attempt:
    return actions.start(user_of("learner"), quiz(feedback), clock.now())


def url(attempt: Attempt, position: int) -> str:
    return f"/attempts/{attempt.public_id}/questions/{position}"


def reached(attempt: Attempt) -> int:
    db.session.expire_all()
    return queries.attempt(attempt.public_id, user_of("learner").id).reached


def test_its_questions_come_one_after_the_other(app: Flask, learner: Person) -> None:
    attempt = begun()
    page = learner.get(url(attempt, 1))
    assert "There is no way back" in page.text
    assert not page.tree.xpath("//*[@data-next] | //ol[@class='navigator-slots']//*[self::a or self::button]")
    assert not page.tree.xpath("//button[@value='flag']")
    for ahead in (2, 3):
        shown = learner.get(url(attempt, ahead))
        assert "This question comes later" in shown.text
        assert "Question 0" in shown.text
        assert "Question 1?" not in shown.text
    fields = dict(page.form("seq").form_values()) | {"do": "go-2"}
    fields["choice"] = page.tree.xpath("//input[@name='choice']/@value")[0]
    answered = learner.send("POST", url(attempt, 1), data=fields)
    assert answered.headers["Location"].endswith("/questions/2")
    assert reached(attempt) == 2
    assert queries.slot(attempt.public_id, 1, attempt.user_id).answered
    back = learner.get(url(attempt, 1))
    assert back.url.split("?")[0].endswith("/questions/2")
    assert "no way back. This is the one where you are" in back.text
    assert learner.get(f"/attempts/{attempt.public_id}").url.endswith("/questions/2")


def test_a_save_to_a_passed_question_is_refused_and_kept(app: Flask, learner: Person) -> None:
    attempt, user = begun(), user_of("learner")
    page = learner.get(url(attempt, 1))
    fields = dict(page.form("seq").form_values())
    values = page.tree.xpath("//input[@name='choice']/@value")
    learner.send("POST", url(attempt, 1), data=fields | {"choice": values[0], "do": "go-2"})
    again = fields | {"choice": values[1], "seq": "1"}
    reply = learner.send("POST", url(attempt, 1), data=again, headers=learner.headers | {"Accept": "application/json"})
    assert (reply.status_code, reply.json["kept"]) == (409, True)
    assert "no way back" in reply.json["message"]
    shown = learner.send("POST", url(attempt, 1), data=again)
    assert shown.status_code == 409
    assert "it is kept" in shown.text
    slot = queries.slot(attempt.public_id, 1, user.id)
    assert sources(slot) == ["learner", "late"]
    assert list(queries.wrong_scores()) == []
    actions.submit(user, attempt.public_id, clock.now())
    assert [what for _slot, _row, what in queries.late_responses(attempt.id)] == [""]


def test_of_a_question_ahead_not_even_its_type_is_told(app: Flask, learner: Person) -> None:
    """What is wrong with an answer would tell how the question is answered."""
    attempt = begun()
    headers = learner.headers | {"Accept": "application/json"}
    fields = {"csrf_token": learner.token(), "do": "check", "seq": "0"}
    said = [learner.send("POST", url(attempt, place), data=fields, headers=headers) for place in (1, 2)]
    assert [reply.status_code for reply in said] == [422, 409]
    assert "comes later" in said[1].json["message"]


@pytest.mark.parametrize("position", [2, 3])
def test_nothing_is_taken_ahead(app: Flask, learner: Person, position: int) -> None:
    attempt, user = begun(), user_of("learner")
    with pytest.raises(answering.Ahead):
        give_answer(user, attempt.public_id, position, A, 0, clock.now())
    with pytest.raises(answering.Ahead):
        answering.take_hint(queries.slot(attempt.public_id, position, user.id), clock.now())
    page = learner.get(url(attempt, 1))
    fields = dict(page.form("seq").form_values()) | {"do": f"go-{position + 1}"}
    fields["choice"] = page.tree.xpath("//input[@name='choice']/@value")[0]
    reply = learner.send("POST", url(attempt, position), data=fields)
    assert reply.status_code == 409
    assert "This question comes later" in reply.text
    assert reached(attempt) == 1
    assert queries.slot(attempt.public_id, position, user.id).seq == 0


def test_only_a_save_that_stands_goes_on(app: Flask, learner: Person) -> None:
    """Neither one that another tab has overtaken, nor a jump."""
    attempt = begun()
    page = learner.get(url(attempt, 1))
    fields = dict(page.form("seq").form_values())
    values = page.tree.xpath("//input[@name='choice']/@value")
    learner.send("POST", url(attempt, 1), data=fields | {"choice": values[0], "do": "go-3"})
    assert reached(attempt) == 1
    stale = learner.send("POST", url(attempt, 1), data=fields | {"choice": values[1], "do": "go-2"})
    assert (stale.status_code, reached(attempt)) == (409, 1)
    learner.send("POST", url(attempt, 1), data={**fields, "seq": "1", "choice": values[1], "do": "go-2"})
    assert reached(attempt) == 2


def test_what_is_checked_is_left_too_and_an_empty_one_passed(app: Flask, learner: Person) -> None:
    attempt = begun("immediate")
    page = learner.get(url(attempt, 1))
    fields = dict(page.form("seq").form_values())
    values = page.tree.xpath("//input[@name='choice']/@value")
    learner.send("POST", url(attempt, 1), data=fields | {"choice": values[0], "do": "check"})
    checked = learner.get(url(attempt, 1))
    assert checked.tree.xpath("//button[@value='go-2']")
    token = dict(checked.form("seq").form_values())
    learner.send("POST", url(attempt, 1), data=token | {"do": "go-2"})
    assert reached(attempt) == 2
    token = dict(learner.get(url(attempt, 2)).form("seq").form_values())
    learner.send("POST", url(attempt, 2), data=token | {"do": "go-3"})
    assert reached(attempt) == 3
    slot = queries.slot(attempt.public_id, 1, attempt.user_id)
    with pytest.raises(answering.GoneOn):
        answering.try_again(slot, clock.now())
    summary = learner.get(f"/attempts/{attempt.public_id}/summary")
    assert "2 questions are still empty" in summary.text
    assert summary.link("Back to question 3").endswith("/questions/3")
    token = dict(learner.get(url(attempt, 3)).form("seq").form_values())
    learner.send("POST", url(attempt, 3), data=token | {"do": "go-4"})
    assert reached(attempt) == 3, "there is none after the last"


def test_a_question_that_was_asked_for_has_no_excuse(app: Flask) -> None:
    """In Korean too, where no words must not become those at the head of the catalogue."""
    attempt = begun()
    learner = Person(app, user_of("learner"), "ko")
    page = learner.get(url(attempt, 1))
    assert not page.tree.xpath("//form[@id='answer']//*[contains(@class, 'notice')]")
    assert "Project-Id-Version" not in page.source
    assert "돌아갈 수 없어요" not in page.text
    assert "아직 차례가 아닌" in learner.get(url(attempt, 2)).text
