"""Other ways through a quiz in Chromium: all questions on one page, and one after the other without a way back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

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
        field = teacher.locator(f"[name=settings-{name}]")
        if name == "time_limit":
            field.fill(value)
        else:
            field.select_option(value)
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
    first.locator(".flag-button").click()
    learner.context.set_offline(False)
    expect(first.locator("[data-save-status]")).to_contain_text("저장됨")
    learner.locator("button[value=finish]").click()
    learner.wait_for_url("**/summary")
    expect(learner.locator(".navigator-count")).to_contain_text("1")
    expect(learner.locator(".slot-flag")).to_have_count(1)


def test_all_on_one_page_are_checked_and_marked_in_their_place(people: Any) -> None:
    """Nothing jumps: what is wrong is said in view, at the question, and the verdict unfolds there."""
    address = make(people(), "survey", feedback="immediate")
    learner = people(locale="ko-KR", width=360)
    learner.goto(address)
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url(re.compile(r"/questions$"))
    loads: list[str] = []
    learner.on("request", lambda request: loads.append(request.url) if request.is_navigation_request() else None)
    # The order of the questions is a draw: one that can be left blank, and stands below the first screen.
    last = learner.locator("[data-question]:not(:has([data-order]))").last
    last.locator("button[value^=check]").click()
    problem = last.locator("[data-control-problem]")
    expect(problem).to_have_text("아직 답을 고르거나 적지 않았어요. 먼저 답한 다음 확인해 주세요.")
    expect(problem).to_be_in_viewport()
    last.locator(".flag-button").click()
    expect(last.locator(".flag-button")).to_have_attribute("aria-pressed", "true")
    expect(last.locator(".flag-button")).to_be_focused()
    give(last)
    last.locator("button[value^=check]").click()
    verdict = last.locator(".verdict")
    expect(verdict).to_be_focused()
    expect(verdict).to_be_in_viewport()
    expect(last.locator("button[value^=check]")).to_have_count(0)
    assert not loads
    learner.locator("button[value=finish]").click()
    learner.wait_for_url("**/summary")
    expect(learner.locator(".slot-flag")).to_have_count(1)


def test_checking_starts_no_second_clock(people: Any) -> None:
    address, learner = make(people(), "survey", feedback="immediate", time_limit="30"), people(locale="ko-KR")
    learner.goto(address)
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url(re.compile(r"/questions$"))  # and for its scripts: before them nobody hears what is said next
    words = learner.locator("[data-countdown-words]")
    expect(words).to_contain_text("29분")
    learner.evaluate("document.dispatchEvent(new CustomEvent('timeleft', {detail: 1199}))")  # as status.js does
    expect(words).to_contain_text("19분")
    words.evaluate("""words => { window.shown = []
        new MutationObserver(() => shown.push(words.textContent)).observe(words, {childList: true}) }""")
    question = learner.locator("[data-question]:not(:has([data-order]))").first
    give(question)
    question.locator("button[value^=check]").click()
    expect(question.locator(".verdict")).to_be_focused()
    learner.wait_for_timeout(2000)
    shown = learner.evaluate("shown")
    assert shown
    assert all("19분" in one for one in shown), shown


def test_an_answer_that_is_checked_while_it_is_saved_holds_up_no_other(people: Any) -> None:
    """Check is on its way, the tab is hidden, and the check answers before the save does."""
    address, learner = make(people(), "survey", feedback="immediate"), people()
    learner.clock.install()
    learner.goto(address)
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url(re.compile(r"/questions$"))
    learner.clock.pause_at(datetime.now(UTC) + timedelta(minutes=1))  # nothing is sent by itself
    questions = learner.locator("[data-question]:not(:has([data-order]))")
    first, second = questions.nth(0), questions.nth(1)
    held: list[Route] = []
    give(first)
    give(second)
    learner.route("**/questions/*", lambda route: held.append(route) if len(held) < 2 else route.continue_())
    first.locator("button[value^=check]").click()
    while len(held) < 1:
        learner.wait_for_timeout(50)
    learner.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    while len(held) < 2:
        learner.wait_for_timeout(50)
    check, save = held
    saved = save.fetch()
    assert saved.ok
    check.continue_()
    expect(first.locator(".verdict")).to_be_focused()
    save.fulfill(response=saved)
    expect(second.locator("[data-save-status]")).to_contain_text("Saved")
    expect(first.locator("[data-save-status]")).to_be_empty()


def give(question: Locator) -> None:
    """Answer something, whatever the control."""
    for select in question.locator("select").all():
        select.select_option(index=1)
    for field in question.locator("input[type=text], textarea").all():
        field.fill("7")
    boxes = question.locator("input[type=radio], input[type=checkbox]")
    for name in boxes.evaluate_all("all => [...new Set(all.map(({ name }) => name))]"):
        question.locator(f"[name='{name}']").first.check()


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
