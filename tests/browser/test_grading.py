"""Grading and results in a real browser: by keys alone, kept while it is written, and every page passes axe."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp import clock
from quizapp.accounts import actions as accounts
from quizapp.attempts import actions
from quizapp.banks import actions as banks
from quizapp.formats.items import Item
from tests.answers import give_answer
from tests.browser.conftest import log_in
from tests.browser.test_every_page import IN_ENGLISH, look_at
from tests.conftest import inside, user_of
from tests.quizzes.test_quizzes import quiz_of
from tests.site import Site

CHOICES = [
    {"id": name, "text": {"ko": f"{name} 보기", "en": f"option {name}"}, "fraction": int(name == "a")} for name in "abc"
]
NOTES = {
    "ko": "1점: 근거. 1점: 반론. 1점: 결론.",
    "en": "1 point: grounds. 1 point: objections. 1 point: a conclusion.",
}
ITEMS = [
    Item(id="c", kind="choice", stem={"ko": "어느 것입니까?", "en": "Which one?"}, response={"choices": CHOICES}),
    Item(id="e", kind="essay", points=3, stem={"ko": "왜 그렇습니까?", "en": "Why?"}, response={"grader_notes": NOTES}),
]


@pytest.fixture(scope="module")
def sat(site: Site) -> str:
    """A quiz at which six people sat; its public id."""
    with inside(f"sqlite:///{site.database}"):
        banks.import_items(user_of("instructor"), "graded", {"en": "Graded"}, ITEMS, clock.now())
        quiz = quiz_of({"bank": "graded"}, feedback="deferred", shuffle_questions=False)
        for n, letter in enumerate("bbbaaac"):
            user = accounts.create(f"sat{n}@example.com", f"응시자 {n}", "a long password", "learner", clock.now())
            attempt = actions.start(user, quiz, clock.now())
            give_answer(user, attempt.public_id, 1, {"choice": letter}, 0, clock.now())
            text = ("근거가 둘입니다. 첫째는 이렇습니다.", "근거가 둘입니다 첫째는 이렇습니다", "모르겠습니다")[n % 3]
            give_answer(user, attempt.public_id, 2, {"text": text}, 0, clock.now())
            if n < 6:
                actions.submit(user, attempt.public_id, clock.now())
        return quiz.public_id


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_ENGLISH)
def test_every_page_of_results(people: Any, sat: str, locale: str, width: int, scheme: str) -> None:
    page: Page = people(locale=locale, width=width, scheme=scheme)
    log_in(page, "instructor")
    for rest in ("", "?state=open", "?q=nobody", "/questions"):
        page.goto(f"/quizzes/{sat}/results{rest}")
        look_at(page, f"results{rest}")
    page.goto(f"/quizzes/{sat}/results")
    page.locator("tbody a").first.click()
    look_at(page, "attempt")
    page.locator("a[href*='/score']").last.click()
    look_at(page, "score by hand")
    page.goto(f"/grading?quiz={sat}")
    look_at(page, "queue")
    page.locator(".result-list .syllabus-facts a").first.click()
    look_at(page, "responses to a question")
    page.locator(".result-list a").first.click()
    look_at(page, "one response")


def test_essays_are_graded_by_keys_alone(people: Any, sat: str, site: Site) -> None:
    """A digit for each line of the rubric, Enter, and the next one is there."""
    page: Page = people()
    log_in(page, "instructor")
    page.goto(f"/grading?quiz={sat}")
    page.locator(".result-list > li > a").first.click()
    page.wait_for_url(re.compile(r"/grading/\d+"))
    expect(page.locator("[name=line]").first).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("3")
    expect(page.locator("[name=mark]")).to_have_value("2")
    first = page.url
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert page.url != first
    expect(page.get_by_text("Saved: 2 points for 1 answer.")).to_be_visible()
    page.locator("[name=comment]").fill("한 번 더")
    expect(page.locator("[data-draft]")).to_have_text(re.compile("Draft kept at"))
    page.reload()
    expect(page.locator("[name=comment]")).to_have_value("한 번 더")
    with closing(sqlite3.connect(Path(site.database))) as connection:
        drafts = connection.execute("SELECT comment FROM grade_drafts").fetchall()
    assert drafts == [("한 번 더",)]


def test_a_draft_that_is_not_kept_is_told_and_sent_again(people: Any, sat: str) -> None:
    page: Page = people()
    log_in(page, "instructor")
    page.goto(f"/grading?quiz={sat}")
    page.locator(".result-list > li > a").first.click()
    page.wait_for_url(re.compile(r"/grading/\d+"))
    cookies = page.context.cookies()
    draft = page.locator("[data-draft]")
    page.context.set_offline(True)
    page.locator("[name=comment]").fill("근거가 하나 더 있습니다.")
    expect(draft).to_contain_text("Your draft isn’t kept yet.")
    page.context.clear_cookies()
    page.context.set_offline(False)
    expect(draft).to_contain_text("You are logged out.")
    page.context.add_cookies(cookies)
    page.locator("[name=csrf_token]").last.evaluate("field => { field.value = 'too old' }")
    expect(draft).to_have_text(re.compile("Draft kept at"))
    page.reload()
    expect(page.locator("[name=comment]")).to_have_value("근거가 하나 더 있습니다.")
