"""The passage picker by keyboard, the map of covered passages, and citations after a lesson has changed."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp import clock
from quizapp.config import bundled
from quizapp.content import actions
from quizapp.content.folder import read_course
from tests.browser.conftest import log_in
from tests.browser.test_every_page import IN_ENGLISH, look_at
from tests.conftest import inside, user_of
from tests.site import Site

COURSE = "/courses/openai-devday"


def pick(page: Page, words: str) -> None:
    """Search in the dialog and take the first passage, without a mouse."""
    page.locator(".picker-open").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#picker-words")).to_be_focused()
    page.keyboard.type(words)
    expect(page.locator(".picker-list li")).to_have_count(5)
    look_at(page, "picker")
    page.keyboard.press("ArrowDown")
    expect(page.locator(".picker-passage").first).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.locator("#picker-words")).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_ENGLISH)
def test_a_source_is_picked_by_keyboard(people: Any, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    log_in(page, "instructor")
    page.goto("/banks/board/questions/new?kind=truefalse")
    page.locator("[value='add:citations']").click()
    pick(page, "Sutskever")
    expect(page.locator(".picker-open")).to_be_focused()
    expect(page.locator(".picker-chosen blockquote")).not_to_be_empty()
    fields = {name: page.locator(f"[name=citations-0-{name}]").input_value() for name in ("lesson", "anchor", "quote")}
    assert (fields["lesson"], len(fields["quote"])) == ("board", 64)
    page.locator("[name=citations-0-anchor]").fill("no-such-passage")
    page.keyboard.press("Tab")
    assert page.locator("[name=citations-0-quote]").input_value() == "", "the quote was of another passage"
    expect(page.locator(".picker-chosen blockquote")).to_have_count(0)
    page.locator(".picker-open").click()
    page.keyboard.press("Escape")
    expect(page.locator(".picker-open")).to_be_focused()


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_ENGLISH)
def test_the_map_of_passages(people: Any, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    log_in(page, "instructor")
    for url in (f"{COURSE}/coverage", f"{COURSE}/coverage/aftermath", f"{COURSE}/citations"):
        page.goto(url)
        look_at(page, url)


def rewrite(site: Site) -> None:
    """Load the course into the stopped site's database once more, with other words in one passage."""
    with inside(f"sqlite:///{site.database}"):
        found = read_course(bundled("questions") / "openai-devday")
        part = found.lessons["aftermath"]
        body = part.body | {"en": part.body["en"].replace("hinting at a return", "and people read much into it")}
        found.lessons["aftermath"] = replace(part, body=body)
        actions.load(found, user_of("instructor"), 0, clock.now())


def test_a_changed_lesson_shows_at_its_questions(people: Any, own_site: Site) -> None:
    own_site.stop()
    rewrite(own_site)
    own_site.command.remove("--demo")  # it would load the course as it was
    own_site.start()
    page = people(url=own_site.url)
    log_in(page, "instructor")
    page.goto(f"{COURSE}/coverage")
    page.locator(".notice a").click()
    look_at(page, "citations to look at")
    expect(page.locator(".passage-diff ins").first).to_contain_text("people read much into it")
    left = page.locator(".source-changed").count()
    page.locator(".source-actions button").first.click()
    expect(page.locator(".source-changed")).to_have_count(left - 1)
