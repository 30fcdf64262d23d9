"""The player over HTTP: what a form or a script gets back, in good cases and in bad ones."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from flask import Flask

from quizapp import clock
from quizapp.attempts import actions, queries
from quizapp.attempts.models import Attempt, Slot
from tests.attempts.test_story import begin, quiz_with
from tests.conftest import user_of
from tests.person import Page, Person


def open_at(kind: str, feedback: str = "deferred") -> tuple[Attempt, Slot]:
    """An attempt and its first question of this kind."""
    attempt = actions.start(user_of("learner"), quiz_with(feedback, whole=True), clock.now())
    return attempt, next(slot for slot in queries.slots(attempt.id) if slot.version.item.kind == kind)


def url_of(attempt: Attempt, slot: Slot) -> str:
    return f"/attempts/{attempt.public_id}/questions/{slot.position}"


def first_choice(page: Page) -> str:
    return page.tree.xpath("//input[@name='choice']/@value")[0]


def test_a_form_saves_and_goes_on(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot))
    after = page.send(url_of(attempt, slot), ("do", "stay"), choice=first_choice(page))
    assert after.tree.xpath("//input[@name='choice'][@checked]/@value") == [first_choice(page)]
    assert "Saved" in after.text


def test_a_script_gets_the_sequence_number_and_the_time(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot))
    reply = learner.fetch(url_of(attempt, slot), {"seq": 0, "choice": first_choice(page)})
    assert reply.status_code == 200
    assert reply.json["seq"] == 1
    assert re.fullmatch(r"\d\d:\d\d:\d\d", reply.json["saved_at"])


def test_a_stale_tab_gets_both_answers(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot))
    options = page.tree.xpath("//input[@name='choice']/@value")
    learner.fetch(url_of(attempt, slot), {"seq": 0, "choice": options[0]})
    reply = learner.fetch(url_of(attempt, slot), {"seq": 0, "choice": options[1]})
    assert (reply.status_code, reply.json["error"], reply.json["seq"]) == (409, "stale", 1)
    assert reply.json["fields"] == {"choice": options[0]}
    shown = page.send(url_of(attempt, slot), ("do", "stay"), choice=options[1])
    assert shown.status == 409
    assert shown.tree.xpath("//input[@name='choice'][@checked]/@value") == [options[1]]
    kept = shown.send(url_of(attempt, slot), ("do", "stay"), choice=options[1])
    assert kept.status == 200


@pytest.mark.parametrize("choice", ["a", "nonsense", "?", "0"])
def test_an_option_that_isn_t_there_is_422_and_names_the_field(app: Flask, learner: Person, choice: str) -> None:
    attempt, slot = open_at("choice")
    reply = learner.fetch(url_of(attempt, slot), {"seq": 0, "choice": choice})
    assert (reply.status_code, reply.json["field"]) == (422, "choice")


@pytest.mark.parametrize("seq", ["", "x", "-1", "1" * 30, "١"])
def test_a_sequence_number_that_is_none_is_422(app: Flask, learner: Person, seq: str) -> None:
    attempt, slot = open_at("choice")
    reply = learner.fetch(url_of(attempt, slot), {"seq": seq, "choice": ""})
    assert (reply.status_code, reply.json["field"]) == (422, "seq")


def test_an_order_with_a_place_twice_says_so_and_keeps_the_rest(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("order")
    page = learner.get(url_of(attempt, slot))
    names = page.tree.xpath("//select[starts-with(@name, 'pos-')]/@name")
    after = page.send(url_of(attempt, slot), ("do", "stay"), **dict.fromkeys(names, "1"))
    assert after.status == 422
    assert "a place of its own" in after.text
    assert after.tree.xpath("//option[@selected]/text()") == ["1"] * len(names)


def test_after_the_end_the_reason_is_told(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot))
    actions.submit(user_of("learner"), attempt.public_id, clock.now())
    reply = learner.fetch(url_of(attempt, slot), {"seq": 0, "choice": first_choice(page)})
    assert reply.status_code == 410
    assert "after the end" in reply.json["message"]
    shown = page.send(url_of(attempt, slot), ("do", "stay"), choice=first_choice(page))
    assert shown.status == 410
    assert "after the end" in shown.text


@pytest.mark.parametrize("path", ["", "/questions/1", "/summary", "/results"])
def test_another_s_attempt_is_not_there(app: Flask, stranger: Person, path: str) -> None:
    attempt = begin()
    other = stranger.get(f"/attempts/{attempt.public_id}{path}", status=404)
    nobody_s = stranger.get(f"/attempts/zzzzzzzzzzzz{path}", status=404)
    assert other.text == nobody_s.text


def test_a_missing_token_keeps_what_was_typed(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("text")
    typed = {"csrf_token": "stale", "seq": 0, "text": "오래 쓴 답", "do": "stay"}
    page = learner.post(url_of(attempt, slot), typed)
    assert page.status == 400
    assert "오래 쓴 답" in page.text
    sent = page.send(url_of(attempt, slot))
    assert sent.tree.xpath("//input[@name='text']/@value") == ["오래 쓴 답"]
    headers = {"Accept": "application/json"}
    reply = learner.send("POST", url_of(attempt, slot), data=typed, headers=headers)
    assert (reply.status_code, reply.json["error"]) == (400, "csrf")
    again = learner.send("POST", url_of(attempt, slot), headers=headers,
                         data=typed | {"csrf_token": reply.json["csrf_token"], "seq": 1})  # fmt: skip
    assert again.status_code == 200


def test_a_form_from_another_site_is_only_refused(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("text")
    headers: dict[str, Any] = {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}
    reply = learner.send("POST", url_of(attempt, slot), data={"text": "planted", "seq": 0}, headers=headers)
    assert reply.status_code == 400
    assert "planted" not in reply.text


def test_the_summary_warns_about_the_empty(app: Flask, learner: Person) -> None:
    attempt = begin()
    page = learner.get(f"/attempts/{attempt.public_id}/summary")
    assert "still empty" in page.text
    results = page.send("submission")
    assert results.url.endswith("/results")
    assert "Not answered" in results.text


def test_flags_are_kept_and_shown(app: Flask, learner: Person) -> None:
    attempt, slot = open_at("choice")
    page = learner.get(url_of(attempt, slot)).send(url_of(attempt, slot), ("do", "flag"))
    assert page.tree.xpath("//button[@value='unflag'][@aria-pressed='true']")
    assert "You flagged 1 question for later" in learner.get(f"/attempts/{attempt.public_id}/summary").text


def test_immediate_feedback_shows_the_way_to_the_passage(app: Flask, learner: Person) -> None:
    attempt = begin("immediate")
    slot = next(one for one in queries.slots(attempt.id) if one.version.item.kind in ("choice", "truefalse"))
    page = learner.get(url_of(attempt, slot))
    checked = page.send(url_of(attempt, slot), ("do", "check"), choice=first_choice(page))
    assert learner.get(checked.link("Review and hand in")).heading == "Before you hand in"
    link = checked.tree.xpath("//details[@class='passage']//a/@href")[0]
    lesson, anchor = link.split("#")
    read = learner.get(lesson)
    passage = read.tree.xpath(f"//*[@id='{anchor}']")[0]
    folded = checked.tree.xpath("string(//details[@class='passage']/blockquote)").strip()
    said = "".join(passage.xpath(".//text()[not(ancestor::*[@popover])]"))  # without what its terms explain
    assert " ".join(said.split()) == folded
    assert read.link("Back to the question") == url_of(attempt, slot)


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example", "/login", "javascript:alert(1)"])
def test_a_lesson_leads_back_to_questions_only(app: Flask, learner: Person, back: str) -> None:
    course, lesson = "openai-devday", "board"
    page = learner.get(f"/courses/{course}/lessons/{lesson}?{urlencode({'back': back})}")
    assert "Back to the question" not in page.text


def test_a_guest_starts_at_once(app: Flask, visitor: Person) -> None:
    page = visitor.get(f"/quizzes/{quiz_with('immediate').public_id}").send("attempts")
    assert page.url.endswith("/questions/1")
