"""Notes in a browser: written within the lesson by a script, on a page of their own without one."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import log_in
from tests.browser.test_every_page import IN_KOREAN, look_at
from tests.site import Site

BOARD = "/courses/openai-devday/lessons/board"


def mark(page: Page, anchor: str) -> Any:
    return page.locator(f"[data-mark='{anchor}']")


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_KOREAN)
def test_a_note_is_written_where_one_reads(people: Any, locale: str, width: int, scheme: str) -> None:
    """By keyboard and by click; closed by its button or by its bookmark; kept, found, and removed."""
    page = people(locale=locale, width=width, scheme=scheme)
    log_in(page)
    page.goto(BOARD)
    words = page.locator("form[data-note] textarea")
    mark(page, "what-happened").press("Enter")
    expect(words).to_be_focused()
    look_at(page, "a note in a lesson")
    page.locator("[data-note-close]").click()
    expect(words).to_have_count(0)
    expect(mark(page, "what-happened")).to_be_focused()
    for anchor in ("what-happened", "fact-or-reading"):  # beside a paragraph, and above a table
        mark(page, anchor).click()
        words.fill(f"about {anchor}")
        page.locator("form[data-note] .btn-primary").click()
        expect(words).to_have_count(0)
        expect(mark(page, anchor)).to_be_focused()
        expect(page.locator(".passage-marked")).to_have_count(["what-happened", "fact-or-reading"].index(anchor) + 1)
    assert page.url.endswith(BOARD), "no page was loaded"
    look_at(page, "a lesson with notes")
    mark(page, "what-happened").click()
    expect(words).to_have_value("about what-happened")
    mark(page, "what-happened").click()
    expect(words).to_have_count(0)
    page.goto("/notes")
    look_at(page, "notes")
    page.locator(".note-actions a").nth(1).click()
    page.wait_for_url("**/notes/*")
    look_at(page, "a note on its own page")
    page.goto("/search?q=about")
    look_at(page, "notes that were found")
    page.goto("/notes")
    for left in (1, 0):
        page.locator(".note-actions summary").first.click()
        look_at(page, f"a note that is asked about before it goes, {left} left")
        page.locator(".note-actions details[open] button").click()
        expect(page.locator(".note-list > li")).to_have_count(left)


def test_without_a_connection_a_note_stays_where_it_is_written(people: Any) -> None:
    page = people()
    log_in(page)
    page.goto(BOARD)
    words = page.locator("form[data-note] textarea")
    mark(page, "what-happened").click()
    words.fill("written on a train")
    page.context.set_offline(True)
    page.locator("form[data-note] .btn-primary").click()
    expect(page.locator("[data-note-problem]")).to_be_visible()
    expect(words).to_have_value("written on a train")
    page.context.set_offline(False)
    page.locator("form[data-note] .btn-primary").click()
    expect(words).to_have_count(0)
    mark(page, "what-happened").click()
    expect(words).to_have_value("written on a train")
    page.get_by_role("button", name="Remove").click()
    expect(page.locator(".passage-marked")).to_have_count(0)


def test_it_works_without_scripts(browser: Browser, site: Site) -> None:
    context = browser.new_context(base_url=site.url, locale="ko-KR", java_script_enabled=False)
    page = context.new_page()
    log_in(page, "instructor")
    page.goto(BOARD)
    mark(page, "two-losses").click()
    page.locator("form[data-note] textarea").fill("without")
    page.locator("form[data-note] .btn-primary").click()
    page.wait_for_url(f"**{BOARD}#two-losses")
    expect(page.locator(".passage-marked")).to_have_count(1)
    mark(page, "two-losses").click()
    page.locator("form[data-note] button[value=remove]").click()
    page.wait_for_url(f"**{BOARD}#two-losses")
    expect(page.locator(".passage-marked")).to_have_count(0)
    context.close()
