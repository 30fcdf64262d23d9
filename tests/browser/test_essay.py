"""An essay's length is counted while it is written, as the reader's language counts it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize(
    ("locale", "quiz", "fewer", "over"),
    [
        ("ko-KR", "서술형 과제", "10자, 140자 더 필요해요", "901자, 1자 넘었어요"),
        ("en-US", "Writing tasks", "3 words, 37 more to go", "251 words, 1 too many"),
    ],
)
def test_the_length_is_counted(people: Any, locale: str, quiz: str, fewer: str, over: str) -> None:
    page = people(locale=locale, width=360)
    page.goto("/courses/openai-devday")
    page.get_by_role("link", name=quiz).first.click()
    page.locator("main form button").first.click()
    count = page.locator("[data-word-count]")
    page.fill("textarea", " 안녕 하세요 여러분\n")
    expect(count).to_have_text(fewer)
    page.fill("textarea", "가" * 901 if locale == "ko-KR" else "word " * 251)
    expect(count).to_have_text(over)
