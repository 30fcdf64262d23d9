"""A real server (gunicorn, a SQLite file) and a real browser (Chromium) for the tests of this folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from quizapp import clock
from quizapp.banks import actions as banks
from quizapp.formats.items import Item
from tests.chromium import launch_options
from tests.conftest import inside, user_of
from tests.quizzes.test_quizzes import quiz_of
from tests.site import Site

HERE = Path(__file__).parent
PATIENCE = 30_000
"""Milliseconds that anything may take: what is right goes on at once, and a busy machine takes its time."""

expect.set_options(timeout=PATIENCE)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """One worker runs a file, in its order: what its tests find on their site doesn't hang on who was quicker."""
    for item in items:
        if item.path.parent == HERE:
            item.add_marker(pytest.mark.xdist_group(item.path.stem))


@pytest.fixture(scope="module")
def site(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The server that the tests of a file share, as it was prepared."""
    running = Site(tmp_path_factory.mktemp("site"), demo=False)
    shutil.copy(sqlite_template, running.database)
    running.start()
    yield running
    running.end()


@pytest.fixture
def own_site(tmp_path: Path) -> Iterator[Site]:
    """A server of the test's own, to be treated badly."""
    running = Site(tmp_path)
    running.start()
    yield running
    running.end()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    return launch_options()


@pytest.fixture
def people(browser: Browser, site: Site) -> Iterator[Any]:
    """Make a browser of somebody's own: `people(locale="ko-KR", width=360, scheme="dark")`."""
    contexts: list[BrowserContext] = []

    def make(locale: str = "en-US", width: int = 1280, scheme: Any = "light", url: str = site.url) -> Page:
        context = browser.new_context(
            base_url=url, locale=locale, viewport={"width": width, "height": 900}, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("pageerror", lambda error: pytest.fail(f"script error: {error}"))
        return page

    yield make
    for context in contexts:
        context.close()


def log_in(page: Page, role: str = "learner") -> None:
    """Log in as one of the demo accounts, through the form."""
    page.goto("/login")
    page.locator("input[name=email]").fill(f"{role}@example.com")
    page.locator("input[name=password]").fill(f"{role}-demo")
    page.locator("main button[type=submit]").click()
    page.wait_for_url("**/home")


def quiz_on(site: Site, slug: str, items: list[Item], **settings: Any) -> str:
    """Where a new quiz of these questions begins, in their order: nothing of it is left to chance."""
    with inside(f"sqlite:///{site.database}"):
        banks.import_items(user_of("instructor"), slug, {"en": slug}, items, clock.now())
        settings = {"feedback": "deferred", "shuffle_questions": False} | settings
        quiz = quiz_of({"bank": slug}, **settings)
        return f"/quizzes/{quiz.public_id}"
