"""The daily review in a browser: missed, brought back the next day, repaired, and mastered after days."""

from __future__ import annotations

import json
import re
import sqlite3
from contextlib import closing
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from quizapp.kinds import KINDS
from tests.browser.conftest import log_in
from tests.browser.test_every_page import IN_KOREAN, look_at
from tests.site import Site

TIMES = {
    "attempts": ("started_at", "submitted_at"),
    "slots": ("saved_at", "checked_at"),
    "cards": ("reviewed_at", "due_at"),
}


def move_clock(site: Site, days: int) -> None:
    """Everything so far was so many days ago."""
    with closing(sqlite3.connect(site.database)) as database, database:
        for table, columns in TIMES.items():
            for column in columns:
                database.execute(
                    f"UPDATE {table} SET {column} = strftime('%Y-%m-%d %H:%M:%f000', {column}, ?)"  # noqa: S608
                    f" WHERE {column} IS NOT NULL",
                    (f"-{days} days",),
                )


def key_of(site: Site, page: Page) -> tuple[str, dict[str, Any]]:
    """The kind and the body of the question on the page."""
    found = re.search(r"/attempts/([\w-]+)/questions/(\d+)", page.url)
    assert found is not None
    with closing(sqlite3.connect(site.database)) as database:
        row = database.execute(
            "SELECT content FROM question_versions JOIN slots ON version_id = question_versions.id"
            " JOIN attempts ON attempts.id = attempt_id WHERE public_id = ? AND slots.position = ?",
            (found[1], int(found[2])),
        ).fetchone()
    content = json.loads(row[0])
    return content["kind"], content["response"]


def choose(site: Site, page: Page, *, knows: bool) -> bool:
    """Answer a single choice; False for a question of another kind."""
    kind, body = key_of(site, page)
    if kind != "choice":
        return False
    language = (page.locator("html").get_attribute("lang") or "ko")[:2]
    right = KINDS["choice"].text(body, KINDS["choice"].solution(body), language)
    labels = page.locator("form[data-player] .control label")
    texts = [" ".join(one.split()) for one in labels.all_inner_texts()]
    place = next(i for i, text in enumerate(texts) if (right in text) is knows)
    labels.nth(place).click()
    return True


def check(page: Page) -> None:
    page.locator("button[value=check]").click()
    expect(page.locator(".feedback").first).to_be_visible()


@pytest.mark.parametrize(("locale", "width", "scheme"), IN_KOREAN)
def test_a_miss_comes_back_and_is_mastered(people: Any, own_site: Site, locale: str, width: int, scheme: str) -> None:
    site = own_site
    page = people(locale=locale, width=width, scheme=scheme, url=site.url)
    log_in(page)
    miss_one(site, page)
    move_clock(site, 1)
    page.goto("/home")
    look_at(page, "home with a review")
    expect(page.locator("main .btn-primary")).to_have_count(1)
    page.goto("/review")
    look_at(page, "review")
    page.goto("/review/preferences")
    look_at(page, "preferences")
    page.goto("/home")
    page.locator("main .btn-primary").click()
    page.wait_for_url("**/questions/1")
    look_at(page, "question of a review")
    page.set_viewport_size({"width": width, "height": 500})
    expect(page.locator(".certainty")).to_be_in_viewport(ratio=1)
    page.set_viewport_size({"width": width, "height": 900})
    assert choose(site, page, knows=False)
    check(page)
    repair(page)
    assert choose(site, page, knows=True)
    check(page)
    finish(page)
    look_at(page, "finish")
    for days in (1, 3, 14):
        move_clock(site, days)
        page.goto("/home")
        button = page.locator(".home-review .btn-primary")
        if button.count():
            button.click()
            page.wait_for_url("**/questions/1")
            assert choose(site, page, knows=True)
            check(page)
            finish(page)
    page.goto("/home")
    look_at(page, "home, mastered")
    expect(page.locator(".level-mastered").first).to_be_visible()


def miss_one(site: Site, page: Page) -> None:
    """Take a short quiz, and miss a choice of it."""
    page.goto("/courses/study-science")
    page.locator(".syllabus-quizzes a").first.click()
    page.locator("main form button.btn-primary").click()
    page.wait_for_url("**/questions/1")
    for position in range(1, page.locator(".navigator-slots li").count() + 1):
        page.goto(re.sub(r"\d+$", str(position), page.url.split("#")[0]))
        if choose(site, page, knows=False):
            check(page)
            break
    page.goto(page.url.split("/questions/")[0] + "/summary")
    page.locator("#finish-form button.btn-primary").click()
    page.wait_for_url("**/results")


def repair(page: Page) -> None:
    page.locator(".repair-way a").click()
    page.wait_for_url("**/repair")
    look_at(page, "repair")
    page.locator("button[value=fill]").click()
    expect(page.locator(".error-summary")).to_be_visible()
    look_at(page, "repair, not filled")
    page.locator("button[value=show]").click()
    expect(page.locator("mark").first).to_be_visible()
    look_at(page, "repair, shown")
    page.locator("button[value=again]").click()
    page.wait_for_url("**/questions/2")


def finish(page: Page) -> None:
    """From the last question: what doesn't count needs no second look."""
    page.locator(".player-actions button[form=finish-form]").click()
    page.wait_for_url("**/review/attempts/*")
