"""What a page may weigh at its first load, and how far it may shift by itself."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.bench.flow import saves, verdicts
from tests.bench.waiting import Flow
from tests.browser.measuring import forget_shifts, shifted, shifting, slow_down, weight
from tests.browser.test_player import ordering
from tests.browser.test_way_through import choose_something, open_quiz

BYTES = 45_000
LESSON = 68_000
"""A lesson's text comes whole, with its charts and checks, and isn't packed: it holds the token of its forms."""
SHIFT = 0.02


def test_the_first_load_of_a_page_is_light(people: Any) -> None:
    first = people(locale="ko-KR", width=390)
    open_quiz(first, timed=True)
    question = heaviest(first)
    first.goto("/courses/openai-devday")
    lesson = first.locator(".syllabus-lesson h3 a").first.get_attribute("href")
    for path, most in (("/courses", BYTES), (lesson, LESSON), (question, BYTES)):
        page = people(locale="ko-KR", width=390)
        page.context.add_cookies(first.context.cookies())
        found = weight(page, lambda page=page, path=path: page.goto(path))
        assert 5_000 < found <= most, f"{path}: {found} bytes"


def heaviest(page: Page) -> str:
    """The address of the longest question of an attempt: which ones are drawn is left to chance."""
    folder, total = page.url.rsplit("/", 1)[0], page.locator(".navigator-slots li").count()
    return max(
        (f"{folder}/{position}" for position in range(1, total + 1)),
        key=lambda address: len(page.request.get(address).body()),
    )


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_shifts_by_itself(people: Any, width: int) -> None:
    page = people(locale="ko-KR", width=width)
    shifting(page)
    page.goto("/courses/openai-devday")
    lesson = page.locator(".syllabus-lesson h3 a").first.get_attribute("href") or ""
    quiz = page.locator(".syllabus-quizzes a").first.get_attribute("href") or ""
    for path in ("/courses", "/courses/openai-devday", lesson, quiz):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        settled(page, path)
    address, order, _count = ordering(page)
    session = slow_down(page)  # its script makes it another list, and comes late
    page.goto(f"{address}/{order}")
    expect(page.locator("[data-order-handle]").first).to_be_visible()
    settled(page, "ordering")
    session.detach()
    open_quiz(page)
    for position in range(1, 4):
        choose_something(page)
        page.locator(".player-bar button[value=check]").click()
        page.locator("#verdict").wait_for()
        forget_shifts(page)
        settled(page, f"verdict {position}")
        page.locator(".player-bar [rel=next]").click()
        page.wait_for_url(f"**/questions/{position + 1}")
        forget_shifts(page)
        settled(page, f"question {position + 1}")


def test_the_bench_of_the_player_keeps_working(people: Any) -> None:
    """What it measures is measured by `make bench`; here only that it finds its way, and that nothing takes ages."""
    found, page = Flow(), people(locale="ko-KR", width=390)
    open_quiz(page)
    verdicts(page, found, 2)
    page = people(locale="ko-KR", width=390)
    open_quiz(page, timed=True)
    saves(page, found, 2)
    assert {name: len(times) for name, times in found.waited.items() if name != "saved"} == {
        "next question, fetched beforehand": 2, "next question, fetched then": 2, "verdict": 2,
    }  # fmt: skip
    assert all(0 < one < 10_000 for times in found.waited.values() for one in times)


def settled(page: Page, name: str) -> None:
    found = shifted(page)
    assert sum(one[0] for one in found) <= SHIFT, f"{name}: {found}"
