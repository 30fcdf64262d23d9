"""An instructor makes things in a real browser: a question with a live preview, a quiz, its link. All passes axe."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.kinds import KINDS
from tests.browser.conftest import log_in
from tests.browser.test_every_page import IN_KOREAN, look_at
from tests.browser.test_way_through import go_through

NEW = "/banks/board/questions/new"


def save(page: Page) -> None:
    page.locator(".editor-actions .btn-primary").click()


def test_a_question_is_written_with_its_preview(people: Any) -> None:
    page = people()
    log_in(page, "instructor")
    page.goto(f"{NEW}?kind=choice")
    preview = page.locator("[data-preview-target]")
    expect(preview).to_contain_text("The question has no stem.")
    page.fill("[name=stem-ko]", "수도는 **어디**인가요?")
    page.fill("[name=stem-en]", "Where is the **capital**, with $x^2$?")
    for place, (ko, en) in enumerate((("서울", "Seoul"), ("부산", "Busan"))):
        page.fill(f"[name=response-choices-{place}-text-ko]", ko)
        page.fill(f"[name=response-choices-{place}-text-en]", en)
    expect(preview.locator("strong").first).to_have_text("어디")
    expect(preview.locator("math")).to_have_count(1)
    expect(preview.get_by_text("하나를 고르세요.")).to_be_visible()
    expect(preview.get_by_text("Choose one.")).to_be_visible()
    page.locator("[value='add:response-choices']").click()
    expect(page.locator("[name=response-choices-4-text-ko]")).to_be_focused()
    page.keyboard.type("대전")
    expect(preview).to_contain_text("대전")
    page.locator("[value='up:response-choices-4']").click()
    expect(page.locator("[name=response-choices-3-text-ko]")).to_have_value("대전")
    page.keyboard.press("Control+s")
    page.wait_for_url("**/banks/board/questions/*")
    expect(page.locator("main")).to_contain_text("Where is the capital")


def test_leaving_with_unsaved_words_is_asked_about(people: Any) -> None:
    page = people()
    log_in(page, "instructor")
    page.goto(f"{NEW}?kind=essay")
    page.fill("[name=stem-ko]", "쓰다 만 것")
    asked: list[str] = []
    page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    page.goto("/banks")
    assert asked == ["beforeunload"]


def test_saving_without_a_network_or_a_log_in_keeps_the_words(people: Any) -> None:
    page = people()
    log_in(page, "instructor")
    page.goto(f"{NEW}?kind=essay")
    page.fill("[name=stem-en]", "Words that took an hour")
    expect(page.locator("[data-preview-target]")).to_contain_text("Words that took an hour")
    page.context.set_offline(True)
    save(page)
    expect(page.locator("[data-unsaved]")).to_contain_text("nothing is saved yet")
    page.context.set_offline(False)
    cookies = page.context.cookies()
    page.context.clear_cookies()
    save(page)
    expect(page.locator("[data-unsaved]")).to_contain_text("You are logged out")
    expect(page.locator("[name=stem-en]")).to_have_value("Words that took an hour")
    page.context.clear_cookies()
    page.context.add_cookies(cookies)  # pyright: ignore[reportArgumentType] -- what it gave itself
    save(page)
    page.wait_for_url(re.compile(r"/banks/board/questions/(?!new)"))
    expect(page.locator("main")).to_contain_text("Words that took an hour")


def test_gaps_change_their_kind_without_losing_the_text(people: Any) -> None:
    page = people()
    log_in(page, "instructor")
    page.goto(f"{NEW}?kind=cloze")
    page.fill("[name=response-text-ko]", "{{g1}}년")
    page.select_option("[name=response-gaps-0-kind]", "number")
    expect(page.locator("[name=response-gaps-0-answers-0-value]")).to_be_visible()
    expect(page.locator("[name=response-text-ko]")).to_have_value("{{g1}}년")
    expect(page.locator("[name=response-gaps-0-kind]")).to_be_focused()


def test_a_quiz_is_made_shared_taken_and_looked_at(people: Any) -> None:
    page = people()
    log_in(page, "instructor")
    page.goto("/quizzes")
    page.select_option("#bank", "study-spacing")
    page.locator(".quiz-make button").click()
    page.check("#preset-practice")
    page.click("button[value=edit]")
    page.wait_for_url("**/edit")
    page.fill("[name=title-en]", "A quiz of the browser's")
    page.fill("[name=sources-0-count]", "2")
    page.select_option("[name=settings-feedback]", "deferred")
    save(page)
    page.wait_for_url("**/share")
    address = page.locator("#link").input_value()
    assert page.locator(".share-code svg").bounding_box()["width"] > 200  # type: ignore[index]
    learner = people(locale="ko-KR", width=360)
    learner.goto(address)
    learner.locator("main form button").first.click()
    learner.wait_for_url("**/questions/1")
    assert learner.locator(".navigator-slots li").count() == 2
    go_through(learner)
    learner.locator("#finish-form button.btn-primary").click()
    learner.wait_for_url("**/results")
    page.goto(f"{address}/results")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").click()
    page.wait_for_url("**/attempts/*")
    expect(page.locator(".result-question")).to_have_count(2)


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_KOREAN)
def test_what_an_instructor_makes_passes_axe(people: Any, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    log_in(page, "instructor")
    # Each kind in Korean, those with the most fields in English too.
    for kind in KINDS if locale == "ko-KR" else ("choice", "cloze"):
        page.goto(f"{NEW}?kind={kind}")
        look_at(page, kind)
    save(page)
    expect(page.locator(".error-summary")).to_be_visible()
    look_at(page, "a question that can't be saved yet")
    page.goto("/quizzes")
    page.locator(".quiz-make button").click()
    look_at(page, "a new quiz")
    page.check("#preset-practice")
    page.click("button[value=edit]")
    page.wait_for_url("**/edit")
    quiz = page.url.removesuffix("/edit")
    for url in (NEW, "/quizzes", f"{quiz}/edit", f"{quiz}/share", f"{quiz}/sources/0/questions", f"{quiz}/results",
                f"{quiz}/results/questions", "/banks/public", "/banks/board/settings"):  # fmt: skip
        page.goto(url)
        look_at(page, url)
    page.goto("/banks/board")
    page.locator(".question-pick input").first.check()
    page.locator(".bulk-panel summary").click()
    look_at(page, "the panel for many questions")
    page.fill("#value", "seen")
    page.locator(".bulk-panel button").click()
    page.wait_for_url("**/bulk")
    look_at(page, "what many questions would become")
