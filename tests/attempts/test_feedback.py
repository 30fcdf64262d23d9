"""What a learner sees of a checked question: each word of feedback where it belongs, own and right side by side."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from quizapp import clock
from quizapp.attempts import actions, answering, queries
from quizapp.attempts.models import Attempt, Slot
from quizapp.attempts.presentation import arranged_question
from quizapp.banks import actions as banks
from quizapp.db import atomic, db
from quizapp.formats.items import Item
from quizapp.kinds import KINDS, order
from quizapp.progress import audit
from quizapp.review.models import Card
from tests.attempts.test_player import open_at as anywhere
from tests.attempts.test_player import url_of
from tests.attempts.test_story import wrong
from tests.conftest import user_of
from tests.person import Page, Person

HANGUL = re.compile("[가-힣]")


def open_at(kind: str) -> tuple[Attempt, Slot]:
    """An attempt with questions of every kind, each to be checked at once, and its first one of this kind."""
    attempt, slot = anywhere(kind)
    assert attempt.quiz is not None
    with atomic():
        for one in (attempt, attempt.quiz):
            one.settings = one.settings | {"feedback": "immediate"}
            one.__dict__.pop("rules", None)  # read once, as they never change elsewhere
    return attempt, slot


def texts(page: Page, path: str) -> list[str]:
    return [" ".join(one.text_content().split()) for one in page.tree.xpath(path)]


def test_each_option_s_feedback_stands_under_it(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot))
    body = slot.version.item.body
    told = next(one for one in body["choices"] if one.get("feedback"))
    token = next(value for value in page.tree.xpath("//input[@name='choice']/@value")
                 if " ".join(page.tree.xpath(f"//label[input[@value='{value}']]")[0].text_content().split())
                 == told["text"]["en"])  # fmt: skip
    after = page.send(url_of(attempt, slot), ("do", "check"), choice=token)
    under = after.tree.xpath(f"//li[.//input[@value='{token}']]/div[@class='option-note']")
    assert under[0].text_content().split() == told["feedback"]["en"].split()
    assert after.text.count(" ".join(told["feedback"]["en"].split())) == 1


@pytest.mark.parametrize("kind", ["match", "categorise", "cloze", "text", "number"])
def test_own_and_right_answer_stand_side_by_side_as_text(app: Flask, learner: Person, kind: str) -> None:
    attempt, slot = open_at(kind)
    page = learner.get(url_of(attempt, slot))
    wrong = dict.fromkeys(page.tree.xpath("//form[@id='answer']//input[@type='text']/@name"), "0.0001")
    for name in page.tree.xpath("//form[@id='answer']//select/@name"):
        wrong[name] = page.tree.xpath(f"//select[@name='{name}']/option[@value!='']/@value")[0]
    for name in dict.fromkeys(page.tree.xpath("//form[@id='answer']//input[@type='radio']/@name")):
        wrong[name] = page.tree.xpath(f"//input[@name='{name}']/@value")[0]
    after = page.send(url_of(attempt, slot), ("do", "check"), **wrong)
    assert not after.tree.xpath(
        "//form[@id='answer']//*[self::select or self::textarea or self::input[@type!='hidden']]"
    )
    lines = after.tree.xpath("//ol[@class='compared']/li")
    parts = slot.version.item.body
    assert len(lines) == len(parts.get("rows") or parts.get("gaps") or [1])
    rights = texts(after, "//ol[@class='compared']//dd[contains(@class, 'solution-text')]")
    assert rights
    assert not [one for one in rights if HANGUL.search(one)], "an English page"
    if kind == "cloze":
        assert texts(after, "//span[@class='gap-read']/sup") == [f"({n})" for n in range(1, len(lines) + 1)]


def test_what_was_filled_in_stands_in_its_own_gap(app: Flask, learner: Person) -> None:
    """Whatever the order of the gaps in the question's list."""
    attempt, slot = open_at("cloze")
    body = slot.version.item.body
    turned = replace(slot.version.item, response=slot.version.item.response | {"gaps": body["gaps"][::-1]})
    put_in(slot, turned)
    page = learner.get(url_of(attempt, slot))
    gaps = page.tree.xpath("//fieldset[contains(@class, 'gaps')]//*[@name]")
    assert len(gaps) > 1
    sent = {one.get("name"): str(place) for place, one in enumerate(gaps, 1)}
    sent |= {one.get("name"): one.xpath("./option[@value!='']/@value")[-1] for one in gaps if one.tag == "select"}
    words = [" ".join(one.xpath(f"string(./option[@value='{sent[one.get('name')]}'])").split())
             if one.tag == "select" else sent[one.get("name")] for one in gaps]  # fmt: skip
    after = page.send(url_of(attempt, slot), ("do", "check"), **sent)
    expected = [f"({place}) {said}" for place, said in enumerate(words, 1)]
    assert texts(after, "//span[@class='gap-read']") == expected
    lines = "//ol[@class='compared']/li"
    beside = zip(texts(after, f"{lines}/p"), texts(after, f"{lines}//span[@class='compared-words']"), strict=True)
    assert [" ".join(one) for one in beside] == expected


def test_after_a_verdict_comes_the_next_question_that_is_empty(app: Flask, learner: Person) -> None:
    """Also where the last one was answered before others, as it is after a repair; at the end comes handing in."""
    attempt, _slot = open_at("choice")
    name, user_id = attempt.public_id, attempt.user_id
    with atomic():  # what a person grades can't be checked
        for slot in queries.slots(attempt.id):
            if KINDS[slot.version.item.kind].MANUAL:
                db.session.delete(slot)
    places = [slot.position for slot in queries.slots(attempt.id)]

    def after(position: int) -> list[str]:
        """Where it goes on after the question is checked."""
        address = f"/attempts/{name}/questions/{position}"
        with app.test_request_context():
            slot = queries.slot(name, position, user_id)
            fields = arranged_question(slot).fields(KINDS[slot.version.item.kind].solution(slot.version.item.body))
        page = learner.get(address).send("seq", ("do", "check"), **fields)
        return page.tree.xpath("//div[@class='player-actions']/a/@href")

    assert after(places[1]) == [f"/attempts/{name}/questions/{places[2]}"]
    assert after(places[-1]) == [f"/attempts/{name}/questions/{places[0]}"]
    assert after(places[0]) == [f"/attempts/{name}/questions/{places[2]}"], "the second is done"
    for position in places[2:-2]:
        after(position)
    assert after(places[-2]) == [f"/attempts/{name}/summary"]


def test_a_practice_ends_from_its_last_verdict(app: Flask, learner: Person) -> None:
    """Nothing counts, so that nothing has to be looked through before."""
    attempt = anywhere("choice")[0]
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    practice = actions.practise(user_of("learner"), attempt, clock.now())
    with atomic():
        slots = [one for one in queries.slots(practice.id) if one.version.item.kind != "choice"]
        for slot in slots:
            db.session.delete(slot)
    page = learner.get(f"/attempts/{practice.public_id}")
    for slot in queries.slots(practice.id):
        page = learner.get(url_of(practice, slot))
        value = page.tree.xpath("//input[@name='choice']/@value")[0]
        page = page.send("seq", ("do", "check"), choice=value)
    assert page.tree.xpath("//div[@class='player-actions']/button/@form") == ["finish-form"]
    assert page.send("submission").url.endswith(f"/attempts/{practice.public_id}/results")


def test_a_practice_threatens_nobody_with_lost_points(app: Flask, learner: Person) -> None:
    attempt = anywhere("choice")[0]
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    practice = actions.practise(user_of("learner"), attempt, clock.now())
    summary = learner.get(f"/attempts/{practice.public_id}/summary")
    assert "still empty" in summary.text
    assert "earn" not in summary.text


def test_parts_left_empty_are_checked_when_that_is_said_once_more(app: Flask, learner: Person) -> None:
    """A slip of the finger must not make three empty rows final."""
    attempt, slot = open_at("match")
    page = learner.get(url_of(attempt, slot))
    name = page.tree.xpath("//form[@id='answer']//select/@name")[0]
    value = page.tree.xpath(f"//select[@name='{name}']/option[@value!='']/@value")[0]
    asked_again = page.send(url_of(attempt, slot), ("do", "check"), **{name: value})
    rows = len(slot.version.item.body["rows"])
    assert asked_again.status == 422
    assert f"Still empty: {rows - 1} of {rows}." in asked_again.text
    assert asked_again.tree.xpath(f"//select[@name='{name}']/option[@selected]/@value") == [value]
    assert "Still empty" not in learner.get(url_of(attempt, slot)).text
    after = asked_again.send(url_of(attempt, slot), ("do", "check"), **{name: value})
    assert after.tree.xpath("//p[@id='verdict']")


def put_in(slot: Slot, item: Item) -> None:
    """Make the slot ask this item, as a new version of its question."""
    question = slot.version.question
    assert question.current is not None
    banks.write_question(question.bank, question, item, question.current.number, user_of("instructor"), clock.now())
    assert question.current_id is not None
    with atomic():
        slot.version_id = question.current_id


def test_an_order_that_earns_something_is_not_called_wrong(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("order")
    page = learner.get(url_of(attempt, slot))
    items = slot.version.item.body["items"]
    turned = [*items[1:], items[0]]  # each item one place off but for one: nothing is in its place
    names = {" ".join(page.tree.xpath(f"//*[@id='{name}-text']")[0].text_content().split()): name
             for name in page.tree.xpath("//select[starts-with(@name, 'pos-')]/@name")}  # fmt: skip
    sent = {names[item["text"]["en"]]: str(place) for place, item in enumerate(turned, 1)}
    after = page.send(url_of(attempt, slot), ("do", "check"), **sent)
    assert "Belongs elsewhere" in after.text
    assert "Wrong" not in after.text
    words = dict(order.RULES[0].values)
    assert f"How it is counted: {words.get(slot.version.item.scoring.get('method', ''), words[''])}" in after.text


def test_a_count_is_told_as_one(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("match")
    page = learner.get(url_of(attempt, slot))
    body = slot.version.item.body
    solved = dict(KINDS["match"].solution(body)["pairs"])  # type: ignore[index]
    shown = {
        " ".join(one.text_content().split()): one.get("for") for one in page.tree.xpath("//label[@class='row-text']")
    }
    first = body["rows"][0]
    option = next(one for one in body["options"] if one["id"] == solved[first["id"]])
    name = shown[first["text"]["en"]]
    value = page.tree.xpath(
        f"//select[@name='{name}']/option[normalize-space()=$text]/@value", text=option["text"]["en"]
    )
    after = page.send(url_of(attempt, slot), ("do", "check"), anyway="1", **{name: value[0]})
    assert texts(after, "//p[@id='verdict']")[0] == f"Partly right 1 of {len(body['rows'])}"
    assert after.tree.findtext(".//title").startswith("Partly right ·")


def test_nothing_chosen_is_said_at_the_control_and_stored_nowhere(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot)).send(url_of(attempt, slot), ("do", "check"))
    assert page.status == 422
    assert "answer first, then check" in texts(page, "//p[@id='control-problem']")[0]
    assert page.tree.xpath("//fieldset[@aria-invalid='true'][contains(@aria-describedby, 'control-problem')]")
    assert "Right answer" not in page.text


def test_a_script_gets_the_verdict_with_the_answer(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    url = url_of(attempt, slot)
    page = learner.get(url)
    choice = page.tree.xpath("//input[@name='choice']/@value")[0]
    headers = {"Accept": "application/json", "X-Part": "main"}
    sent = {"csrf_token": learner.token(), "seq": 0, "choice": choice, "do": "check"}
    reply = learner.send("POST", url, data=sent, headers=headers)
    assert reply.status_code == 200
    assert 'id="verdict"' in reply.json["part"]
    assert "<html" not in reply.json["part"]


def test_a_part_is_the_page_without_what_is_around_it_and_nobody_keeps_it(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    part = learner.send("GET", url_of(attempt, slot), headers=learner.headers | {"X-Part": "main"})
    assert part.headers["X-Part"] == "main"
    assert "no-store" in part.headers["Cache-Control"]
    assert "X-Part" in part.headers["Vary"]
    assert '<header class="site-header' not in part.text
    assert 'data-part="/attempts/' in part.text
    whole = learner.send("GET", url_of(attempt, slot))
    assert "X-Part" not in whole.headers


def test_the_results_say_that_the_time_ran_out(app: Flask, learner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    attempt, slot = open_at("choice")
    if attempt.due_at is None:
        pytest.skip("this quiz has no limit")
    at = attempt.due_at + timedelta(seconds=10)
    monkeypatch.setattr("quizapp.attempts.views.now", lambda: at)
    page = learner.get(url_of(attempt, slot))
    assert page.url.endswith("/results")
    assert "The time ran out on" in page.text
    assert "Handed in" not in page.text, "when it was is said once"
    assert clock.now() < at
    assert user_of("learner").id == attempt.user_id


def test_hints_come_one_at_a_time_each_before_another_try(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    put_in(slot, replace(slot.version.item, hints=[{"en": "Think of X."}, {"en": "It isn't Y."}]))
    url, body = url_of(attempt, slot), slot.version.item.body
    wrong = next(one["text"]["en"] for one in body["choices"] if not one.get("fraction"))
    right = next(one["text"]["en"] for one in body["choices"] if one.get("fraction") == 1)

    def check(page: Page, words: str) -> Page:
        option = next(one for one in page.tree.xpath("//label[@class='option']")
                      if " ".join(one.text_content().split()) == " ".join(words.split()))  # fmt: skip
        return page.send(url, ("do", "check"), choice=option.xpath("./input/@value")[0])

    page = learner.get(url)
    assert "Think of X." not in page.text
    missed = check(page, wrong)
    assert "Right answer" not in missed.text, "the key stays hidden while there is a try left"
    first = missed.send(url, ("do", "hint"))
    assert "Hint 1 of 2" in first.text
    assert "It isn't Y." not in first.text
    again = learner.post(url, {"csrf_token": learner.token(), "seq": "9", "do": "hint"})
    assert "Hint 2" not in again.text, "no hint without a miss before it"
    second = check(first, wrong).send(url, ("do", "hint"))
    assert "It isn't Y." in second.text
    solved = check(second, right)
    assert "try again" not in solved.text
    found = queries.slot(attempt.public_id, slot.position, user_of("learner").id)
    assert (found.tries, found.hints) == (3, 2)
    assert found.fraction == pytest.approx(2 / 3), "the wrong response was the same one twice"


def test_a_card_follows_an_answer_that_is_opened_again(app: Flask) -> None:
    attempt, slot = open_at("choice")
    put_in(slot, replace(slot.version.item, hints=[{"en": "Think of X."}]))
    where = attempt.public_id, slot.position, user_of("learner").id
    for seq in (0, 2):
        answering.give_answer(queries.slot(*where), wrong(slot), seq, clock.now(), check=True)
        assert db.session.scalar(select(func.count(Card.id))) == 1
        assert audit.compare(clock.now(), None).wrong == []
        if not seq:
            answering.try_with_hint(queries.slot(*where), clock.now())
            assert db.session.scalar(select(func.count(Card.id))) == 0
            assert audit.compare(clock.now(), None).wrong == []


def test_a_hint_that_comes_after_the_try_it_was_asked_for_opens_nothing(app: Flask) -> None:
    """The last try shows the key, and a request that was on its way for an earlier one finds the question checked."""
    attempt, slot = open_at("choice")
    put_in(slot, replace(slot.version.item, hints=[{"en": "Think of X."}]))
    where, missed = (attempt.public_id, slot.position, user_of("learner").id), wrong(slot)
    seen = answering.give_answer(queries.slot(*where), missed, 0, clock.now(), check=True)
    on_its_way: Any = SimpleNamespace(position=seen.position, tries=1, hints=0, attempt=seen.attempt)
    answering.try_with_hint(seen, clock.now())
    answering.give_answer(queries.slot(*where), missed, seen.seq, clock.now(), check=True)
    answering.try_with_hint(on_its_way, clock.now())
    found = queries.slot(*where)
    assert found.checked_at is not None
    assert (found.tries, found.hints) == (2, 1)


def test_what_is_empty_is_not_called_wrong_too(app: Flask, learner: Person) -> None:
    """Whatever the kind: one word for what became of it."""
    attempt, _ = open_at("match")
    done = actions.submit(user_of("learner"), attempt.public_id, clock.now())
    page = learner.get(f"/attempts/{done.public_id}/results")
    assert set(texts(page, "//*[contains(@class, 'outcome')]")) == {"Not answered"}
    assert not page.tree.xpath("//*[contains(@class, 'mark-wrong')]")
