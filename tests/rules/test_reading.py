"""How long a lesson takes."""

from __future__ import annotations

import pytest

from quizapp.rules.reading import is_off, measured, minutes_of


def test_minutes_are_counted_by_letters_in_korean_and_by_words_in_english() -> None:
    assert minutes_of("가나 다라마 " * 100, "ko", 0) == 1
    assert minutes_of("one two " * 110, "en", 0) == 1
    assert minutes_of("one two " * 110, "en", 3) == 2.5


def test_a_lesson_takes_the_mean_of_its_languages_and_a_minute_at_least() -> None:
    assert measured({"ko": "가" * 2000, "en": "word " * 440}, 0) == 3
    assert measured({"ko": "가"}, 0) == 1
    assert measured({}, 0) == 1


@pytest.mark.parametrize(("stated", "minutes", "off"), [(8, 9, False), (12, 9, False), (13, 9, True), (5, 9, True),
                                                        (3, 2, False), (4, 2, True)])  # fmt: skip
def test_stated_minutes_may_differ_by_a_third_and_by_a_minute(stated: int, minutes: int, off: bool) -> None:
    assert is_off(stated, minutes) is off
