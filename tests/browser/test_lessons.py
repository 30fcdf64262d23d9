"""Lessons in a browser: checks in place and without scripts, charts that can be asked, explained words, paper."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_every_page import LOOKS, see
from tests.site import Site

STRUCTURE = "/courses/openai-devday/lessons/structure"


def every_lesson(page: Page) -> list[str]:
    found: list[str] = []
    page.goto("/courses")
    for course in page.locator(".course-card h2 a").evaluate_all("all => all.map(one => one.href)"):
        page.goto(course)
        found += page.locator(".syllabus-lesson h3 a").evaluate_all("all => all.map(one => one.href)")
    return found


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
def test_every_lesson_asks_on_its_first_screen_and_is_sound(people: Any, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    lessons = every_lesson(page)
    assert len(lessons) > 8
    for address in lessons:
        page.goto(address)
        asked = page.locator("[data-check] .stem").first.bounding_box()
        assert asked
        assert asked["y"] < 900, "the first screen asks something"
        for part in page.locator(".lesson-body details").all():
            part.evaluate("part => part.removeAttribute('name') || (part.open = true)")
        see(page, address)
        wide = "all => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length"
        assert page.locator(".table-scroll").evaluate_all(wide) == 0, f"{address}: a table is wider than the page"


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
def test_a_newcomer_answers_two_checks_in_place(people: Any, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    page.goto(STRUCTURE)
    first, second = page.locator("[data-check]").nth(0), page.locator("[data-check]").nth(1)
    first.locator("button").click()
    expect(first.locator(".check-problem")).not_to_be_empty()
    expect(first.locator("input[type=radio]").first).to_be_focused()
    for check in (first, second):  # the second with the token of the guest's session
        check.locator("input[type=radio]").first.check()
        check.locator("button").click()
        expect(check.locator(".outcome")).to_be_visible()
        expect(check.locator("[data-check-said]")).to_be_focused()
    assert page.url.endswith(STRUCTURE), "no page was loaded"
    see(page, "answered")
    page.reload()
    expect(page.locator("[data-check] .outcome")).to_have_count(2)
    first.locator(".check-again a").click()
    expect(page.locator("[data-check] .outcome")).to_have_count(1)


def test_without_scripts_the_form_leads_back_to_its_check(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, java_script_enabled=False, viewport={"width": 360, "height": 640})
    page = context.new_page()
    page.goto(STRUCTURE)
    check = page.locator("[data-check]").nth(2)
    check.locator("input[type=radio]").first.check()
    check.locator("button").click()
    assert page.url.endswith("#" + str(check.get_attribute("id")).replace("check-", "said-"))
    expect(check.locator(".outcome")).to_be_in_viewport()
    page.locator(".reveal summary").first.click()
    expect(page.locator(".reveal-text").first).to_be_visible()
    context.close()


def test_a_box_of_a_chart_can_be_asked(people: Any) -> None:
    page = people()
    page.goto(STRUCTURE)
    chart = page.locator("[data-chart]").nth(1)
    chart.locator("g[data-box]").nth(2).click()
    told = chart.locator("details[data-box='3']")
    expect(told.locator("li").first).to_be_visible()
    expect(chart.locator("g.chart-chosen")).to_have_count(1)
    expect(chart.locator("g.chart-lit")).to_have_count(4)
    chart.locator("details[data-box='1'] summary").press("Enter")
    expect(told).not_to_have_attribute("open", "")
    expect(chart.locator("g.chart-lit")).to_have_count(3)


def test_a_word_is_explained_and_paper_shows_all(people: Any) -> None:
    page = people(width=360)
    page.goto(STRUCTURE)
    page.locator(".term").first.click()
    expect(page.locator(".term-told").first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".term-told").first).to_be_hidden()
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    for hidden in (".term-told", ".reveal-text", ".steps details > p", ".chart-words details li"):
        expect(page.locator(hidden).first).to_be_visible()
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="screen")
    expect(page.locator(".reveal-text").first).to_be_hidden()
    assert page.locator(".chart-words details[name]").count() == page.locator(".chart-words details").count()
