"""How long a learner waits at a question, in Chromium on a slow phone: 150 ms there and back, 1.6 Mbit/s, a processor
four times slower. From the click to the frame in which the page shows what it led to."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.bench.sites import databases, our_site
from tests.bench.waiting import BYTES, GOALS, Flow
from tests.browser.measuring import slow_down, until, weight
from tests.browser.test_way_through import choose_something, open_quiz
from tests.chromium import launch_options

CHECK = ".player-bar button[value=check]"
NEXT = ".player-bar [rel=next]"
OPTION = "#answer .option-input:not(:checked)"
SAVED = "[data-save-status]"


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        yield browser
        browser.close()


def measure_flow(say: Callable[[str], None], questions: int = 9) -> Flow:
    """Go through a quiz with feedback at once, and through one without; each question is another measurement."""
    found = Flow()
    with tempfile.TemporaryDirectory(prefix="bench") as name, chromium() as browser:
        folder = Path(name)
        with databases(folder, "sqlite") as (address, _bare), our_site(folder, address) as site:

            def phone(state: str | None = None) -> Page:
                return browser.new_context(
                    base_url=site.url, locale="ko-KR", viewport={"width": 390, "height": 844}, storage_state=state
                ).new_page()

            page = phone()
            open_quiz(page, timed=True)
            first = page.url
            fresh = phone()
            fresh.context.add_cookies(page.context.cookies())  # pyright: ignore[reportArgumentType]
            found.bytes = weight(fresh, lambda: fresh.goto(first))
            saves(page, found, questions)
            page = phone()
            open_quiz(page)
            verdicts(page, found, questions)
    for one, goal in GOALS.items():
        say(f"  {one:<34} {found.median(one):5.0f} ms (goal {goal}), {len(found.waited[one])} times")
    say(f"  first load of a question {found.bytes:,} bytes (goal {BYTES:,})")
    return found


def saves(page: Page, found: Flow, questions: int) -> None:
    """Answers that are saved as they are given, on the way; a question that nobody fetched beforehand."""
    total = page.locator(".navigator-slots li").count()
    session = slow_down(page)
    for position in range(1, questions + 1):
        if page.locator(OPTION).count():
            found.waited["saved"].append(until(page, OPTION, SAVED, "저장됨"))
        far = 1 + (position + total // 2) % total  # not the one that was fetched beforehand
        target = f".navigator-slots li:nth-child({far}) button"
        found.waited["next question, fetched then"].append(until(page, target, "h1", f" {far}/"))
        page.locator(f".navigator-slots li:nth-child({position + 1}) button").click()
        page.wait_for_url(f"**/questions/{position + 1}")
        ready(page)
    session.detach()


def verdicts(page: Page, found: Flow, questions: int) -> None:
    """Check, and go on to what was fetched while the verdict was read."""
    session = slow_down(page)
    for position in range(1, questions + 1):
        choose_something(page)
        ready(page)
        found.waited["verdict"].append(until(page, CHECK, "#verdict"))
        ready(page)
        found.waited["next question, fetched beforehand"].append(until(page, NEXT, "h1", f" {position + 1}/"))
    session.detach()


def ready(page: Page) -> None:
    """As long as somebody reads at least: what is fetched beforehand has come, and nothing else is on its way."""
    page.wait_for_timeout(1500)
    page.wait_for_load_state("networkidle")
