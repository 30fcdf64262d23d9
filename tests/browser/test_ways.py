"""Other ways through a quiz in Chromium: all questions on one page, and one after the other without a way back."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in
from tests.browser.test_way_through import choose_something


def make(teacher: Page, preset: str, **settings: str) -> str:
    """A quiz of three questions for anybody; its address."""
    log_in(teacher, "instructor")
    teacher.goto("/quizzes/new?bank=study-spacing")
    teacher.check(f"#preset-{preset}")
    teacher.fill("[name=count]", "3")
    teacher.select_option("[name=who]", "anyone")
    teacher.locator("#new-quiz button[value=edit]").click()
    teacher.wait_for_url("**/edit")
    for name, value in settings.items():
        teacher.select_option(f"[name=settings-{name}]", value)
    teacher.locator("#quiz .btn-primary[value=save]").click()
    teacher.wait_for_url("**/share")
    return teacher.url.removesuffix("/share")


def test_all_on_one_page_are_saved_one_by_one(people: Any) -> None:
    address, learner = make(people(), "survey"), people(locale="ko-KR", width=360)
    learner.goto(address)
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url(re.compile(r"/questions$"))
    first = learner.locator("[data-question]").first
    learner.context.set_offline(True)
    first.locator("input, select, textarea").first.wait_for(state="attached")
    choice = first.locator("input[type=radio], input[type=checkbox]")
    field = first.locator("input[type=text], textarea")
    if choice.count():
        choice.first.check()
    elif field.count():
        field.first.fill("7")
    else:
        first.locator("[data-order-keep] button").click()
    expect(first.locator("[data-save-status]")).to_contain_text("연결이 끊겼어요")
    learner.context.set_offline(False)
    expect(first.locator("[data-save-status]")).to_contain_text("저장됨")
    learner.locator("button[value=finish]").click()
    learner.wait_for_url("**/summary")
    expect(learner.locator(".navigator-count")).to_contain_text("1")


def test_there_is_no_way_back(people: Any) -> None:
    address, learner = make(people(), "homework", order="sequential"), people()
    asked: list[str] = []
    learner.on("request", lambda request: asked.append(request.url))
    learner.goto(address)
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url("**/questions/1")
    stem = learner.locator("#stem").inner_text()
    learner.wait_for_timeout(1500)
    assert not [url for url in asked if url.endswith("/questions/2")], "nothing of the next is fetched beforehand"
    choose_something(learner)
    learner.locator(".player-bar .btn-primary").click()
    learner.wait_for_url("**/questions/2")
    assert learner.locator("#stem").inner_text() != stem
    learner.go_back()
    expect(learner.locator(".player")).to_contain_text("there is no way back")
    assert learner.locator("#stem").inner_text() != stem
