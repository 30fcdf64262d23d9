"""Every page, in both languages and themes, narrow and wide: axe finds nothing, and nothing sticks out."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page, Response

from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from tests.browser.conftest import log_in, quiz_on
from tests.browser.test_way_through import go_through
from tests.site import Site

LOOKS = [("ko-KR", 320, "light"), ("en-US", 1280, "dark")]
"""How somebody goes about; `look_at` turns each page over too, so that it is seen narrow in light and wide in dark."""
KOREAN, ENGLISH = LOOKS
IN_KOREAN = [KOREAN, pytest.param(*ENGLISH, marks=pytest.mark.explore)]
IN_ENGLISH = [ENGLISH, pytest.param(*KOREAN, marks=pytest.mark.explore)]
"""For pages that many clicks lead to: the gate takes one language, an exploration both."""

TURNED = {320: (1280, "dark"), 360: (1280, "dark"), 1280: (360, "light")}
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}
TURNED_RULES = {"runOnly": {"type": "rule", "values": ["color-contrast", "target-size"]}, "resultTypes": ["violations"]}
"""What another width and other colours can change, where every rule has been asked of the page in that look already."""


def look_at(page: Page, name: str, turned: dict[str, Any] = RULES) -> None:
    """The page as it stands, and without loading it anew in its other look."""
    page.wait_for_load_state("load")
    look(page, name)
    before = page.viewport_size
    assert before is not None
    scheme = "dark" if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") else "light"
    width, other = TURNED[before["width"]]
    page.emulate_media(color_scheme=other, reduced_motion="reduce")  # nothing is halfway between two colours
    page.set_viewport_size({"width": width, "height": before["height"]})
    look(page, f"{name}, {other} and {width} px wide", turned)
    page.set_viewport_size(before)
    page.emulate_media(color_scheme=scheme, reduced_motion="null")


def look(page: Page, name: str, rules: dict[str, Any] = RULES) -> None:
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    violations = page.evaluate("async (rules) => (await axe.run(rules)).violations", rules)
    told = [f"{one['id']}: {node['html'][:160]}" for one in violations for node in one["nodes"]]
    assert not told, f"{name} ({page.url}):\n" + "\n".join(told)
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wider <= 0, f"{name} ({page.url}) is {wider} px wider than the screen"


def see(page: Page, name: str) -> None:
    """The same of a page that is seen in both languages: in each of them, another look is asked by every rule."""
    look_at(page, name, TURNED_RULES)


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
def test_pages_for_everybody(people: Any, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    for url in ("/courses", "/login", "/signup", "/search?q=Altman", "/search?q=%22*", "/nothing-here"):
        page.goto(url)
        see(page, url)
    page.goto("/courses")
    for address in page.locator(".course-card h2 a").evaluate_all("all => all.map(one => one.href)"):
        page.goto(address)
        see(page, "course")
        lesson = page.locator(".syllabus-lesson h3 a").first.get_attribute("href")
        quiz = page.locator(".syllabus-quizzes a").first.get_attribute("href")
        for url in (lesson, quiz):
            page.goto(url or "")
            see(page, "lesson or quiz")


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
def test_an_attempt(people: Any, site: Site, locale: str, width: int, scheme: str) -> None:
    """One question of each kind."""
    stem = {"ko": "무엇인가요?", "en": "What is it?"}
    items = [Item(id=name, kind=name, stem=stem, response=kind.EXAMPLE) for name, kind in KINDS.items()]
    page = people(locale=locale, width=width, scheme=scheme)
    page.goto(quiz_on(site, f"kinds-{width}", items, time_limit=30))
    page.locator("form.quiz-start button").click()
    page.wait_for_url("**/questions/1")
    address = page.url.rsplit("/", 1)[0]
    for position in range(1, len(items) + 1):
        page.goto(f"{address}/{position}")
        see(page, f"question {position}")
    go_through(page)
    see(page, "summary")
    page.locator("#finish-form button.btn-primary").click()
    page.wait_for_url("**/results")
    see(page, "results")


@pytest.mark.parametrize(("locale", "width", "scheme"), LOOKS)
@pytest.mark.parametrize("role", ["learner", "instructor"])
def test_pages_for_members(people: Any, role: str, locale: str, width: int, scheme: str) -> None:
    page = people(locale=locale, width=width, scheme=scheme)
    log_in(page, role)
    pages = ["/home", "/settings", "/notes", "/search", "/search?q=Altman"]
    pages += ["/banks", "/grading"] if role == "instructor" else []
    for url in pages:
        page.goto(url)
        see(page, url)
    if role == "instructor":
        look_at_a_bank(page)


def look_at_a_bank(page: Page) -> None:
    """A bank, one of its questions, its export, and an upload from the paste box to the preview."""
    for url in ("/banks/board/export", "/banks/board"):
        page.goto(url)
        see(page, url)
    page.locator("main a[href*='/questions/']").first.click()
    page.wait_for_url("**/questions/*")
    see(page, "question of a bank")
    page.goto("/banks/upload")
    see(page, "upload")
    page.locator("textarea").fill("Korea? {=Seoul ~Busan}\n\nBroken {~a ~b}\n\nHangul is an alphabet. {T}")
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_url("**/banks/uploads/*")
    see(page, "preview")


def test_a_first_load_is_light(people: Any, site: Site) -> None:
    """At most 150 kB over the wire with an empty cache, for every file of the page."""
    for path in ("/courses", "/courses/openai-devday"):
        sizes = weights(people(locale="ko-KR"), path)
        assert sum(sizes.values()) <= 150_000, sizes


def weights(page: Page, path: str) -> dict[str, int]:
    """What a page's first load sends, by address, in bytes over the wire."""
    responses: list[Response] = []
    page.on("response", lambda one: responses.append(one))
    page.goto(path)
    page.wait_for_load_state("networkidle")
    return {one.url: weight(one) for one in responses if one.status == 200}


def weight(response: Response) -> int:
    """Bytes over the wire: what was sent packed is packed again, as the browser hands it over unpacked."""
    body = response.body()
    return len(gzip.compress(body)) if response.headers.get("content-encoding") else len(body)


def test_the_server_is_ready_in_three_seconds(own_site: Site) -> None:
    """Of the processor, which is all that it waits for: by the clock, `make bench` measures it on a quiet machine."""
    own_site.stop()
    own_site.forks = False
    own_site.start()
    assert 0.1 < own_site.processor_seconds <= 3
