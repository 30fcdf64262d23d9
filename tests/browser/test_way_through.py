"""The whole way, as people go it: guest, learner, two devices, two tabs, no network, and a server that dies."""

from __future__ import annotations

import re
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.conftest import log_in
from tests.site import Site

EXAM = re.compile("exam|final|종합", re.I)


SAVED = re.compile("Saved at|저장됨")
"""What the player says of an answer that the server has, and of none that is on its way."""


def open_quiz(page: Page, timed: bool = False, course: int = 0) -> None:
    """From the catalogue to the first question of a quiz of a course, by its place."""
    page.goto("/courses")
    page.locator(".course-card a").nth(course).click()
    quizzes = page.locator(".syllabus-quizzes a")
    (quizzes.last if timed else quizzes.first).click()
    page.locator("main form button.btn-primary, main a.btn-primary").first.click()
    expect(page.locator("#stem")).to_be_visible()
    page.wait_for_load_state("networkidle")  # the scripts are there: a network that fails now fails them no more


def answer_something(page: Page) -> None:
    """Give some answer to the question on the page, and see it saved."""
    choose_something(page)
    expect(page.locator("[data-save-status]")).to_have_text(SAVED)


def choose_something(page: Page) -> None:
    """Some answer to the question on the page, whatever its control."""
    control = page.locator("form[data-player] .control").first
    if control.locator("input[type=radio]").count():
        names = set(control.locator("input[type=radio]").evaluate_all("all => all.map(one => one.name)"))
        for name in names:
            control.locator(f"input[name='{name}']").first.check()
    elif control.locator("input[type=checkbox]").count():
        control.locator("input[type=checkbox]").first.check()
    elif control.get_attribute("data-order") is not None:
        expect(control.locator("[data-order-handle]").first).to_be_visible()  # a list to move about in by now
        as_it_stands = control.locator("[data-order-keep] button")
        (as_it_stands if as_it_stands.is_visible() else control.locator("[data-order-move='1']").first).click()
    else:
        for box in control.locator("select").all():
            box.select_option(index=1)
        for box in control.locator("input[type=text], textarea").all():
            box.fill("12")
            box.blur()


def go_through(page: Page) -> int:
    """Answer every question and arrive at the overview; how many there were."""
    total = page.locator(".navigator-slots li").count()
    for position in range(1, total + 1):
        page.locator(f".navigator-slots li:nth-child({position}) > *").click()
        page.wait_for_url(f"**/questions/{position}")
        answer_something(page)
    page.locator(".navigator-finish button").click()
    page.wait_for_url("**/summary")
    return total


def test_a_guest_takes_a_quiz_and_keeps_it_by_signing_up(people: Any) -> None:
    page = people()
    open_quiz(page)
    total = go_through(page)
    page.locator("#finish-form button.btn-primary").click()
    page.wait_for_url("**/results")
    expect(page.locator(".result-question")).to_have_count(total)
    page.locator(".notice a", has_text="Sign up").click()
    page.locator("input[name=name]").fill("한결")
    page.locator("input[name=email]").fill("guest-no-more@example.com")
    page.locator("input[name=password]").fill("four words in a row")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/results")
    expect(page.locator(".result-question")).to_have_count(total)
    page.goto("/home")
    expect(page.locator("h1")).to_contain_text("한결")
    expect(page.locator(".result-list li").first).to_be_visible()


def test_a_wrong_answer_leads_to_the_passage(people: Any) -> None:
    """On a phone the next step stands on the first screen of the results."""
    page = people(locale="ko-KR", width=360)
    open_quiz(page)
    go_through(page)
    page.locator("#finish-form button.btn-primary").click()
    page.wait_for_url("**/results")
    practise = page.locator(".results .btn-primary").bounding_box()
    assert practise["y"] + practise["height"] <= 640
    page.locator(".passage summary").first.click()
    page.locator(".passage a").first.click()
    passage = page.locator(":target")
    expect(passage).to_be_visible()
    assert passage.evaluate("one => getComputedStyle(one).backgroundColor") != "rgba(0, 0, 0, 0)"


def test_going_on_with_another_device(people: Any) -> None:
    first = people()
    log_in(first)
    open_quiz(first, timed=True)
    answer_something(first)
    url = first.url
    second = people(locale="ko-KR", width=360)
    log_in(second)
    second.goto(url)
    expect(second.locator(".navigator-count")).to_contain_text("1")
    second.goto("/home")
    expect(second.locator(".continue-card").first).to_be_visible()


def test_a_killed_server_loses_nothing_acknowledged(people: Any, own_site: Site) -> None:
    page = people(url=own_site.url)
    open_quiz(page, timed=True)
    answer_something(page)
    page.locator(".navigator-slots li:nth-child(2) > *").click()
    page.wait_for_url("**/questions/2")
    answer_something(page)
    own_site.kill()
    own_site.start()
    page.reload()
    expect(page.locator(".navigator-count")).to_contain_text("2")
    answered = page.locator(".navigator-slots .slot-answered")
    expect(answered).to_have_count(2)


def test_no_network_keeps_the_answer_and_sends_it_later(people: Any) -> None:
    page = people()
    open_quiz(page, timed=True)
    page.context.set_offline(True)
    choose_something(page)
    status = page.locator("[data-save-status]")
    expect(status).to_contain_text("No connection")
    page.context.set_offline(False)
    expect(status).to_contain_text("Saved", timeout=40_000)
    page.reload()
    expect(page.locator(".navigator-count")).to_contain_text("1")


def test_a_stale_tab_is_told_and_loses_nothing(people: Any) -> None:
    page = people()
    open_quiz(page, timed=True)
    other = page.context.new_page()
    other.goto(page.url)
    answer_something(page)
    control = other.locator("form[data-player] .control").first
    if control.locator("input[type=radio], input[type=checkbox]").count():
        control.locator("input[type=radio], input[type=checkbox]").last.check()
    elif control.locator("[data-order-move]:visible").count():
        control.locator("[data-order-move='1']:visible").first.click()
    elif control.locator("select").count():
        for one in control.locator("select").all():
            one.select_option(index=2)
    else:
        control.locator("input, textarea").first.fill("mine")
    keep = other.get_by_role("button", name="Keep mine")
    expect(keep).to_be_visible()
    keep.click()
    expect(other.locator("[data-save-status]")).to_contain_text("Saved")


def test_the_whole_way_by_keyboard(people: Any) -> None:
    """Tab, arrows, space and Enter are enough to take a quiz; the focus can always be seen."""
    page = people()
    open_quiz(page)
    total = page.locator(".navigator-slots li").count()
    for _ in range(total):
        if page.locator("[data-order]").count():
            expect(page.locator("[data-order-handle]").first).to_be_visible()  # a list to move about in by now
        reach(page, "form[data-player] .control :is(input, select, textarea, button)")
        kind = page.evaluate("[document.activeElement.tagName, document.activeElement.type].join(' ')")
        if "radio" in kind or "checkbox" in kind or "BUTTON" in kind:
            page.keyboard.press("Space")
        elif "SELECT" in kind:
            page.keyboard.press("ArrowDown")
        else:
            page.keyboard.type("12")
        reach(page, "form[data-player] .player-actions button[name=do]:not([value=check])")
        before = page.url
        page.keyboard.press("Enter")
        page.wait_for_url(lambda url, before=before: url != before)
    page.wait_for_url("**/summary")
    reach(page, "#finish-form button")
    page.keyboard.press("Enter")
    page.wait_for_url("**/results")


FOCUS = """selector => {
  const one = document.activeElement, around = one.closest("label") ?? one
  if (!one.matches(selector)) return null
  const drawn = (style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2
  const outlined = drawn(getComputedStyle(one)) || drawn(getComputedStyle(around))
  return { outlined: outlined || getComputedStyle(one).boxShadow !== "none", html: one.outerHTML }
}"""


def reach(page: Page, selector: str) -> None:
    """Press Tab until the focus is on an element of this kind, and see that it is visible there."""
    for _ in range(120):
        page.keyboard.press("Tab")
        seen = page.evaluate(FOCUS, selector)  # in one go: a page may take the place of another meanwhile
        if seen:
            assert seen["outlined"], f"no visible focus on {seen['html'][:200]}"
            return
    raise AssertionError(f"the keyboard doesn't reach {selector} on {page.url}")
