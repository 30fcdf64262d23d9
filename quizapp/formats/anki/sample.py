"""A small package with two questions and a picture, for the page of formats and for tests."""

from __future__ import annotations

from quizapp.formats.anki.package_writer import write_package
from quizapp.formats.items import Item, Media

SAMPLE_ITEMS = [
    Item(
        id="capital",
        kind="choice",
        stem={"ko": "대한민국의 수도는?", "en": "What is the capital of Korea?"},
        response={
            "choices": [
                {"id": "a", "text": {"ko": "서울", "en": "Seoul"}, "fraction": 1},
                {"id": "b", "text": {"ko": "부산", "en": "Busan"}, "fraction": 0},
            ]
        },
        category=["지리", "수도"],
        tags=["korea"],
    ),
    Item(
        id="alphabet",
        kind="cloze",
        response={
            "text": {"ko": "한글은 {{g1}}이 만들었다. ![ㄱ](media:letter.svg)", "en": "Hangul was made by {{g1}}."},
            "gaps": [{"id": "g1", "kind": "text", "answers": [{"text": "세종", "fraction": 1}]}],
        },
        media=[Media("letter.svg", b'<svg xmlns="http://www.w3.org/2000/svg"/>', "image/svg+xml", "ㄱ")],
    ),
]
SAMPLE = write_package(SAMPLE_ITEMS)
