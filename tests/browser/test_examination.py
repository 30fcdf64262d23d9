"""An examination as it is held: made in a few clicks, a roster, a clock, a phone that dies, ten minutes more."""

from __future__ import annotations

import re
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in
from tests.browser.test_every_page import IN_ENGLISH, look_at
from tests.browser.test_way_through import answer_something, go_through
from tests.site import Site

CLASS = "\n".join(["이름\t학번", *(f"학생 {number}\t2026{number:04}" for number in range(1, 41))])


def make(page: Page, who: str = "roster") -> str:
    """An examination of the bank “study-spacing”; its address. Everything that is clicked is counted."""
    clicks = 0

    def click(what: str) -> None:
        nonlocal clicks
        clicks += 1
        page.locator(what).first.click()

    page.goto("/banks/study-spacing")
    click("a[href*='/quizzes/new']")
    page.fill("[name=count]", "3")
    page.fill("[name=time_limit]", "30")
    page.select_option("[name=who]", who)
    click("#new-quiz button[value=share]")
    page.wait_for_url("**/share")
    if who == "roster":
        expect(page.locator("main")).to_contain_text(re.compile("roster is empty|명단이 비어"))
        click("nav.tabs a[href$='/people']")
        page.fill("#people", CLASS)
        click("button[value=add]")
        expect(page.locator("tbody tr")).to_have_count(40)
        click("nav.tabs a[href$='/share']")
    page.wait_for_url("**/share")
    assert clicks <= 5
    return page.locator("#link").input_value()


def set_opening(site: Site, address: str, seconds: float) -> None:
    """Let it open so soon, as no form can say that."""
    opens_at = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    with sqlite3.connect(site.database) as database:
        database.execute(
            "UPDATE quizzes SET settings = json_set(settings, '$.opens_at', ?) WHERE public_id = ?",
            (opens_at, address.rsplit("/", 1)[1]),
        )


def codes(page: Page) -> list[str]:
    return page.locator("tbody code").all_inner_texts()


def test_an_examination_from_its_making_to_its_sheet(people: Any, site: Site) -> None:
    teacher = people()
    log_in(teacher, "instructor")
    address = make(teacher)
    teacher.locator("nav.tabs a[href$='/people']").click()
    known = codes(teacher)
    set_opening(site, address, 6)

    phone = people(locale="ko-KR", width=360)
    phone.goto(f"{address}?code={known[0]}")
    expect(phone.locator("[data-countdown-words]")).to_contain_text("응시 시작까지")
    expect(phone.locator("form.quiz-start button")).to_be_visible()  # it opened, and the page came anew
    phone.locator("form.quiz-start button").click()
    phone.wait_for_url("**/questions/1")
    answer_something(phone)

    tablet = people(locale="ko-KR", width=768)  # the phone dies
    tablet.goto(address)
    tablet.fill("#code", known[0].upper())
    tablet.locator("form.quiz-start button").click()
    tablet.wait_for_url("**/questions/1")
    expect(tablet.locator(".navigator-count")).to_contain_text("1")
    expect(phone.locator("[data-announcements]")).to_contain_text("다른 기기")
    hands_in_no_more(phone)

    teacher.goto(f"{address}/live")
    expect(teacher.locator("main")).to_contain_text("학생 1")
    before = tablet.locator("[data-countdown-words]").inner_text()
    teacher.fill("#text", "Ten minutes more for all")
    teacher.locator("button", has_text="Show it to everybody").click()
    teacher.locator("tbody input[type=checkbox]").first.check()
    teacher.fill("#minutes", "10")
    teacher.locator("button[value=extend]").click()
    expect(teacher.locator("main")).to_contain_text("more minutes (+10 minutes)")
    expect(tablet.locator("[data-announcements]")).to_contain_text("Ten minutes more")
    expect(tablet.locator("[data-countdown-words]")).to_have_text(re.compile("^(4|39)"))
    assert before.startswith(("29", "30"))

    go_through(tablet)
    tablet.locator("#finish-form button.btn-primary").click()
    tablet.wait_for_url("**/results")
    expect(tablet.locator("main")).to_contain_text("강사가 공개하면")
    expect(tablet.locator(".result-question")).to_have_count(0)
    expect(teacher.locator("tbody")).to_contain_text("handed in")  # by itself
    teacher.locator("button", has_text="Release them now").click()
    tablet.reload()
    expect(tablet.locator(".result-question")).to_have_count(3)
    teacher.goto(f"{address}/results")
    expect(teacher.locator("main")).to_contain_text("39 people on the roster haven't started")
    expect(teacher.locator("tbody")).to_contain_text("20260001")
    sheet = teacher.request.get(f"{address}/results/sheet.csv").body().decode("utf-8-sig")
    assert "학생 1,20260001" in sheet
    assert "학생 40,20260040" in sheet


def hands_in_no_more(left: Page) -> None:
    """A device that an attempt has left is told so once, as its clock is up, and doesn't ask again."""
    left.evaluate(
        "window.waits = []; { const real = setTimeout; window.setTimeout = (f, ms) => real(f, waits.push(ms) && ms); }"
    )
    with left.expect_response("**/submission") as told:
        left.evaluate("document.getElementById('finish-form').requestSubmit()")
    assert told.value.status == 410
    expect(left.locator("[data-save-status]")).to_contain_text("다른 기기")
    assert 10_000 not in left.evaluate("waits")


def test_a_device_whose_clock_jumps_keeps_its_time(people: Any, site: Site) -> None:
    teacher = people()
    log_in(teacher, "instructor")
    address = make(teacher, "named")
    learner = people()
    learner.goto(address)
    learner.fill("#given-name", "Kim")
    learner.fill("#given-number", "7")
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url("**/questions/1")
    learner.evaluate("() => { const now = Date.now; Date.now = () => now() + 7200_000; }")
    time.sleep(2.5)
    assert learner.url.endswith("/questions/1"), "not handed in by a wrong clock"
    expect(learner.locator("[data-countdown-words]")).to_have_text(re.compile("^(29|30) min"))


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_ENGLISH)
def test_the_pages_of_an_examination_pass_axe(people: Any, locale: str, width: int, scheme: str) -> None:
    teacher = people(locale=locale, width=width, scheme=scheme)
    log_in(teacher, "instructor")
    address = make(teacher)
    look_at(teacher, "ready and share")
    for page in ("people", "cards", "live", "edit", "results"):
        teacher.goto(f"{address}/{page}")
        look_at(teacher, page)
    known = teacher.goto(f"{address}/people") and codes(teacher)
    teacher.fill("#people", "이름\t학번\n김\t1\n이\t1")
    teacher.locator("button[value=look]").click()
    look_at(teacher, "a roster that is looked at")
    teacher.goto("/quizzes/accommodations")
    look_at(teacher, "accommodations")
    teacher.goto("/quizzes/new")
    teacher.locator("#new-quiz button[value=share]").click()
    look_at(teacher, "a new quiz that lacks something")
    learner = people(locale=locale, width=width, scheme=scheme)
    learner.goto(address)
    learner.fill("#code", "wrong")
    learner.locator("form.quiz-start button").click()
    expect(learner.locator("#code[aria-invalid]")).to_be_visible()
    look_at(learner, "a wrong code")
    learner.fill("#code", known[0])
    learner.locator("form.quiz-start button").click()
    learner.wait_for_url("**/questions/1")
    look_at(learner, "the player")
    learner.goto(learner.url.replace("questions/1", "summary"))
    learner.locator("#finish-form button.btn-primary").click()
    learner.wait_for_url("**/results")
    look_at(learner, "results that come later")
    teacher.goto(f"{address}/live")
    look_at(teacher, "live")
