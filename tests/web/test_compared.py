"""Answers beside the right ones."""

from __future__ import annotations

from typing import Any

import pytest

from quizapp.formats.items import Item
from quizapp.kinds import KINDS
from quizapp.web.compared import compared_parts
from quizapp.web.controls import arrange

PICTURE = {"en": "![a map](media:map.png)"}


def pictured(value: Any) -> Any:
    """The body with a picture for each text."""
    if isinstance(value, list):
        return [pictured(one) for one in value]
    if isinstance(value, dict):
        return {key: PICTURE if key == "text" else pictured(part) for key, part in value.items()}
    return value


@pytest.mark.parametrize("kind", ["choice", "multiple", "match", "categorise", "order"])
def test_a_picture_in_an_answer_is_shown_by_its_address(kind: str) -> None:
    body = pictured(KINDS[kind].EXAMPLE)
    right = KINDS[kind].solution(body)
    shown = arrange(Item(kind=kind, response=body), "a seed", True, {"map.png": "/media/map"})
    found = compared_parts(shown, right, right, KINDS[kind].score(body, right), "en")
    words = [text for one in found for text in (one.label, one.given, one.right) if text]
    assert words
    assert all(text == {"en": "![a map](/media/map)"} for text in words)
