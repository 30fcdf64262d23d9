"""The player in place: check, save and next without a reload, without a network, by keyboard, and after the end."""

from __future__ import annotations

import re
from contextlib import nullcontext
from math import lcm
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.attempts.answering import LATE_AT_MOST
from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from tests.bench.sites import Form
from tests.browser.conftest import log_in, quiz_on
from tests.browser.test_way_through import SAVED, choose_something, open_quiz
from tests.site import Site


def mark(page: Page) -> None:
    """Remember the document: a reload would forget it."""
    page.evaluate("window.remembered = true")


def same_document(page: Page) -> bool:
    return page.evaluate("window.remembered === true")


def total(page: Page) -> int:
    return page.locator(".navigator-slots li").count()


def press(page: Page, value: str) -> None:
    page.locator(f".player-bar button[value={value}]").click()


def in_view(page: Page, selector: str) -> bool:
    box = page.locator(selector).bounding_box()
    size = page.viewport_size
    assert size is not None
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= size["height"]


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_every_verdict_comes_in_place_and_in_view(people: Any, locale: str) -> None:
    page = people(locale=locale, width=360)
    page.set_viewport_size({"width": 360, "height": 640})
    open_quiz(page)
    mark(page)
    for position in range(1, total(page) + 1):
        page.wait_for_url(f"**/questions/{position}")
        assert in_view(page, ".player-bar .btn-primary")
        choose_something(page)
        press(page, "check")
        verdict = page.locator("#verdict")
        expect(verdict).to_be_focused()
        assert in_view(page, "#verdict"), position
        assert in_view(page, ".player-bar .btn-primary"), position
        assert page.title().startswith(page.locator("#verdict .outcome").inner_text()), page.title()
        assert same_document(page)
        page.locator(".player-bar .btn-primary").click()
    page.wait_for_url("**/summary")
    assert same_document(page)


@pytest.mark.parametrize("locale", ["ko-KR", "en-US"])
def test_the_header_leaves_a_phone_its_room(people: Any, locale: str) -> None:
    """One row for a visitor and a learner, and two for who has all the links."""
    visitor, learner, teacher = (people(locale=locale, width=320) for _ in range(3))
    visitor.goto("/courses")
    log_in(learner)
    log_in(teacher, "instructor")
    heights = [page.locator(".site-header").bounding_box()["height"] for page in (visitor, learner, teacher)]
    assert max(heights[:2]) <= 56, heights
    assert heights[2] <= 100, heights


def test_parts_left_empty_are_asked_about_once(people: Any, site: Site) -> None:
    """The bar says it, in view, and the button once more means it."""
    item = Item(id="pairs", kind="match", stem={"ko": "수도를 고르세요."}, response=KINDS["match"].EXAMPLE)
    page = people(locale="ko-KR", width=360)
    page.goto(quiz_on(site, "pairs", [item], feedback="immediate"))
    page.locator("form.quiz-start button").click()
    page.wait_for_url("**/questions/1")
    page.locator("form[data-player] select").first.select_option(index=1)
    press(page, "check")
    status = page.locator("[data-save-status]")
    expect(status).to_contain_text("한 번 더 눌러 주세요")
    expect(status).to_be_in_viewport()
    expect(page.locator("#verdict")).to_have_count(0)
    press(page, "check")
    expect(page.locator("#verdict")).to_be_focused()


def test_a_unit_alone_is_no_answer_and_text_keeps_off_a_table(people: Any, site: Site) -> None:
    table = "| 단위 | 값 |\n|---|---|\n| m | 1 |\n\n얼마인가요?"
    body = {"answers": [{"value": "2", "fraction": 1}], "units": [{"name": "m", "factor": "1"}]}
    item = Item(id="unit", kind="number", stem={"ko": table}, stimulus={"ko": table}, response=body)
    page = people(locale="ko-KR", width=360)
    page.goto(quiz_on(site, "units", [item]))
    page.locator("form.quiz-start button").click()
    page.wait_for_url("**/questions/1")
    for part in (".stem", ".stimulus"):
        above, below = page.locator(f"{part} table").bounding_box(), page.locator(f"{part} p").bounding_box()
        assert below["y"] - above["y"] - above["height"] >= 12, part
    page.locator("form[data-player] select").select_option("m")
    expect(page.locator("[data-save-status]")).to_contain_text("아직 답 없음")
    page.reload()
    expect(page.locator("[data-save-status]")).to_be_empty()


def test_checking_without_a_connection_says_what_it_waits_for(people: Any) -> None:
    page = people(locale="ko-KR", width=360)
    open_quiz(page)
    choose_something(page)
    page.context.set_offline(True)
    press(page, "check")
    expect(page.locator("[data-save-status]")).to_contain_text("지금은 확인할 수 없어요")
    page.context.set_offline(False)
    expect(page.locator("[data-save-status]")).not_to_contain_text("확인할 수 없어요", timeout=15_000)
    press(page, "check")
    expect(page.locator("#verdict")).to_be_focused()


def test_checking_nothing_says_so_at_the_control(people: Any) -> None:
    page = people()
    open_quiz(page)
    mark(page)
    while page.locator(".control[data-order]").count():  # an order as it stands is an answer
        before = page.title()
        page.locator(".player-bar .btn-link").click()
        expect(page).not_to_have_title(before)
    press(page, "check")
    expect(page.locator("#control-problem")).to_contain_text("answer first")
    focused = page.evaluate("document.activeElement.closest('.control') !== null")
    assert focused
    assert same_document(page)
    choose_something(page)
    expect(page.locator("#control-problem")).to_be_hidden()


def test_back_and_forward_stay_in_the_player(people: Any) -> None:
    page = people()
    open_quiz(page, timed=True)
    mark(page)
    choose_something(page)
    press(page, "go-2")
    page.wait_for_url("**/questions/2")
    expect(page.locator("h1")).to_contain_text("2")
    expect(page.locator("h1")).to_be_focused()
    expect(page.locator(".navigator-slots li:first-child .slot-answered")).to_be_visible()
    page.go_back()
    expect(page.locator("h1")).to_contain_text("Question 1")
    page.go_forward()
    expect(page.locator("h1")).to_contain_text("Question 2")
    assert same_document(page)


def test_without_a_network_several_answers_wait_and_are_sent_later(people: Any) -> None:
    page = people()
    with page.expect_response(lambda one: one.url.endswith("/questions/2")):
        open_quiz(page, timed=True)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # what its scripts ask for
    mark(page)
    page.context.set_offline(True)
    choose_something(page)
    press(page, "go-2")  # it was fetched before
    expect(page.locator("h1")).to_contain_text("Question 2")
    choose_something(page)
    expect(page.locator("[data-save-status]")).to_contain_text("No connection")
    press(page, "go-3")
    expect(page.locator("[data-save-status]")).to_contain_text("can’t be shown yet")
    expect(page.locator("h1")).to_contain_text("Question 2")
    page.locator(".navigator-finish button").click()
    expect(page.locator("[data-save-status]")).to_contain_text("can’t be shown yet")
    page.context.set_offline(False)
    # Whichever of the two is sent last, it is said.
    expect(page.locator("[data-save-status]")).to_have_text(
        re.compile("Saved|All your answers are saved"), timeout=40_000
    )
    assert same_document(page)
    page.reload()
    expect(page.locator(".navigator-slots .slot-answered")).to_have_count(2)


def test_a_flag_is_kept_until_the_server_has_it(people: Any) -> None:
    """Without a network, on a slow line with the overview asked for at once, and where it is taken away again."""
    page = people(locale="ko-KR", width=360)
    open_quiz(page, timed=True)
    mark(page)
    flag, status, shown = (page.locator(one) for one in (".flag-button", "[data-save-status]", ".slot-flag"))
    page.context.set_offline(True)
    flag.click()
    expect(status).to_contain_text("연결이 끊겼어요")
    expect(flag).to_have_attribute("aria-pressed", "true")
    expect(shown).to_have_count(1)
    page.context.set_offline(False)
    expect(status).to_contain_text("저장됨")
    page.route("**/questions/2", lambda route: (page.wait_for_timeout(1000), route.continue_()))
    press(page, "go-2")
    page.wait_for_url("**/questions/2")
    flag.click()
    page.locator(".navigator-finish button").click()
    page.wait_for_url("**/summary")
    expect(page.locator("div[data-renewed]")).to_contain_text("표시한 문제가 2개")
    expect(shown).to_have_count(2)
    assert same_document(page)
    page.go_back()
    page.wait_for_url("**/questions/2")
    expect(flag).to_have_attribute("aria-pressed", "true")
    flag.click()
    expect(shown).to_have_count(1)
    expect(status).to_contain_text("저장됨")
    page.reload()
    expect(flag).to_have_attribute("aria-pressed", "false")
    expect(shown).to_have_count(1)


def test_what_comes_while_one_is_about_to_hand_in_is_counted(people: Any) -> None:
    page = people()
    open_quiz(page)
    count = total(page)
    page.route("**/questions/1", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    choose_something(page)
    page.wait_for_timeout(300)
    page.unroute("**/questions/1")
    page.goto(page.url.replace("questions/1", "summary"))
    expect(page.locator(".navigator-count")).to_contain_text("1")
    expect(page.locator("div[data-renewed]")).to_contain_text(f"{count - 1} ")
    expect(page.locator("#finish-form a[data-renewed]")).to_have_attribute("href", re.compile("/questions/2$"))
    expect(page.locator("[data-save-status]")).not_to_be_empty()
    said, overview = page.locator("[data-save-status]").bounding_box(), page.locator(".navigator").bounding_box()
    assert said["y"] + said["height"] + 8 <= overview["y"], "it stands apart, above the overview"


def test_before_handing_in_it_says_what_is_on_its_way_and_when_the_connection_is_back(people: Any) -> None:
    page = people()
    open_quiz(page, timed=True)
    mark(page)
    page.route("**/questions/1", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    choose_something(page)
    page.locator(".navigator-finish button").click()
    page.wait_for_url("**/summary")
    status = page.locator("[data-save-status]")
    expect(status).to_contain_text("Answers still on their way: 1.")
    page.context.set_offline(True)
    page.locator("#finish-form button").click()
    expect(status).to_contain_text("nothing is handed in yet")
    with page.expect_event("requestfailed"):  # a device says that it is back a moment before anything gets through
        page.context.set_offline(False)
    page.unroute("**/questions/1")
    expect(status).to_have_text("The connection is back: you can hand in now.", timeout=15_000)
    expect(page.locator(".navigator-count")).to_contain_text("1")
    assert same_document(page)
    page.locator("#finish-form button").click()
    page.wait_for_url("**/results")


def test_where_the_learner_wanted_to_go_last_is_where_they_arrive(people: Any) -> None:
    """A page that is slow to come doesn't take the place of one that was asked for after it."""
    page = people()
    open_quiz(page)
    mark(page)
    page.route("**/questions/4", lambda route: (page.wait_for_timeout(1000), route.continue_()), times=1)
    places = page.locator(".navigator-slots li > *")
    places.nth(3).click()
    places.nth(2).click()
    expect(page.locator("h1")).to_contain_text("Question 3")
    page.wait_for_timeout(1500)
    expect(page.locator("h1")).to_contain_text("Question 3")
    assert page.url.endswith("/questions/3")
    assert same_document(page)


def ordering(page: Page) -> tuple[str, int, int]:
    """Begin a quiz that asks all of its bank: the folder of its questions, the place of the ordering, and how many."""
    page.goto("/courses/study-science")
    page.locator(".syllabus-quizzes a", has_text=re.compile("Spacing check|나누고 섞기")).click()
    page.locator("main form button.btn-primary").first.click()
    expect(page.locator("#stem")).to_be_visible()
    address = page.url.rsplit("/", 1)[0]
    texts = [page.request.get(f"{address}/{position}").text() for position in range(1, total(page) + 1)]
    (order,) = (place for place, text in enumerate(texts, 1) if "data-order-handle" in text)
    return address, order, len(texts)


def test_an_ordering_that_was_not_fetched_beforehand_is_a_list_to_move_about_in(people: Any) -> None:
    """Its script stands within the part that is shown, and no question before has brought it."""
    page = people()
    address, order, count = ordering(page)
    start = next(place for place in range(1, count + 1) if order not in (place, place + 1))
    with page.expect_response(f"**/questions/{start + 1}") if start < count else nullcontext():
        page.goto(f"{address}/{start}")
    page.wait_for_load_state("networkidle")
    assert not page.evaluate("performance.getEntriesByType('resource').some(({ name }) => name.includes('/order.'))")
    mark(page)
    page.locator(f".navigator-slots li:nth-child({order}) button").click()
    expect(page.locator("[data-order-handle]").first).to_be_visible()
    assert same_document(page)


def test_time_that_runs_out_offline_stays_in_the_player(people: Any) -> None:
    page = people()
    open_quiz(page, timed=True)
    mark(page)
    choose_something(page)
    expect(page.locator("[data-save-status]")).to_have_text(SAVED)
    page.context.set_offline(True)
    page.evaluate("document.getElementById('finish-form').requestSubmit()")  # as countdown.js does
    expect(page.locator("[data-save-status]")).to_contain_text("Time is up")
    assert same_document(page)
    page.context.set_offline(False)
    page.wait_for_url("**/results")


@pytest.mark.parametrize("full", [False, True])
def test_what_comes_too_late_stays_here_until_the_server_has_it(people: Any, full: bool) -> None:
    """Handed in elsewhere while the answer waits for a network. `full`: the server keeps no more of them."""
    page = people()
    open_quiz(page, timed=True)
    elsewhere = Form(page.content())
    token = page.locator("input[name=csrf_token]").first.get_attribute("value") or ""
    page.context.set_offline(True)
    choose_something(page)
    waits = "Object.keys(localStorage).filter(key => key.includes('/questions/')).length"
    page.wait_for_function(f"{waits} === 1")
    address, headers = page.url, {"Accept": "application/json"}
    handed_in = address.split("/questions/")[0] + "/submission"
    assert page.request.post(handed_in, form={"csrf_token": token}, headers=headers).ok
    elsewhere.turn = lcm(*range(1, 10)) + 1 - LATE_AT_MOST  # the last one is the second of its choices
    for _ in range(LATE_AT_MOST if full else 0):
        fields = {"csrf_token": token, "seq": "0", "do": "stay", **dict(elsewhere.next_fields())}
        reply = page.request.post(address, form=fields, headers=headers)
        assert (reply.status, reply.json()["kept"]) == (410, True)
    page.context.set_offline(False)
    expect(page.locator("[data-save-status]")).to_contain_text("after the end")
    assert page.evaluate(waits) == (1 if full else 0)


def test_a_damaged_entry_of_the_device_s_storage_keeps_nothing_else_back(people: Any) -> None:
    page = people()
    open_quiz(page)
    key = "quizapp:" + page.url.split("://")[1].partition("/")[2].join(("/", ""))
    page.evaluate("key => localStorage.setItem(key, '{damaged')", key)
    page.reload()
    choose_something(page)
    expect(page.locator("[data-save-status]")).to_contain_text("Saved")


def test_back_after_handing_in_shows_no_live_form(people: Any) -> None:
    page = people()
    open_quiz(page, timed=True)
    page.locator(".navigator-finish button").click()
    page.wait_for_url("**/summary")
    page.locator("#finish-form button").click()
    page.wait_for_url("**/results")
    page.go_back()
    page.wait_for_url("**/results")
    expect(page.locator("#finish-form, #answer")).to_have_count(0)


def test_typing_does_not_speak_at_every_key(people: Any) -> None:
    page = people()
    open_quiz(page, course=1)  # it asks all of its questions, one of which is to be typed
    for position in range(1, total(page) + 1):
        if page.locator("#answer .control input[type=text]").count():
            break
        page.locator(f".navigator-slots li:nth-child({position + 1}) button").click()
        expect(page.locator("h1")).to_contain_text(f"Question {position + 1}")
    page.evaluate("""() => { window.heard = 0
        new MutationObserver(() => window.heard++).observe(document.querySelector('[data-said]'),
            {childList: true, characterData: true, subtree: true}) }""")
    page.locator("#answer .control input[type=text]").first.press_sequentially("a longer answer", delay=20)
    expect(page.locator("[data-save-status]")).to_have_text(SAVED)
    assert page.evaluate("window.heard") <= 1
    assert page.locator("[data-save-status]").get_attribute("role") is None
