"""What an essay's control counts: characters on a Korean page, words on an English one, or what is limited."""

from __future__ import annotations

from types import SimpleNamespace

import lxml.html
import pytest
from flask import Flask

WORDS = {"min_words": 40, "max_words": 250}
CHARACTERS = {"min_characters": 150, "max_characters": 900}


@pytest.mark.parametrize(
    ("limits", "language", "hint", "counted", "least"),
    [
        (WORDS | CHARACTERS, "ko", "공백을 포함해 150~900자로 써 주세요.", "{count}자", "150"),
        (WORDS | CHARACTERS, "en", "40 to 250 words.", "{count} words", "40"),
        (WORDS, "ko", "40~250단어로 써 주세요.", "{count}단어", "40"),
        (CHARACTERS, "en", "150 to 900 characters, spaces included.", "{count} characters", "150"),
        ({"max_characters": 900}, "ko", "공백을 포함해 900자까지 쓸 수 있어요.", "{count}자", ""),
        ({"min_characters": 150}, "en", "At least 150 characters, spaces included.", "{count} characters", "150"),
        ({}, "ko", "이 답은", "{count}자", ""),
        ({}, "en", "A person", "{count} words", ""),
    ],
)
def test_the_length_is_told_as_the_reader_counts_it(
    app: Flask, limits: dict[str, int], language: str, hint: str, counted: str, least: str
) -> None:
    state = SimpleNamespace(suffix="", disabled=False, problem="", field="")
    with app.test_request_context(headers={"Accept-Language": language}):
        module = app.jinja_env.get_template("controls/essay.html").module
        control = lxml.html.fromstring(str(module.control(SimpleNamespace(**shown(limits)), {}, state)))  # pyright: ignore[reportAttributeAccessIssue]
    (said,) = control.xpath(".//*[@class='control-hint']")
    assert said.text_content().strip().startswith(hint)
    (count,) = control.xpath(".//*[@data-word-count]")
    assert (count.get("data-text-count"), count.get("data-least")) == (counted, least)
    assert ("data-characters" in count.attrib) == ("character" in counted or "자" in counted)


def shown(limits: dict[str, int]) -> dict[str, int | None]:
    """What the kind makes public, as a template sees it: what isn't there is empty."""
    return dict.fromkeys([*WORDS, *CHARACTERS, "template"]) | limits
