"""The preview in a real browser: the columns of somebody's sheet, and rows that may be questions of the bank."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_every_page import look_at
from tests.browser.test_uploading import open_form
from tests.formats.test_sheets_of_others import KOREAN, book
from tests.uploads.test_mended_sheets import FIRST, MENDED


def send(page: Page, path: Path, data: bytes) -> None:
    path.write_bytes(data)
    page.goto("/banks/upload")
    page.locator("input[type=file]").set_input_files(path)
    page.locator("form[data-upload] button.btn-primary").click()
    page.wait_for_url("**/banks/uploads/**")


@pytest.mark.parametrize(("locale", "width"), [("ko-KR", 360), ("en-US", 1280)])
def test_the_columns_of_a_sheet_are_changed(people: Any, tmp_path: Path, locale: str, width: int) -> None:
    page = open_form(people, locale=locale, width=width)
    headings = ("번호", "문항", "①", "②", "③", "정답", "난이도", "대단원", "중단원", f"학년 {width}")
    send(page, tmp_path / f"columns-{width}.xlsx", book({"문제": [headings, *KOREAN[1:]]}))
    grade = page.get_by_label(f"학년 {width}")
    expect(grade).to_be_visible()
    look_at(page, "preview")
    grade.select_option("tags")
    page.locator(".columns-list").locator("xpath=..").get_by_role("button").click()
    expect(page.locator("#column-" + (grade.get_attribute("name") or ""))).to_have_value("tags")
    expect(page.locator(".preview-list")).to_contain_text("중1")


@pytest.mark.parametrize(("locale", "width"), [("ko-KR", 360), ("en-US", 1280)])
def test_a_mended_row_is_decided_about(people: Any, tmp_path: Path, locale: str, width: int) -> None:
    page = open_form(people, locale=locale, width=width)
    name = f"mended-{width}.csv"
    send(page, tmp_path / name, FIRST.encode())
    page.locator("button[name=do][value=import]").click()
    expect(page.locator(".import-panel")).to_have_count(0)  # the page of what was imported has come
    expect(page.locator(".sums")).to_be_visible()
    send(page, tmp_path / name, MENDED.encode())
    expect(page.locator("input[name=take]")).not_to_be_checked()
    page.locator(".import-panel a").click()
    expect(page.locator(".preview-choice")).to_be_visible()
    look_at(page, "preview")
    page.locator("input[name=take]").check()
    page.locator("button[name=do][value=import]").click()
    expect(page.locator(".import-panel")).to_have_count(0)
    expect(page.locator(".sums")).to_contain_text("1")
